import json
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from vendors_example import VENDORS_EXAMPLE

from tabnine_report.model.errors import UnexpectedResponse
from tabnine_report.model.month import Month
from tabnine_report.usage_api.bucket_reading import read_buckets
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.account_utilizations import ACCOUNT_UTILIZATIONS
from tabnine_report.usage_api.endpoints.instance_permissions import PERMISSIONS, Admin, admins_of
from tabnine_report.usage_api.endpoints.license import LICENSE
from tabnine_report.usage_api.endpoints.organization import ORGANIZATION
from tabnine_report.usage_api.endpoints.teams import TEAMS
from tabnine_report.usage_api.endpoints.usage import USAGE_V2, UsageBucketV2, usage_buckets
from tabnine_report.usage_api.endpoints.users import count_users, list_users
from tabnine_report.usage_api.field_types import Instant
from tabnine_report.usage_api.reading_problems import UnreadableRow, collected_problems
from tabnine_report.usage_api.snapshot import Fetch, Response

Stored = Callable[..., Fetch]

# The vendor's example of a month: the bucket's `from` and `to` are wrong, both are the end of the month.
MARCH = {
    "organizationId": "org-1",
    "from": "2026-03-01T00:00:00Z",
    "to": "2026-04-01T00:00:00Z",
    "usage": {
        "granularity": "all",
        "data": [
            {"from": "2026-04-01T00:00:00Z", "to": "2026-04-01T00:00:00Z", "activeUsers": 131, **VENDORS_EXAMPLE},
        ],
    },
}


def bucket(
    start: object = "2026-10-01T00:00:00Z",
    end: object = "2026-11-01T00:00:00Z",
    active: object = 3,
    **blocks: object,
) -> dict[str, object]:
    return {"from": start, "to": end, "activeUsers": active, **blocks}


def envelope(*buckets: object, **more: object) -> dict[str, object]:
    return {"usage": {"granularity": "monthly", "data": list(buckets)}, **more}


OCTOBER_WINDOW = {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}


def at(year: int, month: int, day: int = 1, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def test_organization_is_read(stored: Stored) -> None:
    body = {"id": "org-1", "name": "ACME", "planType": "ENTERPRISE", "samlEnabled": True, "domains": None, "new": 1}
    got = ORGANIZATION.read(stored(Endpoint.ORGANIZATION, body))
    assert (got.id, got.name, got.saml_enabled, got.oauth_enabled) == ("org-1", "ACME", True, None)


@pytest.mark.parametrize("value", ["perhaps", "true", 1, {}])
def test_sign_in_setting_of_another_shape_is_invalid(stored: Stored, value: object) -> None:
    got = ORGANIZATION.read(stored(Endpoint.ORGANIZATION, {"id": "o", "name": "A", "samlEnabled": value}))
    assert (got.name, got.saml_enabled, [*got.invalid_fields()]) == ("A", None, ["samlEnabled"])


def test_organization_needs_only_its_id(stored: Stored) -> None:
    got = ORGANIZATION.read(stored(Endpoint.ORGANIZATION, {"id": 17, "name": " "}))
    assert (got.id, got.name, [*got.invalid_fields()]) == ("17", None, ["name"])


def test_teams_of_all_pages_are_read_in_order(stored: Stored) -> None:
    first = {"data": [{"id": "t1", "name": "Default", "usersCount": 0, "isDefaultTeam": True}], "meta": {"total": 2}}
    second = {"data": [{"id": "t2", "name": "Core", "usersCount": 12.0, "seatCap": None}]}
    default, core = TEAMS.read(stored(Endpoint.TEAMS, first, second))
    assert [(team.id, team.name) for team in (default, core)] == [("t1", "Default"), ("t2", "Core")]


def test_license_is_read_from_its_envelope(stored: Stored) -> None:
    body = {"license": {"seats": 520, "seatsCap": 9999, "exp": 1798761600, "iat": 1767225600, "features": ["chat"]}}
    got = LICENSE.read(stored(Endpoint.LICENSE, body))
    assert (got.seats, got.expires_at, got.issued_at) == (520, at(2027, 1), at(2026, 1))


def test_admins_are_read_from_a_bare_list(stored: Stored) -> None:
    body = [{"username": "ada@acme.example", "organizationId": "org-1"}, {"username": "bob@acme.example"}]
    assert [admin.username for admin in PERMISSIONS.read(stored(Endpoint.PERMISSIONS, body))] == [
        "ada@acme.example",
        "bob@acme.example",
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("ada", "org-1"), ("bob", "org-1"), ("ada", "org-1")], {"ada", "bob"}),
        ([("ada", "org-1"), ("ada", "org-2"), ("eve", "org-2")], {"ada"}),
        ([("ada", "org-1"), ("bob", None), ("eve", "org-2")], {"ada", "bob"}),
        ([("ada", "17"), ("bob", "17")], {"ada", "bob"}),
        ([], set()),
    ],
    ids=["twice", "another-organization", "no-organization", "ids-of-another-kind", "none"],
)
def test_an_admin_counts_once_and_only_for_the_organization(
    rows: list[tuple[str, str | None]], expected: set[str]
) -> None:
    admins = [Admin.model_validate({"username": name, "organizationId": organization}) for name, organization in rows]
    assert admins_of(admins, "org-1") == expected


