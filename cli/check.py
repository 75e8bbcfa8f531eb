"""`tabnine-report check`: checks everything that a run needs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.text import Text

from cli.report_coverage import report_coverage
from cli.terminal import counted
from cli.write_shape import writing_shape
from tabnine_report.deliver.channels.channel import Channel
from tabnine_report.deliver.channels.email import email_channel_to, email_test_message
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
from tabnine_report.runs.profile_file import profile_path
from tabnine_report.runs.storage import archive_of, ledger_of
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoint_checks import EndpointCheck, check_endpoints, check_token
from tabnine_report.usage_api.shapes.answer_shapes import AnswerShapes
from tasks.read_profile import open_profile

_WORDS = {True: ("ok", "green"), False: ("FAILED", "bold red"), None: ("skip", "yellow")}
"""The word for a result and its style, by `CheckResult.passed`."""


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


def check(*, profile: str, send_test: str = "", shape: Path | None = None) -> int:
    """Check the settings, token, endpoints, mail server, Slack, fonts, archive and ledger.

    Sends nothing unless `send_test` is given.

    Args:
        profile: The profile: a name in the profiles folder, or the path of a file.
        send_test: Also send a test email to this address.
        shape: Write the structure of the API's responses, without values, to a new file for the maintainers.
    """
    settings = open_profile(profile)
    channel = email_channel_to(settings, send_test, clock.now) if send_test else None
    if shape is None:
        return asyncio.run(_print_checks(settings, profile_path(profile), channel))
    with writing_shape(shape) as shapes:
        return asyncio.run(_print_checks(settings, profile_path(profile), channel, shapes))


async def _print_checks(
    profile: Profile, file: Path, channel: Channel | None, shapes: AnswerShapes | None = None
) -> int:
    console = Console(soft_wrap=True, highlight=False)
    failed = 0
    async for result in _checks(profile, file, channel, shapes):
        word, style = _WORDS[result.passed]
        name = f"{result.name:<27}" if result.detail else result.name
        console.print(Text.assemble((f"{word:<7}", style), name, result.detail))
        failed += result.passed is False
    console.print(
        f"{counted(failed, 'check')} failed. A run would fail, or its report would be incomplete."
        if failed
        else "All checks passed. A run can start."
    )
    return 1 if failed else 0


async def _checks(
    profile: Profile, file: Path, channel: Channel | None, shapes: AnswerShapes | None
) -> AsyncIterator[CheckResult]:
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
    if channel is not None:
        yield await _send_test(profile, channel)
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


async def _check_api(profile: Profile, month: Month, shapes: AnswerShapes | None) -> AsyncIterator[CheckResult]:
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
    if days <= 0:
        return CheckResult(name, passed=False, detail=f"expired on {expires}")
    return CheckResult(name, passed=True, detail=f"expires on {expires}, in {counted(days, 'day')}")


async def _check(name: str, probe: Callable[[], Awaitable[object]], detail: str = "") -> CheckResult:
    try:
        await probe()
    except ReportingError as error:
        return CheckResult(name, passed=False, detail=str(error))
    return CheckResult(name, passed=True, detail=detail)
