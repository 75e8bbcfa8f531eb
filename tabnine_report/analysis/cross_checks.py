"""Checks: two figures that ought to agree, held against each other; the report prints what came out."""

from collections import Counter
from datetime import timedelta

from tabnine_report.analysis.answers import Answers, UsageAnswers
from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.report_context import Material
from tabnine_report.analysis.rules.movement import whole
from tabnine_report.model.data_quality import Check, CheckResult, Severity
from tabnine_report.model.figure import Figure, State
from tabnine_report.usage_api import endpoints, reading
from tabnine_report.usage_api.agent_records import COST_CURRENCY
from tabnine_report.usage_api.endpoints import Endpoint
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
_COLLAPSIBLE = ("people", "completions_people", "chat_people", "agent_people", "completions", "accounts")

_FACTOR_ROUNDING = 0.001
"""The API rounds its factors to three digits."""
_COST_ROUNDING = 0.01
_CLOCKS_APART = timedelta(minutes=5)
"""An answer under way, and a clock that is set once in a while, explain less than this."""


def checks(material: Material) -> tuple[Check, ...]:
    """Make every check; one whose figures are missing says that it was not possible."""
    return (
        _month_in_history(material),
        _days_within_month(material),
        _people_within_accounts(material),
        _accounts_within_seats(material),
        _accounts_against_users(material),
        _months_of_accounts(material),
        _automation_factor(material),
        _rows_of_teams(material),
        *([_teams_within_organization(material)] if material.answers.teams_asked else []),
        *_cost_of_models(material),
        _accounts_within_registered(material),
        _completions_of_days(material),
        _clock(material),
        _no_collapse(material),
    )


def _month_in_history(material: Material) -> Check:
    """The month asked for alone has the people that it has in the history."""
    version = material.usage.serving(material.month).version
    usage = material.answers.usage[version] if version else None
    alone = material.of_month("people")(material.month)
    in_history = usage.reported_in_history if isinstance(usage, UsageAnswers) else None
    if alone.value is None or in_history is None:
        return _impossible(material, "month_in_history")
    return _compared(material, "month_in_history", alone.value, in_history.active_users)


def _days_within_month(material: Material) -> Check:
    """No day has more people than the month."""
    month = material.of_month("people")(material.month)
    days = [figure.value for day in material.month.days if (figure := material.usage.people_on(day)).value is not None]
    if month.value is None or not days:
        return _impossible(material, "days_within_month")
    return _compared(material, "days_within_month", max(days), month.value, agrees=max(days) <= month.value)


def _people_within_accounts(material: Material) -> Check:
    """No more people were active than accounts were registered in the month."""
    return _at_most(
        material,
        "people_within_accounts",
        material.of_month("people")(material.month),
        material.of_month("registered")(material.month),
    )


def _accounts_within_seats(material: Material) -> Check:
    """There are no more accounts than seats."""
    accounts = material.of_month("accounts")(material.month)
    return _at_most(material, "accounts_within_seats", accounts, material.accounts.seats())


def _accounts_against_users(material: Material) -> Check:
    """The accounts of the newest month that the API tells are those that `users` counts now: what `active` means.

    Only where both were asked together: a late run may take the users from the month's earlier bundle.
    """
    totals, rows = material.answers.user_totals, material.answers.accounts
    newest = None if isinstance(rows, Failure) else max(rows, key=lambda row: row.month, default=None)
    if isinstance(totals, Failure) or newest is None or newest.active is None or not _asked_together(material.answers):
        return _impossible(material, "accounts_against_users")
    now = totals[endpoints.USERS_REGISTERED_IN_TEAMS] + totals[endpoints.USERS_REGISTERED_WITHOUT_TEAM]
    return _compared(material, "accounts_against_users", newest.active, now)


def _asked_together(answers: Answers) -> bool:
    asked = [answers.received_at(endpoint) for endpoint in (Endpoint.USERS, Endpoint.ACCOUNT_UTILIZATIONS)]
    return max(asked) - min(asked) < timedelta(days=1)


def _months_of_accounts(material: Material) -> Check:
    """Account-utilizations tells each of the months once, from the first that it tells to the reported one."""
    rows = material.answers.accounts
    if isinstance(rows, Failure) or not rows:
        return _impossible(material, "months_of_accounts")
    told = Counter(row.month for row in rows)
    wanted = [month for month in material.usage.months if month >= min(told)]
    missing, twice = [m for m in wanted if m not in told], [m for m, times in told.items() if times > 1]
    return _compared(material, "months_of_accounts", len(missing), len(twice), agrees=not missing and not twice)


def _automation_factor(material: Material) -> Check:
    """The automation factor that version 1 gives is the one computed from its parts."""
    usage = material.answers.usage["v1"]
    served = material.usage.serving(material.month).version == "v1"
    bucket = usage.months.get(material.month) if served and isinstance(usage, UsageAnswers) else None
    block = bucket.code_completions if bucket else None
    if block is None or None in (block.automation_factor, block.chars_completed, block.keystrokes):
        return _impossible(material, "automation_factor")
    characters, both = block.chars_completed or 0, (block.chars_completed or 0) + (block.keystrokes or 0)
    given, computed = block.automation_factor or 0.0, characters / both if both else 0.0
    agrees = abs(given - computed) <= _FACTOR_ROUNDING
    language = material.language
    said = (language.percent(given), language.percent(computed))
    return _said(material, "automation_factor", said, agrees=agrees)


def _rows_of_teams(material: Material) -> Check:
    """The list of teams has as many rows as it says."""
    teams = material.answers.teams
    if isinstance(teams, Failure):
        return _impossible(material, "rows_of_teams")
    first = material.answers.snapshot.fetches[Endpoint.TEAMS].answers[0]
    total = reading.page(first, Endpoint.TEAMS).meta.total
    if total is None:
        return _impossible(material, "rows_of_teams")
    return _compared(material, "rows_of_teams", len(teams), total)


