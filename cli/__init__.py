"""The command line: the only package that imports the flows, the core and the sandbox."""
