"""Each query stands for itself: a refused or slow one is asked in pieces, and what fails is a gap with its reason."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import httpx
import pytest

from tabnine_report.model.errors import AccessDenied, FeatureNotAvailable, ServerError, TokenRejected, UsageApiError
from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import Endpoint, team_queries
from tabnine_report.usage_api.endpoints.agent_usage import AGENT_HISTORY, AGENT_USAGE, TEAM_AGENT_USAGE
from tabnine_report.usage_api.endpoints.usage import (
    TEAM_USAGE_V2,
    USAGE_DAYS,
    USAGE_HISTORY,
    USAGE_MONTH,
    USAGE_PREVIOUS,
    USAGE_V2,
)
from tabnine_report.usage_api.month_coverage import requested_months
from tabnine_report.usage_api.snapshot import Fetch, Snapshot

Fetching = Callable[..., Awaitable[Fetch]]
Refuses = Callable[[Mapping[str, str]], int]
"""Returns the status for the parameters of a request."""

OCTOBER, MONTHS = Month(2026, 10), Month(2026, 10).last(13)
MAY = Month(2026, 5)


def usage_server(refuses: Refuses, asked: list[tuple[str, int]] | None = None) -> Callable[..., httpx.Response]:
    """Return a server with one bucket per requested month or day; it notes granularity and months of each request."""

    def handler(request: httpx.Request) -> httpx.Response:
        params = dict(request.url.params)
        months = requested_months(params)
        if asked is not None:
            asked.append((params["granularity"], len(months)))
        if (status := refuses(params)) != 200:
            return httpx.Response(status)
        periods = [(month.first_day, month.end.date()) for month in months]
        buckets = [
            {"from": f"{start}T00:00:00Z", "to": f"{end}T00:00:00Z", "activeUsers": 5}
            for start, end in (
                periods if params["granularity"] != "daily" else [(m.first_day, m.days[1]) for m in months]
            )
        ]
        return httpx.Response(200, json={"usage": {"data": buckets}})

    return handler


def longer_than(number: int, status: int, granularity: str = "") -> Refuses:
    def refuses(params: Mapping[str, str]) -> int:
        matches = not granularity or params["granularity"] == granularity
        return status if matches and len(requested_months(params)) > number else 200

    return refuses


def for_month(month: Month, status: int, granularity: str) -> Refuses:
    """Refuse every window that contains a month, with one granularity."""

    def refuses(params: Mapping[str, str]) -> int:
        return status if params["granularity"] == granularity and month in requested_months(params) else 200

    return refuses


@pytest.mark.parametrize("status", [400, 413, 414, 422, 500, 502, 503, 504])
@pytest.mark.parametrize("longest", [1, 2, 12])
async def test_refused_windows_are_asked_in_pieces(fetch: Fetching, status: int, longest: int) -> None:
    got = await fetch(usage_server(longer_than(longest, status)), Endpoint.USAGE_V2)

    data = USAGE_V2.read(got)
    assert {failed.query for failed in got.failed_queries} <= USAGE_V2.additional
    assert sorted(data.months) == list(MONTHS)
    assert {Month(day.year, day.month) for day in data.days} == set(MONTHS)
    assert (data.gaps, data.day_gaps) == ({}, {})


@pytest.mark.parametrize(("status", "attempts"), [(422, 1), (504, 2)])
async def test_pieces_are_12_months_then_single_months_and_days_month_by_month(
    fetch: Fetching, status: int, attempts: int
) -> None:
    asked: list[tuple[str, int]] = []
    await fetch(usage_server(longer_than(1, status), asked), Endpoint.USAGE_V2)

    assert sorted(asked) == sorted(
        [
            *[("all", 1)] * 2,
            *[("monthly", 13), ("monthly", 12)] * attempts,
            *[("monthly", 1)] * 13,
            *[("daily", 13)] * attempts,
            *[("daily", 1)] * 13,
            # Additional figures have no pieces: a quarter is one period, and weeks cross months.
            *[("all", 3), ("weekly", 2)] * attempts,
        ]
    )


@pytest.mark.parametrize("status", [403, 404, 429])
async def test_other_statuses_are_not_asked_in_pieces(fetch: Fetching, status: int) -> None:
    asked: list[tuple[str, int]] = []
    got = await fetch(usage_server(longer_than(1, status, "daily"), asked), Endpoint.USAGE_V1)

    assert ("daily", 1) not in asked
    assert [(failed.query, failed.status) for failed in got.failed_queries] == [(USAGE_DAYS, status)]


@pytest.mark.parametrize("granularity", ["monthly", "daily"])
@pytest.mark.parametrize("status", [400, 403, 404, 422, 500, 504])
async def test_a_query_that_fails_leaves_the_month_and_the_others(
    fetch: Fetching, granularity: str, status: int
) -> None:
    got = await fetch(usage_server(longer_than(0, status, granularity)), Endpoint.USAGE_V2)

    data = USAGE_V2.read(got)
    assert data.months[OCTOBER].active_users == data.months[OCTOBER.back(1)].active_users == 5
    failed = {"monthly": USAGE_HISTORY, "daily": USAGE_DAYS}[granularity]
    assert {failure.query for failure in got.failed_queries} == {failed}
    assert {failure.status for failure in got.failed_queries} == {status}
    assert set(data.gaps) == (set(MONTHS[:-2]) if granularity == "monthly" else set())
    assert set(data.day_gaps) == (set(MONTHS) if granularity == "daily" else set())
    snapshot = Snapshot(month="2026-10", host="console.example", fetches={"usage-v2": got})
    assert Snapshot.read(snapshot.files()) == snapshot


@pytest.mark.parametrize("status", [400, 504])
async def test_a_piece_that_fails_is_a_gap_with_its_reason(fetch: Fetching, status: int) -> None:
    got = await fetch(usage_server(for_month(MAY, status, "monthly")), Endpoint.USAGE_V2)

    data = USAGE_V2.read(got)
    assert set(data.gaps) == {MAY}
    assert f"returned {status}" in data.gaps[MAY].message
    assert sorted(data.months) == [month for month in MONTHS if month != MAY]


async def test_days_of_one_month_can_fail(fetch: Fetching) -> None:
    data = USAGE_V2.read(await fetch(usage_server(for_month(MAY, 504, "daily")), Endpoint.USAGE_V2))

    assert set(data.day_gaps) == {MAY}
    assert {Month(day.year, day.month) for day in data.days} == set(MONTHS) - {MAY}


async def test_a_failed_previous_month_comes_from_the_history(fetch: Fetching) -> None:
    got = await fetch(usage_server(for_month(OCTOBER.back(1), 504, "all")), Endpoint.USAGE_V2)

    assert USAGE_PREVIOUS in [failed.query for failed in got.failed_queries]
    assert USAGE_V2.read(got).months[OCTOBER.back(1)].active_users == 5
    assert USAGE_V2.read(got).gaps == {}


@pytest.mark.parametrize(("status", "error"), [(403, AccessDenied), (503, ServerError)])
async def test_the_endpoint_fails_with_its_required_query(
    fetch: Fetching, status: int, error: type[UsageApiError]
) -> None:
    with pytest.raises(error):
        await fetch(usage_server(for_month(OCTOBER, status, "all")), Endpoint.USAGE_V2)


async def test_a_rejected_token_fails_the_endpoint_whichever_query_it_was(fetch: Fetching) -> None:
    with pytest.raises(TokenRejected):
        await fetch(usage_server(longer_than(0, 401, "daily")), Endpoint.USAGE_V2)


async def test_slow_windows_are_asked_in_pieces_within_the_time(fetch: Fetching) -> None:
    respond = usage_server(longer_than(13, 400))

    async def handler(request: httpx.Request) -> httpx.Response:
        if len(requested_months(request.url.params)) > 1:
            await asyncio.Event().wait()
        return respond(request)

    got = await asyncio.wait_for(fetch(handler, Endpoint.USAGE_V2, within_seconds=2), timeout=60)

    assert {failed.query for failed in got.failed_queries} == USAGE_V2.additional
    assert sorted(USAGE_V2.read(got).months) == list(MONTHS)


async def test_no_piece_is_asked_after_the_time(fetch: Fetching) -> None:
    async def handler(request: httpx.Request) -> httpx.Response:
        if len(requested_months(request.url.params)) > 1:
            await asyncio.Event().wait()
        return usage_server(longer_than(13, 400))(request)

    got = await asyncio.wait_for(fetch(handler, Endpoint.USAGE_V2, within_seconds=0.05), timeout=60)

    data = USAGE_V2.read(got)
    assert data.months[OCTOBER].active_users == 5
    assert set(data.gaps) | set(data.months) == set(MONTHS)


async def test_agent_usage_is_asked_in_the_older_spelling_too(fetch: Fetching) -> None:
    def refuses(params: Mapping[str, str]) -> int:
        return 400 if params["granularity"] == "monthly" else 200

    asked: list[tuple[str, int]] = []
    got = await fetch(usage_server(refuses, asked), Endpoint.AGENT_USAGE)

    assert sorted(AGENT_USAGE.read(got).history) == list(MONTHS)
    assert sorted(asked) == [("all", 1), ("month", 13), ("monthly", 13)]


async def test_agent_usage_in_the_older_spelling_is_asked_in_pieces(fetch: Fetching) -> None:
    def refuses(params: Mapping[str, str]) -> int:
        return 422 if params["granularity"] == "monthly" or len(requested_months(params)) > 1 else 200

    data = AGENT_USAGE.read(await fetch(usage_server(refuses), Endpoint.AGENT_USAGE))

    assert sorted(data.history) == list(MONTHS)
    assert data.gaps == {}


async def test_agent_usage_has_gaps(fetch: Fetching) -> None:
    got = await fetch(usage_server(for_month(MAY, 504, "monthly")), Endpoint.AGENT_USAGE)

    assert {failed.query for failed in got.failed_queries} == {AGENT_HISTORY}
    assert set(AGENT_USAGE.read(got).gaps) == {MAY}


async def test_agent_usage_needs_one_successful_query(fetch: Fetching) -> None:
    got = await fetch(usage_server(longer_than(0, 422, "all")), Endpoint.AGENT_USAGE)
    assert [failed.query for failed in got.failed_queries] == [USAGE_MONTH]
    assert OCTOBER in AGENT_USAGE.read(got).history
    with pytest.raises(FeatureNotAvailable):
        await fetch(usage_server(longer_than(0, 404)), Endpoint.AGENT_USAGE)


@pytest.mark.parametrize("endpoint", [Endpoint.TEAM_USAGE_V2, Endpoint.TEAM_AGENT_USAGE])
async def test_a_month_of_a_team_can_fail(fetch: Fetching, endpoint: Endpoint) -> None:
    def refuses(params: Mapping[str, str]) -> int:
        is_refused = params["teamId"] == "b" and OCTOBER.back(1) in requested_months(params)
        return 422 if is_refused or params["teamId"] == "c" else 200

    sent = team_queries(endpoint, OCTOBER, "org-1", ("a", "b", "c"))
    got = await fetch(usage_server(refuses), endpoint, sent=sent)

    spec = TEAM_USAGE_V2 if endpoint is Endpoint.TEAM_USAGE_V2 else TEAM_AGENT_USAGE
    by_team = spec.read(got)
    statuses = {
        (team, month): getattr(bucket, "status", 200)
        for team, months in by_team.items()
        for month, bucket in (months.items() if isinstance(months, Mapping) else [])
    }
    september = OCTOBER.back(1)
    assert statuses == {("a", september): 200, ("a", OCTOBER): 200, ("b", september): 422, ("b", OCTOBER): 200}
    assert getattr(by_team["c"], "status", None) == 422