def test_months_of_account_utilizations_count_from_zero(stored: Stored) -> None:
    body = [
        {"year": 2025, "month": 11, "registered": 440, "active": 431, "deactivated": 9, "pending": 2},
        {"year": 2026, "month": 0, "registered": 447},
    ]
    december, january = ACCOUNT_UTILIZATIONS.read(stored(Endpoint.ACCOUNT_UTILIZATIONS, body))
    assert (december.month, december.registered, december.active) == (Month(2025, 12), 440, 431)
    assert (december.deactivated, december.pending) == (9, 2)
    assert (january.month, january.registered, january.active) == (Month(2026, 1), 447, None)


def test_month_of_usage_has_the_period_of_the_envelope(stored: Stored) -> None:
    request = {"granularity": "all", "from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    (got,) = usage_buckets(stored(Endpoint.USAGE_V1, MARCH, query="month", **request), "month")
    assert (got.version, got.start, got.end, got.month) == ("v1", at(2026, 3), at(2026, 4), Month(2026, 3))
    assert got.instruct
    assert got.code_completions
    assert got.chat
    assert got.agent
    assert (got.active_users, got.productivity_factor, got.instruct.accepted_count) == (131, 0.433, 16764)
    assert (got.code_completions.completions, got.code_completions.automation_factor) == (7104, 0.426)
    assert (got.chat.interactions, got.chat.useful_chat_interactions, got.chat.messages) == (31336, 17411, None)
    assert (got.agent.active_users, got.agent.lines_removed_accepted) == (103, 75956)


def test_envelope_without_a_period_uses_the_requested_month(stored: Stored) -> None:
    body = envelope(bucket("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z"))
    request = {"granularity": "all", "from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
    (got,) = usage_buckets(stored(Endpoint.USAGE_V1, body, query="month", **request), "month")
    assert (got.start, got.end) == (at(2026, 10), at(2026, 11))


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([bucket(), bucket()], []),
        ([bucket(), bucket(active=4)], ["repeated", "repeated"]),
        (["x"], ["invalid"]),
        ([], []),
    ],
)
def test_whole_period_has_one_bucket_or_none(stored: Stored, rows: list[object], problems: list[str]) -> None:
    fetch = stored(Endpoint.USAGE_V1, envelope(*rows), query="month", granularity="all", **OCTOBER_WINDOW)
    with collected_problems() as collected:
        got = usage_buckets(fetch, "month")
    assert [row.problem for row in collected.unreadable_rows] == problems
    assert len(got) == (1 if rows and not problems else 0)


@pytest.mark.parametrize(
    ("endpoint", "granularity"),
    [
        (Endpoint.USAGE_V1, "all"),
        (Endpoint.USAGE_V2, "daily"),
        (Endpoint.AGENT_USAGE, "monthly"),
        (Endpoint.TEAM_USAGE_V1, "monthly"),
        (Endpoint.TEAM_USAGE_V2, "monthly"),
        (Endpoint.TEAM_AGENT_USAGE, "monthly"),
    ],
)
@pytest.mark.parametrize(
    ("owner", "is_read"),
    [
        ({"teamId": "5"}, True),
        ({"teamId": 5}, True),
        ({"teamId": None}, True),
        ({}, True),
        ({"teamId": "6"}, False),
    ],
)
def test_usage_of_another_team_is_not_read(
    stored: Stored, endpoint: Endpoint, granularity: str, owner: dict[str, object], *, is_read: bool
) -> None:
    requested = {"organizationId": "org-1", "teamId": "5", "granularity": granularity, **OCTOBER_WINDOW}
    fetch = stored(endpoint, envelope(bucket(), **owner), query="month", **requested)
    if is_read:
        endpoint.spec.check(fetch)
    else:
        with pytest.raises(UnexpectedResponse, match="teamId is not the requested one"):
            endpoint.spec.check(fetch)


