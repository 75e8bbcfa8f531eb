"""Accounts and active users beside the seats: what the chart shows, and when it leaves."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sample_estimates import METHOD, NOT_GIVEN, RECORD, estimated, not_given, outlook
from sample_report import MONTHS, figure, sample_report, series
from svg_reader import Drawing

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import Fact, SeatOutlook
from tabnine_report.render.charts.svg import HALF
from tabnine_report.render.colors import palette
from tabnine_report.render.views.accounts_outlook import AccountsOutlook, accounts_outlook
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
COLORS = palette("#3b4cca")
LIKELY = outlook(estimated(460, 484, Unit.ACCOUNTS), estimated(36, 60, Unit.SEATS))
EXPIRES = Fact(key="expires", label="License expires", text="31 January 2027", day=date(2027, 1, 31))
NOTICE = Fact(key="notice_by", label="Cancellation deadline", text="15 December 2026", day=date(2026, 12, 15))


def report(*facts: Fact, likely: SeatOutlook | None = None, **adoption: Any) -> MonthlyReport:
    sample = sample_report()
    return sample.model_copy(
        update={
            "seats": sample.seats.model_copy(update={"license": facts, "outlook": likely}),
            "adoption": sample.adoption.model_copy(update=adoption),
        }
    )


def shown(sample: MonthlyReport, room: float = 90.0) -> AccountsOutlook:
    view = accounts_outlook(sample, LANGUAGE, COLORS, room=room)
    assert view is not None
    return view


def texts(sample: MonthlyReport) -> list[str]:
    return Drawing(shown(sample).chart).texts


def test_an_estimate_is_named_and_carries_its_method_and_record() -> None:
    view = shown(report(EXPIRES, NOTICE, likely=LIKELY))

    assert view.lead == "On 31 January 2027, 36 to 60 of the 520 seats would be unassigned (estimate)"
    assert view.sub.endswith(f"The axis starts at 200. {METHOD} {RECORD}")
    chart = Drawing(view.chart)
    assert {"460 to 484 accounts", "36 to 60 unassigned", "estimate"} <= {*chart.texts}
    assert {"License ends", "31 Jan 2027", "Cancel by", "15 Dec 2026"} <= {*chart.texts}
    assert {"447 accounts", "412 active users", "520 seats", "73 unassigned"} <= {*chart.texts}
    assert len(chart.elements("polygon")) == 1


def test_an_estimate_that_is_not_available_is_omitted_with_the_reason() -> None:
    view = shown(report(EXPIRES, likely=outlook(not_given(Unit.ACCOUNTS), not_given(Unit.SEATS))))

    assert view.lead == "447 accounts at the end of October 2026, for 520 seats"
    assert view.sub.endswith(NOT_GIVEN)
    assert Drawing(view.chart).elements("polygon") == []


@pytest.mark.parametrize(
    ("free", "lead", "label"),
    [
        (
            (0, 10),
            "On 31 January 2027, up to 10 of the 520 seats would be unassigned, or up to 5 missing (estimate)",
            "up to 10 unassigned",
        ),
        (
            (0, 0),
            "On 31 January 2027, up to 5 seats would be missing in addition to the 520 (estimate)",
            "up to 5 missing",
        ),
    ],
)
def test_seats_that_would_be_too_few_are_stated(free: tuple[int, int], lead: str, label: str) -> None:
    likely = outlook(estimated(510, 525, Unit.ACCOUNTS), estimated(*free, Unit.SEATS), short=5)
    view = shown(report(EXPIRES, likely=likely))

    assert view.lead == lead
    assert label in Drawing(view.chart).texts


def test_an_estimate_of_one_value_is_not_written_as_a_range() -> None:
    likely = outlook(estimated(460, 460, Unit.ACCOUNTS), estimated(60, 60, Unit.SEATS))

    assert {"460 accounts", "60 unassigned"} <= {*texts(report(EXPIRES, likely=likely))}


def test_without_an_end_of_the_license_the_notice_deadline_ends_the_chart() -> None:
    assert "Cancel by" in texts(report(NOTICE))
    assert "License ends" not in texts(report(NOTICE))


@pytest.mark.parametrize("day", [date(2026, 10, 31), date(2028, 12, 1)], ids=["past", "far away"])
def test_an_end_in_the_past_or_far_away_is_not_drawn(day: date) -> None:
    far = EXPIRES.model_copy(update={"day": day})

    assert "License ends" not in texts(report(far))
    assert "Cancel by" not in texts(report(far, NOTICE))
    assert "520 seats" in texts(report(far))


def test_a_notice_deadline_after_the_end_is_not_drawn() -> None:
    late = NOTICE.model_copy(update={"day": date(2027, 3, 1)})

    assert "Cancel by" not in texts(report(EXPIRES, late))


def test_on_a_phone_the_chart_has_no_notice_deadline() -> None:
    narrow = Drawing(shown(report(EXPIRES, NOTICE, likely=LIKELY)).narrow)

    assert narrow.size[0] == HALF
    assert "License ends" in narrow.texts
    assert "Cancel by" not in narrow.texts


def test_a_partial_month_is_named() -> None:
    users = series("Active users", Unit.PEOPLE, [*range(300, 313)], breaks=("2026-05",))

    assert "May: partial" in texts(report(EXPIRES, active_users=users))


def test_the_chart_takes_the_room_that_there_is_within_limits() -> None:
    heights = [Drawing(shown(report(EXPIRES), room=room).chart).size[1] for room in (0, 60, 500)]

    assert heights[0] == 90
    assert 90 < heights[1] < 216
    assert heights[2] == 216


def test_an_axis_from_zero_needs_no_remark() -> None:
    users = series("Active users", Unit.PEOPLE, [*range(1, 14)])

    assert "axis" not in shown(report(EXPIRES, active_users=users)).sub


@pytest.mark.parametrize("months", [0, 1, 3])
def test_with_fewer_than_four_months_there_is_no_chart(months: int) -> None:
    few = series("Accounts", Unit.ACCOUNTS, [None] * (len(MONTHS) - months) + [440] * months)

    assert accounts_outlook(report(EXPIRES, accounts=few), LANGUAGE, COLORS, room=90) is None


def test_without_a_number_of_seats_or_of_this_months_users_there_is_no_chart() -> None:
    unknown = series("Active users", Unit.PEOPLE, [300] * 12 + [None])
    assert accounts_outlook(report(EXPIRES, active_users=unknown), LANGUAGE, COLORS, room=90) is None

    sample = report(EXPIRES)
    missing = Figure.unavailable(Unit.SEATS, "The license could not be fetched.")
    kpis = tuple(kpi.model_copy(update={"figure": missing}) if kpi.key == "seats" else kpi for kpi in sample.seats.kpis)
    without = sample.model_copy(update={"seats": sample.seats.model_copy(update={"kpis": kpis})})
    assert accounts_outlook(without, LANGUAGE, COLORS, room=90) is None


def test_a_distance_whose_number_is_not_known_has_no_label() -> None:
    sample = report(EXPIRES)
    kpis = tuple(
        kpi.model_copy(update={"figure": figure(None, Unit.SEATS)}) if kpi.key == "unassigned_seats" else kpi
        for kpi in sample.seats.kpis
    )

    without = sample.model_copy(update={"seats": sample.seats.model_copy(update={"kpis": kpis})})
    assert not any("unassigned" in text for text in texts(without))
