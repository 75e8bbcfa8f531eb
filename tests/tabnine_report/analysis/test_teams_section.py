"""The teams section: the figures of each team, small teams, and missing figures."""

from datetime import timedelta

import pytest
from small_organization import AgentUse, Build, Organization, TeamUse, Usage, kpi

from tabnine_report.archive.report_digest import report_digest, supersedes
from tabnine_report.model.data_quality import CheckResult
from tabnine_report.model.figure import Figure, State
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import TeamGroup, Teams
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.snapshot import Snapshot

WITHOUT_TEAM = (
    "Usage without a team is the organization's minus that of its teams. It may come from teams that were deleted or "
    "from people who changed teams."
)


@pytest.fixture
def acme(acme: Organization) -> Organization:
    """40 active users, 33 in September: 24 and 20 in Core, 8 and 7 in Web, the others in no team; 1,000 completions."""
    acme.v1.people["2026-09"] = 33
    acme.v1.blocks["2026-10"] = {"codeCompletions": {"completions": 1000}}
    acme.users = (38, 12, 0, 0)
    return acme.with_teams(
        web=TeamUse(10, (7, 8), (70, 80)),
        core=TeamUse(30, (20, 24), (500, 600)),
    )


def value_or_reason(figure: Figure) -> float | str | None:
    return figure.value if figure.known else figure.reason


def teams_of(report: MonthlyReport) -> Teams:
    assert report.teams is not None
    return report.teams


def shown(group: TeamGroup | None) -> TeamGroup:
    assert group is not None
    return group


def names(report: MonthlyReport) -> list[str]:
    return [row.name for row in teams_of(report).rows]


def test_a_team_has_its_figures(acme: Organization, build: Build) -> None:
    core, web = teams_of(build(acme)).rows

    assert (core.name, web.name) == ("CORE", "WEB")
    assert [value_or_reason(one) for one in (core.members, core.active_users, core.share, core.completions)] == [
        30,
        24,
        0.8,
        600,
    ]
    assert (core.per_user.value, web.per_user.value) == (25.0, 10.0)
    assert (core.change.absolute.value, core.change.relative.value) == (4, 0.2)
    assert core.members.as_of == acme.now
    assert core.active_users.as_of is None


def test_inactive_accounts_are_members_without_activity_and_cost_their_seats(acme: Organization, build: Build) -> None:
    core, web = teams_of(build(acme, price=(19.9, "EUR"))).rows

    assert (core.inactive.value, core.inactive.as_of, web.inactive.value) == (6, acme.now, 2)
    assert core.inactive_spend is not None
    assert (core.inactive_spend.value, core.inactive_spend.currency) == (119.4, "EUR")
    assert {row.inactive_spend for row in teams_of(build(acme)).rows} == {None}


def test_the_share_before_is_last_months_active_users_over_todays_members(acme: Organization, build: Build) -> None:
    core, web = teams_of(build(acme)).rows

    assert core.share_before.value == 20 / 30
    assert web.share_before.reason == "The base is under 20, which is too small for a percentage."


def test_months_that_cannot_be_compared_have_no_share_before(acme: Organization, build: Build) -> None:
    acme.v2 = Usage(people={"2026-10": 40}, days=acme.v1.days)
    del acme.v1.people["2026-10"]
    (row, *_) = teams_of(build(acme)).rows

    assert row.change.absolute.reason.startswith("Method change in October 2026")
    assert row.share_before.reason == row.change.absolute.reason


@pytest.mark.parametrize(
    ("use", "reason"),
    [
        (TeamUse(30, (20, 31)), "More people in the team used Tabnine in the month (31) than are registered in it now"),
        (TeamUse(30, (20, 24), agents=26), "Not available, because the count of active users is partial. More people"),
        (TeamUse(None, (20, 24)), "The API returned no registered."),
        (TeamUse(30, (20, None)), "The API returned no activeUsers for October 2026."),
    ],
)
def test_inactive_accounts_are_not_known_without_their_parts(
    acme: Organization, build: Build, use: TeamUse, reason: str
) -> None:
    acme.with_teams(**acme.team_use | {"core": use})
    acme.v1.people |= {"2026-10": 60}
    core = next(row for row in teams_of(build(acme, price=(39, "EUR"), minimum_group=1)).rows if row.name == "CORE")

    assert core.inactive.reason.startswith(reason)
    assert core.inactive_spend is not None
    assert core.inactive_spend.reason == core.inactive.reason


@pytest.mark.parametrize("seats", ["unlimited", 45])
def test_inactive_accounts_cost_nothing_known_without_seats_for_all(
    acme: Organization, build: Build, seats: int | str
) -> None:
    acme.license["seats"] = seats
    report = build(acme, price=(39, "EUR"))
    (core, _) = teams_of(report).rows

    assert core.inactive.value == 6
    assert core.inactive_spend is not None
    assert core.inactive_spend.reason == kpi(report, "inactive_account_spend").figure.reason


