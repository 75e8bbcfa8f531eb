"""Publish the report on the run's page in Prefect."""

import asyncio
import logging

from prefect.artifacts import acreate_link_artifact, acreate_markdown_artifact

from tabnine_report.render.prefect_markdown import markdown_summary
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.result import RunResult
from tasks import step

_log = logging.getLogger(__name__)


@step("publish-artifacts", "publish the artifacts")
async def publish_artifacts(run: RunContext, result: RunResult) -> None:
    """Publish the report's key figures and its link as artifacts; a failure is logged and does not fail the run."""
    report, key = result.report, f"monthly-report-{run.profile.name}"
    version = "draft" if report.draft else f"r{report.revision}"
    try:
        await acreate_markdown_artifact(
            markdown=await asyncio.to_thread(_markdown, run, result),
            key=key,
            description=f"{report.organization.profile}, {report.month}, {version}",
        )
        if result.link:
            await acreate_link_artifact(
                link=result.link, link_text=f"Report for {report.month_label}", key=f"{key}-link"
            )
    except Exception as error:  # noqa: BLE001 - the report is built and must be delivered, whatever Prefect's server does
        _log.warning("The artifacts could not be published: %s", type(error).__name__)


def _markdown(run: RunContext, result: RunResult) -> str:
    return f"{markdown_summary(result.report, run.language)}\n{result.summary(run.language)}\n\n`{result.folder}`\n"
