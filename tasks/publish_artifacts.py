"""Publish how a run ended, and its report, on the run's page in Prefect."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import datetime

from prefect.artifacts import acreate_link_artifact, acreate_markdown_artifact, acreate_table_artifact

from tabnine_report.runs.context import RunContext, requested_report
from tabnine_report.runs.page_image import read_page_image
from tabnine_report.runs.result import RunResult
from tabnine_report.runs.run_markdown import failure_markdown, run_markdown
from tabnine_report.runs.status import RunStatus
from tasks import shows_details, step

TIME_LIMIT_SECONDS = 150.0
"""How long a run waits for the Prefect server to store the artifacts: twice as long as it waits for its SQLite."""

_log = logging.getLogger(__name__)


def _problem(problem: str, *_: object) -> str:
    return problem


@step("publish-artifacts", "publish the artifacts", problem_of=_problem)
async def publish_artifacts(run: RunContext, result: RunResult) -> str:
    """Publish how the run ended and the link to its report; return why that failed, which does not fail the run.

    The key figures, the headline and the recipients are included if the profile allows it.
    """

    def compose() -> str:
        details = shows_details(run.profile)
        picture = read_page_image(result.folder) if details and result.output else b""
        return run_markdown(result, run.language, details=details, page_image=picture)

    output, version = result.output, ""
    if output is not None:
        version = "draft" if output.report.draft else f"r{output.report.revision}"
    description = ", ".join(filter(None, [result.organization, result.month, version, result.status.label]))
    return await _publish(result.organization, description, compose, output.link if output else "")


@step("publish-failed-start", "publish the artifact", problem_of=_problem)
async def publish_failed_start(profile: str, month: str, at: datetime, error: Exception) -> str:
    """Publish why the run could not start; return why that failed, which does not matter to the run.

    Args:
        profile: The profile's name or path, as typed.
        month: The month, as typed.
        at: The scheduled time of the run, UTC.
        error: Why the run could not start.
    """
    organization, requested = await asyncio.to_thread(requested_report, profile, month, at)
    description = f"{organization}, {requested}, {RunStatus.FAILED.label}"
    return await _publish(organization, description, lambda: failure_markdown(organization, requested, error))


@step("publish-result", "publish the artifact", problem_of=_problem)
async def publish_markdown(flow: str, organization: str, description: str, compose: Callable[[], str]) -> str:
    """Publish the result of a flow; return why that failed, which does not fail the run.

    Args:
        flow: The name of the flow, with which the artifact's key begins.
        organization: The profile's name; empty for a flow of all organizations.
        description: What the artifact is about.
        compose: Returns the text as Markdown.
    """
    return await _publish(organization, description, compose, flow=flow)


@step("publish-result", "publish the artifact", problem_of=_problem)
async def publish_table(flow: str, description: str, rows: list[dict[str, str]]) -> str:
    """Publish the result of a flow of all organizations as a table; see `publish_markdown`."""
    return await _store(lambda: acreate_table_artifact(rows, key=flow, description=description))


async def _publish(
    organization: str, description: str, compose: Callable[[], str], link: str = "", *, flow: str = "monthly-report"
) -> str:
    """Publish a text that is composed in a thread, and a link; return why that failed, or an empty text."""
    # Prefect accepts lowercase letters, digits and dashes.
    key = re.sub(r"[^a-z0-9]+", "-", f"{flow}-{organization}".lower()).strip("-")

    async def publish() -> None:
        markdown = await asyncio.to_thread(compose)
        await acreate_markdown_artifact(markdown=markdown, key=key, description=description)
        if link:
            await acreate_link_artifact(link=link, link_text=description, key=f"{key}-link")

    return await _store(publish)


async def _store(publish: Callable[[], Awaitable[object]]) -> str:
    """Store artifacts on the Prefect server; return why that failed, or an empty text."""
    try:
        async with asyncio.timeout(TIME_LIMIT_SECONDS):
            await publish()
    except TimeoutError:
        why = f"the Prefect server did not respond within {TIME_LIMIT_SECONDS:g} seconds"
    except Exception as error:  # noqa: BLE001 - a failure of the Prefect server must not stop the run
        why = type(error).__name__
    else:
        return ""
    problem = f"The artifacts could not be published: {why}."
    _log.warning("%s", problem)
    return problem
