"""The steps of a run: each module defines the Prefect tasks of one step. The work itself is in `tabnine_report`."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar, cast

from prefect import Task, runtime
from prefect.cache_policies import NO_CACHE
from prefect.client.base import ServerType, determine_server_type
from prefect.client.schemas.objects import State, TaskRun
from prefect.states import Failed
from prefect.utilities.annotations import opaque

from tabnine_report.model.errors import ReportingError
from tabnine_report.profile.profile_parts import FormProfile

P = ParamSpec("P")
R = TypeVar("R")


def step(
    name: str,
    run_name: str,
    *,
    persist_result: bool | None = None,
    problem_of: Callable[..., str] | None = None,
) -> Callable[[Callable[P, Awaitable[R]]], "Step[P, R]"]:
    """Return a decorator that turns an async function into a step.

    Args:
        name: The name of the task in Prefect.
        run_name: The name of its runs in Prefect's UI; `{parameter}` stands for an argument.
        persist_result: Whether Prefect stores the result; None leaves it to Prefect's settings.
        problem_of: Returns, from the step's result and arguments, why the task is red in Prefect although the step did
            not raise an error; empty if it is not. It runs in a thread.
    """

    def define(function: Callable[P, Awaitable[R]]) -> Step[P, R]:
        task = Task(
            _ending_in_a_state(function, problem_of),
            name=name,
            task_run_name=run_name,
            cache_policy=NO_CACHE,
            persist_result=persist_result,
            # Prefect logs a failed state with its data, which may contain a secret, unless a condition forbids a retry.
            retries=1,
            retry_condition_fn=_never,
        )
        return Step(function, task)

    return define


class Step(Generic[P, R]):
    """An async function that runs as a task of Prefect when it is called.

    Its arguments are passed on as they are. By default, Prefect searches every value in an argument for results of
    other tasks. A report and its responses have tens of thousands of values, and the event loop waits meanwhile.
    Prefect does not look into an opaque argument.

    Attributes:
        fn: The function, which runs without Prefect.
        task: The task.
    """

    def __init__(self, function: Callable[P, Awaitable[R]], task: "Task[P, Any]") -> None:
        self.fn = function
        self.task = task

    async def __call__(self, *arguments: P.args, **options: P.kwargs) -> R:
        """Run the task and return its result, or raise its error.

        Both are read from the task's final state: a task that was AwaitingRetry and then fails does not raise its error
        in Prefect 3.8, but returns the state in which it waited.
        """
        run = cast("Callable[..., Awaitable[State[Any]]]", self.task)
        state = await run(*map(opaque, arguments), return_state=True, **options)
        result = await state.aresult(raise_on_failure=False)
        if isinstance(result, BaseException):
            raise result
        return cast("R", result)


def _ending_in_a_state(
    function: Callable[P, Awaitable[R]], problem_of: Callable[..., str] | None
) -> Callable[P, Awaitable[R | State[Any]]]:
    """Return the function of a task, which ends in the state Failed instead of raising an error.

    Prefect would log a traceback of every error that a task raises, and show its text, which may contain a secret.
    """

    @wraps(function)
    async def run(*arguments: P.args, **options: P.kwargs) -> R | State[Any]:
        try:
            result = await function(*arguments, **options)
            problem = await asyncio.to_thread(problem_of, result, *arguments, **options) if problem_of else ""
        except Exception as error:  # noqa: BLE001 - the step raises it again
            return Failed(message=failure_message(error), data=error)
        return Failed(message=problem, data=result) if problem else result

    return run


def _never(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:  # noqa: ARG001 - Prefect's signature
    """Return that a failed task is not retried."""
    return False


def failure_message(error: BaseException) -> str:
    """Return why a step failed; an unexpected error is only named, because its text may contain a secret."""
    if isinstance(error, ReportingError):
        return str(error)
    return f"An unexpected error occurred ({type(error).__name__}). The log of the flow run states where."


def shows_details(profile: FormProfile | None) -> bool:
    """Return whether Prefect may show figures, headlines and addresses; None is a profile that cannot be read."""
    artifacts = profile.prefect.artifacts if profile else None
    return artifacts == "full" if artifacts else determine_server_type() is not ServerType.CLOUD


def run_url() -> str:
    """Return the address of the run's page in Prefect; empty for a temporary server, which ends with the run."""
    return str(runtime.flow_run.ui_url or "") if os.environ.get("PREFECT_API_URL") else ""
