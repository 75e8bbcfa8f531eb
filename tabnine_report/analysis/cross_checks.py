"""Checks: two figures that ought to agree, held against each other; the report prints what came out."""

from collections import Counter
from datetime import timedelta

from tabnine_report.analysis.api_data import ApiData
from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.rules.movement import whole
from tabnine_report.model.data_quality import CheckResult, CrossCheck, Severity
from tabnine_report.model.figure import Figure, State
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.agent_usage import COST_CURRENCY
from tabnine_report.usage_api.endpoints.usage import UsageData
from tabnine_report.usage_api.endpoints.users import USERS_REGISTERED_IN_TEAMS, USERS_REGISTERED_WITHOUT_TEAM
from tabnine_report.usage_api.response_reading import read_page
from tabnine_report.usage_api.snapshot import Failure

_SEVERITIES = {
    "accounts_within_seats": Severity.NOTE,
    "accounts_against_users": Severity.NOTE,
    "automation_factor": Severity.NOTE,
    "clock": Severity.HOLD,
    "no_collapse": Severity.HOLD,
}
"""Of the checks that do not simply warn."""

_COLLAPSE = 10
"""A figure that fell to less than this part of the month before has most likely not been counted whole."""
_COLLAPSIBLE = ("active_users", "completion_users", "chat_users", "agent_users", "completions", "accounts")

_FACTOR_ROUNDING = 0.001
"""The API rounds its factors to three digits."""
_COST_ROUNDING = 0.01
_CLOCKS_APART = timedelta(minutes=5)
"""An answer under way, and a clock that is set once in a while, explain less than this."""


def checks(context: ReportContext) -> tuple[CrossCheck, ...]:
    """Make every check; one whose figures are missing says that it was not possible."""
    return (
        _month_in_history(context),
        _days_within_month(context),
        _people_within_accounts(context),
        _accounts_within_seats(context),
        _accounts_against_users(context),
        _months_of_accounts(context),
        _automation_factor(context),
        _rows_of_teams(context),
        *([_teams_within_organization(context)] if context.answers.teams_requested else []),
        *_cost_of_models(context),
        _accounts_within_registered(context),
        _completions_of_days(context),
        _clock(context),
        _no_collapse(context),
    )


def _month_in_history(context: ReportContext) -> CrossCheck:
    """The month asked for alone has the people that it has in the history."""
    version = context.usage.serving(context.month).version
    usage = context.answers.usage[version] if version else None
    alone = context.figure("active_users")
    in_history = usage.reported_in_history if isinstance(usage, UsageData) else None
    if alone.value is None or in_history is None:
        return _impossible(context, "month_in_history")
    return _compared(context, "month_in_history", alone.value, in_history.active_users)


def _days_within_month(context: ReportContext) -> CrossCheck:
    """No day has more people than the month."""
    month = context.figure("active_users")
    days = [
        figure.value for day in context.month.days if (figure := context.usage.active_users_on(day)).value is not None
    ]
    if month.value is None or not days:
        return _impossible(context, "days_within_month")
    return _compared(context, "days_within_month", max(days), month.value, agrees=max(days) <= month.value)


def _people_within_accounts(context: ReportContext) -> CrossCheck:
    """No more people were active than accounts were registered in the month."""
    return _at_most(
        context,
        "people_within_accounts",
        context.figure("active_users"),
        context.figure("registered"),
    )


def _accounts_within_seats(context: ReportContext) -> CrossCheck:
    """There are no more accounts than seats."""
    accounts = context.figure("accounts")
    return _at_most(context, "accounts_within_seats", accounts, context.accounts.seats())


def _accounts_against_users(context: ReportContext) -> CrossCheck:
    """The accounts of the newest month that the API tells are those that `users` counts now: what `active` means.

    Only where both were asked together: a late run may take the users from the month's earlier bundle.
    """
    totals, rows = context.answers.user_totals, context.answers.accounts
    newest = None if isinstance(rows, Failure) else max(rows, key=lambda row: row.month, default=None)
    if isinstance(totals, Failure) or newest is None or newest.active is None or not _asked_together(context.answers):
        return _impossible(context, "accounts_against_users")
    now = totals[USERS_REGISTERED_IN_TEAMS] + totals[USERS_REGISTERED_WITHOUT_TEAM]
    return _compared(context, "accounts_against_users", newest.active, now)


