"""Finding rules on seats, license, accounts and invitations."""

from datetime import timedelta

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import whole
from tabnine_report.analysis.rules.rule import RuleMatch


def unused_seats(rule_context: RuleContext, *, min_seats: int, min_share: float) -> RuleMatch | None:
    """A large share of the seats was unused."""
    unused, seats, language = rule_context.figure("unused_seats"), rule_context.figure("seats"), rule_context.language
    share = share_of(whole(unused), whole(seats))
    if share is None or (unused.value or 0) < min_seats or share < min_share:
        return None
    return RuleMatch(
        sentence_key="finding.unused_seats",
        values={
            "share": language.percent(share),
            "seats": language.value(seats),
            "least": language.percent(min_share),
        },
        figures={"unused_seats": unused, "seats": seats},
    )


def license_expires(rule_context: RuleContext, *, days_after_month: int) -> RuleMatch | None:
    """The license expires shortly after the month's end, or has expired."""
    expires, month_after = rule_context.license_ends, rule_context.month.back(-1).first_day
    if expires is None or expires >= month_after + timedelta(days=days_after_month):
        return None
    return RuleMatch(
        sentence_key="finding.license_expires" if expires >= month_after else "finding.license_expired",
        values={"day": rule_context.language.date(expires)},
        figures={"seats": rule_context.figure("seats")},
    )


def stale_invitations(rule_context: RuleContext, *, months: int, min_invitations: int) -> RuleMatch | None:
    """Invitations were pending at the end of several consecutive months; the API does not report their age."""
    pending = rule_context.kpis["pending"]
    month_ends = rule_context.table.comparable["pending"].tail(months).dropna()
    if len(month_ends) < months or month_ends.min() < min_invitations:
        return None
    language = rule_context.language
    return RuleMatch(
        sentence_key="finding.stale_invitations",
        values={
            "months": language.count(months),
            "fewest": language.count(month_ends.min()),
            "pending": language.value(pending.figure),
        },
        figures={"pending": pending.figure},
    )


def accounts_without_team_rose(rule_context: RuleContext, *, min_accounts: int) -> RuleMatch | None:
    """More accounts have no team than in last month's report."""
    now = rule_context.figure("accounts_without_team")
    before = rule_context.previous_figures.get("accounts_without_team")
    if before is None or (then := whole(before)) is None or whole(now) is None:
        return None
    more = (now.value or 0) - then
    if more < min_accounts:
        return None
    language = rule_context.language
    return RuleMatch(
        sentence_key="finding.accounts_without_team_rose",
        values={
            "more": language.count(more),
            "now": language.value(now),
            "previous": language.month_name(rule_context.previous),
        },
        figures={"accounts_without_team": now, "before": before},
    )


def share_of(part: float | None, whole: float | None) -> float | None:
    """Return a share; None if a figure is incomplete or the base is too small for a percentage."""
    if part is None or whole is None or whole < SMALLEST_BASE:
        return None
    return part / whole
