"""Every rule with its weight, sentences and thresholds: the one place to change them.

docs/findings.md is written from this table: `make findings` does it, and a test holds it true.
"""

from collections.abc import Mapping

from tabnine_report.analysis.rules import accounts, features, governance, targets
from tabnine_report.analysis.rules import actions as asking
from tabnine_report.analysis.rules import active_users as people
from tabnine_report.analysis.rules import data_sources as data
from tabnine_report.analysis.rules.rule import AskRule, FindingRule

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
        evidence=("people",),
    ),
    FindingRule(
        name="usage_missing",
        weight=100,
        find=data.usage_missing,
        says=("finding.usage_missing",),
        evidence=("people",),
    ),
    FindingRule(
        name="people_moved",
        weight=80,
        find=people.people_moved,
        says=("finding.people_rose", "finding.people_fell"),
        evidence=("people", "change"),
        thresholds={**_BEYOND_ORDINARY, "least_people": 5, "least_share": 0.03},
    ),
    FindingRule(
        name="feature_began",
        weight=70,
        find=features.feature_began,
        says=("finding.completions_began", "finding.chat_began", "finding.agent_began"),
        evidence=("completions_people", "chat_people", "agent_people"),
    ),
    FindingRule(
        name="feature_ended",
        weight=65,
        find=features.feature_ended,
        says=("finding.completions_ended", "finding.chat_ended", "finding.agent_ended"),
        evidence=("completions_people", "chat_people", "agent_people"),
        thresholds={"least_people": 5},
    ),
    FindingRule(
        name="agents_rose",
        weight=60,
        find=features.agents_rose,
        says=("finding.agents_rose", "finding.agents_reached_half"),
        evidence=("agent_people", "people"),
        thresholds={"fewest_movements": FEWEST_MOVEMENTS, "least_people": 5, "half": 0.5},
    ),
    FindingRule(
        name="budget_passed",
        weight=58,
        find=targets.budget_passed,
        says=("finding.budget_passed", "finding.budget_kept"),
        evidence=("agent_cost",),
        kind="detail",
    ),
    FindingRule(
        name="budget_ahead",
        weight=57,
        find=targets.budget_ahead,
        says=("finding.budget_ahead",),
        evidence=("agent_cost",),
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
        evidence=("adoption",),
        kind="detail",
    ),
    FindingRule(
        name="habit_apart",
        weight=50,
        find=people.habit_apart,
        says=("finding.habit_ahead", "finding.habit_behind"),
        evidence=("working_day_people", "people"),
        thresholds={**_BEYOND_ORDINARY, "least_people": 5, "least_share": 0.05},
    ),
    FindingRule(
        name="people_record",
        weight=45,
        find=people.people_record,
        says=("finding.people_most", "finding.people_fewest"),
        evidence=("people",),
        thresholds={"fewest_months": 6, "least_people": 5, "months_since": 3},
    ),
    FindingRule(
        name="team_fell",
        weight=40,
        find=governance.team_fell,
        says=("finding.team_fell", "finding.team_stopped"),
        evidence=("people", "change"),
        thresholds={"least_people": 10, "least_share": 0.5},
        kind="detail",
        edition="full",
    ),
    FindingRule(
        name="notice_due",
        weight=38,
        find=targets.notice_due,
        says=("finding.notice_due", "finding.notice_due_unassigned"),
        evidence=("seats", "seats_unassigned"),
        thresholds={"days_after_month": 60},
        kind="detail",
    ),
    FindingRule(
        name="licence_ends",
        weight=35,
        find=accounts.licence_ends,
        says=("finding.licence_ends", "finding.licence_ended"),
        evidence=("seats",),
        thresholds={"days_after_month": 90},
        kind="detail",
    ),
    FindingRule(
        name="seats_target",
        weight=32,
        find=targets.seats_target,
        says=("finding.seats_target_missed", "finding.seats_target_met"),
        evidence=("seats_unassigned",),
        kind="detail",
    ),
    FindingRule(
        name="seats_unused",
        weight=30,
        find=accounts.seats_unused,
        says=("finding.seats_unused",),
        evidence=("seats_unused", "seats"),
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

ASKS = (
    AskRule(
        name="renew_fewer",
        weight=90,
        find=asking.renew_fewer,
        says=(
            "ask.renew_fewer",
            "ask.renew_fewer_cost",
            "ask.renew_fewer_notice",
            "ask.renew_fewer_notice_cost",
        ),
        evidence=("seats_unassigned",),
        thresholds={"least": 10, "least_share": 0.05, "days_after_month": 90},
        who="ask.buyer",
    ),
    AskRule(
        name="reassign_unused",
        weight=80,
        find=asking.reassign_unused,
        says=("ask.reassign_unused", "ask.reassign_unused_cost"),
        evidence=("accounts_not_used",),
        thresholds={"least": 5, "least_share": 0.05},
        who="ask.admin",
    ),
    AskRule(
        name="renew_token",
        weight=70,
        find=asking.renew_token,
        says=("ask.renew_token",),
        evidence=(),
        thresholds={"days_after_month": 60},
        who="ask.admin",
        edition="full",
    ),
    AskRule(
        name="give_teams",
        weight=60,
        find=asking.give_teams,
        says=("ask.give_teams",),
        evidence=("accounts_without_team",),
        thresholds={"least": 10, "least_share": 0.05},
        who="ask.admin",
    ),
    AskRule(
        name="settle_invitations",
        weight=50,
        find=asking.settle_invitations,
        says=("ask.settle_invitations",),
        evidence=("pending",),
        thresholds={"least": 5, "months": 3},
        who="ask.admin",
    ),
)
