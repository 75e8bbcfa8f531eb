"""The command line: the one place that knows flows, craft and sandbox together."""
