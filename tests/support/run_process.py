"""One whole run of acme's October as a process of its own, without Prefect, ended or failing at a point of its walk.

What takes long and is no part of the question is done once: the fetching and the rendering.
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

from prefect import Task

from flows import fetching, monthly_report
from tabnine_report.archive import folder
from tabnine_report.deliver.ledger.ledger import Ledger
from tabnine_report.deliver.ledger.revision_numbers import RevisionNumbers
from tabnine_report.model.errors import DeliveryError, ReportingError
from tabnine_report.model.prior_reports import NO_INPUTS
from tabnine_report.runs import clock
from tasks.run import LAST_COMPLETE_MONTH, begin

DELIVERED, UNDELIVERED, FAILED = 0, 3, 1

POINTS: dict[str, tuple[Any, str, bool]] = {
    "fetched": (monthly_report, "fetch_month", True),
    "number taken": (RevisionNumbers, "take", True),
    "built": (monthly_report, "build_report", True),
    "half sealed": (folder, "_bring", False),
    "sealed": (monthly_report, "seal_bundle", True),
    "claimed": (Ledger, "claim", True),
    "hand-over noted": (Ledger, "hand_over", True),
    "sent": (Ledger, "settle", False),
    "settled": (Ledger, "settle", True),
    "delivered": (monthly_report, "tell_admins", False),
}
"""The walk's points in their order: before or, where True, after the call of a function."""


@dataclass(frozen=True)
class Walk:
    """What a process is to do: `ends_at` is one of `POINTS`, where it raises `error`, or without one is killed."""

    profile: str
    at: datetime
    context: Path
    ends_at: str = ""
    error: Exception | None = None

    def prepare(self) -> None:
        """Fetch and render once, for every walk of this material."""
        _leave_prefect_out()
        with clock.rehearse(self.at):
            self.context.write_bytes(pickle.dumps(asyncio.run(self._made())))

    async def _made(self) -> tuple[Any, Any]:
        run = begin(self.profile, LAST_COMPLETE_MONTH, draft=False, at=self.at)
        snapshot = await fetching.fetch_month(run)
        report = await monthly_report.build_report(snapshot, run, 1, NO_INPUTS)
        return snapshot, await monthly_report.render_report(report, "", run.profile.editions)

    def run(self) -> None:
        """Walk, and end with `DELIVERED`, `UNDELIVERED` or `FAILED`, if at all."""
        _leave_prefect_out()
        snapshot, documents = pickle.loads(self.context.read_bytes())  # noqa: S301 - our own
        _replace(monthly_report, "fetch_month", _giving(snapshot))
        _replace(monthly_report, "render_report", _giving(documents))
        if self.ends_at:
            owner, name, after = POINTS[self.ends_at]
            _replace(owner, name, self._ending(getattr(owner, name), after=after))
        with clock.rehearse(self.at):
            try:
                asyncio.run(monthly_report.monthly_report.fn(self.profile))
            except DeliveryError:
                os._exit(UNDELIVERED)
            except ReportingError:
                os._exit(FAILED)

    def _ending(self, real: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
        @wraps(real)
        def called(*arguments: Any, **options: Any) -> Any:
            if not after:
                self._end()
            answer = real(*arguments, **options)
            if after:
                self._end()
            return answer

        @wraps(real)
        async def awaited(*arguments: Any, **options: Any) -> Any:
            if not after:
                self._end()
            answer = await real(*arguments, **options)
            if after:
                self._end()
            return answer

        return awaited if iscoroutinefunction(real) else called

    def _end(self) -> None:
        if self.error is None:
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            raise self.error


def _leave_prefect_out() -> None:
    for module in (fetching, monthly_report):
        for name, task in vars(module).copy().items():
            if isinstance(task, Task):
                _replace(module, name, task.fn)
    _replace(monthly_report, "publish_artifacts", _giving(None))


def _giving(answer: Any) -> Callable[..., Any]:
    async def give(*_: Any) -> Any:
        return answer

    return give


def _replace(owner: Any, name: str, function: Callable[..., Any]) -> None:
    setattr(owner, name, function)
