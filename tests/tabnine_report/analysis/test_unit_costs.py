"""Unit costs of seats and agents, computed by hand, and their reasons where there is none."""

import pytest
from small_organization import AgentUse, Build, Organization, Usage, change, history, kpi

from tabnine_report.model.figure import Figure, Source
from tabnine_report.model.prior_reports import PriorReports, SealedMonth
from tabnine_report.model.report import MonthlyReport

PRICE = (39, "EUR")
SEATS = ("seat_price", "seat_spend_per_active_user")
AGENTS = ("agent_spend_per_agent_user", "agent_spend_per_million_tokens")


@pytest.fixture
def acme(acme: Organization) -> Organization:
    """60 seats, 40 active users; 25 agent users and USD 1,000 in October, 20 and USD 800 in September, 1,000 tokens."""
    acme.agents = AgentUse()
    acme.v1.blocks |= {"2026-09": {"agent": {"activeUsers": 20}}, "2026-10": {"agent": {"activeUsers": 25}}}
    return acme


def keys(report: MonthlyReport) -> tuple[str, ...]:
    return tuple(one.key for one in report.seats.unit_costs)


def sealed(**amounts: Figure) -> PriorReports:
    return PriorReports(months=(SealedMonth(month="2026-09", revision=1, figures=amounts),))


def test_unit_costs_are_spend_over_what_it_paid_for(acme: Organization, build: Build) -> None:
    report = build(acme, price=PRICE)

    assert {one.key: (one.figure.value, one.figure.currency, one.note) for one in report.seats.unit_costs} == {
        "seat_price": (39, "EUR", "as set in the profile"),
        "seat_spend_per_active_user": (58.5, "EUR", "EUR\xa02,340 for 40 active users"),
        "agent_spend_per_agent_user": (40, "USD", "USD\xa01,000 for 25 agent users"),
        "agent_spend_per_million_tokens": (1_000_000, "USD", "USD\xa01,000 for 1,000 tokens"),
    }
    assert kpi(report, "seat_spend_per_active_user").figure.as_of == acme.now
    assert change(kpi(report, "agent_spend_per_agent_user")).absolute.value == 0
    assert [point.figure.value for point in history(kpi(report, "agent_spend_per_agent_user"))][-3:] == [None, 40, 40]


def test_only_known_prices_have_unit_costs(acme: Organization, build: Build) -> None:
    assert keys(build(acme)) == AGENTS
    acme.agents = None
    assert keys(build(acme, price=PRICE)) == SEATS
    assert keys(build(acme)) == ()


def test_a_cost_per_at_least_so_many_active_users_is_at_most_that_high(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-10"] = {"agent": {"activeUsers": 45}}
    per_user = kpi(build(acme, price=PRICE), "seat_spend_per_active_user").figure

    assert (per_user.value, per_user.bound) == (52, "at_most")


def test_a_spend_without_all_prices_is_at_least_that_high_per_user(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse(models={"a": 1000.0, "b": 0.0})
    report = build(acme)

    assert {key: kpi(report, key).figure.bound for key in AGENTS} == dict.fromkeys(AGENTS, "at_least")


def test_a_spend_of_nobody_has_no_unit_cost(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-10"] = {"agent": {"activeUsers": 0}}

    per_user = kpi(build(acme), "agent_spend_per_agent_user")
    assert per_user.figure.reason == per_user.note == "The number to divide by is 0."


def test_a_missing_part_is_the_reason(acme: Organization, build: Build) -> None:
    acme.failed["license"] = 403
    acme.v1.blocks = {}
    report = build(acme, price=PRICE)

    assert kpi(report, "seat_price").figure.value == 39
    assert kpi(report, "seat_spend_per_active_user").figure.reason == "The license could not be fetched."
    assert kpi(report, "agent_spend_per_agent_user").figure.reason == (
        "The API returned no agent.activeUsers for October 2026."
    )


def test_costs_of_seats_are_compared_with_the_archived_report(acme: Organization, build: Build) -> None:
    report = build(
        acme,
        price=PRICE,
        prior_reports=sealed(seat_price=Figure.money(35, "EUR"), seat_spend_per_active_user=Figure.money(60, "EUR")),
    )

    assert change(kpi(report, "seat_price")).absolute.value == 4
    assert change(kpi(report, "seat_spend_per_active_user")).absolute.value == -1.5


def test_amounts_in_another_currency_are_not_compared(acme: Organization, build: Build) -> None:
    amount = Figure.money(2100, "USD", Source(endpoint="/api/v1/license", period="2026-09"))
    report = build(acme, price=PRICE, prior_reports=sealed(seat_spend=amount, seat_price=Figure.money(35, "USD")))

    for key in ("seat_spend", "seat_price"):
        assert change(kpi(report, key)).absolute.reason == "The seat price of September 2026 was in another currency."
        assert {point.figure.currency for point in history(kpi(report, key))} == {"", "EUR"}


def test_costs_per_user_are_not_compared_across_the_method_change(acme: Organization, build: Build) -> None:
    acme.v2 = Usage(people={"2026-10": 40}, blocks={"2026-10": {"agent": {"activeUsers": 25}}}, days=acme.v1.days)
    del acme.v1.people["2026-10"]
    report = build(acme, price=PRICE, prior_reports=sealed(seat_spend_per_active_user=Figure.money(60, "EUR")))

    for key in ("seat_spend_per_active_user", "agent_spend_per_agent_user"):
        assert change(kpi(report, key)).absolute.reason.startswith("Method change in October 2026")
    assert change(kpi(report, "agent_spend_per_million_tokens")).absolute.value == 200_000
