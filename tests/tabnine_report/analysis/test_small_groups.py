"""Small groups are suppressed, and cannot be derived from the total and the groups that are shown."""

from collections.abc import Iterator
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.analysis.small_groups import Disclosure, Group, disclose, disclose_volume, group_behind
from tabnine_report.model.figure import Figure, Source, Unit

MINIMUM = 5
SOURCE = Source(endpoint="usage-v2", field="chat.messages")
NOBODY = Group("", (0, 0, 0))
MANY = Group("", (30, 20, 20))


def group(key: str, *sizes: int | None) -> Group:
    return Group(key, sizes)


def team(key: str, size: int) -> Group:
    return group(key, size, size, size)


sizes = st.tuples(*[st.integers(0, 12)] * 3)
organizations = st.tuples(st.lists(sizes, max_size=6), sizes).map(
    lambda drawn: ([Group(f"t{at}", one) for at, one in enumerate(drawn[0])], Group("", drawn[1]))
)


def shown_sets(teams: list[Group], without_team: Group, disclosure: Disclosure) -> list[frozenset[str]]:
    """Return the groups behind each volume that is shown; the empty key stands for the users in no team."""
    sets = [frozenset({key}) for key in disclosure.teams]
    sets += [frozenset(disclosure.suppressed)] if disclosure.combined else []
    return sets + ([frozenset({without_team.key})] if disclosure.without_team else [])


def remainders(everybody: frozenset[str], shown: list[frozenset[str]]) -> Iterator[frozenset[str]]:
    """Yield the groups behind the total minus any of the volumes that are shown."""
    for some in chain.from_iterable(combinations(shown, number) for number in range(len(shown) + 1)):
        yield everybody.difference(*some)


@given(organizations)
def test_neither_a_volume_nor_a_difference_of_volumes_reveals_a_small_group(drawn: tuple[list[Group], Group]) -> None:
    teams, without_team = drawn
    groups = {one.key: one for one in (*teams, without_team) if not one.is_empty}
    shown = shown_sets(teams, without_team, disclose(teams, without_team, MINIMUM))
    derivable = [*shown, *remainders(frozenset(groups), shown)]

    # The total itself is always known and reveals nothing.
    revealed = [behind for behind in derivable if behind and behind != frozenset(groups)]

    for behind in revealed:
        inside = [groups[key] for key in behind]
        assert len(inside) > 1 or not inside[0].is_small(MINIMUM)
        assert all(sum(one.sizes[route] or 0 for one in inside) >= MINIMUM for route in range(3))


@given(organizations)
def test_no_difference_of_active_users_reveals_a_small_group(drawn: tuple[list[Group], Group]) -> None:
    """Active users are shown only for single teams: never for suppressed teams or the users in no team."""
    teams, without_team = drawn
    groups = {one.key: one for one in (*teams, without_team) if not one.is_empty}
    shown = [frozenset({key}) for key in disclose(teams, without_team, MINIMUM).teams]

    for behind in remainders(frozenset(groups), shown):
        inside = [groups[key] for key in behind]
        if inside and behind != frozenset(groups):
            assert len(inside) > 1 or not inside[0].is_small(MINIMUM)
            assert all(sum(one.sizes[route] or 0 for one in inside) >= MINIMUM for route in range(3))


@given(organizations)
def test_the_suppressed_teams_are_never_one_small_team(drawn: tuple[list[Group], Group]) -> None:
    """The report shows the accounts in no team elsewhere, so they do not protect a team's accounts."""
    teams, without_team = drawn
    disclosure = disclose(teams, without_team, MINIMUM)
    suppressed = [one for one in teams if one.key in disclosure.suppressed]

    if disclosure.teams and len(suppressed) == 1:
        assert not suppressed[0].is_small(MINIMUM)


@given(organizations)
def test_every_team_is_shown_suppressed_or_empty(drawn: tuple[list[Group], Group]) -> None:
    teams, without_team = drawn
    disclosure = disclose(teams, without_team, MINIMUM)

    assert disclosure.teams | disclosure.suppressed == {one.key for one in teams if not one.is_empty}
    assert not disclosure.teams & disclosure.suppressed


