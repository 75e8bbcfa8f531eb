"""Accounts, active users and the range of accounts at the license's end."""

from dataclasses import replace

from svg_reader import Drawing

from tabnine_report.render.charts.accounts_fan import Deadline, Range, accounts_fan
from tabnine_report.render.charts.columns import AxisLabel, Labeled, Value
from tabnine_report.render.charts.fan_labels import FanLabels
from tabnine_report.render.colors import palette

COLORS = palette("#3b4cca")
ACCOUNTS = [Value(amount) for amount in (30, 32, 35, 40)]
USERS = [Value(20), Value(10, partial=True), Value(28), Value(30)]
LABELS = FanLabels(
    accounts=("30 accounts", "40 accounts"),
    users=("20 people", "30 people"),
    seats="60 seats",
    unassigned="20 unassigned",
    inactive="10 inactive",
    partial="Aug: partial",
)
END = Deadline(3, ("License ends", "1 Feb"))
NOTICE = Deadline(1.5, ("Cancel by", "15 Dec"))
RANGE = Range(44, 52, ("44 to 52 accounts", "8 to 16 unassigned", "estimate"))


def fan(
    *,
    labels: FanLabels = LABELS,
    notice: Deadline | None = NOTICE,
    range_at_end: Range | None = RANGE,
    users: list[Value] = USERS,
    accounts: list[Value] = ACCOUNTS,
    end: Deadline | None = END,
) -> Drawing:
    return Drawing(
        accounts_fan(
            accounts,
            users,
            60,
            "Accounts and people",
            COLORS,
            scale=[Labeled(0, "0"), Labeled(20, "20"), Labeled(40, "40")],
            axis=[AxisLabel(0, "Jul"), AxisLabel(3, "Oct")],
            labels=labels,
            end=end,
            notice=notice,
            range_at_end=range_at_end,
            breaks=[1],
        )
    )


def test_everything_is_labeled_within_the_chart() -> None:
    chart = fan()

    width, height = chart.size
    assert {*LABELS.accounts, *LABELS.users, "60 seats", "20 unassigned", "10 inactive", "Aug: partial"} <= {
        *chart.texts
    }
    assert {*END.label, *NOTICE.label, *RANGE.label, "Jul", "Oct"} <= {*chart.texts}
    assert all(0 <= x <= width and 0 <= y <= height for x, y in map(chart.place, chart.texts))


def test_the_range_is_drawn_only_with_an_estimate() -> None:
    assert len(fan().elements("polygon")) == 1
    assert fan(range_at_end=None).elements("polygon") == []
    assert "estimate" not in fan(range_at_end=None).texts


def test_a_license_without_a_notice_period_has_no_notice() -> None:
    assert "Cancel by" not in fan(notice=None).texts


def test_the_line_of_users_breaks_at_the_method_change_and_the_partial_month_is_hollow() -> None:
    lines = fan().elements("path", stroke=COLORS.accent)
    hollow = fan().elements("circle", fill="#ffffff")

    assert len(lines) == 2
    assert len(hollow) == 1


def test_a_distance_that_is_too_small_for_its_label_has_none() -> None:
    users = [*USERS[:-1], Value(39.5)]

    assert "10 inactive" not in fan(users=users).texts
    assert "20 unassigned" in fan(users=users).texts


def test_an_empty_label_is_not_drawn() -> None:
    chart = fan(labels=replace(LABELS, partial="", inactive=""))

    assert "" not in chart.texts


def test_without_an_end_the_lines_go_to_the_reported_month_and_the_seats_stay() -> None:
    chart = fan(notice=None, range_at_end=None, end=None)

    assert "License ends" not in chart.texts
    assert "60 seats" in chart.texts


def test_the_names_of_near_lines_stand_above_and_below_them() -> None:
    chart = fan(users=[Value(29), Value(30), Value(34), Value(39)], labels=replace(LABELS, inactive=""))

    for above, below in ((LABELS.accounts[0], LABELS.users[0]), (LABELS.accounts[1], LABELS.users[1])):
        assert chart.place(below)[1] - chart.place(above)[1] > 15


def test_the_names_at_the_ends_stand_before_them_if_the_deadline_is_near() -> None:
    near, far = (fan(end=Deadline(months, END.label), notice=None, range_at_end=None) for months in (0.2, 9.0))

    assert near.place("40 accounts")[1] < far.place("40 accounts")[1]
    assert near.elements("text", text_anchor="end", font_weight="600") != []


def test_a_partial_last_month_has_a_hollow_dot_only() -> None:
    chart = fan(users=[Value(20), Value(25), Value(28), Value(30, partial=True)])

    assert len(chart.elements("circle", fill="#ffffff")) == 1
    assert chart.elements("circle", fill=COLORS.accent) == []


def test_the_label_of_the_range_keeps_clear_of_the_label_of_the_seats() -> None:
    chart = fan(range_at_end=Range(58, 60, RANGE.label))

    assert chart.place("44 to 52 accounts")[1] - chart.place("60 seats")[1] >= 9

    over = fan(range_at_end=Range(61, 66, RANGE.label))
    assert over.place("60 seats")[1] - over.place("estimate")[1] >= 9
