"""The page on teams."""

from zoneinfo import ZoneInfo

import pytest
from sample_report import SOURCE, figure, sample_report, teams
from svg_reader import Drawing

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import TeamRow
from tabnine_report.render.colors import palette
from tabnine_report.render.editions import edition_of
from tabnine_report.render.views import teams as view
from tabnine_report.render.views.team_plot import positions, share_scale
from tabnine_report.render.views.teams import TeamsPage
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
COLORS = palette("#3b4cca")
ROW = teams().rows[0]
SUPPRESSED = Figure(value=None, unit=Unit.MONEY, state="suppressed", reason="Too few people account for this spend.")


def of(*rows: TeamRow, **changes: object) -> MonthlyReport:
    section = teams().model_copy(update={"rows": rows, "smaller": None, "no_team": None, "note": "", **changes})
    return sample_report(teams=section)


def page(report: MonthlyReport) -> TeamsPage:
    shown = view.teams(report, LANGUAGE, COLORS)
    assert shown is not None
    return shown


def row(members: int | None, people: int | None, before: int | None = None, **changes: object) -> TeamRow:
    """Build a row of a team with some members and active users."""
    change = None if people is None or before is None else people - before
    inactive = None if members is None or people is None else members - people
    figures = {
        "members": figure(members, Unit.ACCOUNTS),
        "active_users": figure(people, Unit.PEOPLE),
        "change": ROW.change.model_copy(update={"absolute": figure(change, Unit.PEOPLE)}),
        "inactive": figure(inactive, Unit.ACCOUNTS).as_lower_bound(),
    }
    return ROW.model_copy(update=figures | changes)


def test_the_page_leaves_without_teams_and_in_the_executive_edition() -> None:
    assert view.teams(of(), LANGUAGE, COLORS) is None
    assert view.teams(sample_report(teams=None), LANGUAGE, COLORS) is None
    assert view.teams(edition_of(sample_report(), "executive"), LANGUAGE, COLORS) is None


def test_a_row_has_the_numbers_of_its_team() -> None:
    spend = {
        "inactive_spend": Figure.money(663, "EUR", SOURCE),
        "agent_spend": Figure.money(235.33, "USD", SOURCE),
    }
    shown = page(of(row(85, 68, 63, **spend)))

    assert [column.head for column in shown.columns] == [
        "Members",
        "Active users",
        "Since Sep",
        "Inactive, at\N{NO-BREAK SPACE}least",
        "EUR a month",
        "Agents, USD",
    ]
    assert [cell.text for cell in shown.rows[0].cells] == ["85", "68", "+5", "17", "663", "235.33"]
    assert shown.rows[0].dots is not None
    assert Drawing(shown.rows[0].dots).title.startswith("68 of 85 members in October 2026")


@pytest.mark.parametrize(("before", "expected"), [(63, "+5"), (70, "−2"), (68, "0"), (None, "–")])
def test_a_change_has_its_sign(before: int | None, expected: str) -> None:
    assert page(of(row(85, 68, before), row(20, 10, 10))).rows[0].cells[2].text == expected


def test_columns_that_the_organization_does_not_have_are_omitted() -> None:
    assert [column.key for column in page(of(row(85, 68, 67))).columns] == [
        "members",
        "active-users",
        "change",
        "inactive",
    ]
    assert [column.key for column in page(of(row(85, 68, agent_spend=SUPPRESSED))).columns][-1] == "inactive"


def test_a_column_without_a_number_is_omitted_and_the_note_states_why() -> None:
    shown = page(of(row(85, 68, inactive=figure(None, Unit.ACCOUNTS)), row(51, 37)))
    none = page(of(*[row(85, 68, inactive=figure(None, Unit.ACCOUNTS))] * 2))

    assert [column.key for column in shown.columns] == ["members", "active-users", "inactive"]
    assert shown.head == "Team, most inactive accounts first"
    assert shown.note.endswith("Not available for any team: the change.")
    assert [column.key for column in none.columns] == ["members", "active-users"]
    assert none.head == "Team, most members first"
    assert none.note == (
        "Not available for any team: the change and inactive accounts. Tabnine did not count this before version 5.9."
    )
    assert {"change", "inactive"} < {column.key for column in none.all_columns}


def test_the_head_states_at_least_only_where_a_number_is_a_lower_bound() -> None:
    assert page(of(row(85, 85))).columns[2].head == "Inactive"


@pytest.mark.parametrize(
    ("number", "shown", "low", "more"),
    [
        (1, 1, False, ""),
        (18, 18, False, ""),
        (19, 19, True, ""),
        (25, 25, True, ""),
        (26, 25, True, "1 more team is in report.html and in the workbook."),
        (500, 25, True, "475 more teams are in report.html and in the workbook."),
    ],
)
def test_the_page_has_as_many_rows_as_fit(number: int, shown: int, *, low: bool, more: str) -> None:
    teams_page = page(of(*[row(30, 20)] * number))

    assert (len(teams_page.rows), teams_page.has_many, teams_page.more) == (shown, low, more)
    assert {round(Drawing(line.dots).size[1] / 72 * 25.4, 1) for line in teams_page.rows if line.dots} == {
        7.2 if low else 9.0
    }