@pytest.mark.parametrize("boundary", ["absent", None, 5, "x", "9999-12-31T00:00:00Z", [], {}])
def test_whole_period_needs_neither_boundaries_nor_those_of_its_envelope(stored: Stored, boundary: object) -> None:
    row, around = bucket(boundary, boundary), {"from": boundary, "to": boundary}
    if boundary == "absent":
        row, around = {"activeUsers": 3}, {}
    body = envelope(row, **around)
    (got,) = usage_buckets(stored(Endpoint.USAGE_V1, body, query="q", granularity="all", **OCTOBER_WINDOW), "q")
    assert (got.month, got.active_users) == (Month(2026, 10), 3)


def test_month_that_was_not_requested_is_unreadable(stored: Stored) -> None:
    request = {"granularity": "all", "from": "2026-02-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"}
    with collected_problems() as problems:
        assert usage_buckets(stored(Endpoint.USAGE_V1, MARCH, query="month", **request), "month") == []
    assert (problems.rows, problems.unreadable_rows) == (1, (UnreadableRow("from", "invalid"),))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00"),
        ("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"),
        ("2026-09-30T10:00:00Z", "2026-10-31T10:00:00Z"),
        ("2026-10-01T08:00:00Z", "2026-11-01T08:00:00Z"),
        ("2026-10-18T09:00:00Z", "2026-11-01T00:00:00Z"),
    ],
)
def test_month_of_another_time_zone_is_recognized(stored: Stored, start: str, end: str) -> None:
    fetch = stored(Endpoint.USAGE_V1, envelope(bucket(start, end)), query="history", granularity="monthly")
    (got,) = usage_buckets(fetch, "history")
    assert got.month == Month(2026, 10)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-10-05T00:00:00+02:00", "2026-10-06T00:00:00+02:00"),
        ("2026-10-05T07:00:00Z", "2026-10-06T07:00:00Z"),
        ("2026-10-05T13:00:00Z", "2026-10-06T00:00:00Z"),
        ("2026-10-05T00:00:00Z", "2026-10-05T23:59:59Z"),
    ],
)
def test_day_of_another_time_zone_is_recognized(stored: Stored, start: str, end: str) -> None:
    fetch = stored(Endpoint.USAGE_V1, envelope(bucket(start, end)), query="days", granularity="daily")
    (got,) = usage_buckets(fetch, "days")
    assert got.day.isoformat() == "2026-10-05"


@pytest.mark.parametrize(("granularity", "days"), [("daily", 7), ("daily", 31), ("monthly", 92)])
def test_longer_buckets_than_requested_are_unreadable(stored: Stored, granularity: str, days: int) -> None:
    starts = [at(2026, 1) + n * timedelta(days=days) for n in range(3)]
    buckets = [bucket(start.isoformat(), (start + timedelta(days=days)).isoformat()) for start in starts]
    request = {"from": "2026-01-01T00:00:00Z", "to": "2026-07-01T00:00:00Z", "granularity": granularity}
    with collected_problems() as problems:
        got = usage_buckets(stored(Endpoint.USAGE_V1, envelope(*buckets), query="q", **request), "q")
    assert problems.unreadable_rows == (UnreadableRow("to", "invalid"),) * 3
    assert all(bucket.is_unreadable for bucket in got)
    assert len(got) == (181 if granularity == "daily" else 6)


