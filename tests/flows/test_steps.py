"""A step receives its arguments as they are, and Prefect still knows which step each of them came from."""

from typing import Any

import pytest
from prefect import flow
from prefect.client.schemas.objects import State
from prefect.context import TaskRunContext
from prefect.states import Completed

from tasks import step

pytestmark = pytest.mark.usefixtures("_prefect")


@step("read-names", "read names")
async def read_names() -> list[State[str]]:
    return [Completed(data="Ann")]


@step("count-names", "count names")
async def count_names(names: list[State[str]]) -> tuple[bool, set[Any]]:
    """Return whether the argument is as it was, and the runs of other steps that it came from."""
    context = TaskRunContext.get()
    assert context
    return isinstance(names[0], State), {getattr(run, "id", None) for run in context.task_run.task_inputs["names"]}


async def test_prefect_does_not_search_an_argument_and_knows_where_it_came_from() -> None:
    @flow
    async def run() -> Any:
        task: Any = read_names.task
        read = await task(return_state=True)
        return read.state_details.task_run_id, await count_names(await read.aresult())

    read, (is_unchanged, came_from) = await run()

    assert is_unchanged
    assert came_from == {read}
