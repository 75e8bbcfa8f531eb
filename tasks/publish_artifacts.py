"""Showing the report on the run's page in Prefect."""

import logging

from prefect.artifacts import acreate_link_artifact, acreate_markdown_artifact

from tabnine_report.render.prefect_markdown import markdown_summary
from tabnine_report.runs.result import Outcome
from tasks.run import Run

_log = logging.getLogger(__name__)


async def publish_artifacts(run: Run, outcome: Outcome) -> None:
    """Put the report's figures and a link to it on the run's page. Never fails a run: the report is made already."""
    report = outcome.report
    key = f"monthly-report-{run.profile.name}"
    try:
        await acreate_markdown_artifact(
            markdown=f"{markdown_summary(report, run.language)}\n{outcome.summary()}\n\n`{outcome.folder}`\n",
            key=key,
            description=f"{report.organization.profile}, {report.month}, {_issue(outcome)}",
        )
        if outcome.link:
            await acreate_link_artifact(
                link=outcome.link, link_text=f"Report for {report.month_label}", key=f"{key}-link"
            )
    except Exception as error:  # noqa: BLE001 - whatever Prefect's server says, the report is made and must go on
        _log.warning("The run's page could not be given its figures: %s", type(error).__name__)


def _issue(outcome: Outcome) -> str:
    return "draft" if outcome.report.draft else f"r{outcome.report.revision}"
