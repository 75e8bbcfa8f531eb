"""What follows from the definition of a metric: where its series breaks, and which edition shows it."""

import re

import pytest

from tabnine_report.analysis.metric_definitions import IN_FULL_ONLY, METHOD_CHANGE_KEYS, METRICS


def test_every_word_with_an_underscore_in_a_formula_is_a_metric() -> None:
    """The break in a series is derived from the metrics in the formula, so a misspelled one would hide it."""
    words = {
        (key, word) for key, metric in METRICS.items() for word in re.findall(r"(?<![\w.])[a-z]+_\w+", metric.formula)
    }

    assert len(words) > 20
    assert {(key, word) for key, word in words if word not in METRICS} == set()


@pytest.mark.parametrize(
    ("key", "breaks"),
    [
        ("active_users", True),
        ("completions", False),
        ("chat_volume", True),  # another field in version 2
        ("adoption_rate", True),
        ("stickiness", True),
        ("unused_seats", True),  # through `inactive_accounts`
        ("inactive_account_spend", True),
        ("team_completions_per_user", True),
        ("chat_consumption_rate", False),  # in version 1 only
        ("automation_factor", False),
        ("unassigned_seats", False),
        ("agent_spend", False),
    ],
)
def test_a_series_breaks_if_version_2_counts_any_part_of_its_formula_differently(key: str, *, breaks: bool) -> None:
    assert (key in METHOD_CHANGE_KEYS) is breaks


def test_only_the_full_edition_shows_metrics_of_admins_single_users_and_single_teams() -> None:
    assert {
        "admins",
        "accounts_without_team",
        "deactivated_in_teams",
        *(key for key in METRICS if key.startswith("team_")),
    } == IN_FULL_ONLY
