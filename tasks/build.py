"""Building the report model from what was fetched."""

import asyncio
import logging
from importlib import import_module

from prefect import task
from prefect.cache_policies import NO_CACHE

from reporting.inputs import Inputs
from reporting.report import MonthlyReport
from reporting.settings.profile import Profile
from reporting.snapshot import Snapshot

_log = logging.getLogger(__name__)


def make_ready() -> None:
    """Import what building takes: pandas alone needs a third of a second, which fits into waiting for the API."""
    import_module("reporting.build.assemble")


@task(name="build-report", task_run_name="build the report", cache_policy=NO_CACHE)
async def build_report(
    snapshot: Snapshot, profile: Profile, revision: int, inputs: Inputs, *, draft: bool
) -> MonthlyReport:
    """Compute every figure and sentence of the report.

    Raises:
        BuildError: If the snapshot holds too little.
    """
    from reporting.build.assemble import build_report as build  # noqa: PLC0415 - see make_ready

    report = await asyncio.to_thread(build, snapshot, profile, revision=revision, draft=draft, inputs=inputs)
    _log.info("Built the report: %s", report.headline)
    return report
