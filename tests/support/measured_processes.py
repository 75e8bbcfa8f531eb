"""How coverage measures the processes that a test starts. Python is half as fast in a measured process."""

COVERAGE_SETTINGS = "COVERAGE_PROCESS_CONFIG"
"""The environment variable with coverage's settings; a process without it is not measured."""
