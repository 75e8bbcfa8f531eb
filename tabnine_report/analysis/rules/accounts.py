"""Rules on seats, accounts and invitations: what was bought or given out and is not used."""

from datetime import timedelta

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.rules.movement import whole
from tabnine_report.analysis.rules.rule import Found, RuleContext


def unused_seats(rule_context: RuleContext, *, least_seats: int, least_share: float) -> Found | None:
    """A large share of the seats went unused."""
    unused, seats, language = rule_context.figure("unused_seats"), rule_context.figure("seats"), rule_context.language
    share = share_of(whole(unused), whole(seats))
    if share is None or (unused.value or 0) < least_seats or share < least_share:
        return None
    return Found(
        says="finding.unused_seats",
        values={
            "share": language.percent(share),
            "seats": language.value(seats),
            "least": language.percent(least_share),
        },
        figures={"unused_seats": unused, "seats": seats},
    )


def license_ends(rule_context: RuleContext, *, days_after_month: int) -> Found | None:
    """The license ends soon after the month, or has ended."""
    ends, after = rule_context.license_ends, rule_context.month.back(-1).first_day
    if ends is None or ends >= after + timedelta(days=days_after_month):
        return None
    return Found(
        says="finding.license_ends" if ends >= after else "finding.licence_ended",
        values={"day": rule_context.language.date(ends)},
        figures={"seats": rule_context.figure("seats")},
    )


def invitations_stale(rule_context: RuleContext, *, months: int, least_invitations: int) -> Found | None:
    """Invitations were pending at the end of each of the last months; the API does not tell since when each is."""
    pending = rule_context.kpis["pending"]
    at_ends = rule_context.table.comparable["pending"].tail(months).dropna()
    if len(at_ends) < months or at_ends.min() < least_invitations:
        return None
    language = rule_context.language
    return Found(
        says="finding.invitations_stale",
        values={
            "months": language.count(months),
            "fewest": language.count(at_ends.min()),
            "pending": language.value(pending.figure),
        },
        figures={"pending": pending.figure},
    )


def teamless_growing(rule_context: RuleContext, *, least_accounts: int) -> Found | None:
    """More accounts are in no team than in the report of the month before."""
    now, before = (
        rule_context.figure("accounts_without_team"),
        rule_context.previous_figures.get("accounts_without_team"),
    )
    if before is None or (then := whole(before)) is None or whole(now) is None:
        return None
    more = (now.value or 0) - then
    if more < least_accounts:
        return None
    language = rule_context.language
    return Found(
        says="finding.teamless_growing",
        values={
            "more": language.count(more),
            "now": language.value(now),
            "previous": language.month_name(rule_context.previous),
        },
        figures={"accounts_without_team": now, "before": before},
    )


def share_of(part: float | None, all_of_them: float | None) -> float | None:
    """Give a share; None where a figure is not whole, or the base too small for a percentage."""
    if part is None or all_of_them is None or all_of_them < SMALLEST_BASE:
        return None
    return part / all_of_them
