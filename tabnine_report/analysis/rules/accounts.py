"""Rules on seats, accounts and invitations: what was bought or given out and is not used."""

from datetime import timedelta

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.rules.movement import values, whole
from tabnine_report.analysis.rules.rule import Found, Grounds


def seats_unused(grounds: Grounds, *, least_seats: int, least_share: float) -> Found | None:
    """A large share of the seats went unused."""
    unused, seats, language = grounds.figure("seats_unused"), grounds.figure("seats"), grounds.language
    share = share_of(whole(unused), whole(seats))
    if share is None or (unused.value or 0) < least_seats or share < least_share:
        return None
    return Found(
        says="finding.seats_unused",
        values={
            "share": language.percent(share),
            "seats": language.value(seats),
            "least": language.percent(least_share),
        },
        figures={"seats_unused": unused, "seats": seats},
    )


def licence_ends(grounds: Grounds, *, days_after_month: int) -> Found | None:
    """The licence ends soon after the month, or has ended."""
    ends, after = grounds.licence_ends, grounds.month.back(-1).first_day
    if ends is None or ends >= after + timedelta(days=days_after_month):
        return None
    return Found(
        says="finding.licence_ends" if ends >= after else "finding.licence_ended",
        values={"day": grounds.language.date(ends)},
        figures={"seats": grounds.figure("seats")},
    )


def invitations_stale(grounds: Grounds, *, months: int, least_invitations: int) -> Found | None:
    """Invitations were pending at the end of each of the last months; the API does not tell since when each is."""
    pending = grounds.measures["pending"]
    at_ends = values(pending.history)[-months:]
    known = [value for value in at_ends if value is not None]
    if len(known) < months or min(known) < least_invitations:
        return None
    language = grounds.language
    return Found(
        says="finding.invitations_stale",
        values={
            "months": language.count(months),
            "fewest": language.count(min(known)),
            "pending": language.value(pending.figure),
        },
        figures={"pending": pending.figure},
    )


def teamless_growing(grounds: Grounds, *, least_accounts: int) -> Found | None:
    """More accounts are in no team than in the report of the month before."""
    now, before = grounds.figure("accounts_without_team"), grounds.earlier.get("accounts_without_team")
    if before is None or (then := whole(before)) is None or whole(now) is None:
        return None
    more = (now.value or 0) - then
    if more < least_accounts:
        return None
    language = grounds.language
    return Found(
        says="finding.teamless_growing",
        values={
            "more": language.count(more),
            "now": language.value(now),
            "previous": language.month_name(grounds.previous),
        },
        figures={"accounts_without_team": now, "before": before},
    )


def share_of(part: float | None, all_of_them: float | None) -> float | None:
    """Give a share; None where a figure is not whole, or the base too small for a percentage."""
    if part is None or all_of_them is None or all_of_them < SMALLEST_BASE:
        return None
    return part / all_of_them
