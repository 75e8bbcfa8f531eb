"""The flow that checks everything that a run needs."""

import asyncio
from typing import Any

from prefect import flow, runtime
from prefect.states import Completed

from flows.running.final_states import failed_flow, failed_state
from flows.running.scheduled_time import scheduled_at
from tabnine_report.model.errors import ReportingError
from tabnine_report.runs.context import LAST_COMPLETE_MONTH, requested_report
from tabnine_report.runs.preflight_checks import checks_markdown, run_checks, verdict
from tabnine_report.runs.profile_file import profile_path
from tasks import shows_details
from tasks.publish_artifacts import publish_markdown
from tasks.read_profile import open_profile


def _name_run() -> str:
    profile = runtime.flow_run.parameters["profile"]
    organization, _ = requested_report(profile, LAST_COMPLETE_MONTH, scheduled_at())
    return f"{organization} · check"


@flow(name="check", flow_run_name=_name_run)
async def check(profile: str = "demo") -> Any:  # noqa: ANN401 - a state; the caller receives its data, a list of CheckResult
    """Check the settings, token, endpoints, channels, fonts, archive and ledger of an organization.

    Sends nothing. The result is an artifact with one line for each check.

    Args:
        profile: The profile: a name in the profiles folder, or the path of a file.

    Returns:
        The results of all checks.

    Raises:
        SettingsError: With every problem of the profile.
    """
    try:
        settings = await asyncio.to_thread(open_profile, profile)
        results = [result async for result in run_checks(settings, profile_path(profile))]
    except Exception as error:  # noqa: BLE001 - any error ends the run
        return await failed_flow("check", error, profile)
    details, message, about = shows_details(settings), verdict(results), f"{settings.name}, checks"
    await publish_markdown("check", settings.name, about, lambda: checks_markdown(results, details=details))
    if any(result.passed is False for result in results):
        return failed_state(ReportingError(message))
    return Completed(message=message, data=results)
