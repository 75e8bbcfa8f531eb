"""The teams: who used it in each, and nothing that would tell of too few people."""

from tabnine_report.analysis.metrics import METRICS
from tabnine_report.analysis.reasons import not_fetched
from tabnine_report.analysis.report_context import Material
from tabnine_report.analysis.shares import share
from tabnine_report.analysis.small_groups import Disclosure, Group, disclose
from tabnine_report.analysis.team_costs import TeamCosts
from tabnine_report.model.figure import Figure, Unit, ratio, total
from tabnine_report.model.month import Month
from tabnine_report.model.sections import TeamGroup, TeamRow, Teams
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.records import Team
from tabnine_report.usage_api.snapshot import Failure


def teams(material: Material, minimum: int) -> Teams | None:
    """Build the section on the teams; None where the API was not asked about them, because nobody reads of them.

    Args:
        material: What the report is built from.
        minimum: The fewest people of a group that may be shown.
    """
    say, all_teams = material.language.say, material.teams.teams
    if isinstance(material.answers.teams, Failure):
        return Teams(title=say("teams.title_unknown", why=not_fetched(Endpoint.TEAMS, material.language)), rows=())
    if not all_teams:
        return Teams(title=say("teams.title_none"), rows=())
    if not material.answers.teams_asked:
        return None
    disclosure = disclose([_group(material, team) for team in all_teams], _without_team(material), minimum)
    costs = TeamCosts(material, disclosure, minimum)
    rows = [_row(material, team, costs) for team in all_teams if team.id in disclosure.teams]
    return Teams(
        title=_title(material, rows),
        rows=tuple(sorted(rows, key=lambda row: (-(row.people.value or 0), row.name))),
        smaller=_smaller(material, disclosure, costs) if disclosure.together else None,
        no_team=_no_team(material, costs) if disclosure.without_team else None,
        note=_note(material, disclosure, minimum),
    )


def _group(material: Material, team: Team) -> Group:
    members = material.teams.members(team)
    people = [material.teams.figure("team_people", team, month) for month in material.month.last(2)]
    return _sized(team.id, members, *people)


def _without_team(material: Material) -> Group:
    accounts = material.teams.accounts_without_team()
    people = [material.teams.remainder("team_people", "people", month) for month in material.month.last(2)]
    return _sized("", accounts, *people)


def _sized(key: str, *figures: Figure) -> Group:
    return Group(key, tuple(None if figure.value is None else int(figure.value) for figure in figures))


def _row(material: Material, team: Team, costs: TeamCosts) -> TeamRow:
    figures, month = material.teams, material.month

    def people_of(one: Month) -> Figure:
        return figures.figure("team_people", team, one)

    members, people = figures.members(team), people_of(month)
    completions = figures.figure("team_completions", team, month)
    version = material.usage.serving(month).version
    part = share(people, members, material.language, "reason.team_share_over")
    return TeamRow(
        name=team.name,
        members=members,
        people=people,
        share=part.sourced(METRICS["team_share"].source(str(month), version)),
        change=material.change("team_people", people_of),
        completions=completions,
        per_person=ratio(completions, people, Unit.PER_PERSON).sourced(
            METRICS["team_completions_per_person"].source(str(month), version)
        ),
        agent_cost=costs.of(team),
    )


def _smaller(material: Material, disclosure: Disclosure, costs: TeamCosts) -> TeamGroup:
    hidden = [team for team in material.teams.teams if team.id in disclosure.hidden]
    number = len(hidden)
    return TeamGroup(
        label=material.language.say("teams.smaller", number=material.language.count(number)),
        members=total(material.teams.members(team) for team in hidden),
        completions=material.teams.together("team_completions", hidden, material.month),
        agent_cost=costs.together(hidden),
    )


def _no_team(material: Material, costs: TeamCosts) -> TeamGroup:
    completions = material.teams.remainder("team_completions", "completions", material.month)
    if completions.value is not None and completions.value < 0:
        reason = material.language.say("check.teams_more")
        completions = Figure.unavailable(completions.unit, reason, completions.source)
    return TeamGroup(
        label=material.language.say("teams.no_team"),
        members=material.teams.accounts_without_team(),
        completions=completions,
        agent_cost=costs.without_team(),
    )


def _title(material: Material, rows: list[TeamRow]) -> str:
    """Say how many of the teams can be shown, and nothing of their people where no team's are known."""
    shown = len(rows)
    language, there = material.language, len(material.teams.teams)
    if not shown:
        return language.say("teams.title_too_small")
    if not any(row.people.known for row in rows):
        key = "teams.title_without_people"
    else:
        key = "teams.title_all" if shown == there else "teams.title"
    month = language.month_name(material.month)
    return language.say(key, count=shown, shown=language.count(shown), teams=language.count(there), month=month)


def _note(material: Material, disclosure: Disclosure, minimum: int) -> str:
    language, say = material.language, material.language.say
    said = []
    if disclosure.hidden:
        number = len(disclosure.hidden)
        said.append(say("teams.hidden", count=number, number=language.count(number), minimum=language.count(minimum)))
    empty = len(material.teams.teams) - len(disclosure.teams) - len(disclosure.hidden)
    if empty:
        said.append(say("teams.empty", count=empty, number=language.count(empty)))
    as_of = [figure.as_of for team in material.teams.teams if (figure := material.teams.members(team)).as_of]
    if as_of:
        said.append(say("teams.as_of", day=language.day_of(as_of[0])))
    return " ".join(said)
