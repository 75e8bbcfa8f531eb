"""Cross-checks: each compares two figures that should agree, and the report prints the result."""

from collections import Counter
from datetime import timedelta

from tabnine_report.analysis.agent_checks import agent_checks
from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.check_results import at_most, compared, not_possible, stated, written
from tabnine_report.analysis.plausibility_checks import (
    factors,
    members_of_teams,
    newest_days,
    one_organization,
    usage_has_users,
)
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.rules.kpi_comparison import whole
from tabnine_report.model.data_quality import CrossCheck
from tabnine_report.model.figure import State
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.usage import UsageData
from tabnine_report.usage_api.query import TOTAL_PAGE
from tabnine_report.usage_api.response_reading import read_page_size
from tabnine_report.usage_api.snapshot import Failure

_COLLAPSE = 10
"""A figure that is less than a tenth of the month before is most likely incomplete."""
_DROP_CHECKED = ("active_users", "completion_users", "chat_users", "agent_users", "completions", "accounts")

_FACTOR_ROUNDING = 0.001
"""The API rounds its factors to three digits."""
_CLOCKS_APART = timedelta(minutes=5)
"""Response times and clocks that are rarely synchronized explain smaller differences."""


def checks(context: ReportContext) -> tuple[CrossCheck, ...]:
    """Return the results of all checks; a check without its figures is `not possible`."""
    return (
        one_organization(context),
        _month_in_history(context),
        _days_within_month(context),
        usage_has_users(context),
        newest_days(context),
        _people_within_accounts(context),
        _accounts_within_seats(context),
        _accounts_against_users(context),
        _months_of_accounts(context),
        _automation_factor(context),
        factors(context),
        _rows_of_teams(context),
        members_of_teams(context),
        *_rows_of_users(context),
        *([_teams_within_organization(context)] if context.api_data.teams_requested else []),
        *agent_checks(context),
        _accounts_within_registered(context),
        _completions_of_days(context),
        _clock(context),
        _no_collapse(context),
    )


def _month_in_history(context: ReportContext) -> CrossCheck:
    """Check that a request for the month alone returns the active users of the history."""
    version = context.usage.serving(context.month).version
    usage = context.api_data.usage[version] if version else None
    alone = context.usage.reported("active_users", context.month)
    in_history = usage.reported_in_history if isinstance(usage, UsageData) else None
    if alone.value is None or in_history is None or in_history.active_users is None:
        return not_possible(context, "month_in_history")
    return compared(context, "month_in_history", alone.value, in_history.active_users)


def _days_within_month(context: ReportContext) -> CrossCheck:
    """Check that no day has more active users than the month."""
    month = context.usage.reported("active_users", context.month)
    days = [figure.value for day in context.month.days if (figure := context.usage.reported_on(day)).value is not None]
    if month.value is None or not days:
        return not_possible(context, "days_within_month")
    return compared(context, "days_within_month", max(days), month.value, agrees=max(days) <= month.value)


def _people_within_accounts(context: ReportContext) -> CrossCheck:
    """Check that there are no more active users than accounts registered in the month."""
    return at_most(
        context,
        "people_within_accounts",
        context.figure("active_users"),
        context.figure("registered"),
    )


def _accounts_within_seats(context: ReportContext) -> CrossCheck:
    """Check that there are no more accounts than seats."""
    accounts = context.figure("accounts")
    return at_most(context, "accounts_within_seats", accounts, context.accounts.seats())


def _accounts_against_users(context: ReportContext) -> CrossCheck:
    """Check that the accounts agree with the registered users now, which tests our reading of `active`."""
    comparison, language = context.accounts.account_count_check, context.language
    if comparison is None:
        return not_possible(context, "accounts_against_users")
    sentence = language.translate(
        "check.accounts_against_users_result",
        month=language.month(comparison.month),
        first=language.count(comparison.accounts),
        second=language.count(comparison.users),
    )
    return stated(context, "accounts_against_users", sentence, agrees=comparison.agrees)


def _months_of_accounts(context: ReportContext) -> CrossCheck:
    """Check that account-utilizations has one row for each month from its first month to the reported one."""
    rows = context.api_data.accounts
    if isinstance(rows, Failure) or not rows:
        return not_possible(context, "months_of_accounts")
    counts = Counter(row.month for row in rows)
    expected = [month for month in context.usage.months if month >= min(counts)]
    missing = [month for month in expected if month not in counts]
    duplicates = [month for month, count in counts.items() if count > 1]
    agrees = not missing and not duplicates
    return compared(context, "months_of_accounts", len(missing), len(duplicates), agrees=agrees)


