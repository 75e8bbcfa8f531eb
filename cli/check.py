"""`tabnine-report check`: everything that a run will need, tried before it needs it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.text import Text

from cli.terminal import counted
from tabnine_report.deliver.delivery import send_uncounted
from tabnine_report.deliver.message import Channel, DeliveryState
from tabnine_report.deliver.routes import admin_channels, report_channels, test_channel
from tabnine_report.deliver.test_message import test_message
from tabnine_report.model.errors import ReportingError, UsageApiError
from tabnine_report.model.month import Month
from tabnine_report.profile.note import read_note
from tabnine_report.profile.profile import Profile
from tabnine_report.render.documents import preflight
from tabnine_report.runs import clock
from tabnine_report.runs.storage import archive_of, ledger_of
from tabnine_report.usage_api import reading
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import (
    ORGANIZATION_ENDPOINTS,
    Endpoint,
    Query,
    is_not_offered,
    queries,
    team_queries,
)
from tabnine_report.usage_api.snapshot import Failure, Fetch
from tabnine_report.usage_api.team_requests import team_endpoints, team_ids
from tasks.read_profile import open_profile, profile_path


@dataclass(frozen=True)
class Tried:
    """What came of trying one thing: its name, whether it will do, and a sentence."""

    what: str
    good: bool
    sentence: str = ""


def check(*, profile: str, send_test: str = "") -> int:
    """Try everything that a run will need: settings, token, endpoints, channels, fonts, archive and ledger.

    Nothing is sent to the report's recipients.

    Args:
        profile: The organization's profile: a name in the folder of profiles, or a file.
        send_test: An address that gets a message by email, clearly named as a test.
    """
    settings = open_profile(profile)
    trial = test_channel(settings, send_test, clock.now) if send_test else None
    return asyncio.run(_print_all(settings, profile_path(profile), trial))


async def _print_all(profile: Profile, file: Path, trial: Channel | None) -> int:
    console = Console(soft_wrap=True, highlight=False)
    failed = 0
    async for tried in _try_all(profile, file, trial):
        word, style = ("ok", "green") if tried.good else ("FAILED", "bold red")
        console.print(
            Text.assemble((f"{word:<7}", style), f"{tried.what:<27}" if tried.sentence else tried.what, tried.sentence)
        )
        failed += not tried.good
    console.print(
        "Everything that a run needs is there."
        if not failed
        else f"{failed} of these would fail a run or mark its report."
    )
    return 1 if failed else 0


async def _try_all(profile: Profile, file: Path, trial: Channel | None) -> AsyncIterator[Tried]:
    yield Tried("settings", good=True)
    month = Month.last_final(clock.now(), profile.zone, profile.report.settle_days)
    yield _try_note(file, month)
    async for tried in _try_api(profile, month):
        yield tried
    yield _token_lifetime(profile.usage_api.token_expires, clock.now().astimezone(profile.zone).date())
    routes = [(route.channel, f"{route.edition} edition") for route in report_channels(profile, clock.now)]
    for channel, whose in [*routes, *((channel, "admins") for channel in admin_channels(profile, clock.now))]:
        yield await _try(f"{channel.name}, {whose}", channel.probe, counted(len(channel.recipients), "recipient"))
    if trial is not None:
        yield await _send_test(profile, trial)
    problems = await asyncio.to_thread(preflight)
    yield Tried("fonts and libraries", not problems, "; ".join(problems))
    yield await _try("archive", lambda: asyncio.to_thread(archive_of(profile).check))
    yield await _try("ledger", lambda: asyncio.to_thread(ledger_of(profile).check))


def _try_note(file: Path, month: Month) -> Tried:
    try:
        note = read_note(file, month)
    except ReportingError as error:
        return Tried("note", good=False, sentence=str(error))
    return Tried("note", good=True, sentence=f"for {month}: {'none' if note is None else note.text}")


async def _try_api(profile: Profile, month: Month) -> AsyncIterator[Tried]:
    people = profile.privacy.people
    async with UsageApi(profile.usage_api, profile.network, clock=clock.now) as api:
        try:
            first = await api.fetch(Endpoint.ORGANIZATION, queries(Endpoint.ORGANIZATION, month, "", people))
        except UsageApiError as error:
            yield Tried("token", good=False, sentence=str(error))
            return
        organization = reading.organization(first)
        yield Tried("token", good=True, sentence=f"of {organization.name!r}")
        fetches = {Endpoint.ORGANIZATION: first}
        for endpoint in ORGANIZATION_ENDPOINTS:
            if endpoint is not Endpoint.ORGANIZATION:
                asked = queries(endpoint, month, organization.id, people)
                fetches[endpoint] = await _fetch(api, endpoint, asked)
                yield _answered(fetches[endpoint], f"for {month}")
        teams = team_ids(fetches)
        for endpoint in team_endpoints(fetches, month) if teams else ():
            asked = team_queries(endpoint, month, organization.id, teams[:1])
            yield _answered(await _fetch(api, endpoint, asked), f"for one of {counted(len(teams), 'team')}")


async def _fetch(api: UsageApi, endpoint: Endpoint, asked: Sequence[Query]) -> Fetch:
    began_at = clock.now()
    try:
        return await api.fetch(endpoint, asked)
    except UsageApiError as error:
        return Fetch(endpoint=endpoint, started_at=began_at, ended_at=clock.now(), failure=Failure.of(error))


def _answered(fetch: Fetch, for_what: str) -> Tried:
    what, failure = str(fetch.endpoint), fetch.failure
    if failure is None:
        seconds = (fetch.ended_at - fetch.started_at).total_seconds()
        return Tried(what, good=True, sentence=f"{counted(len(fetch.answers), 'answer')} {for_what} in {seconds:.1f} s")
    if is_not_offered(what, failure.status):
        return Tried(what, good=True, sentence="not offered to this organization; the report does without it")
    return Tried(what, good=False, sentence=failure.message)


async def _send_test(profile: Profile, trial: Channel) -> Tried:
    message = test_message(profile.name, profile.language)
    message_id = f"{profile.name}-test-{clock.now():%Y%m%d%H%M%S%f}"
    (receipt,) = await send_uncounted(trial, message, message_id=message_id, revision=0, clock=clock.now)
    return Tried(f"test to {receipt.recipient}", good=receipt.state is DeliveryState.SENT, sentence=receipt.detail)


def _token_lifetime(expires: date | None, today: date) -> Tried:
    if expires is None:
        return Tried(
            "token's life",
            good=True,
            sentence="unknown; with usage_api.token_expires the admins would be reminded in time",
        )
    days = (expires - today).days
    return Tried(
        "token's life",
        good=days > 0,
        sentence=f"until {expires}, {counted(days, 'day')}" if days > 0 else f"ended on {expires}",
    )


async def _try(what: str, probe: Callable[[], Awaitable[None]], sentence: str = "") -> Tried:
    try:
        await probe()
    except ReportingError as error:
        return Tried(what, good=False, sentence=str(error))
    return Tried(what, good=True, sentence=sentence)
