"""Every rule with its weight, sentences and thresholds: the one place to change them.

docs/findings.md is written from this table: `make findings` does it, and a test holds it true.
"""

from collections.abc import Mapping

from tabnine_report.analysis.rules import accounts, features, governance, targets
from tabnine_report.analysis.rules import actions as asking
from tabnine_report.analysis.rules import active_users as people
from tabnine_report.analysis.rules import data_sources as data
from tabnine_report.analysis.rules.rule import ActionRule, FindingRule

MOST_FINDINGS = 4
"""How many findings speak to every reader."""

MOST_FOR_FULL = 2
"""How many speak in the full edition besides."""

MOST_ASKS = 3
"""How many asks there are in a month."""

FEWEST_MOVEMENTS = 4
"""Movements between whole months that "ordinary" is learned from, at least."""

_BEYOND_ORDINARY: Mapping[str, float] = {"fewest_movements": FEWEST_MOVEMENTS, "times_ordinary": 1.5}

FINDINGS = (
    FindingRule(
        name="usage_frozen",
        weight=110,
        find=data.usage_frozen,
        says=("finding.usage_frozen",),
        evidence=("active_users",),
    ),
    FindingRule(
        name="usage_missing",
        weight=100,
        find=data.usage_missing,
        says=("finding.usage_missing",),
        evidence=("active_users",),
    ),
    FindingRule(
        name="people_moved",
        weight=80,
        find=people.people_moved,
        says=("finding.people_rose", "finding.people_fell"),
        evidence=("active_users", "change"),
        thresholds={**_BEYOND_ORDINARY, "least_people": 5, "least_share": 0.03},
    ),
    FindingRule(
        name="feature_began",
        weight=70,
        find=features.feature_began,
        says=("finding.completions_began", "finding.chat_began", "finding.agent_began"),
        evidence=("completion_users", "chat_users", "agent_users"),
    ),
    FindingRule(
        name="feature_ended",
        weight=65,
        find=features.feature_ended,
        says=("finding.completions_ended", "finding.chat_ended", "finding.agent_ended"),
        evidence=("completion_users", "chat_users", "agent_users"),
        thresholds={"least_people": 5},
    ),
    FindingRule(
        name="agents_rose",
        weight=60,
        find=features.agents_rose,
        says=("finding.agents_rose", "finding.agents_reached_half"),
        evidence=("agent_users", "active_users"),
        thresholds={"fewest_movements": FEWEST_MOVEMENTS, "least_people": 5, "half": 0.5},
    ),
    FindingRule(
        name="budget_passed",
        weight=58,
        find=targets.budget_passed,
        says=("finding.budget_passed", "finding.budget_kept"),
        evidence=("agent_spend",),
        kind="detail",
    ),
    FindingRule(
        name="budget_ahead",
        weight=57,
        find=targets.budget_ahead,
        says=("finding.budget_ahead",),
        evidence=("agent_spend",),
        thresholds={"months": 3, "months_ahead": 3},
        kind="detail",
    ),
    FindingRule(
        name="people_target",
        weight=55,
        find=targets.people_target,
        says=(
            "finding.people_target_missed",
            "finding.people_target_just_missed",
            "finding.people_target_met",
        ),
        evidence=("adoption_rate",),
        kind="detail",
    ),
    FindingRule(
        name="stickiness_apart",
        weight=50,
        find=people.stickiness_apart,
        says=("finding.habit_ahead", "finding.habit_behind"),
        evidence=("average_daily_active_users", "active_users"),
        thresholds={**_BEYOND_ORDINARY, "least_people": 5, "least_share": 0.05},
    ),
    FindingRule(
        name="people_record",
        weight=45,
        find=people.people_record,
        says=("finding.people_most", "finding.people_fewest"),
        evidence=("active_users",),
        thresholds={"fewest_months": 6, "least_people": 5, "months_since": 3},
    ),
    FindingRule(
        name="team_fell",
        weight=40,
        find=governance.team_fell,
        says=("finding.team_fell", "finding.team_stopped"),
        evidence=("active_users", "change"),
        thresholds={"least_people": 10, "least_share": 0.5},
        kind="detail",
        edition="full",
    ),
    FindingRule(
        name="notice_due",
        weight=38,
        find=targets.notice_due,
        says=("finding.notice_due", "finding.notice_due_unassigned"),
        evidence=("seats", "unassigned_seats"),
        thresholds={"days_after_month": 60},
        kind="detail",
    ),
    FindingRule(
        name="license_ends",
        weight=35,
        find=accounts.license_ends,
        says=("finding.license_ends", "finding.licence_ended"),
        evidence=("seats",),
        thresholds={"days_after_month": 90},
        kind="detail",
    ),
    FindingRule(
        name="seats_target",
        weight=32,
        find=targets.seats_target,
        says=("finding.seats_target_missed", "finding.seats_target_met"),
        evidence=("unassigned_seats",),
        kind="detail",
    ),
    FindingRule(
        name="unused_seats",
        weight=30,
        find=accounts.unused_seats,
        says=("finding.unused_seats",),
        evidence=("unused_seats", "seats"),
        thresholds={"least_seats": 10, "least_share": 0.15},
        kind="detail",
    ),
    FindingRule(
        name="password_beside_saml",
        weight=28,
        find=governance.password_beside_saml,
        says=("finding.password_beside_saml",),
        evidence=(),
        kind="detail",
        edition="full",
    ),
    FindingRule(
        name="teamless_growing",
        weight=25,
        find=accounts.teamless_growing,
        says=("finding.teamless_growing",),
        evidence=("accounts_without_team", "before"),
        thresholds={"least_accounts": 5},
        kind="detail",
    ),
    FindingRule(
        name="invitations_stale",
        weight=20,
        find=accounts.invitations_stale,
        says=("finding.invitations_stale",),
        evidence=("pending",),
        thresholds={"months": 3, "least_invitations": 5},
        kind="detail",
    ),
)

ACTIONS = (
    ActionRule(
        name="renew_fewer",
        weight=90,
        find=asking.renew_fewer,
        says=(
            "action.renew_fewer",
            "action.renew_fewer_cost",
            "action.renew_fewer_notice",
            "action.renew_fewer_notice_cost",
        ),
        evidence=("unassigned_seats",),
        thresholds={"least": 10, "least_share": 0.05, "days_after_month": 90},
        who="action.buyer",
    ),
    ActionRule(
        name="reassign_unused",
        weight=80,
        find=asking.reassign_unused,
        says=("action.reassign_unused", "action.reassign_unused_cost"),
        evidence=("inactive_accounts",),
        thresholds={"least": 5, "least_share": 0.05},
        who="action.admin",
    ),
    ActionRule(
        name="renew_token",
        weight=70,
        find=asking.renew_token,
        says=("action.renew_token",),
        evidence=(),
        thresholds={"days_after_month": 60},
        who="action.admin",
        edition="full",
    ),
    ActionRule(
        name="give_teams",
        weight=60,
        find=asking.give_teams,
        says=("action.give_teams",),
        evidence=("accounts_without_team",),
        thresholds={"least": 10, "least_share": 0.05},
        who="action.admin",
    ),
    ActionRule(
        name="settle_invitations",
        weight=50,
        find=asking.settle_invitations,
        says=("action.settle_invitations",),
        evidence=("pending",),
        thresholds={"least": 5, "months": 3},
        who="action.admin",
    ),
)
