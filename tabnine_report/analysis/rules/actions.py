"""Rules for what somebody is asked to do."""

from datetime import timedelta

from tabnine_report.analysis.rules.accounts import invitations_stale, share_of
from tabnine_report.analysis.rules.movement import whole
from tabnine_report.analysis.rules.rule import Found, RuleContext


def reassign_unused(rule_context: RuleContext, *, least: int, least_share: float) -> Found | None:
    """Accounts that nobody used in the month: reassign or remove them."""
    unused, accounts = rule_context.figure("inactive_accounts"), rule_context.figure("accounts")
    share = share_of(whole(unused), whole(accounts))
    if share is None or (unused.value or 0) < least or share < least_share:
        return None
    priced, amount = _cost(rule_context, "inactive_account_spend")
    return Found(
        says=f"action.reassign_unused{priced}",
        values={"number": rule_context.language.value(unused), **amount},
        figures={"inactive_accounts": unused},
    )


def renew_fewer(rule_context: RuleContext, *, least: int, least_share: float, days_after_month: int) -> Found | None:
    """Seats unassigned shortly before the last day for notice, or before the license ends: renew fewer."""
    unassigned, seats = rule_context.figure("unassigned_seats"), rule_context.figure("seats")
    last = rule_context.notice_by or rule_context.license_ends
    after = rule_context.month.back(-1).first_day
    share = share_of(whole(unassigned), whole(seats))
    if last is None or not after <= last < after + timedelta(days=days_after_month):
        return None
    if share is None or (unassigned.value or 0) < least or share < least_share:
        return None
    language = rule_context.language
    notice = "_notice" if rule_context.notice_by else ""
    priced, amount = _cost(rule_context, "unassigned_seat_spend")
    return Found(
        says=f"action.renew_fewer{notice}{priced}",
        values={"seats": language.value(seats), "number": language.value(unassigned), **amount},
        figures={"unassigned_seats": unassigned},
        by=last,
    )


def settle_invitations(rule_context: RuleContext, *, least: int, months: int) -> Found | None:
    """Invitations pending for months: remind those invited, or withdraw them."""
    if invitations_stale(rule_context, months=months, least_invitations=least) is None:
        return None
    pending = rule_context.figure("pending")
    return Found(
        says="action.settle_invitations",
        values={"number": rule_context.language.value(pending), "months": rule_context.language.count(months)},
        figures={"pending": pending},
    )


def give_teams(rule_context: RuleContext, *, least: int, least_share: float) -> Found | None:
    """Accounts in no team, in an organization that has teams: give them one."""
    without, accounts, teams = (rule_context.figure(key) for key in ("accounts_without_team", "accounts", "teams"))
    share = share_of(whole(without), whole(accounts))
    if share is None or (without.value or 0) < least or share < least_share or (teams.value or 0) <= 1:
        return None
    return Found(
        says="action.give_teams",
        values={"number": rule_context.language.value(without)},
        figures={"accounts_without_team": without},
    )


def renew_token(rule_context: RuleContext, *, days_after_month: int) -> Found | None:
    """The API token ends soon after the month: make another one."""
    ends, after = rule_context.token_expires, rule_context.month.back(-1).first_day
    if ends is None or not after <= ends < after + timedelta(days=days_after_month):
        return None
    return Found(says="action.renew_token", values={"day": rule_context.language.date(ends)}, figures={}, by=ends)


def _cost(rule_context: RuleContext, key: str) -> tuple[str, dict[str, str]]:
    """Give what ends the key of a sentence that names a cost, and the cost; nothing where the profile has no price."""
    cost = rule_context.kpis.get(key)
    if cost is None or whole(cost.figure) is None:
        return "", {}
    return "_cost", {"cost": rule_context.language.value(cost.figure, short=True)}
