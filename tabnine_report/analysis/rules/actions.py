"""Rules for what somebody is asked to do."""

from datetime import timedelta

from tabnine_report.analysis.rules.accounts import invitations_stale, share_of
from tabnine_report.analysis.rules.movement import whole
from tabnine_report.analysis.rules.rule import Found, Grounds


def reassign_unused(grounds: Grounds, *, least: int, least_share: float) -> Found | None:
    """Accounts that nobody used in the month: reassign or remove them."""
    unused, accounts = grounds.figure("accounts_not_used"), grounds.figure("accounts")
    share = share_of(whole(unused), whole(accounts))
    if share is None or (unused.value or 0) < least or share < least_share:
        return None
    priced, amount = _cost(grounds, "not_used_cost")
    return Found(
        says=f"ask.reassign_unused{priced}",
        values={"number": grounds.language.value(unused), **amount},
        figures={"accounts_not_used": unused},
    )


def renew_fewer(grounds: Grounds, *, least: int, least_share: float, days_after_month: int) -> Found | None:
    """Seats unassigned shortly before the last day for notice, or before the licence ends: renew fewer."""
    unassigned, seats = grounds.figure("seats_unassigned"), grounds.figure("seats")
    last = grounds.notice_by or grounds.licence_ends
    after = grounds.month.back(-1).first_day
    share = share_of(whole(unassigned), whole(seats))
    if last is None or not after <= last < after + timedelta(days=days_after_month):
        return None
    if share is None or (unassigned.value or 0) < least or share < least_share:
        return None
    language = grounds.language
    notice = "_notice" if grounds.notice_by else ""
    priced, amount = _cost(grounds, "unassigned_cost")
    return Found(
        says=f"ask.renew_fewer{notice}{priced}",
        values={"seats": language.value(seats), "number": language.value(unassigned), **amount},
        figures={"seats_unassigned": unassigned},
        by=last,
    )


def settle_invitations(grounds: Grounds, *, least: int, months: int) -> Found | None:
    """Invitations pending for months: remind those invited, or withdraw them."""
    if invitations_stale(grounds, months=months, least_invitations=least) is None:
        return None
    pending = grounds.figure("pending")
    return Found(
        says="ask.settle_invitations",
        values={"number": grounds.language.value(pending), "months": grounds.language.count(months)},
        figures={"pending": pending},
    )


def give_teams(grounds: Grounds, *, least: int, least_share: float) -> Found | None:
    """Accounts in no team, in an organization that has teams: give them one."""
    without, accounts, teams = (grounds.figure(key) for key in ("accounts_without_team", "accounts", "teams"))
    share = share_of(whole(without), whole(accounts))
    if share is None or (without.value or 0) < least or share < least_share or (teams.value or 0) <= 1:
        return None
    return Found(
        says="ask.give_teams",
        values={"number": grounds.language.value(without)},
        figures={"accounts_without_team": without},
    )


def renew_token(grounds: Grounds, *, days_after_month: int) -> Found | None:
    """The API token ends soon after the month: make another one."""
    ends, after = grounds.token_expires, grounds.month.back(-1).first_day
    if ends is None or not after <= ends < after + timedelta(days=days_after_month):
        return None
    return Found(says="ask.renew_token", values={"day": grounds.language.date(ends)}, figures={}, by=ends)


def _cost(grounds: Grounds, key: str) -> tuple[str, dict[str, str]]:
    """Give what ends the key of a sentence that names a cost, and the cost; nothing where the profile has no price."""
    cost = grounds.measures.get(key)
    if cost is None or whole(cost.figure) is None:
        return "", {}
    return "_cost", {"cost": grounds.language.value(cost.figure, short=True)}