@pytest.mark.parametrize(
    ("broken", "unreadable"),
    [({"from": "x"}, ["2026-08"]), ({"to": None}, ["2026-08"]), ({"from": "x", "to": "x"}, ["2026-08", "2026-10"])],
)
def test_period_without_a_bucket_is_unreadable_if_the_lost_one_may_be_its(
    stored: Stored, broken: dict[str, object], unreadable: list[str]
) -> None:
    july, august, september = (bucket(str(month.start), str(month.end)) for month in Month(2026, 9).last(3))
    request = {"from": "2026-07-01T00:00:00Z", "to": "2026-11-01T00:00:00Z", "granularity": "monthly"}
    body = envelope(july, august | broken, september)
    got = usage_buckets(stored(Endpoint.USAGE_V2, body, query="q", **request), "q")
    assert [str(bucket.month) for bucket in got if bucket.is_unreadable] == unreadable


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("value", ["removed", None, -1, "x", [], {}, "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"])
def test_bucket_without_a_readable_period_costs_one_period(stored: Stored, name: str, value: object) -> None:
    months = [bucket(str(month.start), str(month.end)) for month in Month(2026, 10).last(4)]
    months[1] = {key: kept for key, kept in {**months[1], name: value}.items() if kept != "removed"}
    request = {"from": "2026-07-01T00:00:00Z", "to": "2026-11-01T00:00:00Z", "granularity": "monthly"}
    with collected_problems() as problems:
        got = usage_buckets(stored(Endpoint.USAGE_V2, envelope(*months), query="q", **request), "q")
    by_month = {str(bucket.month): (bucket.active_users, bucket.is_unreadable) for bucket in got}
    assert by_month == {m: (None, True) if m == "2026-08" else (3, False) for m in map(str, Month(2026, 10).last(4))}
    missing = UnreadableRow(name, "missing" if value in ("removed", None) else "invalid")
    assert (problems.rows, problems.unreadable_rows) == (4, (missing,))


def test_day_ends_where_the_next_begins(stored: Stored) -> None:
    days = [bucket(f"2026-10-{day:02}T00:00:00Z", "2026-10-31T00:00:00Z") for day in (27, 26, 28, 30)]
    got = usage_buckets(stored(Endpoint.USAGE_V1, envelope(*days), query="q", granularity="daily"), "q")
    assert [bucket.day.day for bucket in got] == [27, 26, 28, 30]


LAST_THREE = Month(2026, 10).last(3)
LAST_THREE_WINDOW = {"from": "2026-08-01T00:00:00Z", "to": "2026-11-01T00:00:00Z", "granularity": "monthly"}


def read_as_unreadable(fetch: Fetch) -> dict[Month, bool]:
    """Return whether the bucket of each month is unreadable."""
    return {bucket.month: bucket.is_unreadable for bucket in usage_buckets(fetch, "q")}


@pytest.mark.parametrize("endpoint", [Endpoint.USAGE_V1, Endpoint.USAGE_V2, Endpoint.TEAM_USAGE_V2])
@pytest.mark.parametrize("distance", [-1, 1])
def test_buckets_a_month_off_the_window_are_unreadable(stored: Stored, endpoint: Endpoint, distance: int) -> None:
    shifted = [bucket(str(month.back(distance).start), str(month.back(distance).end)) for month in LAST_THREE]
    got = read_as_unreadable(stored(endpoint, envelope(*shifted), query="q", **LAST_THREE_WINDOW))

    assert got == dict.fromkeys(LAST_THREE, True)


@pytest.mark.parametrize("endpoint", [Endpoint.USAGE_V1, Endpoint.USAGE_V2, Endpoint.TEAM_USAGE_V2])
@pytest.mark.parametrize("side", ["start", "end"])
def test_buckets_without_a_length_are_unreadable(stored: Stored, endpoint: Endpoint, side: str) -> None:
    wrong = [bucket(str(getattr(month, side)), str(getattr(month, side))) for month in LAST_THREE]
    got = read_as_unreadable(stored(endpoint, envelope(*wrong), query="q", **LAST_THREE_WINDOW))

    assert got == dict.fromkeys(LAST_THREE, True)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-15T00:00:00Z", "2026-10-15T00:00:00Z"),
        ("2026-09-20T00:00:00Z", "2026-10-20T00:00:00Z"),
        ("2026-10-01T00:00:00Z", "2026-10-20T00:00:00Z"),
        ("2026-10-12T00:00:00Z", "2026-11-01T00:00:00Z"),
    ],
    ids=["30-days", "30-days-of-the-month-before", "ends-early", "begins-late"],
)
def test_a_bucket_of_a_part_of_a_month_is_no_month(stored: Stored, start: str, end: str) -> None:
    body = envelope(bucket("2026-08-01T00:00:00Z", "2026-09-01T00:00:00Z"), bucket(start, end, active=7))
    got = usage_buckets(stored(Endpoint.USAGE_V2, body, query="q", **LAST_THREE_WINDOW), "q")

    assert 7 not in [one.active_users for one in got]
    assert read_as_unreadable(stored(Endpoint.USAGE_V2, body, query="q", **LAST_THREE_WINDOW))[Month(2026, 8)] is False


