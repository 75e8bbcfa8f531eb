"""All rules with their weights, words and thresholds: the only place to change them.

`make findings` generates docs/findings.md from this table, and a test checks that the page is up to date.
"""

from collections.abc import Mapping

from tabnine_report.analysis.rules import (
    account_actions,
    active_users,
    agent_budget,
    api_token,
    features,
    full_edition,
    renewal,
    seats,
    targets,
    unavailable_usage,
)
from tabnine_report.analysis.rules.rule import ActionRule, FindingRule

MAX_FINDINGS = 3
"""The maximum number of findings in every edition."""

MAX_ACTIONS = 3
"""The maximum number of recommended actions in every edition."""

MAX_FULL_EDITION_ONLY = 1
"""The maximum number of additional findings, and of additional actions, in the full edition."""

MIN_CHANGES = 4
"""The minimum number of changes between complete months from which the typical change is computed."""

_ABOVE_TYPICAL: Mapping[str, float] = {"min_changes": MIN_CHANGES, "times_typical": 1.5}

FINDINGS = (
    FindingRule(
        weight=110,
        find=unavailable_usage.usage_frozen,
        words=("usage_frozen",),
        evidence=("active_users",),
    ),
    FindingRule(
        weight=100,
        find=unavailable_usage.usage_missing,
        words=("usage_missing",),
        evidence=("active_users",),
    ),
    FindingRule(
        weight=90,
        find=seats.license_expired,
        words=("license_expired",),
        evidence=("seats",),
        kind="detail",
    ),
    FindingRule(
        weight=80,
        find=active_users.active_users_changed,
        words=("active_users_rose", "active_users_fell"),
        evidence=("active_users", "change"),
        thresholds={**_ABOVE_TYPICAL, "min_people": 5, "min_share": 0.03},
    ),
    FindingRule(
        weight=70,
        find=features.feature_first_used,
        words=("completions_first_used", "chat_first_used", "agent_first_used"),
        evidence=("completion_users", "chat_users", "agent_users"),
    ),
    FindingRule(
        weight=65,
        find=features.feature_unused,
        words=("completions_unused", "chat_unused", "agent_unused"),
        evidence=("completion_users", "chat_users", "agent_users"),
        thresholds={"min_people": 5},
    ),
    FindingRule(
        weight=60,
        find=features.agent_users_rose,
        words=("agent_users_rose", "agent_users_reached_half"),
        evidence=("agent_users", "active_users"),
        thresholds={"min_changes": MIN_CHANGES, "min_people": 5, "share": 0.5},
    ),
    FindingRule(
        weight=58,
        find=targets.budget_met_again,
        words=("budget_met_again",),
        evidence=("agent_spend",),
        kind="detail",
    ),
    FindingRule(
        weight=55,
        find=targets.adoption_target_changed,
        words=("adoption_target_met", "adoption_target_missed", "adoption_target_just_missed"),
        evidence=("adoption_rate",),
        kind="detail",
    ),
    FindingRule(
        weight=50,
        find=active_users.stickiness_changed,
        words=("stickiness_rose", "stickiness_fell"),
        evidence=("average_daily_active_users", "active_users"),
        thresholds={**_ABOVE_TYPICAL, "min_people": 5, "min_share": 0.05},
    ),
    FindingRule(
        weight=45,
        find=active_users.active_users_record,
        words=("active_users_highest", "active_users_lowest"),
        evidence=("active_users",),
        thresholds={"min_months": 6, "min_people": 5, "months_since": 3},
    ),
    FindingRule(
        weight=40,
        find=full_edition.team_active_users_fell,
        words=("team_active_users_fell", "team_inactive"),
        evidence=("active_users", "change"),
        thresholds={"min_people": 10, "min_share": 0.5},
        kind="detail",
        edition="full",
    ),
    FindingRule(
        weight=32,
        find=targets.seats_target_changed,
        words=("seats_target_met", "seats_target_missed"),
        evidence=("unassigned_seats",),
        kind="detail",
    ),
    FindingRule(
        weight=25,
        find=seats.accounts_without_team_rose,
        words=("accounts_without_team_rose",),
        evidence=("accounts_without_team", "before"),
        thresholds={"min_accounts": 5},
        kind="detail",
        repeated_by="assign_teams",
    ),
)

ACTIONS = (
    ActionRule(
        weight=95,
        find=agent_budget.decide_agent_budget,
        words=("budget_exceeded", "budget_forecast", "budget_near"),
        evidence=("agent_spend",),
        thresholds={"min_share": 0.9},
        owner="action.budget_owner",
    ),
    ActionRule(
        weight=90,
        find=renewal.decide_renewal,
        words=(
            "renewal",
            "renewal_inactive",
            "renewal_estimate",
            "renewal_estimate_short",
            "renewal_assigned",
            "renewal_assigned_inactive",
            "renewal_over_assigned",
            "renewal_unknown",
        ),
        evidence=("unassigned_seats",),
        thresholds={"days_after_month": 90},
        owner="action.license_owner",
    ),
    ActionRule(
        weight=80,
        find=account_actions.reassign_inactive_accounts,
        words=(
            "reassign_inactive_accounts",
            "reassign_inactive_accounts_spend",
            "reassign_inactive_accounts_beside_unassigned",
        ),
        evidence=("inactive_accounts",),
        thresholds={"min_count": 5, "min_share": 0.05},
        owner="action.admins",
    ),
    ActionRule(
        weight=70,
        find=api_token.renew_token,
        words=("renew_token",),
        evidence=(),
        thresholds={"days_after_month": 60},
        owner="action.admins",
        edition="full",
    ),
    ActionRule(
        weight=60,
        find=account_actions.assign_teams,
        words=("assign_teams",),
        evidence=("accounts_without_team",),
        thresholds={"min_count": 10, "min_share": 0.05},
        owner="action.admins",
    ),
    ActionRule(
        weight=50,
        find=account_actions.resolve_invitations,
        words=("resolve_invitations",),
        evidence=("pending",),
        thresholds={"min_count": 5, "months": 3},
        owner="action.admins",
    ),
)