def test_a_long_note_and_a_long_title_leave_room_for_fewer_rows() -> None:
    crowded = of(*[row(30, 20)] * 500, title="A long title. " * 10, note="A long note. " * 60)

    assert 15 < len(page(crowded).rows) < 25


def test_the_most_inactive_accounts_are_marked_if_there_are_any() -> None:
    shown = page(of(row(30, 20), row(30, 25), row(30, 30), row(30, 30)))

    assert [line.is_marked for line in shown.rows] == [True, True, False, False]


def test_small_teams_have_gray_dots_that_the_note_explains() -> None:
    small, large = page(of(row(19, 10))), page(of(row(20, 10)))

    assert "Gray dots: teams with fewer than 20 members" in small.note
    assert "Gray dots" not in large.note
    assert small.rows[0].dots is not None
    assert [dot["fill"] for dot in Drawing(small.rows[0].dots).elements("circle")] == [COLORS.axis]


def test_a_missing_number_is_a_dash_with_its_reason_below() -> None:
    spend = Figure.money(1, "USD", SOURCE)
    shown = page(of(row(30, 20, agent_spend=spend), row(30, 20, agent_spend=SUPPRESSED)))

    assert shown.rows[1].cells[-1].text == "–"
    assert "Too few people account for this spend." in shown.note
    assert shown.reasons["Too few people account for this spend."] > 0


def test_the_page_names_two_reasons_and_where_the_others_are() -> None:
    missing = [Figure.unavailable(Unit.PEOPLE, f"Reason {at}.") for at in range(3)]
    rows = [row(30, 20, 20).model_copy(update={"active_users": figure}) for figure in missing]

    note = page(of(*rows)).note

    assert "Reason 0. Reason 1." in note
    assert "Reason 2." not in note
    assert "report.html" in note


def test_the_groups_have_members_and_spend_but_no_people() -> None:
    shown = page(sample_report())

    assert [group.name for group in shown.groups] == ["3 smaller teams combined", "Without a team"]
    assert [cell.text for cell in shown.groups[0].cells] == ["9", "", "", ""]
    assert shown.groups[0].dots is None


def test_the_full_list_has_further_columns() -> None:
    shown = page(sample_report())

    assert [column.head for column in shown.all_columns[len(shown.columns) :]] == [
        "Adoption rate",
        "Accepted completions",
        "Per active user",
    ]
    group = sample_report().teams.smaller  # type: ignore[union-attr]
    assert group is not None
    assert [column.write(column.of_group(group)).text for column in shown.all_columns][-3:] == ["", "1,204", ""]
    assert shown.all_columns[-1].write(shown.all_columns[-1].of_team(ROW)).text == "158.6"


@pytest.mark.parametrize(
    ("members", "people", "before", "expected"),
    [
        (50, 40, 30, (0.6, 0.8)),
        (10, 5, None, (None, 0.5)),
        (0, 0, None, (None, None)),
        (None, 5, 4, (None, None)),
        (10, None, None, (None, None)),
        (10, 11, 9, (0.9, None)),
    ],
    ids=["both", "no comparison", "empty", "members unknown", "people unknown", "more people than members"],
)
def test_dots_lie_at_the_share_of_active_members(
    members: int | None, people: int | None, before: int | None, expected: tuple[float | None, float | None]
) -> None:
    assert positions(row(members, people, before)) == expected


@pytest.mark.parametrize(
    ("shares", "marks"),
    [
        ((20, 100), ["20%", "40%", "60%", "80%", "100%"]),
        ((70, 95), ["70%", "80%", "90%", "100%"]),
        ((90, 92), ["80%", "90%", "100%"]),
        ((0, 100), ["0%", "20%", "40%", "60%", "80%", "100%"]),
    ],
)
def test_the_scale_follows_the_data(shares: tuple[int, int], marks: list[str]) -> None:
    scale = share_scale(sample_report(), [row(100, share) for share in shares], LANGUAGE)

    assert [mark.label for mark in scale.marks] == marks
    assert scale.organization is not None
    assert scale.organization.label == "all 92.2%"


def test_the_scale_has_no_line_of_the_organization_if_its_share_is_unknown() -> None:
    report = sample_report()
    unknown = tuple(
        kpi.model_copy(update={"figure": Figure.unavailable(Unit.SHARE, "No accounts.")})
        if kpi.key == "adoption_rate"
        else kpi
        for kpi in report.adoption.kpis
    )
    report = report.model_copy(update={"adoption": report.adoption.model_copy(update={"kpis": unknown})})

    scale = share_scale(report, [row(None, None)], LANGUAGE)

    assert scale.organization is None
    assert (scale.low, scale.high) == (0.0, 1.0)


def test_a_column_is_as_wide_as_its_longest_number_needs() -> None:
    def spend(amount: float) -> TeamsPage:
        return page(of(row(85, 68, inactive_spend=Figure.money(amount, "JPY", SOURCE))))

    assert spend(663).widths[-1] == spend(0).widths[-1]
    assert spend(12_345_678).widths[-1] > spend(663).widths[-1]


def test_large_amounts_have_no_decimals() -> None:
    small, large = (Figure.money(amount, "EUR", SOURCE) for amount in (592.5, 1698.5))

    assert page(of(row(85, 68, inactive_spend=small))).rows[0].cells[-1].text == "592.50"
    assert page(of(row(85, 68, inactive_spend=large))).rows[0].cells[-1].text == "1,698"
