"""Tests of seat spend and agent spend, computed by hand."""

from datetime import UTC, date, datetime

import pytest
from small_organization import AgentUse, Build, Organization, change, history, kpi

from tabnine_report.archive.report_digest import report_digest, supersedes
from tabnine_report.model.data_quality import CheckResult
from tabnine_report.model.figure import State
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import AgentSpend, Fact

PRICE = (39, "EUR")


def agents_of(report: MonthlyReport) -> AgentSpend:
    assert report.seats.agents is not None
    return report.seats.agents


def keys(report: MonthlyReport) -> list[str]:
    return [tile.key for tile in report.page_one_kpis]


def test_without_a_price_there_is_no_seat_spend(acme: Organization, build: Build) -> None:
    report = build(acme)

    assert keys(report) == ["active_users", "average_daily_active_users", "unused_seats", "agent_users"]
    assert report.seats.money == ()


def test_seat_spend_is_seats_times_price(acme: Organization, build: Build) -> None:
    # 60 seats, 10 of them unassigned; of the 50 accounts, 40 people used theirs.
    report = build(acme, price=PRICE)
    costs = {one.key: (one.figure.value, one.figure.currency, one.note) for one in report.seats.money}

    assert costs == {
        "seat_spend": (2340, "EUR", "60 seats × EUR\xa039 per month; reducible only at renewal"),
        "unassigned_seat_spend": (
            390,
            "EUR",
            "10 seats × EUR\xa039 per month; can be assigned now, reducible only at renewal",
        ),
        "inactive_account_spend": (
            390,
            "EUR",
            (
                "at least 10 seats × EUR\xa039 per month; can be reassigned now, reducible only at renewal; people who "
                "left during the month may have been active"
            ),
        ),
    }
    assert keys(report)[-1] == "seat_spend"
    assert kpi(report, "seat_spend").figure.as_of == acme.now
    assert kpi(report, "inactive_account_spend").figure.as_of is None


def test_inactive_accounts_beyond_the_seats_have_no_cost(acme: Organization, build: Build) -> None:
    acme.license["seats"] = 45
    report = build(acme, price=PRICE)

    assert kpi(report, "unassigned_seat_spend").figure.value == 0
    assert kpi(report, "inactive_account_spend").figure.reason.startswith("The seats are over-assigned by 5: ")
    assert [action.worth for action in report.recommended_actions] == ["at least 10 accounts"]


def test_inactive_accounts_cost_nothing_known_without_a_seat_limit(acme: Organization, build: Build) -> None:
    acme.license["seats"], acme.v1.people["2026-10"] = "unlimited", 25
    report = build(acme, price=PRICE)

    assert {one.figure.reason for one in report.seats.money} == {"The license has no seat limit."}
    assert [action.rule for action in report.recommended_actions] == ["reassign_inactive_accounts"]
    assert report.recommended_actions[0].worth == "at least 25 accounts"


def test_seat_spend_inherits_the_state_of_its_seats(acme: Organization, build: Build) -> None:
    acme.failed["license"] = 403
    report = build(acme, price=PRICE)

    assert kpi(report, "seat_spend").figure.reason == "The license could not be fetched."
    assert kpi(report, "unassigned_seat_spend").figure.value is None
    assert kpi(report, "inactive_account_spend").figure.value == 390


