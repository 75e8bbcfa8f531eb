"""All rules with their weights, sentences and thresholds: the only place to change them.

`make findings` generates docs/findings.md from this table, and a test checks that the page is up to date.
"""

from collections.abc import Mapping

from tabnine_report.analysis.rules import (
    actions,
    active_users,
    features,
    full_edition,
    seats,
    targets,
    unavailable_usage,
)
from tabnine_report.analysis.rules.rule import ActionRule, FindingRule

MAX_FINDINGS = 4
"""The maximum number of findings in every edition."""

MAX_FULL_EDITION_FINDINGS = 2
"""The maximum number of additional findings in the full edition."""

MAX_ACTIONS = 3
"""The maximum number of recommended actions in a month."""

MIN_CHANGES = 4
"""The minimum number of changes between complete months from which the typical change is computed."""

_ABOVE_TYPICAL: Mapping[str, float] = {"min_changes": MIN_CHANGES, "times_typical": 1.5}

FINDINGS = (
    FindingRule(
        weight=110,
        find=unavailable_usage.usage_frozen,
        sentence_keys=("finding.usage_frozen",),
        evidence=("active_users",),
    ),
    FindingRule(
        weight=100,
        find=unavailable_usage.usage_missing,
        sentence_keys=("finding.usage_missing",),
        evidence=("active_users",),
    ),
    FindingRule(
        weight=80,
        find=active_users.active_users_changed,
        sentence_keys=("finding.active_users_rose", "finding.active_users_fell"),
        evidence=("active_users", "change"),
        thresholds={**_ABOVE_TYPICAL, "min_people": 5, "min_share": 0.03},
    ),
    FindingRule(
        weight=70,
        find=features.feature_first_used,
        sentence_keys=("finding.completions_first_used", "finding.chat_first_used", "finding.agent_first_used"),
        evidence=("completion_users", "chat_users", "agent_users"),
    ),
    FindingRule(
        weight=65,
        find=features.feature_unused,
        sentence_keys=("finding.completions_unused", "finding.chat_unused", "finding.agent_unused"),
        evidence=("completion_users", "chat_users", "agent_users"),
        thresholds={"min_people": 5},
    ),
    FindingRule(
        weight=60,
        find=features.agent_users_rose,
        sentence_keys=("finding.agent_users_rose", "finding.agent_users_reached_half"),
        evidence=("agent_users", "active_users"),
        thresholds={"min_changes": MIN_CHANGES, "min_people": 5, "share": 0.5},
    ),
    FindingRule(
        weight=58,
        find=targets.budget_exceeded,
        sentence_keys=("finding.budget_exceeded", "finding.budget_met_again"),
        evidence=("agent_spend",),
        kind="detail",
    ),
    FindingRule(
        weight=57,
        find=targets.budget_forecast,
        sentence_keys=("finding.budget_forecast",),
        evidence=("agent_spend",),
        thresholds={"months": 3, "months_ahead": 3},
        kind="detail",
    ),
    FindingRule(
        weight=55,
        find=targets.adoption_target,
        sentence_keys=(
            "finding.adoption_target_missed",
            "finding.adoption_target_just_missed",
            "finding.adoption_target_met",
        ),
        evidence=("adoption_rate",),
        kind="detail",
    ),
    FindingRule(
        weight=50,
        find=active_users.stickiness_changed,
        sentence_keys=("finding.stickiness_rose", "finding.stickiness_fell"),
        evidence=("average_daily_active_users", "active_users"),
        thresholds={**_ABOVE_TYPICAL, "min_people": 5, "min_share": 0.05},
    ),
    FindingRule(
        weight=45,
        find=active_users.active_users_record,
        sentence_keys=("finding.active_users_highest", "finding.active_users_lowest"),
        evidence=("active_users",),
        thresholds={"min_months": 6, "min_people": 5, "months_since": 3},
    ),
    FindingRule(
        weight=40,
        find=full_edition.team_active_users_fell,
        sentence_keys=("finding.team_active_users_fell", "finding.team_inactive"),
        evidence=("active_users", "change"),
        thresholds={"min_people": 10, "min_share": 0.5},
        kind="detail",
        edition="full",
    ),
    FindingRule(
        weight=38,
        find=targets.notice_due,
        sentence_keys=("finding.notice_due", "finding.notice_due_unassigned", "finding.notice_due_over_assigned"),
        evidence=("seats", "accounts", "unassigned_seats"),
        thresholds={"days_after_month": 60},
        kind="detail",
    ),
    FindingRule(
        weight=35,
        find=seats.license_expires,
        sentence_keys=("finding.license_expires", "finding.license_expired"),
        evidence=("seats",),
        thresholds={"days_after_month": 90},
        kind="detail",
    ),
    FindingRule(
        weight=32,
        find=targets.seats_target,
        sentence_keys=("finding.seats_target_missed", "finding.seats_target_met"),
        evidence=("unassigned_seats",),
        kind="detail",
    ),
    FindingRule(
        weight=30,
        find=seats.unused_seats,
        sentence_keys=("finding.unused_seats",),
        evidence=("unused_seats", "seats"),
        thresholds={"min_seats": 10, "min_share": 0.15},
        kind="detail",
    ),
    FindingRule(
        weight=28,
        find=full_edition.password_with_saml,
        sentence_keys=("finding.password_with_saml",),
        evidence=(),
        kind="detail",
        edition="full",
    ),
    FindingRule(
        weight=25,
        find=seats.accounts_without_team_rose,
        sentence_keys=("finding.accounts_without_team_rose",),
        evidence=("accounts_without_team", "before"),
        thresholds={"min_accounts": 5},
        kind="detail",
    ),
    FindingRule(
        weight=20,
        find=seats.stale_invitations,
        sentence_keys=("finding.stale_invitations",),
        evidence=("pending",),
        thresholds={"months": 3, "min_invitations": 5},
        kind="detail",
    ),
)

ACTIONS = (
    ActionRule(
        weight=90,
        find=actions.renew_fewer_seats,
        sentence_keys=(
            "action.renew_fewer_seats",
            "action.renew_fewer_seats_cost",
            "action.renew_fewer_seats_notice",
            "action.renew_fewer_seats_notice_cost",
        ),
        evidence=("unassigned_seats",),
        thresholds={"min_count": 10, "min_share": 0.05, "days_after_month": 90},
        owner="action.license_owner",
    ),
    ActionRule(
        weight=80,
        find=actions.reassign_inactive_accounts,
        sentence_keys=("action.reassign_inactive_accounts", "action.reassign_inactive_accounts_cost"),
        evidence=("inactive_accounts",),
        thresholds={"min_count": 5, "min_share": 0.05},
        owner="action.admins",
    ),
    ActionRule(
        weight=70,
        find=actions.renew_token,
        sentence_keys=("action.renew_token",),
        evidence=(),
        thresholds={"days_after_month": 60},
        owner="action.admins",
        edition="full",
    ),
    ActionRule(
        weight=60,
        find=actions.assign_teams,
        sentence_keys=("action.assign_teams",),
        evidence=("accounts_without_team",),
        thresholds={"min_count": 10, "min_share": 0.05},
        owner="action.admins",
    ),
    ActionRule(
        weight=50,
        find=actions.resolve_invitations,
        sentence_keys=("action.resolve_invitations",),
        evidence=("pending",),
        thresholds={"min_count": 5, "months": 3},
        owner="action.admins",
    ),
)
