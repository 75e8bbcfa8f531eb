"""The command line: the only package that knows the flows, the core and the sandbox."""