@pytest.mark.parametrize(
    ("start", "end", "is_read"),
    [
        ("2026-10-01T00:00:00Z", "2026-10-31T23:59:59Z", True),
        ("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z", True),
        ("2026-10-01T00:00:00Z", "2026-10-20T00:00:00Z", False),
        ("2026-10-12T00:00:00Z", "2026-11-01T00:00:00Z", False),
        ("2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z", False),
    ],
)
def test_a_whole_period_is_the_requested_one(stored: Stored, start: str, end: str, is_read: bool) -> None:  # noqa: FBT001 - a case
    body = envelope(bucket(), **{"from": start, "to": end})
    got = usage_buckets(stored(Endpoint.USAGE_V2, body, query="q", granularity="all", **OCTOBER_WINDOW), "q")
    assert len(got) == is_read


@pytest.mark.parametrize("granularity", ["all", "monthly"])
def test_an_open_month_ends_with_the_request(stored: Stored, granularity: str) -> None:
    start, now = "2026-11-01T00:00:00Z", "2026-11-02T07:00:00Z"
    request = {"from": start, "to": "2026-12-01T00:00:00Z", "granularity": granularity}
    body = envelope(bucket(start, now), **{"from": start, "to": now})
    (got,) = usage_buckets(stored(Endpoint.USAGE_V2, body, query="q", **request), "q")
    assert not got.is_unreadable


def test_more_months_than_requested_are_read(stored: Stored) -> None:
    more = [bucket(str(month.start), str(month.end)) for month in Month(2026, 11).last(6)]
    got = read_as_unreadable(stored(Endpoint.USAGE_V2, envelope(*more), query="q", **LAST_THREE_WINDOW))

    assert got == dict.fromkeys(Month(2026, 11).last(6), False)


@pytest.mark.parametrize("granularity", ["daily", "monthly"])
@pytest.mark.parametrize(("active", "expected"), [((3, 3), 3), ((3, 4), None), ((3, 4, 3), None)])
def test_two_different_buckets_for_a_period_cost_only_the_period(
    stored: Stored, granularity: str, active: tuple[int, ...], expected: int | None
) -> None:
    end_of_other, end = ("2026-09-02", "2026-10-02") if granularity == "daily" else ("2026-10-01", "2026-11-01")
    twice = [bucket(end=end, active=people) for people in active]
    other = bucket("2026-09-01", end_of_other)
    fetch = stored(Endpoint.USAGE_V1, envelope(other, *twice), query="q", granularity=granularity)
    with collected_problems() as problems:
        first, second = usage_buckets(fetch, "q")
    assert (first.active_users, second.active_users, second.is_unreadable) == (3, expected, expected is None)
    assert {row.problem for row in problems.unreadable_rows} == ({"repeated"} if expected is None else set())


def test_monthly_buckets_keep_their_periods_and_gaps(stored: Stored) -> None:
    body = envelope(
        bucket("2026-08-01T00:00:00Z", "2026-09-01T00:00:00Z"), bucket(), **{"from": "2026-01-01T00:00:00Z"}
    )
    got = usage_buckets(stored(Endpoint.USAGE_V1, body, query="history", granularity="monthly"), "history")
    assert [bucket.month for bucket in got] == [Month(2026, 8), Month(2026, 10)]


def test_version_2_has_the_same_shape(stored: Stored) -> None:
    model = {"model": "5e1f", "messages": 7, "uniqueUsers": 2, "inputTokens": 10, "outputTokens": 20}
    body = envelope(bucket(chat={"messages": 9, "models": [model]}, ides={"vscode": 3}, languages=[]))
    (got,) = usage_buckets(stored(Endpoint.USAGE_V2, body, query="days"), "days")
    assert got.chat
    assert (got.version, got.chat.messages, got.chat.interactions) == ("v2", 9, None)
    assert (got.code_completions, got.productivity_factor) == (None, None)


