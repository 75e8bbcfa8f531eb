"""Check everything that a run needs, before it is needed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tabnine_report.deliver.channels.channel import Channel
from tabnine_report.deliver.channels.email import email_test_message
from tabnine_report.deliver.delivery import send_without_ledger
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.routes import admin_channels, report_routes
from tabnine_report.model.errors import ReportingError
from tabnine_report.model.month import Month
from tabnine_report.profile.profile import Profile
from tabnine_report.render.documents import preflight
from tabnine_report.render.logo import logo_png
from tabnine_report.runs import clock
from tabnine_report.runs.month_note import read_month_note
from tabnine_report.runs.report_coverage import report_coverage
from tabnine_report.runs.storage import archive_of, ledger_of
from tabnine_report.text.counted import counted
from tabnine_report.text.escaping import escape_markdown
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoint_checks import EndpointCheck, check_endpoints, check_token
from tabnine_report.usage_api.shapes.response_shapes import ResponseShapes

WORDS = {True: "ok", False: "FAILED", None: "skip"}
"""The word for a result, by `CheckResult.passed`."""


@dataclass(frozen=True)
class CheckResult:
    """The result of one check.

    Attributes:
        name: What was checked.
        passed: Whether a run can use it; None if it was not checked.
        detail: What was found or what failed; may be empty.
    """

    name: str
    passed: bool | None
    detail: str = ""


def verdict(results: Iterable[CheckResult]) -> str:
    """Return what the results mean for a run."""
    failed = sum(result.passed is False for result in results)
    if failed:
        consequence = "A run would fail, or its report would be incomplete, doubtful, or not delivered to everyone."
        return f"{counted(failed, 'check')} failed. {consequence}"
    return "All checks passed. A run can start."


def checks_markdown(results: Iterable[CheckResult], *, details: bool) -> str:
    """Return a table of the results as Markdown with all data escaped, what failed first.

    Args:
        results: The results.
        details: Whether to show what was found and what failed, which may contain addresses and the note.
    """
    ordered = sorted(results, key=lambda result: result.passed is not False)
    heads = ("Check", "Result", "Detail") if details else ("Check", "Result")
    rows = [heads, ("---",) * len(heads)]
    for result in ordered:
        cells = (escape_markdown(result.name), WORDS[result.passed], escape_markdown(result.detail))
        rows.append(cells[: len(heads)])
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    advice = "" if details else "\n\nThe command `tabnine-report check` shows the details."
    return f"{verdict(ordered)}\n\n{table}{advice}\n"


async def run_checks(
    profile: Profile, file: Path, test_channel: Channel | None = None, shapes: ResponseShapes | None = None
) -> AsyncIterator[CheckResult]:
    """Check what a run needs; yield each result as soon as it is known.

    Args:
        profile: The profile.
        file: The profile's file, beside which the note is.
        test_channel: Also send a test email by this channel; None sends nothing.
        shapes: Collects the structure of the API's responses; None does not.
    """
    yield CheckResult("settings", passed=True)
    month = Month.last_final(clock.now(), profile.zone, profile.report.settle_days)
    yield await asyncio.to_thread(_check_note, profile, file, month)
    async for result in _check_api(profile, month, shapes):
        yield result
    yield _check_token_expiry(profile.usage_api.token_expires, clock.now().astimezone(profile.zone).date())
    routes = [(route.channel, f"{route.edition} edition") for route in report_routes(profile, clock.now)]
    admins = [(admin_channel, "admins") for admin_channel in admin_channels(profile, clock.now)]
    for probed, audience in [*routes, *admins]:
        yield await _check(f"{probed.name}, {audience}", probed.probe, counted(len(probed.recipients), "recipient"))
    if test_channel is not None:
        yield await _send_test(profile, test_channel)
    problems = await asyncio.to_thread(preflight)
    yield CheckResult("fonts and libraries", not problems, "; ".join(problems))
    if logo := profile.report.logo:
        yield await _check("logo", lambda: asyncio.to_thread(logo_png, logo))
    yield await _check("archive", lambda: asyncio.to_thread(archive_of(profile).check))
    yield await _check("ledger", lambda: asyncio.to_thread(ledger_of(profile).check))


def _check_note(profile: Profile, file: Path, month: Month) -> CheckResult:
    try:
        note = read_month_note(profile, file, month)
    except ReportingError as error:
        return CheckResult("note", passed=False, detail=str(error))
    return CheckResult("note", passed=True, detail=f"for {month}: {'none' if note is None else note.text}")


async def _check_api(profile: Profile, month: Month, shapes: ResponseShapes | None) -> AsyncIterator[CheckResult]:
    checks = []
    observe = shapes.add if shapes else None
    async with UsageApi(profile.usage_api, profile.network, clock=clock.now, observe=observe) as api:
        async for result in check_endpoints(api, month, profile.privacy.people, clock.now):
            checks.append(result)
            if shapes:
                shapes.add_result(result)
            yield _endpoint_result(result)
    token = check_token(checks)
    yield CheckResult("token", token.accepted, token.detail)
    passed, detail = report_coverage(profile, month, checks)
    yield CheckResult("report", passed, detail)


def _endpoint_result(check: EndpointCheck) -> CheckResult:
    name, fetch, failure = str(check.endpoint), check.fetch, check.failure
    if fetch is None:
        return CheckResult(name, passed=None, detail=f"Not queried: {check.note}. {check.permission}")
    if failure is None:
        seconds = (fetch.ended_at - fetch.started_at).total_seconds()
        messages = {query.query: query.message for query in fetch.failed_queries}
        problems = [f"The query {name!r} failed. {message}" for name, message in messages.items()]
        problems += [check.unreadable] if check.unreadable else []
        responses = f"{counted(len(fetch.responses), 'response')} {check.note} in {seconds:.1f} s."
        return CheckResult(name, passed=not problems, detail=" ".join([responses, *problems, check.permission]))
    if failure.is_not_offered:
        detail = f"Not offered to this organization; the report omits it. {check.permission}"
        return CheckResult(name, passed=True, detail=detail)
    return CheckResult(name, passed=False, detail=f"{failure.message} {check.permission}")


async def _send_test(profile: Profile, channel: Channel) -> CheckResult:
    message = email_test_message(profile.name, profile.language)
    message_id = f"{profile.name}-test-{clock.now():%Y%m%d%H%M%S%f}"
    (receipt,) = await send_without_ledger(channel, message, message_id=message_id, revision=0, clock=clock.now)
    return CheckResult(
        f"test to {receipt.recipient}", passed=receipt.state is DeliveryState.SENT, detail=receipt.detail
    )


def _check_token_expiry(expires: date | None, today: date) -> CheckResult:
    name = "token expiry"
    if expires is None:
        return CheckResult(
            name, passed=True, detail="unknown. Set usage_api.token_expires so that the admins are reminded in time"
        )
    days = (expires - today).days
    if days < 0:
        return CheckResult(name, passed=False, detail=f"expired on {expires}")
    if days == 0:
        return CheckResult(name, passed=False, detail=f"expires today, on {expires}")
    return CheckResult(name, passed=True, detail=f"expires on {expires}, in {counted(days, 'day')}")


async def _check(name: str, probe: Callable[[], Awaitable[object]], detail: str = "") -> CheckResult:
    try:
        await probe()
    except ReportingError as error:
        return CheckResult(name, passed=False, detail=str(error))
    return CheckResult(name, passed=True, detail=detail)
