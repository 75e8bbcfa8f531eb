"""Parse large responses in a thread, so that the event loop keeps running."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

LARGE_BYTES = 256 * 2**10
"""Smaller responses are parsed faster than a thread takes over."""

T = TypeVar("T")


class ParsingThread:
    """One thread, so that only one large response at a time takes the memory of its parsed content."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="parse responses")

    async def run(self, size: int, function: Callable[[], T]) -> T:
        """Call a function that parses this many bytes, in the thread if they are many."""
        if size < LARGE_BYTES:
            return function()
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._executor, context.run, function)

    def close(self) -> None:
        """Let the thread end after its current call."""
        self._executor.shutdown(wait=False, cancel_futures=True)
