"""The steps of a run: each module defines the Prefect tasks of one step. The work itself is in `tabnine_report`."""

import os
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import Task, runtime
from prefect.cache_policies import NO_CACHE
from prefect.utilities.annotations import opaque

P = ParamSpec("P")
R = TypeVar("R")


def step(name: str, run_name: str, *, persist_result: bool | None = None) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Return a decorator that turns a function into a Prefect task.

    Args:
        name: The name of the task.
        run_name: The name of its runs in Prefect's UI; `{parameter}` stands for an argument.
        persist_result: Whether Prefect stores the result; None leaves it to Prefect's settings.
    """

    def define(function: Callable[P, R]) -> Task[P, R]:
        return _Step(function, name=name, task_run_name=run_name, cache_policy=NO_CACHE, persist_result=persist_result)

    return define


class _Step(Task[P, R]):
    """A task whose arguments Prefect passes on as they are.

    By default, Prefect searches every value in an argument for results of other tasks. A report and its responses have
    tens of thousands of values, and the event loop waits meanwhile. Prefect does not look into an opaque argument.
    """

    def __call__(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - passed on
        return super().__call__(*map(opaque, arguments), **options)


def run_url() -> str:
    """Return the address of the run's page in Prefect; empty for a temporary server, which ends with the run."""
    return str(runtime.flow_run.ui_url or "") if os.environ.get("PREFECT_API_URL") else ""