def test_teams_with_the_most_inactive_accounts_come_first_and_unknown_ones_last(
    acme: Organization, build: Build
) -> None:
    uses = {"a": (30, 30), "b": (30, 25), "c": (40, 35), "d": (None, 30), "e": (20, 5)}
    acme.with_teams(**{key: TeamUse(members, (people, people)) for key, (members, people) in uses.items()})
    acme.v1.people |= {"2026-09": 140, "2026-10": 140}

    assert names(build(acme)) == ["E", "C", "B", "A", "D"]


def test_a_base_under_20_has_no_percentage(acme: Organization, build: Build) -> None:
    _, web = teams_of(build(acme)).rows

    assert (
        web.share.reason == web.change.relative.reason == "The base is under 20, which is too small for a percentage."
    )
    assert web.change.absolute.value == 1


def test_accounts_without_a_team_are_the_organization_minus_its_teams(acme: Organization, build: Build) -> None:
    report = build(acme)

    assert teams_of(report).no_team is not None
    assert value_or_reason(shown(teams_of(report).no_team).members) == 12
    assert value_or_reason(shown(teams_of(report).no_team).completions) == 320
    assert teams_of(report).smaller is None
    assert teams_of(report).title == "CORE and WEB have the most inactive accounts: at least 6 and 2."
    assert teams_of(report).note == f"Members as of 2 November 2026. {WITHOUT_TEAM}"


def test_small_teams_are_combined(acme: Organization, build: Build) -> None:
    acme.with_teams(**acme.team_use, a=TeamUse(4, (4, 3), (40, 30)), b=TeamUse(6, (2, 2), (20, 20)))
    acme.v1.people |= {"2026-09": 39, "2026-10": 45}
    report = build(acme)

    assert names(report) == ["CORE", "WEB"]
    assert teams_of(report).smaller is not None
    assert shown(teams_of(report).smaller).label == "2 smaller teams combined"
    assert [
        value_or_reason(one)
        for one in (shown(teams_of(report).smaller).members, shown(teams_of(report).smaller).completions)
    ] == [10, 50]
    assert teams_of(report).note.startswith(
        "2 teams are not shown individually: they have, or may have, fewer than 5 members or active users"
    )


def test_a_small_group_without_a_team_is_hidden_with_another_team(acme: Organization, build: Build) -> None:
    acme.v1.people["2026-10"] = 35
    report = build(acme)

    assert names(report) == ["CORE"]
    assert (teams_of(report).smaller, teams_of(report).no_team) == (None, None)
    assert "80" not in teams_of(report).model_dump_json()


def test_the_minimum_group_size_decides_which_teams_are_shown(acme: Organization, build: Build) -> None:
    assert names(build(acme, minimum_group=8)) == []
    assert teams_of(build(acme, minimum_group=9)).title == "The teams are too small to be shown."
    assert names(build(acme, minimum_group=7)) == ["CORE"]  # six in no team in September
    assert names(build(acme, minimum_group=6)) == ["CORE", "WEB"]


def test_empty_teams_are_not_called_too_small(acme: Organization, build: Build) -> None:
    acme.with_teams(default=TeamUse(0, (0, 0), (0, 0)))
    assert teams_of(build(acme)).title == "No team has a member."


def test_a_failed_team_does_not_affect_the_others(acme: Organization, build: Build) -> None:
    whole = build(acme)
    acme.team_failures[Endpoint.TEAM_USAGE_V1] = ("core",)
    report = build(acme)
    web, core = teams_of(report).rows

    assert teams_of(report).title == "WEB: at least 2 inactive accounts."
    assert value_or_reason(web.active_users) == 8
    assert value_or_reason(core.active_users) == "Usage by team (version 1 of the API) could not be fetched."
    assert value_or_reason(core.members) == 30
    assert teams_of(report).no_team is not None
    assert not shown(teams_of(report).no_team).completions.known
    assert (whole.complete, report.complete) == (True, False)
    assert (supersedes(whole, report), supersedes(report, whole)) == (True, False)
    line = next(line for line in report.data_quality.data_sources if line.endpoint == "team-usage-v1")
    assert (line.state, line.requests) == ("answered", 1)
    assert line.reason == "1 team has no complete data. console.example returned 503."
    assert report.data_quality.incomplete_sources == (line,)