def _asked_together(answers: ApiData) -> bool:
    asked = [answers.received_at(endpoint) for endpoint in (Endpoint.USERS, Endpoint.ACCOUNT_UTILIZATIONS)]
    return max(asked) - min(asked) < timedelta(days=1)


def _months_of_accounts(context: ReportContext) -> CrossCheck:
    """Account-utilizations tells each of the months once, from the first that it tells to the reported one."""
    rows = context.answers.accounts
    if isinstance(rows, Failure) or not rows:
        return _impossible(context, "months_of_accounts")
    told = Counter(row.month for row in rows)
    wanted = [month for month in context.usage.months if month >= min(told)]
    missing, twice = [m for m in wanted if m not in told], [m for m, times in told.items() if times > 1]
    return _compared(context, "months_of_accounts", len(missing), len(twice), agrees=not missing and not twice)


def _automation_factor(context: ReportContext) -> CrossCheck:
    """The automation factor that version 1 gives is the one computed from its parts."""
    usage = context.answers.usage["v1"]
    served = context.usage.serving(context.month).version == "v1"
    bucket = usage.months.get(context.month) if served and isinstance(usage, UsageData) else None
    block = bucket.code_completions if bucket else None
    if block is None or None in (block.automation_factor, block.chars_completed, block.keystrokes):
        return _impossible(context, "automation_factor")
    characters, both = block.chars_completed or 0, (block.chars_completed or 0) + (block.keystrokes or 0)
    given, computed = block.automation_factor or 0.0, characters / both if both else 0.0
    agrees = abs(given - computed) <= _FACTOR_ROUNDING
    language = context.language
    said = (language.percent(given), language.percent(computed))
    return _said(context, "automation_factor", said, agrees=agrees)


def _rows_of_teams(context: ReportContext) -> CrossCheck:
    """The list of teams has as many rows as it says."""
    teams = context.answers.teams
    if isinstance(teams, Failure):
        return _impossible(context, "rows_of_teams")
    first = context.answers.snapshot.fetches[Endpoint.TEAMS].responses[0]
    total = read_page(first, Endpoint.TEAMS).meta.total
    if total is None:
        return _impossible(context, "rows_of_teams")
    return _compared(context, "rows_of_teams", len(teams), total)


def _teams_within_organization(context: ReportContext) -> CrossCheck:
    """The teams together have no more completions than the organization; without numbers, which may tell of few."""
    if not context.teams.teams:
        return _impossible(context, "teams_within_organization")
    rest = context.teams.remainder("team_completions", "completions", context.month)
    if rest.value is None:
        return _impossible(context, "teams_within_organization")
    agrees, translate = rest.value >= 0, context.language.translate
    return CrossCheck(
        name=translate("check.teams_within_organization"),
        result=CheckResult.AGREES if agrees else CheckResult.DIFFERS,
        sentence=translate("check.teams_no_more" if agrees else "check.teams_more"),
    )


def _accounts_within_registered(context: ReportContext) -> CrossCheck:
    """No more accounts are registered at the month's end than at any time in it."""
    return _at_most(context, "accounts_within_registered", context.figure("accounts"), context.figure("registered"))


def _completions_of_days(context: ReportContext) -> CrossCheck:
    """The days of the month have as many completions together as the month; only where one version counted it all."""
    month = context.figure("completions")
    days = [figure.value for day in context.month.days if (figure := context.usage.completions_on(day)).known]
    if month.state is not State.MEASURED or month.value is None or not days:
        return _impossible(context, "completions_of_days")
    return _compared(context, "completions_of_days", sum(day or 0 for day in days), month.value)