def _automation_factor(context: ReportContext) -> CrossCheck:
    """Check that the automation factor of version 1 equals the one computed from its parts."""
    usage = context.api_data.usage["v1"]
    served = context.usage.serving(context.month).version == "v1"
    bucket = usage.months.get(context.month) if served and isinstance(usage, UsageData) else None
    block = bucket.code_completions if bucket else None
    is_shown = context.figure("automation_factor").state is not State.SUPPRESSED
    if block is None or not is_shown or None in (block.automation_factor, block.chars_completed, block.keystrokes):
        return not_possible(context, "automation_factor")
    characters, both = block.chars_completed or 0, (block.chars_completed or 0) + (block.keystrokes or 0)
    reported, computed = block.automation_factor or 0.0, characters / both if both else 0.0
    agrees, percent = abs(reported - computed) <= _FACTOR_ROUNDING, context.language.percent
    return written(context, "automation_factor", percent(reported), percent(computed), agrees=agrees)


def _rows_of_teams(context: ReportContext) -> CrossCheck:
    """Check that the list of teams has as many rows as its reported total."""
    return _rows_of_list(context, "rows_of_teams", Endpoint.TEAMS) or not_possible(context, "rows_of_teams")


def _rows_of_users(context: ReportContext) -> tuple[CrossCheck, ...]:
    """Check the same of the list of users, if its rows were fetched: usually, only its total is requested."""
    check = _rows_of_list(context, "rows_of_users", Endpoint.USERS)
    return (check,) if check else ()


def _rows_of_list(context: ReportContext, name: str, endpoint: Endpoint) -> CrossCheck | None:
    fetch = context.api_data.snapshot.fetches.get(endpoint)
    if fetch is None or context.api_data.failure(endpoint):
        return None
    responses = [response for response in fetch.responses if not response.params.items() >= TOTAL_PAGE.items()]
    first_pages = {response.query: response for response in reversed(responses)}
    totals = [read_page_size(response, endpoint).total for response in first_pages.values()]
    if not totals or None in totals:
        return None
    rows = sum(read_page_size(response, endpoint).rows for response in responses)
    return compared(context, name, rows, sum(total or 0 for total in totals))


def _teams_within_organization(context: ReportContext) -> CrossCheck:
    """Check that the teams together have no more completions than the organization.

    The result names no numbers, because they might reveal the usage of a few people.
    """
    if not context.teams.teams:
        return not_possible(context, "teams_within_organization")
    rest = context.teams.remainder("team_completions", "completions", context.month)
    if rest.value is None:
        return not_possible(context, "teams_within_organization")
    agrees = rest.value >= 0
    sentence = context.language.translate("check.teams_no_more" if agrees else "check.teams_more")
    return stated(context, "teams_within_organization", sentence, agrees=agrees)


def _accounts_within_registered(context: ReportContext) -> CrossCheck:
    """Check that the month's end has no more accounts than the whole month."""
    return at_most(context, "accounts_within_registered", context.figure("accounts"), context.figure("registered"))


def _completions_of_days(context: ReportContext) -> CrossCheck:
    """Check that the completions of all days add up to those of the month, if one version counted the whole month."""
    month, days = context.figure("completions"), context.usage.completions_of_days(context.month)
    if month.state is not State.MEASURED or month.value is None or days is None:
        return not_possible(context, "completions_of_days")
    return compared(context, "completions_of_days", days, month.value)


def _clock(context: ReportContext) -> CrossCheck:
    """Check that the local clock, which determines the month, agrees with the API's clock and timestamps."""
    api_data, language = context.api_data, context.language
    fetched_at = api_data.snapshot.ended_at
    if api_data.clocks is not None and abs(api_data.clocks[0] - api_data.clocks[1]) > _CLOCKS_APART:
        theirs, ours = map(language.instant, api_data.clocks)
        sentence = language.translate("check.clocks_apart", theirs=theirs, ours=ours)
        return stated(context, "clock", sentence, agrees=False)
    instants = [] if isinstance(api_data.accounts, Failure) else [row.month.start for row in api_data.accounts]
    if not isinstance(api_data.license, Failure) and api_data.license.issued_at is not None:
        instants.append(api_data.license.issued_at)
    if not instants:
        return not_possible(context, "clock")
    newest = max(instants)
    agrees = newest <= fetched_at
    return written(context, "clock", language.instant(newest), language.instant(fetched_at), agrees=agrees)


def _no_collapse(context: ReportContext) -> CrossCheck:
    """Check that no figure of the month fell to less than a tenth of the month before."""
    pairs = [pair for key in _DROP_CHECKED if (pair := _before_and_now(context, key)) is not None]
    if not pairs:
        return not_possible(context, "no_collapse")
    translate, count = context.language.translate, context.language.count
    fallen = [
        translate("check.fallen", label=translate(f"label.{key}"), first=count(before), second=count(now))
        for key, before, now in pairs
        if now * _COLLAPSE < before
    ]
    key = "check.collapsed" if fallen else "check.not_collapsed"
    return stated(context, "no_collapse", translate(key, figures="; ".join(fallen)), agrees=not fallen)


def _before_and_now(context: ReportContext, key: str) -> tuple[str, float, float] | None:
    """Return a figure's values in the month before and in the month; None if one is incomplete or the base is small.

    The values are compared across a method change too: such a drop needs a review, whichever version counts.
    """
    base, figure = (whole(context.figure(key, month)) for month in (context.previous, context.month))
    if base is None or figure is None or base < SMALLEST_BASE:
        return None
    return key, base, figure