def test_without_small_groups_everything_is_shown() -> None:
    disclosure = disclose([team("a", 9), team("b", 5)], MANY, MINIMUM)
    assert disclosure == Disclosure(frozenset("ab"), frozenset(), combined=False, without_team=True)


def test_with_one_small_team_the_smallest_other_is_suppressed() -> None:
    disclosure = disclose([team("a", 9), team("b", 7), team("c", 4)], MANY, MINIMUM)
    assert disclosure == Disclosure(frozenset("a"), frozenset("bc"), combined=True, without_team=True)


def test_small_teams_that_reach_the_minimum_together_need_no_other() -> None:
    disclosure = disclose([team("a", 9), team("b", 3), team("c", 2)], MANY, MINIMUM)
    assert disclosure == Disclosure(frozenset("a"), frozenset("bc"), combined=True, without_team=True)


def test_small_teams_below_the_minimum_together_need_another() -> None:
    disclosure = disclose([team("a", 9), team("b", 2), team("c", 2)], NOBODY, MINIMUM)
    assert disclosure == Disclosure(frozenset(), frozenset("abc"), combined=True, without_team=False)


def test_few_users_in_no_team_suppress_the_smallest_team_and_every_sum() -> None:
    disclosure = disclose([team("a", 9), team("b", 7)], team("", 2), MINIMUM)
    assert disclosure == Disclosure(frozenset("a"), frozenset("b"), combined=False, without_team=False)


def test_a_single_small_team_also_suppresses_the_users_in_no_team() -> None:
    disclosure = disclose([team("a", 4)], MANY, MINIMUM)
    assert disclosure == Disclosure(frozenset(), frozenset("a"), combined=False, without_team=False)


def test_one_small_count_of_three_makes_a_team_small() -> None:
    disclosure = disclose([group("a", 9, 4, 9), group("b", 4, 9, 9), group("c", 9, 9, 4), team("d", 9)], MANY, MINIMUM)
    assert disclosure.suppressed == frozenset("abc")


def test_an_empty_team_is_neither_shown_nor_protects_another() -> None:
    disclosure = disclose([team("a", 9), team("b", 7), team("c", 4), team("d", 0)], MANY, MINIMUM)
    assert disclosure.suppressed == frozenset("bc")


def test_an_unknown_size_is_ignored() -> None:
    disclosure = disclose([group("a", 9, None, None), group("b", None, 9, 9)], group("", None, 9, None), MINIMUM)
    assert disclosure.teams == frozenset("ab")


def test_a_group_without_any_known_size_counts_as_small() -> None:
    unknown = (None, None, None)
    few_without_team = disclose([team("a", 9), team("b", 7)], group("", *unknown), MINIMUM)
    assert few_without_team == disclose([team("a", 9), team("b", 7)], team("", 1), MINIMUM)
    small_team = disclose([team("a", 9), team("b", 7), group("c", *unknown)], MANY, MINIMUM)
    assert small_team.suppressed == frozenset("bc")


def test_the_sum_is_not_shown_if_more_teams_are_suppressed_by_their_size_than_by_their_contributors() -> None:
    shown = disclose([team("a", 3), team("b", 3), team("c", 3), team("d", 30)], MANY, MINIMUM)
    users = [group("a", 3), group("b", 3), group("c", 9), group("d", 9)]

    disclosure = disclose_volume(shown, users, group("", 30), MINIMUM)

    assert disclosure.suppressed == {"a", "b", "c"}
    assert not disclosure.combined


@pytest.mark.parametrize(("size", "minimum", "small"), [(1, 1, False), (1, 2, True), (2, 2, False), (4, 5, True)])
def test_a_group_is_small_below_the_minimum(size: int, minimum: int, *, small: bool) -> None:
    assert team("a", size).is_small(minimum) is small


def test_a_minimum_of_one_suppresses_nothing() -> None:
    disclosure = disclose([group("a", 1, 1, 0), team("b", 7)], team("", 1), 1)
    assert disclosure == Disclosure(frozenset("ab"), frozenset(), combined=False, without_team=True)


