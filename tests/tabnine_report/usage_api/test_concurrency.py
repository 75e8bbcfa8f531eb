import asyncio

import pytest

from tabnine_report.model.errors import NoResponse
from tabnine_report.usage_api.concurrency import gather_all


async def _soon(value: int) -> int:
    for _ in range(5 - value):
        await asyncio.sleep(0)
    return value


async def test_results_come_in_order_whichever_is_done_first() -> None:
    assert await gather_all(_soon(value) for value in (1, 4, 2)) == [1, 4, 2]


async def test_nothing_to_await_gives_nothing() -> None:
    assert await gather_all([]) == []


async def test_the_first_failure_cancels_the_others_and_comes_as_it_is() -> None:
    cause, canceled = OSError("cut"), []

    async def fails() -> None:
        await asyncio.sleep(0)
        raise NoResponse("no answer", endpoint="license") from cause

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            canceled.append(True)
            raise

    with pytest.raises(NoResponse) as caught:
        await gather_all([waits(), fails(), waits()])
    assert caught.value.__cause__ is cause
    assert canceled == [True, True]


async def test_cancelling_the_whole_cancels_each() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await gather_all([asyncio.Event().wait()])
