"""One whole run of acme's October in a process of its own, without Prefect, which is killed or fails at a chosen point.

Fetching and rendering are slow and not under test: they are done once, and each run reuses their result.
"""

import asyncio
import os
import pickle
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from flows import monthly_report
from tabnine_report.archive import folder
from tabnine_report.deliver.ledger.ledger import Ledger
from tabnine_report.deliver.ledger.revision_numbers import RevisionNumbers
from tabnine_report.model.prior_reports import NO_PRIOR_REPORTS
from tabnine_report.runs import clock
from tabnine_report.runs.context import LAST_COMPLETE_MONTH
from tabnine_report.runs.patience import Patience
from tabnine_report.runs.result import DeliveryIncomplete
from tasks import Step, fetch
from tasks.build_report import build_report
from tasks.read_profile import open_run
from tasks.render_documents import render_documents

DELIVERED, UNDELIVERED, FAILED = 0, 3, 1

POINTS: dict[str, tuple[Any, str, bool]] = {
    "fetched": (monthly_report, "fetch_month", True),
    "number taken": (RevisionNumbers, "reserve", True),
    "built": (monthly_report, "build_report", True),
    "half sealed": (folder, "_write", False),
    "sealed": (monthly_report, "seal_bundle", True),
    "claimed": (Ledger, "claim", True),
    "hand-over noted": (Ledger, "hand_over", True),
    "sent": (Ledger, "settle", False),
    "settled": (Ledger, "settle", True),
    "delivered": (monthly_report, "notify_admins", False),
}
"""The points of a run in their order: before or, if True, after the call of a function."""


@dataclass(frozen=True)
class RunProcess:
    """One run for a process of its own.

    Attributes:
        profile: The path of the profile.
        at: The time of the run.
        prepared: The file with the snapshot and the documents that all runs reuse.
        ends_at: One of `POINTS`; empty for a run that ends by itself.
        error: The error to raise at that point; None kills the process.
    """

    profile: str
    at: datetime
    prepared: Path
    ends_at: str = ""
    error: Exception | None = None

    def prepare(self) -> None:
        """Fetch and render once, for all runs."""
        _remove_prefect()
        with clock.rehearse(self.at):
            self.prepared.write_bytes(pickle.dumps(asyncio.run(self._fetch_and_render())))

    async def _fetch_and_render(self) -> tuple[Any, Any]:
        run = open_run(self.profile, LAST_COMPLETE_MONTH, draft=False, at=self.at)
        snapshot = await fetch.fetch_month(run, Patience(self.at, self.at))
        report = await build_report.fn(snapshot, run, 1, NO_PRIOR_REPORTS)
        return snapshot, await render_documents.fn(report, "", run.profile.editions)

    def run(self) -> None:
        """Run, and exit with `DELIVERED`, `UNDELIVERED` or `FAILED` unless killed."""
        _remove_prefect()
        snapshot, documents = pickle.loads(self.prepared.read_bytes())  # noqa: S301 - written by prepare
        _replace(monthly_report, "fetch_month", _returning(snapshot))
        _replace(monthly_report, "render_documents", _returning(documents))
        if self.ends_at:
            owner, name, after = POINTS[self.ends_at]
            _replace(owner, name, self._ending(getattr(owner, name), after=after))
        with clock.rehearse(self.at):
            state = asyncio.run(monthly_report.monthly_report.fn(self.profile))
        if state.is_failed():
            os._exit(UNDELIVERED if isinstance(state.data, DeliveryIncomplete) else FAILED)

    def _ending(self, function: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
        @wraps(function)
        def call(*arguments: Any, **options: Any) -> Any:
            if not after:
                self._end()
            result = function(*arguments, **options)
            if after:
                self._end()
            return result

        @wraps(function)
        async def call_async(*arguments: Any, **options: Any) -> Any:
            if not after:
                self._end()
            result = await function(*arguments, **options)
            if after:
                self._end()
            return result

        return call_async if iscoroutinefunction(function) else call

    def _end(self) -> None:
        if self.error is None:
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            raise self.error


def _remove_prefect() -> None:
    """Replace the tasks by their functions."""
    for module in (fetch, monthly_report):
        for name, task in vars(module).copy().items():
            if isinstance(task, Step):
                _replace(module, name, task.fn)
    _replace(monthly_report, "publish_artifacts", _returning(None))


def _returning(value: Any) -> Callable[..., Any]:
    async def function(*_: Any) -> Any:
        return value

    return function


def _replace(owner: Any, name: str, function: Callable[..., Any]) -> None:
    setattr(owner, name, function)
