"""The teams section: usage by team, without figures that could identify people."""

from dataclasses import dataclass

from tabnine_report.analysis.metric_definitions import METRICS
from tabnine_report.analysis.reasons import without_data
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.seats import inactive_among, seats_of_inactive_accounts
from tabnine_report.analysis.shares import share
from tabnine_report.analysis.small_groups import Disclosure, Group, disclose
from tabnine_report.analysis.team_completions import TeamCompletions
from tabnine_report.analysis.team_spend import TeamSpend
from tabnine_report.analysis.teams_title import teams_title
from tabnine_report.model.figure import Figure, Unit, priced, ratio, total
from tabnine_report.model.kpi import Change
from tabnine_report.model.month import Month
from tabnine_report.model.sections import TeamGroup, TeamRow, Teams
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.teams import Team
from tabnine_report.usage_api.snapshot import Failure

_EXCEEDS_KEY = "reason.team_adoption_rate_over"
"""The reason for more active users in the month than members now."""


@dataclass(frozen=True)
class _Volumes:
    """What the people of each team did, after small groups are suppressed; no spend if the API has none by team."""

    spend: TeamSpend | None
    completions: TeamCompletions


def teams(context: ReportContext) -> Teams | None:
    """Build the teams section; None if no edition of the report needs it, so that team data was not requested."""
    translate, all_teams = context.language.translate, context.teams.teams
    if isinstance(context.api_data.teams, Failure):
        why = without_data(Endpoint.TEAMS, context.api_data.teams, context.language)
        return Teams(title=translate("teams.title_unknown", why=why), rows=())
    if not all_teams:
        return Teams(title=translate("teams.title_none"), rows=())
    if not context.api_data.teams_requested:
        return None
    disclosure = disclose([_group(context, team) for team in all_teams], _without_team(context), context.minimum_group)
    volumes = _Volumes(
        TeamSpend(context, disclosure) if context.agents.has_team_spend else None, TeamCompletions(context, disclosure)
    )
    rows = sorted((_row(context, team, volumes) for team in all_teams if team.id in disclosure.teams), key=_order)
    return Teams(
        title=teams_title(context, rows),
        rows=tuple(rows),
        smaller=_smaller(context, disclosure, volumes) if disclosure.combined else None,
        no_team=_no_team(context, volumes) if disclosure.without_team else None,
        note=_note(context, disclosure),
    )


def _group(context: ReportContext, team: Team) -> Group:
    members = context.teams.members(team)
    active_users = [context.teams.reported("team_active_users", team, month) for month in context.month.last(2)]
    return _group_of(team.id, members, *active_users)


def _without_team(context: ReportContext) -> Group:
    if context.teams.incomplete:
        # The rest of the organization includes teams of unknown size, which may be small.
        return Group("", (1, 1, 1))
    accounts = context.teams.accounts_without_team()
    active_users = [context.teams.active_users_outside(month) for month in context.month.last(2)]
    return _group_of("", accounts, *active_users)


def _group_of(key: str, *figures: Figure) -> Group:
    return Group(key, tuple(None if figure.value is None else int(figure.value) for figure in figures))


def _row(context: ReportContext, team: Team, volumes: _Volumes) -> TeamRow:
    figures, month = context.teams, context.month

    def active_users_in(of_month: Month) -> Figure:
        return figures.figure("team_active_users", team, of_month)

    members, active_users = figures.members(team), active_users_in(month)
    completions = volumes.completions.of(team)
    version = context.usage.serving(month).version
    if_zero = context.language.translate("reason.division_by_zero")
    per_user = ratio(completions, active_users, Unit.PER_USER, if_zero=if_zero)
    change = context.change("team_active_users", active_users, active_users_in(context.previous))
    unused = inactive_among(context, "team_inactive_accounts", members, active_users, exceeds_key=_EXCEEDS_KEY)
    return TeamRow(
        name=figures.label(team),
        members=members,
        active_users=active_users,
        share=_share(context, active_users, members, month),
        share_before=_share_before(context, active_users_in(context.previous), members, change),
        inactive=unused,
        inactive_spend=_inactive_spend(context, unused),
        change=change,
        completions=completions,
        per_user=per_user.sourced(METRICS["team_completions_per_user"].source(str(month), version)),
        agent_spend=volumes.spend.of(team) if volumes.spend else None,
    )


def _order(row: TeamRow) -> tuple[float, float, str]:
    """Return the sort key of a team: most inactive accounts first, then most members, unknown numbers last."""
    inactive_accounts, members = (-1 if one.value is None else one.value for one in (row.inactive, row.members))
    return -inactive_accounts, -members, row.name


def _share(context: ReportContext, active_users: Figure, members: Figure, month: Month) -> Figure:
    rate = share(active_users, members, context.language, _EXCEEDS_KEY)
    return rate.sourced(METRICS["team_adoption_rate"].source(str(month), context.usage.serving(month).version))


def _share_before(context: ReportContext, active_users: Figure, members: Figure, change: Change) -> Figure:
    """Return the previous month's active users as a share of today's members, if the months can be compared."""
    if not change.absolute.known:
        return Figure.unavailable(METRICS["team_adoption_rate"].unit, change.absolute.reason)
    return _share(context, active_users, members, context.previous)


def _inactive_spend(context: ReportContext, inactive_accounts: Figure) -> Figure | None:
    if context.price is None:
        return None
    spend = priced(seats_of_inactive_accounts(context, inactive_accounts), context.price.amount, context.price.currency)
    version = context.usage.serving(context.month).version
    return spend.sourced(METRICS["team_inactive_account_spend"].source(str(context.month), version))


def _smaller(context: ReportContext, disclosure: Disclosure, volumes: _Volumes) -> TeamGroup:
    suppressed = [team for team in context.teams.teams if team.id in disclosure.suppressed]
    number = len(suppressed)
    return TeamGroup(
        label=context.language.translate("teams.smaller", number=context.language.count(number)),
        members=total(context.teams.members(team) for team in suppressed),
        completions=volumes.completions.combined(suppressed),
        agent_spend=volumes.spend.combined(suppressed) if volumes.spend else None,
    )


def _no_team(context: ReportContext, volumes: _Volumes) -> TeamGroup:
    return TeamGroup(
        label=context.language.translate("teams.no_team"),
        members=context.teams.accounts_without_team(),
        completions=volumes.completions.without_team(),
        agent_spend=volumes.spend.without_team() if volumes.spend else None,
    )


def _note(context: ReportContext, disclosure: Disclosure) -> str:
    language, translate = context.language, context.language.translate
    sentences, minimum = (
        [context.teams.lacking] if disclosure.teams and context.teams.lacking else [],
        context.minimum_group,
    )
    if disclosure.suppressed:
        number = len(disclosure.suppressed)
        sentences.append(
            translate("teams.hidden", count=number, number=language.count(number), minimum=language.count(minimum))
        )
    empty = len(context.teams.teams) - len(disclosure.teams) - len(disclosure.suppressed)
    if empty:
        sentences.append(translate("teams.empty", count=empty, number=language.count(empty)))
    as_of = [figure.as_of for team in context.teams.teams if (figure := context.teams.members(team)).as_of]
    if as_of:
        sentences.append(translate("teams.as_of", day=language.day_of(as_of[0])))
    if disclosure.without_team:
        sentences.append(translate("teams.usage_without_team"))
    return " ".join(sentences)