def _clock(context: ReportContext) -> CrossCheck:
    """This machine's clock, by which the month was chosen, is the API's; and what it tells of is not still to come."""
    answers, asked, language = context.answers, context.answers.snapshot.ended_at, context.language
    if answers.clocks is not None and abs(answers.clocks[0] - answers.clocks[1]) > _CLOCKS_APART:
        theirs, ours = map(language.instant, answers.clocks)
        return CrossCheck(
            name=language.translate("check.clock"),
            result=CheckResult.DIFFERS,
            sentence=language.translate("check.clocks_apart", theirs=theirs, ours=ours),
            severity=_SEVERITIES["clock"],
        )
    instants = [] if isinstance(answers.accounts, Failure) else [row.month.start for row in answers.accounts]
    if not isinstance(answers.license, Failure) and answers.license.issued_at is not None:
        instants.append(answers.license.issued_at)
    if not instants:
        return _impossible(context, "clock")
    newest = max(instants)
    said = (language.instant(newest), language.instant(asked))
    return _said(context, "clock", said, agrees=newest <= asked)


def _no_collapse(context: ReportContext) -> CrossCheck:
    """No figure of the month fell to nothing, or to less than a tenth of the month before."""
    moves = [move for key in _COLLAPSIBLE if (move := _move(context, key)) is not None]
    if not moves:
        return _impossible(context, "no_collapse")
    translate, count = context.language.translate, context.language.count
    fallen = [
        translate("check.fallen", label=translate(f"label.{key}"), first=count(before), second=count(now))
        for key, before, now in moves
        if now * _COLLAPSE < before
    ]
    return CrossCheck(
        name=translate("check.no_collapse"),
        result=CheckResult.DIFFERS if fallen else CheckResult.AGREES,
        sentence=translate("check.collapsed", figures="; ".join(fallen))
        if fallen
        else translate("check.not_collapsed"),
        severity=_SEVERITIES["no_collapse"],
    )


def _move(context: ReportContext, key: str) -> tuple[str, float, float] | None:
    """Give a figure's number in the month before and in the month; None where one is not whole or the base is small.

    Over the border of the two versions as well: whatever they count, what falls so far there should be looked at.
    """
    base, figure = (whole(context.figure(key, month)) for month in (context.previous, context.month))
    if base is None or figure is None or base < SMALLEST_BASE:
        return None
    return key, base, figure


def _cost_of_models(context: ReportContext) -> tuple[CrossCheck, ...]:
    """The language models together cost what agents cost; no check where the API does not tell of their cost."""
    if context.agents.missing:
        return ()
    whole, models = context.agents.figure("agent_spend", context.month), context.agents.models()
    costs = [model.cost for model in models or ()]
    if whole.value is None or models is None or None in costs:
        return (_impossible(context, "cost_of_models"),)
    summed = sum(cost or 0.0 for cost in costs)
    # Each may be rounded to the cent.
    agrees = abs(summed - whole.value) <= _COST_ROUNDING * (len(costs) + 1)
    said = (context.language.money(summed, COST_CURRENCY), context.language.value(whole))
    return (_said(context, "cost_of_models", said, agrees=agrees),)


def _at_most(context: ReportContext, name: str, smaller: Figure, larger: Figure) -> CrossCheck:
    if smaller.value is None or larger.value is None:
        return _impossible(context, name)
    return _compared(context, name, smaller.value, larger.value, agrees=smaller.value <= larger.value)


def _compared(
    context: ReportContext, name: str, first: float, second: float, *, agrees: bool | None = None
) -> CrossCheck:
    said = (context.language.count(first), context.language.count(second))
    return _said(context, name, said, agrees=first == second if agrees is None else agrees)


def _said(context: ReportContext, name: str, said: tuple[str, str], *, agrees: bool) -> CrossCheck:
    result = CheckResult.AGREES if agrees else CheckResult.DIFFERS
    translate = context.language.translate
    return CrossCheck(
        name=translate(f"check.{name}"),
        result=result,
        sentence=translate(f"check.{name}_said", first=said[0], second=said[1]),
        severity=_SEVERITIES.get(name, Severity.WARNING),
    )


def _impossible(context: ReportContext, name: str) -> CrossCheck:
    translate = context.language.translate
    return CrossCheck(
        name=translate(f"check.{name}"),
        result=CheckResult.NOT_POSSIBLE,
        sentence=translate("check.impossible"),
        severity=_SEVERITIES.get(name, Severity.WARNING),
    )
