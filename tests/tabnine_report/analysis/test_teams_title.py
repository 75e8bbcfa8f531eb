"""Tests of the title of the teams section."""

import pytest
from small_organization import Build, Organization, TeamUse

LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"


@pytest.mark.parametrize(
    ("inactive", "title"),
    [
        ((9, 7, 5, 3), "A, B and C have the most inactive accounts: at least 9, 7 and 5."),
        ((9, 7, 5, 5), "A and B have the most inactive accounts: at least 9 and 7."),
        ((9, 7, 7, 7), "A has the most inactive accounts: at least 9."),
        ((7, 7, 7, 7), "4 teams have the most inactive accounts: at least 7 each."),
        ((7, 7, 7), "A, B and C have the most inactive accounts: at least 7, 7 and 7."),
        ((9, 0), "A has the most inactive accounts: at least 9."),
        ((1,), "A: at least 1 inactive account."),
        ((0, 0), "No team with inactive accounts was found."),
    ],
)
def test_the_title_names_the_teams_with_the_most_inactive_accounts(
    acme: Organization, build: Build, inactive: tuple[int, ...], title: str
) -> None:
    acme.with_teams(**{"ABCD"[index].lower(): TeamUse(20 + n, (20, 20)) for index, n in enumerate(inactive)})
    acme.v1.people |= {"2026-10": 90, "2026-09": 90}
    section = build(acme, minimum_group=1).teams

    assert section is not None
    assert section.title == title


def test_long_names_leave_room_for_fewer_teams(acme: Organization, build: Build) -> None:
    acme.with_teams(**{key: TeamUse(20 + n, (20, 20)) for key, n in (("a", 9), ("b", 7), ("c", 5), ("d", 3))})
    acme.teams = [team | {"name": f"{team['name']} {LONG}"} for team in acme.teams]
    section = build(acme, minimum_group=1).teams

    assert section is not None
    assert len(section.title) <= 100
    assert section.title.startswith("A Rindfleisch")
    assert section.title.endswith("… has the most inactive accounts: at least 9.")
