"""Tests of the feature rules at, below and above each threshold."""

from collections.abc import Sequence

import pytest
from rule_contexts import PARTLY, rule_context

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.features import agent_users_rose, feature_first_used, feature_unused

Series = Sequence[float | str | None]
USED = [50, 50, 50]


def of(completions: Series = USED, chat: Series = USED, agent: Series = USED) -> RuleContext:
    return rule_context(completion_users=completions, chat_users=chat, agent_users=agent)


@pytest.mark.parametrize(
    ("series", "reported"),
    [([0, 0, 1], True), ([None, 0, 7], True), ([0, None, 7], False), ([1, 0, 7], False), ([0, 0, PARTLY], False)],
)
def test_a_feature_is_first_used_after_a_month_without_users(series: Series, *, reported: bool) -> None:
    found = feature_first_used(of(chat=series))
    assert (found is not None) is reported
    if found:
        assert (found.words, list(found.figures)) == ("chat_first_used", ["chat_users"])


def test_of_two_new_features_the_one_with_more_users_is_reported() -> None:
    found = feature_first_used(of(chat=[0, 0, 3], agent=[0, 0, 4]))
    assert found is not None
    assert found.words == "agent_first_used"


@pytest.mark.parametrize(
    ("series", "reported"),
    [([9, 5, 0], True), ([9, 4, 0], False), ([9, 5, 1], False), ([9, 5, None], False), ([9, PARTLY, 0], False)],
)
def test_a_feature_is_unused_in_the_first_month_without_users(series: Series, *, reported: bool) -> None:
    found = feature_unused(of(completions=series), min_people=5)
    assert (found is not None) is reported
    if found:
        assert found.words == "completions_unused"
        assert found.values == {"month": "October", "people": "5", "previous": "September"}


def rose(users: Series, people: Series) -> str | None:
    found = agent_users_rose(
        rule_context(agent_users=users, active_users=people), min_changes=4, min_people=5, share=0.5
    )
    return found.words if found else None


@pytest.mark.parametrize(
    ("users", "says"),
    [
        ([20, 22, 24, 26, 28, 33], "agent_users_rose"),  # 5 more, after 2 each.
        ([20, 22, 24, 26, 28, 32], None),  # 4 more.
        ([20, 25, 26, 27, 28, 33], None),  # As steep as once before.
        ([22, 24, 26, 28, 33], None),  # Three movements before.
        ([20, 22, 24, 26, 45, 50], None),  # 19 more a month before were steeper.
        ([20, 22, 24, 26, 49, 72], None),
        ([20, 22, 24, 26, 28, 50], "agent_users_reached_half"),  # 28 and 50 of 100.
        ([20, 22, 24, 26, 28, PARTLY], None),
        ([20, 22, 24, 26, None, 50], None),
    ],
)
def test_largest_rise_of_agent_users(users: Series, says: str | None) -> None:
    assert rose(users, [100] * len(users)) == says
