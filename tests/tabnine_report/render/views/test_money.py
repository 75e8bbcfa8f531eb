"""The page on money: its tables, unit costs and foot, and when the page leaves."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sample_money import dollars, report_with_money, seat_breakdown
from sample_report import figure, sample_report

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.kpi import Change, Kpi, Target
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import Fact
from tabnine_report.render.colors import palette
from tabnine_report.render.views.money import Money, SeatTable, TargetRow, money
from tabnine_report.text.formats import NO_BREAK
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
COLORS = palette("#3b4cca")
MISSING = Figure.unavailable(Unit.SEATS, "The license could not be fetched.")


def page(report: MonthlyReport) -> Money:
    view = money(report, LANGUAGE, COLORS)
    assert view is not None
    return view


def with_seats(report: MonthlyReport, **changes: Any) -> MonthlyReport:
    return report.model_copy(update={"seats": report.seats.model_copy(update=changes)})


def with_kpis(report: MonthlyReport, **changes: dict[str, Any]) -> MonthlyReport:
    kpis = tuple(kpi.model_copy(update=changes.get(kpi.key, {})) for kpi in report.seats.kpis)
    return with_seats(report, kpis=kpis)


def without_license(report: MonthlyReport) -> MonthlyReport:
    missing = {"figure": MISSING}
    return with_kpis(
        with_seats(report, money=(), license=(), breakdown=None, title="The number of seats is not known."),
        seats=missing,
        unassigned_seats=missing,
        unused_seats=missing,
    )


def table(report: MonthlyReport) -> SeatTable:
    view = page(report).seats
    assert view is not None
    return view


def test_the_seats_add_up_with_share_and_money() -> None:
    view = table(with_seats(report_with_money(), breakdown=seat_breakdown()))

    assert (view.heading, view.has_shares, view.currency) == ("Seats in October 2026", True, "EUR")
    assert [(row.label, row.number, row.share, row.spend, row.is_total) for row in view.rows] == [
        ("Used", "412", "79.2%", "16,068", False),
        ("Inactive (at least)", "35", "6.7%", "1,365", False),
        ("Unassigned", "73", "14.0%", "2,847", False),
        ("All seats", "520", "100.0%", "20,280", True),
    ]


def test_without_a_price_the_seats_have_no_money() -> None:
    view = table(with_seats(sample_report(), breakdown=seat_breakdown(price=None)))

    assert view.currency == ""
    assert {row.spend for row in view.rows} == {""}


def test_few_seats_have_no_shares() -> None:
    assert not table(with_seats(sample_report(), breakdown=seat_breakdown(price=None, few=True))).has_shares


def test_parts_that_are_not_known_leave_the_known_numbers() -> None:
    view = table(with_kpis(sample_report(), unassigned_seats={"figure": figure(73, Unit.SEATS)}))

    assert [(row.label, row.number) for row in view.rows] == [
        ("Seats bought", "520"),
        ("Accounts at the end of the month", "447"),
        ("Unassigned seats", "73"),
        ("Inactive accounts", "35"),
    ]
    assert not any(row.is_total for row in view.rows)


def test_dates_and_targets_are_listed_with_the_word_for_their_state() -> None:
    facts = (
        Fact(key="issued", label="License issued", text="1 February 2026", day=date(2026, 2, 1)),
        Fact(key="expires", label="License expires", text="1 February 2027", day=date(2027, 2, 1)),
        Fact(key="days_left", label="Days left", text="91 days"),
        Fact(
            key="notice_by",
            label="Cancellation deadline",
            text="15 December 2026, in 43 days",
            day=date(2026, 12, 15),
        ),
    )
    missed = Target(value=figure(50, Unit.SEATS), met=False, words="target of 50 missed")
    report = with_kpis(with_seats(report_with_money(), license=facts), unassigned_seats={"target": missed})

    assert page(report).terms == (
        TargetRow("Cancellation deadline", "15 December 2026, in 43 days", "", is_missed=False),
        TargetRow("License expires", "1 February 2027, in 91 days", "", is_missed=False),
        TargetRow("Unassigned seats", "at most 50", "73, missed", is_missed=True),
        TargetRow("Agent budget", f"USD{NO_BREAK}3,500 a month", "3,140, met", is_missed=False),
    )


def test_an_expired_license_states_since_when_and_one_without_an_end_states_that() -> None:
    expired = (
        Fact(key="expires", label="License expires", text="1 October 2026", day=date(2026, 10, 1)),
        Fact(key="days_since_end", label="Days since it expired", text="32 days"),
    )
    never = (Fact(key="expires", label="License expires", text="never"),)

    assert page(with_seats(sample_report(), license=expired)).terms[0].target == "1 October 2026, 32 days ago"
    assert page(with_seats(sample_report(), license=never)).terms[0].target == "never"


@pytest.mark.parametrize(
    ("reached", "state"),
    [(figure(73, Unit.SEATS).partial("Late."), "73, not determined"), (MISSING, "unavailable")],
)
def test_a_target_without_a_result_is_neither_met_nor_missed(reached: Figure, state: str) -> None:
    target = Target(value=figure(50, Unit.SEATS), met=None, words="target of 50")
    report = with_kpis(report_with_money(), unassigned_seats={"target": target, "figure": reached})

    assert TargetRow("Unassigned seats", "at most 50", state, is_missed=False) in page(report).terms


def test_unit_costs_have_their_change_or_note_and_unknown_ones_leave() -> None:
    change = Change(since="2026-09", absolute=dollars(-0.5), relative=Figure(value=-0.068, unit=Unit.SHARE))
    costs = (
        Kpi(key="seat_price", label="Seat price", figure=Figure.money(39, "EUR"), note="as set in the profile"),
        Kpi(key="agent_spend_per_agent_user", label="Per agent user", figure=dollars(7.39), change=change, note="171"),
        Kpi(key="agent_spend_per_million_tokens", label="Per million tokens", figure=dollars(None)),
    )
    view = page(with_seats(report_with_money(), unit_costs=costs))

    assert [(cost.value, cost.label, cost.note) for cost in view.unit_costs] == [
        (f"EUR{NO_BREAK}39.00", "a seat a month", ("as set in the profile",)),
        (f"USD{NO_BREAK}7.39", "of agents per agent user", (f"▼ USD{NO_BREAK}0.50 (6.8%)",)),
    ]


def test_spends_in_different_currencies_are_never_added() -> None:
    assert page(report_with_money()).foot.endswith("Seat spend is in EUR, agent spend in USD; the two are never added.")
    assert page(sample_report()).foot == "Seats as of 2 November 2026."


def test_without_a_license_the_page_is_about_agents() -> None:
    view = page(without_license(report_with_money()))

    assert view.title == "Agent spend was USD 3,140 in October."
    assert view.seats is None
    assert view.outlook is None
    assert view.spend is not None
    assert view.spend.lead == "Agent spend by month"
    assert "Seats" not in view.foot


def test_without_agents_the_page_is_about_seats() -> None:
    view = page(with_seats(sample_report(), breakdown=seat_breakdown()))

    assert view.title == sample_report().seats.title
    assert (view.spend, view.models, view.agent_figures) == (None, None, ())
    assert view.outlook is not None


def test_with_few_months_of_agent_spend_its_figures_take_the_place_of_columns() -> None:
    report = report_with_money()
    assert report.seats.agents is not None
    (spend,) = report.seats.agents.kpis
    few = {"kpis": (spend.model_copy(update={"history": None}),)}
    with_models = with_seats(report, agents=report.seats.agents.model_copy(update=few))
    agents = report.seats.agents.model_copy(update={**few, "models": ()})
    view = page(with_seats(report, agents=agents))

    assert view.spend is None
    assert page(with_models).agent_figures == ()
    assert [(amount.value, amount.label) for amount in view.agent_figures] == [
        (f"USD{NO_BREAK}3,140.25", "Agent spend")
    ]


def test_the_page_shows_the_number_of_seats_even_if_nothing_else_is_known() -> None:
    sample = with_kpis(sample_report(), unassigned_seats={"figure": MISSING})

    shown = money(sample, LANGUAGE, COLORS)
    assert shown is not None
    assert shown.seats is not None
    assert next((line.label, line.number) for line in shown.seats.rows) == ("Seats bought", "520")


def test_the_page_leaves_without_spend_seats_and_license() -> None:
    assert money(without_license(sample_report()), LANGUAGE, COLORS) is None


def test_the_numbers_of_the_charts_are_listed_by_month() -> None:
    months = page(report_with_money()).months

    assert months.labels == ("Accounts at the end of the month", "Active users", "Agent spend")
    assert months.rows[0][0] == "2026-10"
