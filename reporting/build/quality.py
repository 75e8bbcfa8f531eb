"""Checks: two figures that ought to agree, held against each other; the report prints what came out."""

from collections import Counter
from datetime import timedelta

from reporting.build.answers import Answers, UsageAnswers
from reporting.build.material import Material
from reporting.figure import Figure
from reporting.sections import Check, CheckResult
from reporting.snapshot import Failure
from reporting.usage_api import endpoints, reading
from reporting.usage_api.agent_records import COST_CURRENCY
from reporting.usage_api.endpoints import Endpoint

_FACTOR_ROUNDING = 0.001
"""The API rounds its factors to three digits."""
_COST_ROUNDING = 0.01


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
        _teams_within_organization(material),
        *_cost_of_models(material),
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
        name=say(f"check.{name}"), result=result, sentence=say(f"check.{name}_said", first=said[0], second=said[1])
    )


def _impossible(material: Material, name: str) -> Check:
    say = material.language.say
    return Check(name=say(f"check.{name}"), result=CheckResult.NOT_POSSIBLE, sentence=say("check.impossible"))
