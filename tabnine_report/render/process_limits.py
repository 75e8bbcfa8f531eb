"""Limit a child process that handles foreign input, even if its parent process has died."""

import resource
import sys
from collections.abc import Callable


def limit_process(memory_bytes: int, seconds: int) -> None:
    """Limit the memory and CPU time of this process, and write no core dump, which would contain its data."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def convert_standard_input(convert: Callable[[bytes, int], bytes], refused: type[Exception]) -> int:
    """Limit this process, convert standard input to standard output, and return the exit status.

    The arguments of the program are the limits of memory and of seconds, and the size of the picture.

    Args:
        convert: Returns the converted bytes, given the input and the size.
        refused: The error of an input that cannot be converted; its text is written to standard error.
    """
    memory_bytes, seconds, size = map(int, sys.argv[1:])
    limit_process(memory_bytes, seconds)
    try:
        converted = convert(sys.stdin.buffer.read(), size)
    except refused as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(converted)
    return 0
