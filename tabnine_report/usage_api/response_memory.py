"""Limit the memory that the responses of one run take."""

import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tabnine_report.usage_api.snapshot import Response

MAX_RESPONSE_BYTES = 16 * 2**20
"""The largest response. Parsed, it takes up to 25 times as much memory for a moment."""
MAX_ENDPOINT_BYTES = 64 * 2**20
"""The most that one endpoint may return, so that a large list leaves room for the others."""
MAX_RUN_BYTES = 128 * 2**20
"""The most that all endpoints may return."""


class ResponseMemory:
    """Counts the bytes of all responses that are being received or still exist."""

    def __init__(self) -> None:
        self._bytes: Counter[str] = Counter()
        self._kept: list[tuple[str, int, weakref.ref[Response]]] = []

    @contextmanager
    def receiving(self, endpoint: str) -> Iterator[Callable[[int], bool]]:
        """Yield a function that counts bytes that arrived, and returns whether there is room for them.

        If the block fails, they are not counted any more.
        """
        received = 0

        def has_room_for(size: int) -> bool:
            nonlocal received
            received += size
            self._bytes[endpoint] += size
            if self._is_full(endpoint):
                self._forget_dropped_responses()
            return not self._is_full(endpoint)

        try:
            yield has_room_for
        except BaseException:
            self._bytes[endpoint] -= received
            raise

    def keep(self, endpoint: str, response: Response) -> None:
        """Count the bytes of a received response for as long as it exists."""
        self._kept.append((endpoint, len(response.body), weakref.ref(response)))

    def _is_full(self, endpoint: str) -> bool:
        return self._bytes[endpoint] > MAX_ENDPOINT_BYTES or self._bytes.total() > MAX_RUN_BYTES

    def _forget_dropped_responses(self) -> None:
        for endpoint, size, response in self._kept:
            if response() is None:
                self._bytes[endpoint] -= size
        self._kept = [kept for kept in self._kept if kept[2]() is not None]
