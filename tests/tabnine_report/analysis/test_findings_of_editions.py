"""Tests of the number of findings in each edition."""

from dataclasses import replace

from rule_contexts import figure, rule_context, team_row

from tabnine_report.analysis.findings import findings, month_summary
from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.table import FINDINGS, MAX_FINDINGS


def eventful() -> RuleContext:
    """Return a rule context that six rules match."""
    steady = [100, 101] * 6
    return replace(
        rule_context(
            active_users=[*steady, 150],
            average_daily_active_users=[*steady, 60],
            completion_users=[*steady, 0],
            chat_users=[0] * 12 + [30],
            agent_users=[20, 21] * 6 + [60],
            accounts_without_team=[0],
        ),
        teams=(team_row(30, 10),),
    )


def test_findings_are_limited_per_edition_by_weight() -> None:
    found = findings(eventful(), ())

    assert [one.rule for one in found if one.edition == "executive"] == [
        *("active_users_changed", "feature_first_used", "feature_unused")
    ]
    assert [one.rule for one in found if one.edition == "full"] == ["team_active_users_fell"]
    assert len(found) == MAX_FINDINGS + 1
    weights = {rule.name: rule.weight for rule in FINDINGS}
    assert [weights[one.rule] for one in found] == sorted((weights[one.rule] for one in found), reverse=True)


def test_a_detail_does_not_replace_the_month_summary() -> None:
    calm = [100, 101] * 6
    quiet = rule_context(
        active_users=[*calm, 100],
        average_daily_active_users=[*calm, 100],
        completion_users=[*calm, 100],
        chat_users=[*calm, 100],
        agent_users=[*calm, 100],
        accounts_without_team=[15],
    )
    quiet = replace(quiet, previous_figures={"accounts_without_team": figure(9)})
    found = findings(quiet, ())

    assert [one.rule for one in found] == ["accounts_without_team_rose"]
    assert month_summary(quiet, found) == "October was a typical month: usage changed no more than usual."
    assert month_summary(eventful(), findings(eventful(), ())) == ""
