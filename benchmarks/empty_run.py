"""Run a flow with as many tasks as a report has, which do nothing: `python benchmarks/empty_run.py`.

`PREFECT_API_URL` is the address of the Prefect server. What this takes, a report on the server takes at least.
"""

import asyncio
import gc

from prefect import flow, task

TASKS = 28
"""The tasks of a report of both editions that is delivered through one channel."""


@task
async def step(number: int) -> int:
    """Return the number."""
    return number


@flow
async def empty_report() -> None:
    """Run the tasks, one after another."""
    for number in range(TASKS):
        await step(number)


if __name__ == "__main__":
    gc.set_threshold(50_000, 20, 20)  # as `tabnine-report` does
    asyncio.run(empty_report())
    gc.freeze()
