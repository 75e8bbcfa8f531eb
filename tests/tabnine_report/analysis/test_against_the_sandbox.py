"""The report of the synthetic organization agrees with people counted directly in its world."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sandbox_snapshot import snapshot_of
from small_organization import kpi

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.model.data_quality import CheckResult
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import Teams
from tabnine_report.profile.profile import Profile
from tabnine_report.sandbox.activity import CHATTED, COMPLETED, COUNT_ROW, USED_AGENT, month_activity
from tabnine_report.sandbox.server import RunningSandbox, serve_sandbox
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api.snapshot import Failure

NOW = datetime(2026, 11, 2, 6, tzinfo=UTC)
OCTOBER = Month(2026, 10)


def teams_of(report: MonthlyReport) -> Teams:
    assert report.teams is not None
    return report.teams


@pytest.fixture(scope="module")
def world() -> World:
    return World(users=150, teams=8)


@pytest.fixture(scope="module")
def sandbox(world: World) -> Iterator[RunningSandbox]:
    with serve_sandbox(world, now=lambda: NOW) as running:
        yield running


@pytest.fixture
async def report(sandbox: RunningSandbox, profile: Profile) -> MonthlyReport:
    return await report_of(OCTOBER, sandbox, profile)


async def report_of(month: Month, sandbox: RunningSandbox, profile: Profile) -> MonthlyReport:
    return build_report(await snapshot_of(month, sandbox, NOW), profile, revision=1, draft=False)


def days_of_use(world: World, month: Month) -> list[tuple[int, int, int]]:
    """Return each use as day of the month, person, and the features used, before any aggregation."""
    activity = month_activity(world.people, world.seed, 12 * month.year + month.number - 1)
    rows = zip(activity.moment.tolist(), activity.person.tolist(), activity.did.tolist(), strict=True)
    return [(datetime.fromtimestamp(moment, UTC).day, person, did) for moment, person, did in rows]


async def test_active_users_match_the_world(report: MonthlyReport, world: World) -> None:
    used = days_of_use(world, OCTOBER)

    assert kpi(report, "active_users").figure.value == len({person for _, person, _ in used})
    assert kpi(report, "chat_users").figure.value == len({person for _, person, did in used if did & CHATTED})
    assert kpi(report, "agent_users").figure.value == len({person for _, person, did in used if did & USED_AGENT})


async def test_active_users_of_three_months_match_the_world(report: MonthlyReport, world: World) -> None:
    people = {person for month in OCTOBER.last(3) for _, person, _ in days_of_use(world, month)}

    assert kpi(report, "quarter_active_users").figure.value == len(people)
    assert kpi(report, "quarter_inactive_accounts").figure.value == (
        (kpi(report, "accounts").figure.value or 0) - len(people)
    )


async def test_weekly_active_users_match_the_world(report: MonthlyReport, world: World) -> None:
    # The weeks from Monday that lie in October 2026 as a whole.
    weeks = [range(first, first + 7) for first in (5, 12, 19)]
    used = days_of_use(world, OCTOBER)
    people = [len({person for day, person, _ in used if day in week}) for week in weeks]

    assert kpi(report, "weekly_active_users").figure.value == int(sum(people) / 3 + 0.5)


async def test_active_users_of_every_month_match_the_world(report: MonthlyReport, world: World) -> None:
    points = {point.period: point.figure.value for point in report.adoption.active_users.points}
    whole = [month for month in OCTOBER.last(13) if month != Month(2026, 5)]

    counted = {str(month): len({person for _, person, _ in days_of_use(world, month)}) for month in whole}
    # Version 2 has May only from the 12th.
    counted["2026-05"] = len({person for day, person, _ in days_of_use(world, Month(2026, 5)) if day >= 12})

    assert points == counted


async def test_average_daily_active_users_match_the_world(report: MonthlyReport, world: World) -> None:
    weekdays = {day.day for day in OCTOBER.days if day.weekday() < 5}
    present = {(day, person) for day, person, _ in days_of_use(world, OCTOBER) if day in weekdays}

    assert kpi(report, "average_daily_active_users").figure.value == round(len(present) / len(weekdays))


async def test_accounts_and_unused_seats_match_the_world(report: MonthlyReport, world: World) -> None:
    end = int(OCTOBER.end.timestamp())
    people = world.people
    accounts = sum(
        joined < end <= deactivated
        for joined, deactivated in zip(people.joined.tolist(), people.deactivated.tolist(), strict=True)
    )
    used = len({person for _, person, _ in days_of_use(world, OCTOBER)})
    seats = kpi(report, "seats").figure.value or 0

    assert kpi(report, "accounts").figure.value == accounts
    assert kpi(report, "unassigned_seats").figure.value == seats - accounts
    assert kpi(report, "inactive_accounts").figure.value == accounts - used
    assert kpi(report, "unused_seats").figure.value == seats - used


def members_of(world: World, team: int) -> int:
    now = int(NOW.timestamp())
    people = world.people
    return sum(
        home == team and joined <= now < deactivated
        for home, joined, deactivated in zip(
            people.team.tolist(), people.joined.tolist(), people.deactivated.tolist(), strict=True
        )
    )


def people_of(world: World, team: int, month: Month) -> set[int]:
    return {person for _, person, _ in days_of_use(world, month) if int(world.people.team[person]) == team}


async def test_the_teams_are_the_large_enough_teams_of_the_world(report: MonthlyReport, world: World) -> None:
    counted = {
        team.name: (
            members_of(world, at),
            len(people_of(world, at, OCTOBER)),
            len(people_of(world, at, Month(2026, 9))),
        )
        for at, team in enumerate(world.teams)
    }
    rows = {
        row.name: (row.members.value, row.active_users.value, row.active_users.value - row.change.absolute.value)
        for row in teams_of(report).rows
        if row.active_users.value is not None and row.change.absolute.value is not None
    }

    assert rows.items() <= counted.items()
    assert len(rows) == 5


async def test_a_small_group_without_a_team_cannot_be_derived(report: MonthlyReport) -> None:
    combined = sum(row.completions.value or 0 for row in teams_of(report).rows)

    assert (len(teams_of(report).rows), teams_of(report).smaller, teams_of(report).no_team) == (
        5,
        None,
        None,
    )
    assert 0 < combined < (kpi(report, "completions").figure.value or 0)


@pytest.mark.parametrize("month", [Month(2026, 4), Month(2026, 5), Month(2026, 6)])
@pytest.mark.parametrize("seed", [1, 2])
async def test_figures_around_the_method_change_match_the_world(profile: Profile, seed: int, month: Month) -> None:
    world = World(seed=seed, users=60, teams=5)
    # Some months have few agent users, whose volume would be suppressed.
    profile = profile.model_copy(update={"report": profile.report.model_copy(update={"minimum_group": 1})})
    with serve_sandbox(world, now=lambda: month.end + timedelta(days=1)) as running:
        report = await report_of(month, running, profile)
    activity = month_activity(world.people, world.seed, 12 * month.year + month.number - 1)
    # Version 2 has May only from the 12th; both versions have the days.
    reported = [
        (row, person, did)
        for row, (person, did) in enumerate(zip(activity.person.tolist(), activity.did.tolist(), strict=True))
        if month != Month(2026, 5) or datetime.fromtimestamp(int(activity.moment[row]), UTC).day >= 12
    ]
    sums = {name: sum(int(activity.counts[row, at]) for at, _, _ in reported) for name, row in COUNT_ROW.items()}
    weekdays = {day.day for day in month.days if day.weekday() < 5}
    present = {(day, person) for day, person, _ in days_of_use(world, month) if day in weekdays}
    expected = {
        "active_users": len({person for _, person, _ in reported}),
        "completion_users": len({person for _, person, did in reported if did & COMPLETED}),
        "chat_users": len({person for _, person, did in reported if did & CHATTED}),
        "agent_users": len({person for _, person, did in reported if did & USED_AGENT}),
        "completions": sums["completions"],
        "chat_volume": sums["chat_interactions" if month < Month(2026, 5) else "chat_messages"],
        "agent_volume": sums["agent_interactions" if month < Month(2026, 5) else "agent_messages"],
        "average_daily_active_users": int(len(present) / len(weekdays) + 0.5),
    }

    assert {key: kpi(report, key).figure.value for key in expected} == expected
    assert kpi(report, "active_users").figure.state == ("partial" if month == Month(2026, 5) else "measured")


async def test_the_sandbox_report_is_complete_and_its_checks_agree(report: MonthlyReport) -> None:
    assert report.complete
    assert [check.name for check in report.data_quality.checks if check.result is CheckResult.DIFFERS] == []
    assert report.data_quality.summary.startswith("12 of 12 data sources")
    assert report.data_quality.summary.endswith("No figure is missing.")


async def test_without_team_usage_the_report_is_incomplete(sandbox: RunningSandbox, profile: Profile) -> None:
    snapshot = await snapshot_of(OCTOBER, sandbox, NOW)
    failed = snapshot.fetches["team-usage-v2"].model_copy(
        update={"responses": (), "failure": Failure(error="ServerError", message="It answered 500.", status=500)}
    )
    report = build_report(
        snapshot.model_copy(update={"fetches": {**snapshot.fetches, "team-usage-v2": failed}}),
        profile,
        revision=1,
        draft=False,
    )
    assert (
        report.data_quality.summary
        == "11 of 12 data sources answered; fetched 2 November 2026, 07:00. Seats as of 2 November 2026, "
        "accounts at the end of October (assumption explained in the report)."
    )
