"""Emit how a run ended as a Prefect event, so that automations can notify Teams, PagerDuty or another system."""

from prefect.events import emit_event
from prefect.settings import PREFECT_API_URL

from tabnine_report.runs.status import RunStatus


def emit_run_event(organization: str, month: str, status: RunStatus) -> None:
    """Emit `tabnine-report.<status>`, without figures and addresses.

    Prefect sends events in the background and, at the latest, when the process ends; one that cannot be sent is lost.
    A temporary server receives none, because it ends with the run.

    Args:
        organization: The profile's name.
        month: The reported month; the text that the user entered, if it is not a month.
        status: How the run ended.
    """
    if PREFECT_API_URL.value():
        emit_event(
            f"tabnine-report.{status}",
            resource={"prefect.resource.id": f"tabnine-report.{organization}", "prefect.resource.name": organization},
            payload={"organization": organization, "month": month, "status": str(status)},
        )
