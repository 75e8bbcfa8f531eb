"""Rules for recommended actions."""

from datetime import timedelta

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import whole
from tabnine_report.analysis.rules.rule import RuleMatch
from tabnine_report.analysis.rules.seats import share_of, stale_invitations


def reassign_inactive_accounts(rule_context: RuleContext, *, min_count: int, min_share: float) -> RuleMatch | None:
    """Many accounts were inactive: reassign or remove them."""
    inactive, accounts = rule_context.figure("inactive_accounts"), rule_context.figure("accounts")
    share = share_of(whole(inactive), whole(accounts))
    if share is None or (inactive.value or 0) < min_count or share < min_share:
        return None
    suffix, cost = _cost(rule_context, "inactive_account_spend")
    return RuleMatch(
        sentence_key=f"action.reassign_inactive_accounts{suffix}",
        values={"number": rule_context.language.value(inactive), **cost},
        figures={"inactive_accounts": inactive},
    )


def renew_fewer_seats(
    rule_context: RuleContext, *, min_count: int, min_share: float, days_after_month: int
) -> RuleMatch | None:
    """Seats are unassigned shortly before the notice deadline or the end of the license: renew fewer."""
    unassigned, seats = rule_context.figure("unassigned_seats"), rule_context.figure("seats")
    deadline = rule_context.notice_by or rule_context.license_ends
    month_after = rule_context.month.back(-1).first_day
    share = share_of(whole(unassigned), whole(seats))
    if deadline is None or not month_after <= deadline < month_after + timedelta(days=days_after_month):
        return None
    if share is None or (unassigned.value or 0) < min_count or share < min_share:
        return None
    language = rule_context.language
    notice = "_notice" if rule_context.notice_by else ""
    suffix, cost = _cost(rule_context, "unassigned_seat_spend")
    return RuleMatch(
        sentence_key=f"action.renew_fewer_seats{notice}{suffix}",
        values={"seats": language.value(seats), "number": language.value(unassigned), **cost},
        figures={"unassigned_seats": unassigned},
        due=deadline,
    )


def resolve_invitations(rule_context: RuleContext, *, min_count: int, months: int) -> RuleMatch | None:
    """Invitations have been pending for months: send reminders or withdraw them."""
    if stale_invitations(rule_context, months=months, min_invitations=min_count) is None:
        return None
    pending = rule_context.figure("pending")
    return RuleMatch(
        sentence_key="action.resolve_invitations",
        values={"number": rule_context.language.value(pending), "months": rule_context.language.count(months)},
        figures={"pending": pending},
    )


def assign_teams(rule_context: RuleContext, *, min_count: int, min_share: float) -> RuleMatch | None:
    """Accounts have no team, in an organization with more than one: assign them to one."""
    without, accounts, teams = (rule_context.figure(key) for key in ("accounts_without_team", "accounts", "teams"))
    share = share_of(whole(without), whole(accounts))
    if share is None or (without.value or 0) < min_count or share < min_share or (teams.value or 0) <= 1:
        return None
    return RuleMatch(
        sentence_key="action.assign_teams",
        values={"number": rule_context.language.value(without)},
        figures={"accounts_without_team": without},
    )


def renew_token(rule_context: RuleContext, *, days_after_month: int) -> RuleMatch | None:
    """The API token expires shortly after the month's end: create a new one."""
    expires, month_after = rule_context.token_expires, rule_context.month.back(-1).first_day
    if expires is None or not month_after <= expires < month_after + timedelta(days=days_after_month):
        return None
    day = rule_context.language.date(expires)
    return RuleMatch(sentence_key="action.renew_token", values={"day": day}, figures={}, due=expires)


def _cost(rule_context: RuleContext, key: str) -> tuple[str, dict[str, str]]:
    """Return the suffix of the sentence that names a cost, and the cost; both empty without a seat price."""
    cost = rule_context.kpis.get(key)
    if cost is None or whole(cost.figure) is None:
        return "", {}
    return "_cost", {"cost": rule_context.language.value(cost.figure, short=True)}
