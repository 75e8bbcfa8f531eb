"""Tests that no small group is shown or can be derived from the total."""

from collections.abc import Iterator
from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.analysis.small_groups import Disclosure, Group, disclose, disclose_volume

MINIMUM = 5
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


def shown_sets(teams: list[Group], without_team: Group, got: Disclosure) -> list[frozenset[str]]:
    """Return the groups behind each volume shown; the empty key stands for the accounts without a team."""
    sets = [frozenset({key}) for key in got.teams]
    sets += [frozenset(got.suppressed)] if got.combined else []
    return sets + ([frozenset({without_team.key})] if got.without_team else [])


def left_over(everybody: frozenset[str], shown: list[frozenset[str]]) -> Iterator[frozenset[str]]:
    """Return the groups behind the total minus any of the volumes shown."""
    for some in chain.from_iterable(combinations(shown, number) for number in range(len(shown) + 1)):
        yield everybody.difference(*some)


@given(organizations)
def test_no_volume_and_no_difference_of_volumes_is_a_small_groups_own(drawn: tuple[list[Group], Group]) -> None:
    teams, without_team = drawn
    groups = {one.key: one for one in (*teams, without_team) if not one.is_empty}
    shown = shown_sets(teams, without_team, disclose(teams, without_team, MINIMUM))
    derivable = [*shown, *left_over(frozenset(groups), shown)]

    # The organization's total is always known: where nothing is shown, it is all that there is.
    told = [behind for behind in derivable if behind and behind != frozenset(groups)]

    for behind in told:
        inside = [groups[key] for key in behind]
        assert len(inside) > 1 or not inside[0].is_small(MINIMUM)
        assert all(sum(one.sizes[route] or 0 for one in inside) >= MINIMUM for route in range(3))


@given(organizations)
def test_no_difference_of_people_is_a_small_groups_own(drawn: tuple[list[Group], Group]) -> None:
    """Active users are shown for individual teams only, not for hidden teams or accounts without a team."""
    teams, without_team = drawn
    groups = {one.key: one for one in (*teams, without_team) if not one.is_empty}
    shown = [frozenset({key}) for key in disclose(teams, without_team, MINIMUM).teams]

    for behind in left_over(frozenset(groups), shown):
        inside = [groups[key] for key in behind]
        if inside and behind != frozenset(groups):
            assert len(inside) > 1 or not inside[0].is_small(MINIMUM)
            assert all(sum(one.sizes[route] or 0 for one in inside) >= MINIMUM for route in range(3))


@given(organizations)
def test_the_accounts_of_hidden_teams_are_never_those_of_one_small_team(drawn: tuple[list[Group], Group]) -> None:
    """The report prints the accounts without a team elsewhere, so they cannot hide those of a team."""
    teams, without_team = drawn
    got = disclose(teams, without_team, MINIMUM)
    suppressed = [one for one in teams if one.key in got.suppressed]

    if got.teams and len(suppressed) == 1:
        assert not suppressed[0].is_small(MINIMUM)


@given(organizations)
def test_every_team_is_shown_or_hidden_or_empty(drawn: tuple[list[Group], Group]) -> None:
    teams, without_team = drawn
    got = disclose(teams, without_team, MINIMUM)

    assert got.teams | got.suppressed == {one.key for one in teams if not one.is_empty}
    assert not got.teams & got.suppressed


def test_without_small_groups_everything_is_shown() -> None:
    got = disclose([team("a", 9), team("b", 5)], MANY, MINIMUM)
    assert got == Disclosure(frozenset("ab"), frozenset(), combined=False, without_team=True)


def test_one_small_team_takes_the_smallest_other_with_it() -> None:
    got = disclose([team("a", 9), team("b", 7), team("c", 4)], MANY, MINIMUM)
    assert got == Disclosure(frozenset("a"), frozenset("bc"), combined=True, without_team=True)


def test_small_teams_that_are_enough_together_need_no_other() -> None:
    got = disclose([team("a", 9), team("b", 3), team("c", 2)], MANY, MINIMUM)
    assert got == Disclosure(frozenset("a"), frozenset("bc"), combined=True, without_team=True)


