"""A canceled request does not affect the client: whenever it is canceled, the next request succeeds."""

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from tabnine_report.model.month import Month
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import Endpoint, queries

BODY = b'{"license": {"seats": 1}}'
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
QUERIES = queries(Endpoint.LICENSE, Month(2026, 10), "org-1", "counts")


@pytest.mark.parametrize("steps", range(0, 60, 3))
async def test_request_after_a_canceled_one_succeeds(
    make_api: Callable[..., UsageApi], loopback: Callable[..., AbstractAsyncContextManager[str]], steps: int
) -> None:
    async def respond(_head: str, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(RESPONSE)

    async with (
        loopback(respond) as host,
        make_api(f"http://{host}", max_concurrency=1, attempt_seconds=5) as api,
    ):
        for more in range(3):
            canceled = asyncio.create_task(api.fetch(Endpoint.LICENSE, QUERIES))
            for _ in range(steps + more):
                await asyncio.sleep(0)
            canceled.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await canceled

            fetch = await api.fetch(Endpoint.LICENSE, QUERIES)
            assert len(fetch.responses) == 1
