"""The world's numbers are consistent across windows, teams, features and distinct people."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tabnine_report.sandbox.activity import (
    AGENT_MODEL_BITS,
    ANY,
    CHAT_MODEL_BITS,
    CHATTED,
    COMPLETED,
    COUNT_ROW,
    COUNTS,
    USED_AGENT,
    month_activity,
)
from tabnine_report.sandbox.aggregation import Totals
from tabnine_report.sandbox.time_conversion import instant, month_bounds
from tabnine_report.sandbox.world import Granularity, World, buckets

OCTOBER_2026 = 12 * 2026 + 9
FEATURES = (ANY, COMPLETED, CHATTED, USED_AGENT)

instants = st.integers(instant(2024, 10), instant(2027, 2))
granularities = st.sampled_from(["all", "daily", "weekly", "monthly"])


def assert_same(expected: Totals, actual: Totals) -> None:
    np.testing.assert_array_equal(expected.counts, actual.counts)
    np.testing.assert_array_equal(expected.chat_by_model, actual.chat_by_model)
    np.testing.assert_array_equal(expected.agent_by_model, actual.agent_by_model)
    np.testing.assert_array_equal(expected.seen, actual.seen)


@settings(max_examples=40)
@given(st.tuples(instants, instants, instants).map(sorted))
def test_adjacent_windows_add_up(world: World, cuts: list[int]) -> None:
    start, middle, end = cuts

    assert_same(world.usage(start, end), world.usage(start, middle) + world.usage(middle, end))


@settings(max_examples=25)
@given(st.tuples(instants, instants).map(sorted), granularities)
def test_buckets_cover_their_window_without_gap_or_overlap(window: list[int], granularity: Granularity) -> None:
    start, end = window
    cut = buckets(start, end, granularity)

    if start == end:
        assert cut == []
    else:
        assert [start, *(until for _, until in cut)] == [*(since for since, _ in cut), end]


def test_buckets_end_at_midnight_on_monday_and_on_the_first() -> None:
    start, end = instant(2026, 9, 30) + 3600, instant(2026, 10, 7)

    daily = [until for _, until in buckets(start, end, "daily")]
    weekly = [until for _, until in buckets(start, end, "weekly")]
    monthly = [until for _, until in buckets(start, end, "monthly")]

    assert daily == [instant(2026, 10, day) for day in range(1, 8)]
    assert weekly == [instant(2026, 10, 5), end]  # 5 October 2026 is a Monday
    assert monthly == [instant(2026, 10), end]


@settings(max_examples=25)
@given(st.tuples(instants, instants).map(sorted))
def test_teams_and_people_without_team_add_up_to_the_organization(world: World, window: list[int]) -> None:
    totals = world.usage(*window)
    groups = range(world.no_team + 1)

    for name in COUNTS:
        assert totals.count(name) == sum(totals.count(name, group) for group in groups)
    for bit in FEATURES:
        # Teams do not overlap, so even distinct people add up.
        assert totals.people(bit) == sum(totals.people(bit, group) for group in groups)


@settings(max_examples=25)
@given(st.tuples(instants, instants, instants).map(sorted))
def test_distinct_people_grow_with_the_window_up_to_the_sum(world: World, cuts: list[int]) -> None:
    start, middle, end = cuts
    whole, first, second = world.usage(start, end), world.usage(start, middle), world.usage(middle, end)

    for bit in FEATURES:
        assert max(first.people(bit), second.people(bit)) <= whole.people(bit) <= first.people(bit) + second.people(bit)


@settings(max_examples=25)
@given(st.tuples(instants, instants).map(sorted))
def test_no_feature_has_more_users_than_the_product_and_no_part_exceeds_its_total(
    world: World, window: list[int]
) -> None:
    totals = world.usage(*window)

    assert max(totals.people(bit) for bit in FEATURES) == totals.people(ANY)
    assert totals.people(ANY) <= totals.people(COMPLETED) + totals.people(CHATTED)
    assert totals.count("useful_chat_interactions") <= totals.count("chat_interactions")
    assert totals.count("agent_lines_added_accepted") <= totals.count("agent_lines_added")
    assert totals.count("agent_lines_removed_accepted") <= totals.count("agent_lines_removed")


@pytest.mark.parametrize(("agent", "feature"), [(False, "chat"), (True, "agent")])
def test_models_add_up_to_a_features_messages_and_tokens(world: World, *, agent: bool, feature: str) -> None:
    totals = world.usage(*month_bounds(OCTOBER_2026))
    models = totals.models(agent=agent)

    assert sum(model.messages for model in models) == totals.count(f"{feature}_messages") > 0
    assert sum(model.input_tokens for model in models) == totals.count(f"{feature}_input_tokens")
    assert sum(model.output_tokens for model in models) == totals.count(f"{feature}_output_tokens")
    for group in range(world.no_team + 1):
        assert sum(model.messages for model in totals.models(agent=agent, group=group)) == totals.count(
            f"{feature}_messages", group
        )


def test_totals_match_counting_row_by_row(world: World) -> None:
    start, end = instant(2026, 10, 6) + 40_000, instant(2026, 10, 9) + 43_210
    activity = month_activity(world.people, world.seed, OCTOBER_2026)
    rows = [row for row, moment in enumerate(activity.moment.tolist()) if start <= moment < end]
    team = 2
    team_rows = [row for row in rows if world.people.team[activity.person[row]] == team]

    totals = world.usage(start, end)

    assert len({int(activity.person[row]) for row in rows}) == totals.people(ANY)
    assert len({int(activity.person[row]) for row in team_rows}) == totals.people(ANY, team) > 0
    assert sum(int(activity.counts[COUNT_ROW["completions"], row]) for row in team_rows) == totals.count(
        "completions", team
    )
    for bits, model_of_row, agent in (
        (CHAT_MODEL_BITS, activity.chat_model, False),
        (AGENT_MODEL_BITS, activity.agent_model, True),
    ):
        feature = USED_AGENT if agent else CHATTED
        for model in range(len(bits)):
            people = {int(activity.person[r]) for r in rows if model_of_row[r] == model and activity.did[r] & feature}
            assert len(people) == totals.models(agent=agent)[model].people


def test_counts_are_positive_exactly_for_used_features(world: World) -> None:
    activity = month_activity(world.people, world.seed, OCTOBER_2026)
    for bit, name in ((COMPLETED, "completions"), (CHATTED, "chat_interactions"), (USED_AGENT, "agent_interactions")):
        np.testing.assert_array_equal((activity.did & bit) != 0, activity.counts[COUNT_ROW[name]] > 0)
    assert (activity.did & (COMPLETED | CHATTED)).all()


def test_nobody_is_active_before_joining_or_after_leaving(world: World) -> None:
    activity = month_activity(world.people, world.seed, OCTOBER_2026)
    assert (world.people.joined[activity.person] <= activity.moment).all()
    assert (activity.moment < world.people.last_seen[activity.person]).all()
    assert (world.people.last_seen <= world.people.deactivated).all()


def test_a_window_before_the_organization_or_reversed_is_empty(world: World) -> None:
    assert world.usage(instant(2020, 1), instant(2024, 11, 18)).people(ANY) == 0
    assert world.usage(instant(2026, 2), instant(2026, 1)).people(ANY) == 0


def test_earlier_calls_do_not_change_results(world: World) -> None:
    """The caches hold only a few months, so reading two years backwards evicts them."""
    fresh = World(seed=7, users=120, teams=8)
    months = [month_bounds(OCTOBER_2026 - back) for back in range(24)]

    backwards = [fresh.usage(*window) for window in months]
    forwards = [world.usage(*window) for window in reversed(months)]

    for expected, actual in zip(reversed(forwards), backwards, strict=True):
        assert_same(expected, actual)


def test_instants_are_utc_seconds() -> None:
    assert instant(2026, 10) == datetime(2026, 10, 1, tzinfo=UTC).timestamp()