def test_small_teams_that_are_too_few_together_take_another() -> None:
    got = disclose([team("a", 9), team("b", 2), team("c", 2)], NOBODY, MINIMUM)
    assert got == Disclosure(frozenset(), frozenset("abc"), combined=True, without_team=False)


def test_few_in_no_team_hide_the_smallest_team_with_them_and_no_group_is_left_over() -> None:
    got = disclose([team("a", 9), team("b", 7)], team("", 2), MINIMUM)
    assert got == Disclosure(frozenset("a"), frozenset("b"), combined=False, without_team=False)


def test_a_single_small_team_hides_those_in_no_team_too() -> None:
    got = disclose([team("a", 4)], MANY, MINIMUM)
    assert got == Disclosure(frozenset(), frozenset("a"), combined=False, without_team=False)


def test_one_small_count_of_three_makes_a_team_small() -> None:
    got = disclose([group("a", 9, 4, 9), group("b", 4, 9, 9), group("c", 9, 9, 4), team("d", 9)], MANY, MINIMUM)
    assert got.suppressed == frozenset("abc")


def test_an_empty_team_is_neither_shown_nor_a_cover() -> None:
    got = disclose([team("a", 9), team("b", 7), team("c", 4), team("d", 0)], MANY, MINIMUM)
    assert got.suppressed == frozenset("bc")


def test_a_count_that_is_not_known_decides_nothing() -> None:
    got = disclose([group("a", 9, None, None), group("b", None, 9, 9)], group("", None, None, None), MINIMUM)
    assert got.teams == frozenset("ab")


def test_a_minimum_of_one_hides_nobody() -> None:
    got = disclose([group("a", 1, 1, 0), team("b", 7)], team("", 1), 1)
    assert got == Disclosure(frozenset("ab"), frozenset(), combined=False, without_team=True)


users_of = st.lists(st.integers(0, 12), min_size=7, max_size=7)


@given(organizations, users_of)
def test_no_cost_and_no_difference_of_costs_is_made_by_too_few(
    drawn: tuple[list[Group], Group], made_by: list[int]
) -> None:
    """The spend of a group comes from some of its people, often from none."""
    teams, without_team = drawn
    users = [Group(one.key, (min(made_by[at], one.sizes[1] or 0),)) for at, one in enumerate(teams)]
    apart = Group("", (min(made_by[-1], without_team.sizes[1] or 0),))
    shown = disclose(teams, without_team, MINIMUM)
    costs = disclose_volume(shown, users, apart, MINIMUM)
    groups = {one.key: one for one in (*users, apart) if not one.is_empty}
    hidden_teams = shown.suppressed if costs.combined else frozenset()
    sets = [frozenset({key}) for key in costs.teams]
    sets += [hidden_teams] if hidden_teams else []
    sets += [frozenset({""})] if costs.without_team else []

    assert costs.teams <= shown.teams
    assert shown.without_team or not costs.without_team
    for behind in [*sets, *left_over(frozenset(groups), sets)]:
        made = [groups[key] for key in behind if key in groups]
        # The organization's own cost is always known, and a group in which nobody made any has none to tell of.
        if made and len(made) < len(groups):
            assert len(made) > 1 or not made[0].is_small(MINIMUM)
            assert sum(one.sizes[0] or 0 for one in made) >= MINIMUM


def test_the_cost_of_a_large_team_with_one_user_is_hidden_with_another_teams() -> None:
    teams = [team("a", 20), team("b", 20), team("c", 20)]
    shown = disclose(teams, NOBODY, MINIMUM)
    got = disclose_volume(shown, [Group("a", (1,)), Group("b", (9,)), Group("c", (15,))], Group("", (0,)), MINIMUM)

    assert shown.teams == frozenset("abc")
    assert got.teams == frozenset("c")
    assert got.suppressed == frozenset("ab")


def test_a_team_in_which_nobody_used_agents_hides_nothing() -> None:
    shown = disclose([team("a", 20), team("b", 20)], MANY, MINIMUM)
    got = disclose_volume(shown, [Group("a", (0,)), Group("b", (9,))], Group("", (8,)), MINIMUM)

    assert (got.teams, got.without_team) == (frozenset("ab"), True)