def test_agent_spend_has_a_change_a_history_and_models(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse()
    report = build(acme)
    cost, found = kpi(report, "agent_spend"), agents_of(report)

    assert keys(report)[-1] == "agent_spend"
    assert (cost.figure.value, cost.figure.currency, cost.figure.state) == (1000, "USD", State.MEASURED)
    assert (change(cost).absolute.value, change(cost).absolute.currency, change(cost).relative.value) == (
        200,
        "USD",
        0.25,
    )
    assert [point.figure.value for point in history(cost)][-3:] == [None, 800, 1000]
    assert found.title == "Agent spend was USD\xa01,000 in October, USD\xa0200 more than in September."
    assert [(one.key, one.figure.value) for one in found.kpis[1:]] == [
        ("agent_tokens", 1000),
        ("agent_input_tokens", 900),
        ("agent_output_tokens", 100),
    ]
    assert [(one.name, one.tokens.value, one.cost.value, one.share.value) for one in found.models] == [
        ("5b0c1f0e-6c58", 500, 750, 0.75),
        ("sonnet", 500, 250, 0.25),
    ]
    assert [(one.per_million.value, one.per_million.currency) for one in found.models] == [
        (1_500_000, "USD"),
        (500_000, "USD"),
    ]
    assert report.complete


def test_model_costs_that_do_not_add_up_differ(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse(models={"a": 750.0, "b": 240.0})
    (check,) = [one for one in build(acme).data_quality.checks if one.name.startswith("Agent spend")]

    assert (check.result, check.on_page_one) == (CheckResult.DIFFERS, True)
    assert check.sentence == ("Sum over the language models: USD\xa0990; total: USD\xa01,000.")


def test_rounding_to_the_cent_is_tolerated(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse(models={"a": 750.01, "b": 250.01})
    (check,) = [one for one in build(acme).data_quality.checks if one.name.startswith("Agent spend")]

    assert check.result is CheckResult.AGREES


def test_missing_agent_spend_is_not_zero(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse(cost={"2026-10": None}, models={"a": None})
    report = build(acme)

    assert kpi(report, "agent_spend").figure.reason == "The API returned no totalCost for October 2026."
    assert agents_of(report).title == "Agent spend in October is not available."
    (model,) = agents_of(report).models
    assert model.cost.reason == "The API returned no modelBreakdown.cost for October 2026."
    (check,) = [one for one in report.data_quality.checks if one.name.startswith("Agent spend")]
    assert check.result is CheckResult.NOT_POSSIBLE


def test_agent_spend_that_is_not_offered_leaves_the_report_complete(acme: Organization, build: Build) -> None:
    acme.failed["agent-usage"] = 404
    report = build(acme)

    assert report.complete
    assert "agent_spend" not in keys(report)
    assert (agents_of(report).kpis, agents_of(report).models) == ((), ())
    assert agents_of(report).title == (
        "Agent spend is not available. The API does not offer it to this organization (HTTP status 404)."
    )
    (line,) = [one for one in report.data_quality.data_sources if one.endpoint == "agent-usage"]
    assert line.state == "not offered"
    assert report.data_quality.summary.startswith("7 of 7 data sources")
    assert not any(one.name.startswith("Agent spend") for one in report.data_quality.checks)
    assert not any("US dollars" in note for note in report.data_quality.notes)


@pytest.mark.parametrize("status", [403, 500, 503])
def test_other_errors_are_failures_of_the_endpoint(acme: Organization, build: Build, status: int) -> None:
    acme.failed["agent-usage"] = status
    report = build(acme)

    assert not report.complete
    assert agents_of(report).title.endswith("Agent usage could not be fetched.")


def test_a_later_run_without_agent_spend_keeps_the_known_figure(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse()
    first = build(acme)
    acme.failed["agent-usage"] = 500
    second = build(acme)

    assert report_digest(second) != report_digest(first)
    assert not supersedes(second, first)
    assert supersedes(first, second)


def test_the_organizations_first_month_has_a_partial_cost(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse()
    acme.now = datetime(2026, 10, 20, tzinfo=UTC)

    assert kpi(build(acme), "agent_spend").figure.state is State.PARTIAL


def test_notice_and_days_left_do_not_change_the_digest(acme: Organization, build: Build) -> None:
    first = build(acme, targets={"notice_by": date(2026, 11, 30)})
    acme.now = datetime(2026, 11, 3, 6, tzinfo=UTC)
    second = build(acme, targets={"notice_by": date(2026, 11, 30)})

    assert first.seats.license[-1] == Fact(
        key="notice_by", label="Cancellation deadline", text="30 November 2026, in 28 days", day=date(2026, 11, 30)
    )
    assert second.seats.license[-1].text == "30 November 2026, in 27 days"
    assert report_digest(first) == report_digest(second) == report_digest(build(acme))


def test_a_past_notice_deadline_shows_its_age(acme: Organization, build: Build) -> None:
    report = build(acme, targets={"notice_by": date(2026, 11, 1)})

    assert report.seats.license[-1].text == "1 November 2026, 1 day ago"
