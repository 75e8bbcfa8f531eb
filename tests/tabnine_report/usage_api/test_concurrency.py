import asyncio

import pytest

from tabnine_report.model.errors import NoResponse
from tabnine_report.usage_api.concurrency import gather_all


async def _soon(value: int) -> int:
    for _ in range(5 - value):
        await asyncio.sleep(0)
    return value


async def test_results_are_in_order_whichever_finishes_first() -> None:
    assert await gather_all(_soon(value) for value in (1, 4, 2)) == [1, 4, 2]


async def test_no_coroutines_return_no_results() -> None:
    assert await gather_all([]) == []


async def test_first_failure_cancels_the_others_and_is_raised_as_is() -> None:
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


async def test_cancellation_cancels_every_coroutine() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await gather_all([asyncio.Event().wait()])
