"""Every rule with its weight, sentences and thresholds: the one place to change them."""

from collections.abc import Mapping

from reporting.build.rules import data, features, people
from reporting.build.rules.rule import Rule

MOST_FINDINGS = 4
"""How many findings speak."""

FEWEST_MOVEMENTS = 4
"""Movements between whole months that "ordinary" is learned from, at least."""

_BEYOND_ORDINARY: Mapping[str, float] = {"fewest_movements": FEWEST_MOVEMENTS, "times_ordinary": 1.5}

FINDINGS = (
    Rule(
        name="usage_missing",
        weight=100,
        find=data.usage_missing,
        says=("finding.usage_missing",),
        evidence=("people",),
    ),
    Rule(
        name="people_moved",
        weight=80,
        find=people.people_moved,
        says=("finding.people_rose", "finding.people_fell"),
        evidence=("people", "change"),
        thresholds={**_BEYOND_ORDINARY, "least_people": 5, "least_share": 0.03},
    ),
    Rule(
        name="agents_began",
        weight=70,
        find=features.agents_began,
        says=("finding.agents_began",),
        evidence=("agent_people",),
    ),
    Rule(
        name="agents_rose",
        weight=60,
        find=features.agents_rose,
        says=("finding.agents_rose", "finding.agents_reached_half"),
        evidence=("agent_people", "people"),
        thresholds={"fewest_movements": FEWEST_MOVEMENTS, "least_people": 5, "half": 0.5},
    ),
    Rule(
        name="habit_apart",
        weight=50,
        find=people.habit_apart,
        says=("finding.habit_ahead", "finding.habit_behind"),
        evidence=("working_day_people", "people"),
        thresholds={**_BEYOND_ORDINARY, "least_people": 5, "least_share": 0.05},
    ),
)