def _teams_within_organization(material: Material) -> Check:
    """The teams together have no more completions than the organization; without numbers, which may tell of few."""
    if not material.teams.teams:
        return _impossible(material, "teams_within_organization")
    rest = material.teams.remainder("team_completions", "completions", material.month)
    if rest.value is None:
        return _impossible(material, "teams_within_organization")
    agrees, say = rest.value >= 0, material.language.say
    return Check(
        name=say("check.teams_within_organization"),
        result=CheckResult.AGREES if agrees else CheckResult.DIFFERS,
        sentence=say("check.teams_no_more" if agrees else "check.teams_more"),
    )


def _accounts_within_registered(material: Material) -> Check:
    """No more accounts are registered at the month's end than at any time in it."""
    accounts, registered = material.of_month("accounts"), material.of_month("registered")
    return _at_most(material, "accounts_within_registered", accounts(material.month), registered(material.month))


def _completions_of_days(material: Material) -> Check:
    """The days of the month have as many completions together as the month; only where one version counted it all."""
    month = material.of_month("completions")(material.month)
    days = [figure.value for day in material.month.days if (figure := material.usage.completions_on(day)).known]
    if month.state is not State.MEASURED or month.value is None or not days:
        return _impossible(material, "completions_of_days")
    return _compared(material, "completions_of_days", sum(day or 0 for day in days), month.value)


def _clock(material: Material) -> Check:
    """This machine's clock, by which the month was chosen, is the API's; and what it tells of is not still to come."""
    answers, asked, language = material.answers, material.answers.snapshot.ended_at, material.language
    if answers.clocks is not None and abs(answers.clocks[0] - answers.clocks[1]) > _CLOCKS_APART:
        theirs, ours = map(language.instant, answers.clocks)
        return Check(
            name=language.say("check.clock"),
            result=CheckResult.DIFFERS,
            sentence=language.say("check.clocks_apart", theirs=theirs, ours=ours),
            severity=_SEVERITIES["clock"],
        )
    instants = [] if isinstance(answers.accounts, Failure) else [row.month.start for row in answers.accounts]
    if not isinstance(answers.license, Failure) and answers.license.issued_at is not None:
        instants.append(answers.license.issued_at)
    if not instants:
        return _impossible(material, "clock")
    newest = max(instants)
    said = (language.instant(newest), language.instant(asked))
    return _said(material, "clock", said, agrees=newest <= asked)


def _no_collapse(material: Material) -> Check:
    """No figure of the month fell to nothing, or to less than a tenth of the month before."""
    moves = [move for key in _COLLAPSIBLE if (move := _move(material, key)) is not None]
    if not moves:
        return _impossible(material, "no_collapse")
    say, count = material.language.say, material.language.count
    fallen = [
        say("check.fallen", label=say(f"label.{key}"), first=count(before), second=count(now))
        for key, before, now in moves
        if now * _COLLAPSE < before
    ]
    return Check(
        name=say("check.no_collapse"),
        result=CheckResult.DIFFERS if fallen else CheckResult.AGREES,
        sentence=say("check.collapsed", figures="; ".join(fallen)) if fallen else say("check.not_collapsed"),
        severity=_SEVERITIES["no_collapse"],
    )


def _move(material: Material, key: str) -> tuple[str, float, float] | None:
    """Give a figure's number in the month before and in the month; None where one is not whole or the base is small.

    Over the border of the two versions as well: whatever they count, what falls so far there should be looked at.
    """
    base, figure = (whole(material.of_month(key)(month)) for month in (material.previous, material.month))
    if base is None or figure is None or base < SMALLEST_BASE:
        return None
    return key, base, figure


def _cost_of_models(material: Material) -> tuple[Check, ...]:
    """The language models together cost what agents cost; no check where the API does not tell of their cost."""
    if material.agents.missing:
        return ()
    whole, models = material.agents.figure("agent_cost", material.month), material.agents.models()
    costs = [model.cost for model in models or ()]
    if whole.value is None or models is None or None in costs:
        return (_impossible(material, "cost_of_models"),)
    summed = sum(cost or 0.0 for cost in costs)
    # Each may be rounded to the cent.
    agrees = abs(summed - whole.value) <= _COST_ROUNDING * (len(costs) + 1)
    said = (material.language.money(summed, COST_CURRENCY), material.language.value(whole))
    return (_said(material, "cost_of_models", said, agrees=agrees),)


def _at_most(material: Material, name: str, smaller: Figure, larger: Figure) -> Check:
    if smaller.value is None or larger.value is None:
        return _impossible(material, name)
    return _compared(material, name, smaller.value, larger.value, agrees=smaller.value <= larger.value)


def _compared(material: Material, name: str, first: float, second: float, *, agrees: bool | None = None) -> Check:
    said = (material.language.count(first), material.language.count(second))
    return _said(material, name, said, agrees=first == second if agrees is None else agrees)


def _said(material: Material, name: str, said: tuple[str, str], *, agrees: bool) -> Check:
    result = CheckResult.AGREES if agrees else CheckResult.DIFFERS
    say = material.language.say
    return Check(
        name=say(f"check.{name}"),
        result=result,
        sentence=say(f"check.{name}_said", first=said[0], second=said[1]),
        severity=_SEVERITIES.get(name, Severity.WARNING),
    )


def _impossible(material: Material, name: str) -> Check:
    say = material.language.say
    return Check(
        name=say(f"check.{name}"),
        result=CheckResult.NOT_POSSIBLE,
        sentence=say("check.impossible"),
        severity=_SEVERITIES.get(name, Severity.WARNING),
    )
