"""The flow with which an admin answers a month's report: one form for the decisions, the note and the release."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

import httpx
from prefect import flow, get_client, runtime
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext
from prefect.exceptions import ObjectNotFound, PrefectException
from prefect.states import Completed
from prefect.utilities.urls import url_for
from pydantic import BaseModel, ConfigDict, Field

from flows.monthly_report import RequestedMonth
from flows.running.final_states import failed_flow
from flows.running.scheduled_time import scheduled_at
from tabnine_report.deliver.send_decision import RecipientScope
from tabnine_report.model.errors import ReportingError
from tabnine_report.model.month import Month
from tabnine_report.profile.note import MAX_LENGTH, MAX_SIGNATURE_LENGTH
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.runs.answering import RecordedAnswers, Reply, answers_markdown, record_answers
from tabnine_report.runs.context import LAST_COMPLETE_MONTH, month_of, requested_report
from tabnine_report.runs.release import ReleaseRequest, requested_scope
from tabnine_report.text.i18n import wording
from tabnine_report.text.sanitizing import sanitize
from tasks.check_release import release_request, request_labels
from tasks.publish_artifacts import publish_markdown
from tasks.read_profile import open_form_profile


def _title(key: str) -> str:
    title = wording(key)
    return title[:1].upper() + title[1:]


class Answers(BaseModel):
    """One part of the form for each rule that can recommend an action; the report of a month recommends some."""

    model_config = ConfigDict(extra="forbid")

    decide_agent_budget: Annotated[Reply, Field(title=_title("action_decision.decide_agent_budget"))] = Reply()
    decide_renewal: Annotated[Reply, Field(title=_title("action_decision.decide_renewal"))] = Reply()
    reassign_inactive_accounts: Annotated[Reply, Field(title=_title("action_decision.reassign_inactive_accounts"))] = (
        Reply()
    )
    renew_token: Annotated[Reply, Field(title=_title("action_decision.renew_token"))] = Reply()
    assign_teams: Annotated[Reply, Field(title=_title("action_decision.assign_teams"))] = Reply()
    resolve_invitations: Annotated[Reply, Field(title=_title("action_decision.resolve_invitations"))] = Reply()


def _name_run() -> str:
    parameters = runtime.flow_run.parameters
    organization, month = requested_report(parameters["profile"], parameters["month"], scheduled_at())
    return f"{organization} · answer to {month}"


@flow(name="answer", flow_run_name=_name_run)
async def answer(  # noqa: PLR0913, PLR0917 - the parameters are the form in Prefect's UI
    profile: str = "demo",
    month: RequestedMonth = LAST_COMPLETE_MONTH,
    withheld: Literal["keep withheld", "release"] = "keep withheld",
    note: Annotated[str, Field(json_schema_extra={"maxLength": MAX_LENGTH})] = "",
    your_name: Annotated[str, Field(json_schema_extra={"maxLength": MAX_SIGNATURE_LENGTH})] = "",
    answers: Answers = Answers(),  # noqa: B008 - never changed
) -> Any:  # noqa: ANN401 - a state; the caller receives its data, RecordedAnswers
    """Answer one organization's report of one month: record decisions and a note, and release a withheld report.

    The newest answer counts. What you leave empty stays as it was.

    Args:
        profile: The profile: a name in the profiles folder, or the path of a file.
        month: The month of the report as YYYY-MM; or "last complete month", which is the last final month.
        withheld: Whether to release the report if it is withheld, after you have reviewed it. The newest archived
            revision is delivered as it was reviewed, also to recipients of an earlier revision.
        note: A note for the month in plain text. It appears in the next revision: rerun the month. Enter - to remove
            it.
        your_name: Your name. It signs the note, and the record says that you answered.
        answers: The decisions on the actions that the report recommends, and only on these. The next month's report
            states what was decided, and the result.

    Returns:
        What is recorded.

    Raises:
        ReportingError: If the form has problems, in which case nothing is recorded, or if the release cannot be
            started.
    """
    try:
        context, at = FlowRunContext.get(), scheduled_at()
        flow_run = context.flow_run if context else None
        request = release_request(flow_run, at)
        if name := sanitize(your_name, MAX_SIGNATURE_LENGTH):
            request = replace(request, by=f"{name} ({request.by})")
        settings = await asyncio.to_thread(open_form_profile, profile)
        chosen = month_of(month, at, settings)
        recorded = await asyncio.to_thread(
            record_answers,
            settings,
            chosen,
            _replies(answers),
            note=note,
            author=your_name,
            release=withheld == "release",
            by=request.by,
        )
    except Exception as error:  # noqa: BLE001 - any error ends the run
        return await failed_flow("answer", error, profile)
    release_url, problem = "", None
    if withheld == "release":
        try:
            scope = await asyncio.to_thread(requested_scope, settings, recorded.report)
            release_url = await _release(settings.name, chosen, scope, flow_run, request)
        except Exception as error:  # noqa: BLE001 - any error ends the run, after what is recorded is published
            problem = error
    about = f"{settings.name}, {chosen}"
    await publish_markdown("answer", settings.name, about, lambda: _markdown(settings, recorded, release_url))
    if problem:
        return await failed_flow("answer", problem, profile, what="release")
    message = f"Answered actions: {len(recorded.answers)} of {len(recorded.report.recommended_actions)}."
    return Completed(message=message + (" The release was started." if release_url else ""), data=recorded)


def _replies(answers: Answers) -> Mapping[str, Reply]:
    return {rule: getattr(answers, rule) for rule in Answers.model_fields}


def _markdown(settings: LedgerProfile, recorded: RecordedAnswers, release_url: str) -> str:
    return answers_markdown(recorded, settings.language, release_url)


async def _release(
    organization: str, month: Month, scope: RecipientScope, flow_run: FlowRun | None, request: ReleaseRequest
) -> str:
    """Start the run that releases the month's report for the person who answered; return the address of its page.

    Raises:
        ReportingError: If it cannot be started.
    """
    name = f"monthly-report/{organization}"
    try:
        async with get_client() as client:
            deployment = await client.read_deployment_by_name(name)
            run = await client.create_flow_run_from_deployment(
                deployment.id,
                parameters={"month": str(month), "delivery": str(scope), "release": True},
                name=f"{organization} · {month}",
                # If this run is started twice, the release is started once.
                idempotency_key=f"release by {flow_run.id}" if flow_run else None,
                labels={**request_labels(request)},
            )
    except ObjectNotFound as error:
        missing = f"There is no deployment {name}. Create it:\n\n    tabnine-report deploy"
        raise ReportingError(f"The answers are recorded, but the report is not released. {missing}") from error
    except (httpx.HTTPError, PrefectException) as error:
        problem = f"The Prefect server did not create the run ({type(error).__name__}). Try again."
        raise ReportingError(f"The answers are recorded, but the report is not released. {problem}") from error
    return url_for(run) or ""
