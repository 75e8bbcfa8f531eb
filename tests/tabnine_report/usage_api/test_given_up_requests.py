"""A request that is given up midway costs the client nothing: whatever it was doing, the next one is answered."""

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from tabnine_report.model.month import Month
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import Endpoint, queries

BODY = b'{"license": {"seats": 1}}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
ASKED = queries(Endpoint.LICENSE, Month(2026, 10), "org-1", "counts")


@pytest.mark.parametrize("steps", range(0, 60, 3))
async def test_after_a_request_that_was_given_up_the_next_one_is_answered(
    make_api: Callable[..., UsageApi], loopback: Callable[..., AbstractAsyncContextManager[str]], steps: int
) -> None:
    async def answer(_head: str, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(ANSWER)

    async with (
        loopback(answer) as host,
        make_api(f"http://{host}", max_concurrency=1, budget_seconds=5) as api,
    ):
        for further in range(3):
            given_up = asyncio.create_task(api.fetch(Endpoint.LICENSE, ASKED))
            for _ in range(steps + further):
                await asyncio.sleep(0)
            given_up.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await given_up

            fetch = await api.fetch(Endpoint.LICENSE, ASKED)
            assert len(fetch.answers) == 1