@pytest.mark.parametrize(("month", "known"), [("2026-09", True), ("2026-10", False)])
def test_a_month_of_a_team_can_fail(acme: Organization, build: Build, month: str, *, known: bool) -> None:
    acme.gaps[Endpoint.TEAM_USAGE_V1] = {"core": (month,)}
    report = build(acme)
    rows = {row.name: row for row in teams_of(report).rows}
    core = rows["CORE"]

    assert value_or_reason(rows["WEB"].active_users) == 8
    assert core.active_users.known is known
    assert (
        core.active_users.known
        or core.active_users.reason == "Usage by team (version 1 of the API) could not be fetched."
    )
    line = next(line for line in report.data_quality.data_sources if line.endpoint == "team-usage-v1")
    assert line.reason == "1 team has no complete data. console.example returned 504."


def test_an_endpoint_that_fails_for_all_teams_has_failed(acme: Organization, build: Build) -> None:
    acme.failed[Endpoint.TEAM_USAGE_V1] = 403
    report = build(acme)

    assert [row.active_users.known for row in teams_of(report).rows] == [False, False]
    assert not report.complete
    assert report.data_quality.summary.startswith("8 of 9 data sources")
    assert [line.endpoint for line in report.data_quality.incomplete_sources] == ["team-usage-v1"]


def test_missing_completions_are_not_zero(acme: Organization, build: Build) -> None:
    acme.team_use["core"].completions = (None, None)
    report = build(acme)

    assert (
        value_or_reason(teams_of(report).rows[0].completions)
        == "The API returned no codeCompletions.completions for October 2026."
    )
    assert teams_of(report).no_team is not None
    assert not shown(teams_of(report).no_team).completions.known


def test_an_empty_default_team_without_months_suppresses_nothing(acme: Organization, build: Build) -> None:
    acme.with_teams(**acme.team_use, default=TeamUse(0, (None, None)))
    report = build(acme)

    assert names(report) == ["CORE", "WEB"]
    assert teams_of(report).no_team is not None
    assert value_or_reason(shown(teams_of(report).no_team).completions) == 320
    assert teams_of(report).note == f"1 team has no members. Members as of 2 November 2026. {WITHOUT_TEAM}"
    assert (
        teams_of(report).title == "CORE and WEB have the most inactive accounts of the teams shown: at least 6 and 2."
    )