def test_reported_month_comes_from_its_own_query(stored: Stored) -> None:
    period = {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
    history = stored(
        Endpoint.USAGE_V2,
        envelope(bucket(active=8, start="2026-09-01T00:00:00Z"), bucket(active=9)),
        query="history",
        granularity="monthly",
        **period | {"from": "2026-09-01T00:00:00Z"},
    )
    month = stored(Endpoint.USAGE_V2, envelope(bucket(active=10)), query="month", granularity="monthly", **period)
    fetch = history.model_copy(update={"responses": history.responses + month.responses})
    by_month = USAGE_V2.read(fetch).months
    assert {month: bucket.active_users for month, bucket in by_month.items()} == {
        Month(2026, 9): 8,
        Month(2026, 10): 10,
    }


@pytest.mark.parametrize(
    ("blocks", "active", "activity"),
    [
        ({}, 0, False),
        ({}, 1, True),
        ({"codeCompletions": {"completions": 1}}, 0, True),
        ({"codeCompletions": {"completions": 0, "keystrokes": 5}}, 0, False),
        ({"chat": {"interactions": 1}}, 0, True),
        ({"chat": {"messages": 1}}, 0, True),
        ({"chat": {}, "agent": {}, "instruct": {}}, 0, False),
        ({"agent": {"messages": 1}}, 0, True),
        ({"agent": {"interactions": 1}}, 0, True),
        ({"instruct": {"acceptedCount": 1}}, 0, True),
    ],
)
def test_bucket_has_activity_if_any_count_is_positive(
    stored: Stored, blocks: dict[str, Any], active: object, *, activity: bool
) -> None:
    (got,) = usage_buckets(stored(Endpoint.USAGE_V1, envelope(bucket(active=active, **blocks)), query="q"), "q")
    assert got.has_activity is activity


@pytest.mark.parametrize("endpoint", [Endpoint.USAGE_V1, Endpoint.USAGE_V2, Endpoint.AGENT_USAGE])
@pytest.mark.parametrize("granularity", ["all", "monthly", "daily"])
def test_null_instead_of_buckets_is_an_empty_list(stored: Stored, endpoint: Endpoint, granularity: str) -> None:
    fetch = stored(endpoint, {"usage": {"data": None}}, query="month", granularity=granularity)
    assert read_buckets(UsageBucketV2, fetch.responses[0], endpoint) == []


def test_null_instead_of_rows_is_an_empty_page(stored: Stored) -> None:
    assert count_users(stored(Endpoint.USERS, {"data": None, "meta": {"total": 447}}, query="q"), "q") == 447
    assert TEAMS.read(stored(Endpoint.TEAMS, {"data": None, "meta": {"total": 0}})) == []


def test_users_are_counted_by_total_or_else_by_rows(stored: Stored) -> None:
    counted = stored(Endpoint.USERS, {"data": [{"id": "u1"}], "meta": {"total": 447}}, query="q")
    rows = stored(Endpoint.USERS, {"data": [{"id": "u1"}, {}]}, {"data": [{"id": "u3"}]}, query="q")
    assert count_users(counted, "q") == 447
    assert count_users(rows, "q") == 3


def test_users_without_their_total_are_not_counted_by_the_one_row_that_was_requested(stored: Stored) -> None:
    body = {"data": [{"id": "u1"}], "meta": {"total": float("nan")}}
    assert count_users(stored(Endpoint.USERS, body, query="q", offset="0", limit="1"), "q") is None


def test_users_are_read_with_timestamps_of_any_precision(stored: Stored) -> None:
    body = {
        "data": [
            {
                "id": "u1",
                "email": "a@b.example",
                "verified": True,
                "updatedAt": "2026-10-05T08:00:00.5Z",
                "team": "Core",
            },
            {"id": 2, "deactivatedAt": "2026-10-05T10:00:00+02:00", "team": {"id": "t1", "name": "Core"}},
        ]
    }
    ((first, second),) = list_users(stored(Endpoint.USERS, body, query="q"), "q")
    assert first.updated_at == at(2026, 10, 5, 8) + timedelta(milliseconds=500)
    assert second.deactivated_at == at(2026, 10, 5, 8)
    assert (first.team, second.team, second.id, second.email) == ("Core", "Core", "2", None)


@pytest.mark.parametrize(
    ("endpoint", "body", "message"),
    [
        (Endpoint.ORGANIZATION, {"name": "ACME"}, "organization: id is missing"),
        (Endpoint.ORGANIZATION, {"id": "", "name": "ACME"}, "organization: id is empty"),
        (Endpoint.ORGANIZATION, {"id": None, "name": "ACME"}, "organization: id is not a string"),
        (Endpoint.ORGANIZATION, {"id": True, "name": "ACME"}, "organization: id is not a string"),
        (Endpoint.ORGANIZATION, {"id": float("nan"), "name": "ACME"}, "organization: id is not a string"),
        (Endpoint.ORGANIZATION, None, "organization: the response is not an object"),
        (Endpoint.LICENSE, {"license": None}, "license: license is not an object"),
        (Endpoint.LICENSE, {"seats": 5}, "license: license is missing"),
        (Endpoint.PERMISSIONS, {"data": []}, "permissions: the response is not a list"),
        (Endpoint.TEAMS, {"data": {}}, "teams: data is not a list"),
        (Endpoint.TEAMS, "<html>", "teams: the response is not an object"),
        (Endpoint.USAGE_V1, {"usage": {}}, "usage-v1: usage.data is missing"),
        (Endpoint.USAGE_V1, {"usage": {"data": 5}}, "usage-v1: usage.data is not a list"),
        (Endpoint.AGENT_USAGE, {"error": "none"}, "agent-usage: usage is missing"),
    ],
)
def test_error_names_the_endpoint_the_field_and_the_problem(
    stored: Stored, endpoint: Endpoint, body: object, message: str
) -> None:
    with pytest.raises(UnexpectedResponse) as caught:
        endpoint.spec.check(stored(endpoint, body))
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{endpoint}: ")
    assert (caught.value.endpoint, caught.value.status) == (endpoint, 200)


@pytest.mark.parametrize(
    ("endpoint", "body"),
    [
        (Endpoint.ORGANIZATION, {"id": ["ada@acme.example"]}),
        (Endpoint.LICENSE, {"license": "ada@acme.example"}),
        (Endpoint.PERMISSIONS, "ada@acme.example"),
        (Endpoint.USERS, {"data": "ada@acme.example"}),
    ],
)
def test_error_and_its_causes_repeat_no_value(stored: Stored, endpoint: Endpoint, body: object) -> None:
    with pytest.raises(UnexpectedResponse) as caught:
        endpoint.spec.check(stored(endpoint, body))
    assert "ada@" not in "".join(traceback.format_exception(caught.value))


def test_required_query_without_a_response_is_an_error(stored: Stored) -> None:
    with pytest.raises(UnexpectedResponse, match="usage-v1: there is no response to 'month'"):
        Endpoint.USAGE_V1.spec.read(stored(Endpoint.USAGE_V1, MARCH, query="days"))


def test_endpoint_without_a_response_is_an_error(stored: Stored) -> None:
    with pytest.raises(UnexpectedResponse, match="license: there is no response"):
        LICENSE.read(stored(Endpoint.LICENSE))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from(list(Endpoint)),
    json_values,
    st.sampled_from(["id", "license", "data", "usage", "seats", "meta", "from", "activeUsers", "month"]),
)
def test_any_json_is_either_read_or_unexpected(endpoint: Endpoint, value: object, name: str) -> None:
    for body in (value, {name: value}, [{name: value}], {"data": [{name: value}]}, envelope(bucket(**{name: value}))):
        with suppress(UnexpectedResponse):
            endpoint.spec.check(_stored(endpoint, body))


def _stored(endpoint: Endpoint, body: object) -> Fetch:
    now = at(2026, 11)
    request = {"query": "q", "path": "/api", "params": {}, "status": 200, "received_at": now, "elapsed_seconds": 0.1}
    return Fetch(
        endpoint=endpoint, started_at=now, ended_at=now, responses=(Response(**request, body=json.dumps(body)),)
    )


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 12, 31)), st.integers(0, 9))  # noqa: DTZ001
def test_timestamp_may_have_up_to_nine_fractional_digits(moment: datetime, digits: int) -> None:
    fraction = f"{moment.microsecond:06d}000"[:digits]
    text = moment.strftime("%Y-%m-%dT%H:%M:%S") + (f".{fraction}" if digits else "") + "Z"
    kept = moment.replace(microsecond=int(f"{fraction:0<6}"[:6]), tzinfo=UTC)
    assert TypeAdapter(Instant).validate_python(text) == kept
