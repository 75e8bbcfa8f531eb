"""Finding rules on the license and on accounts without a team."""

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import whole
from tabnine_report.analysis.rules.rule import RuleMatch


def license_expired(rule_context: RuleContext) -> RuleMatch | None:
    """Report that the license had expired by the month's end."""
    expired, language = rule_context.license_ends, rule_context.language
    if expired is None or expired >= rule_context.month.back(-1).first_day:
        return None
    return RuleMatch(
        words="license_expired",
        values={"day": language.date(expired)},
        figures={"seats": rule_context.figure("seats")},
    )


def accounts_without_team_rose(rule_context: RuleContext, *, min_accounts: int) -> RuleMatch | None:
    """Report that more accounts have no team than in last month's report."""
    before = rule_context.previous_figures.get("accounts_without_team")
    # An organization without teams has no such KPI.
    if before is None or "accounts_without_team" not in rule_context.kpis:
        return None
    now, then = rule_context.figure("accounts_without_team"), whole(before)
    if then is None or whole(now) is None:
        return None
    more = (now.value or 0) - then
    if more < min_accounts:
        return None
    language = rule_context.language
    return RuleMatch(
        words="accounts_without_team_rose",
        values={
            "more": language.count(more),
            "now": language.value(now),
            "previous": language.month_name(rule_context.previous),
        },
        figures={"accounts_without_team": now, "before": before},
    )
