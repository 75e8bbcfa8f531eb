"""Limit a child process that handles foreign input, even if its parent process has died."""

import resource


def limit_process(memory_bytes: int, seconds: int) -> None:
    """Limit the memory and CPU time of this process, and write no core dump, which would contain its data."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