def test_contradictory_completions_of_teams_are_reported_without_numbers(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-10"] = {"codeCompletions": {"completions": 600}}
    report = build(acme)
    check = next(one for one in report.data_quality.checks if one.name.startswith("Completions: teams and"))

    assert check.result is CheckResult.DIFFERS
    assert check.sentence == "The teams together have more completions than the organization."
    assert teams_of(report).no_team is not None
    assert value_or_reason(shown(teams_of(report).no_team).completions) == check.sentence


def test_a_partial_month_is_not_compared(acme: Organization, build: Build) -> None:
    months = acme.v1.people
    acme.v2 = Usage(people={"2026-09": 33, "2026-10": 40}, blocks=acme.v1.blocks)
    acme.v1 = Usage(people={month: people for month, people in months.items() if month <= "2026-09"})
    core = teams_of(build(acme)).rows[0]

    assert core.active_users.state is State.MEASURED
    assert core.change.absolute.reason.startswith("Only complete months are compared. Both versions of the API counted")


def test_no_teams_is_one_line(acme: Organization, build: Build) -> None:
    teams = teams_of(build(acme.with_teams()))
    assert teams.model_dump() == {
        "title": "The organization has no teams.",
        "rows": (),
        "smaller": None,
        "no_team": None,
        "note": "",
    }


def test_teams_not_requested_have_no_section_and_adding_them_is_a_revision(acme: Organization, build: Build) -> None:
    with_teams = build(acme)
    acme.team_use = {}
    without = build(acme)

    assert without.teams is None
    assert "team" not in " ".join(
        line.endpoint for line in without.data_quality.data_sources if line.endpoint != "teams"
    )
    assert report_digest(without) == report_digest(with_teams)
    assert supersedes(with_teams, without)
    assert not supersedes(without, with_teams)


def test_a_failed_list_of_teams_is_explained(acme: Organization, build: Build) -> None:
    acme.failed[Endpoint.TEAMS] = 500
    assert teams_of(build(acme)).title == "The list of teams is not available. The list of teams could not be fetched."


def test_the_only_team_of_an_organization_is_shown(acme: Organization, build: Build) -> None:
    acme.users = (50, 0, 0, 0)
    report = build(acme.with_teams(all=TeamUse(50, (33, 40), (900, 1000))))

    assert names(report) == ["ALL"]
    assert teams_of(report).no_team is None
    assert teams_of(report).title == "ALL: at least 10 inactive accounts."


def test_members_are_unavailable_once_the_next_month_is_final(acme: Organization, build: Build) -> None:
    acme.now += timedelta(days=40)
    core = teams_of(build(acme)).rows[0]

    assert core.members.reason.startswith("The API returns only the current team members. They were fetched on")
    assert not core.share.known
    assert core.active_users.value == 24


@pytest.mark.parametrize("days_later", [0, 40])
def test_a_late_run_does_not_reveal_the_users_that_an_earlier_one_hid(
    acme: Organization, build: Build, days_later: int
) -> None:
    acme.with_teams(**acme.team_use, default=TeamUse(0, (None, None)))
    acme.v1.people["2026-10"] = 34  # two of them in no team
    acme.users = (40, 10, 0, 0)
    acme.now += timedelta(days=days_later)
    report = build(acme)

    assert names(report) == ["CORE"]
    assert (teams_of(report).smaller, teams_of(report).no_team) == (None, None)
    known = "CORE: at least 6 inactive accounts."
    assert teams_of(report).title == ("1 of 3 teams can be shown for October." if days_later else known)


def test_current_members_do_not_change_the_digest(acme: Organization, build: Build) -> None:
    first = build(acme)
    acme.team_use["web"].members = 4
    second = build(acme)

    assert names(second) != names(first)
    assert report_digest(second) == report_digest(first)


def test_a_snapshot_with_failed_teams_survives_writing_and_reading(acme: Organization) -> None:
    acme.team_failures[Endpoint.TEAM_USAGE_V1] = ("core",)
    snapshot = acme.snapshot()

    assert Snapshot.read(snapshot.files()) == snapshot


@pytest.fixture
def spending(acme: Organization) -> Organization:
    """30 agent users spend 1,000: 12 of Core spend 600, 6 of Web 150, and 12 in no team the rest."""
    acme.agents = AgentUse(teams={"core": (12, 600.0), "web": (6, 150.0)})
    return acme


def costs(report: MonthlyReport) -> dict[str, float | str | None]:
    found = {row.name: row.agent_spend for row in teams_of(report).rows}
    found |= {group.label: group.agent_spend for group in (teams_of(report).smaller, teams_of(report).no_team) if group}
    return {name: value_or_reason(cost) for name, cost in found.items() if cost is not None}


FEW = "Too few people account for this spend, or it would reveal the spend of too few people."


def test_team_agent_spend_adds_up_to_the_organization(spending: Organization, build: Build) -> None:
    assert costs(build(spending)) == {"CORE": 600, "WEB": 150, "Without a team": 250}


def test_no_team_spend_if_the_api_does_not_report_it(acme: Organization, build: Build) -> None:
    assert costs(build(acme)) == {}


def test_spend_of_few_people_is_suppressed_directly_and_indirectly(spending: Organization, build: Build) -> None:
    assert spending.agents is not None
    spending.agents.teams["web"] = (1, 150.0)
    report = build(spending)

    assert costs(report) == {"CORE": FEW, "WEB": FEW, "Without a team": 250}
    spend = teams_of(report).rows[0].agent_spend
    assert spend is not None
    assert "600" not in spend.model_dump_json()
    assert report.complete


def test_spend_without_a_user_count_is_suppressed(spending: Organization, build: Build) -> None:
    assert spending.agents is not None
    spending.agents.teams["web"] = (None, 150.0)

    assert costs(build(spending))["WEB"] == FEW


def test_an_unknown_spend_of_unknown_users_hides_the_spends_that_would_reveal_it(
    spending: Organization, build: Build
) -> None:
    spending.with_teams(**spending.team_use, lab=TeamUse(9, (9, 9)))
    spending.v1.people |= {"2026-09": 42, "2026-10": 49}
    spending.team_failures[Endpoint.TEAM_AGENT_USAGE] = ("lab",)

    assert {name: cost for name, cost in costs(build(spending)).items() if name in ("CORE", "WEB")} == {
        "CORE": 600,
        "WEB": FEW,
    }
    # The unknown users of LAB do not help to hide those of WEB: 4 are too few.
    assert spending.agents is not None
    spending.agents.teams["web"] = (4, 150.0)
    assert costs(build(spending))["CORE"] == FEW


def test_a_team_without_a_bucket_has_zero_spend_only_if_it_has_no_agent_users(
    spending: Organization, build: Build
) -> None:
    assert spending.agents is not None
    del spending.agents.teams["web"]
    assert costs(build(spending))["WEB"] == "The API returned no totalCost for October 2026."

    spending.team_use["web"].agents = 0
    assert costs(build(spending)) == {"CORE": 600, "WEB": 0, "Without a team": 400}


def test_contradictory_team_spend_is_reported_without_numbers(spending: Organization, build: Build) -> None:
    assert spending.agents is not None
    spending.agents.teams["core"] = (12, 900.0)

    assert costs(build(spending))["Without a team"] == (
        "The teams' agent spend is higher than the organization's: the API's figures disagree."
    )


def test_a_failed_team_spend_endpoint_is_explained(spending: Organization, build: Build) -> None:
    spending.failed["team-agent-usage"] = 503
    report = build(spending)

    assert costs(report)["CORE"] == "Agent usage by team could not be fetched."
    assert not report.complete
