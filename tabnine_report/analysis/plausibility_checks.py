"""Cross-checks of single responses: whether they can be true, and whether they describe the whole organization."""

from collections.abc import Iterator

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.check_results import compared, not_possible, stated, written
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.team_members_check import STRONG, check_team_members
from tabnine_report.model.data_quality import CrossCheck
from tabnine_report.model.figure import State

_VOLUMES = ("completions", "chat_volume", "agent_volume")
"""The metrics that count how much each feature was used."""


def one_organization(context: ReportContext) -> CrossCheck:
    """Check that no response is that of a single team: the counts of accounts, users and teams must be similar.

    With narrow permissions of the token, the API may respond for one team instead of the organization.
    """
    pairs = list(_counts(context))
    if not pairs:
        return not_possible(context, "one_organization")
    count, translate = context.language.count, context.language.translate
    strong = [
        translate(f"check.{name}", first=count(first), second=count(second))
        for name, first, second in pairs
        if max(first, second) >= SMALLEST_BASE and max(first, second) > STRONG * min(first, second)
    ]
    key = "check.parts_of_organization" if strong else "check.one_organization_result"
    return stated(context, "one_organization", translate(key, counts=" ".join(strong)), agrees=not strong)


def _counts(context: ReportContext) -> Iterator[tuple[str, float, float]]:
    """Yield pairs of counts that should be similar, with the words for them.

    Fewer active users than accounts are no disagreement.
    """
    people, registered = context.usage.reported("active_users", context.month).value, context.figure("registered").value
    if people is not None and registered is not None:
        yield "active_users_and_accounts", max(people, registered), registered
    if comparison := context.accounts.account_count_check:
        # If only `active` differs, it may have another meaning, and the figures based on it are withheld anyway.
        registered = context.accounts.reported("registered", comparison.month).value or comparison.accounts
        accounts = min(max(comparison.users, comparison.accounts), max(registered, comparison.accounts))
        yield "accounts_and_users", accounts, comparison.users
    if (members := check_team_members(context.api_data)) and members.listed > members.most:
        # A list of teams that is too short affects no figure of page one; see `members_of_teams`.
        yield "members_and_users", members.listed, members.most


def members_of_teams(context: ReportContext) -> CrossCheck:
    """Check that the list of teams has most of the members that the list of users has in teams."""
    members = check_team_members(context.api_data)
    if members is None:
        return not_possible(context, "members_of_teams")
    return compared(context, "members_of_teams", members.listed, members.fewest, agrees=members.agrees)


def newest_days(context: ReportContext) -> CrossCheck:
    """Check that the API has data for the last working days of the month."""
    language, late = context.language, context.usage.late_days
    working = [day for day in context.working_days.of(context.month) if day <= context.usage.last_complete_day]
    known = [day for day in context.month.days if context.usage.active_users_on(day).value]
    if not known or not working:
        return not_possible(context, "newest_days")
    return written(context, "newest_days", language.date(max(known)), language.date(working[-1]), agrees=not late)


def usage_has_users(context: ReportContext) -> CrossCheck:
    """Check that a month with usage has active users; otherwise the report would say that nobody used Tabnine."""
    people = context.usage.reported("active_users", context.month).value
    volumes = [context.usage.reported(key, context.month).value for key in _VOLUMES]
    known = [volume for volume in volumes if volume is not None]
    if people is None or not known:
        return not_possible(context, "usage_has_users")
    agrees = people > 0 or not any(known)
    key = "check.usage_has_users_result" if agrees else "check.usage_without_users"
    return stated(context, "usage_has_users", context.language.translate(key), agrees=agrees)


def factors(context: ReportContext) -> CrossCheck:
    """Check that each of the three factors that version 1 reports is a share from 0 to 100%."""
    reported = {
        key: value
        for key, value in context.usage.reported_factors(context.month).items()
        if context.figure(key).state is not State.SUPPRESSED
    }
    if not reported:
        return not_possible(context, "factors")
    translate = context.language.translate
    invalid = [
        translate("check.factor", label=translate(f"label.{key}"), value=context.language.percent(value))
        for key, value in reported.items()
        if not 0 <= value <= 1
    ]
    key = "check.factors_invalid" if invalid else "check.factors_result"
    return stated(context, "factors", translate(key, figures="; ".join(invalid)), agrees=not invalid)