users_of = st.lists(st.integers(0, 12), min_size=7, max_size=7)


@given(organizations, users_of)
def test_neither_a_spend_nor_a_difference_of_spends_reveals_too_few_people(
    drawn: tuple[list[Group], Group], contributors: list[int]
) -> None:
    """Some people of each group contribute to the spend: never more than the group has, and often none."""
    teams, without_team = drawn
    users = [Group(one.key, (min(contributors[at], one.sizes[1] or 0),)) for at, one in enumerate(teams)]
    without = Group("", (min(contributors[-1], without_team.sizes[1] or 0),))
    shown = disclose(teams, without_team, MINIMUM)
    costs = disclose_volume(shown, users, without, MINIMUM)
    groups = {one.key: one for one in (*users, without) if not one.is_empty}
    hidden_teams = shown.suppressed if costs.combined else frozenset()
    sets = [frozenset({key}) for key in costs.teams]
    sets += [hidden_teams] if hidden_teams else []
    sets += [frozenset({""})] if costs.without_team else []

    assert costs.teams <= shown.teams
    assert shown.without_team or not costs.without_team
    for behind in [*sets, *remainders(frozenset(groups), sets)]:
        made = [groups[key] for key in behind if key in groups]
        # The organization's spend is always known, and a group without contributors has no spend to protect.
        if made and len(made) < len(groups):
            assert len(made) > 1 or not made[0].is_small(MINIMUM)
            assert sum(one.sizes[0] or 0 for one in made) >= MINIMUM


def test_the_spend_of_a_large_team_with_one_user_is_suppressed_with_another_teams() -> None:
    teams = [team("a", 20), team("b", 20), team("c", 20)]
    shown = disclose(teams, NOBODY, MINIMUM)
    disclosure = disclose_volume(
        shown, [Group("a", (1,)), Group("b", (9,)), Group("c", (15,))], Group("", (0,)), MINIMUM
    )

    assert shown.teams == frozenset("abc")
    assert disclosure.teams == frozenset("c")
    assert disclosure.suppressed == frozenset("ab")


def test_a_team_without_agent_users_suppresses_nothing() -> None:
    shown = disclose([team("a", 20), team("b", 20)], MANY, MINIMUM)
    disclosure = disclose_volume(shown, [Group("a", (0,)), Group("b", (9,))], Group("", (8,)), MINIMUM)

    assert (disclosure.teams, disclosure.without_team) == (frozenset("ab"), True)


@pytest.mark.parametrize(
    ("users", "combined"),
    [
        ({"a": 3, "b": 3, "c": 9, "d": 9}, True),
        ({"a": 6, "b": 6, "c": 9, "d": 9}, False),  # by their users, these teams could be shown
        ({"a": 3, "b": 1, "c": 9, "d": 9}, False),  # by its users, another team is suppressed too
        ({"a": 0, "b": 3, "c": 3, "d": 9}, False),
    ],
)
def test_the_sum_of_the_suppressed_volumes_is_shown_if_both_ways_suppress_the_same_teams(
    users: dict[str, int], *, combined: bool
) -> None:
    shown = disclose([team("a", 3), team("b", 3), team("c", 30), team("d", 30)], MANY, MINIMUM)

    disclosure = disclose_volume(shown, [group(*one) for one in users.items()], group("", 30), MINIMUM)

    assert shown.combined
    assert disclosure.combined is combined


@pytest.mark.parametrize(
    ("contributors", "volume", "size"),
    [(7, 50, 7), (7, None, 7), (0, 50, 1), (None, 50, 1), (0, 0, 0), (None, 0, 0), (0, None, 0), (None, None, None)],
)
def test_the_group_behind_a_volume_has_its_contributors_or_one_person(
    contributors: int | None, volume: int | None, size: int | None
) -> None:
    figure = (
        Figure.unavailable(Unit.COUNT, "Not fetched.")
        if volume is None
        else Figure.measured(volume, Unit.COUNT, SOURCE)
    )

    assert group_behind("a", contributors, figure) == Group("a", (size,))
