"""Tests of agent usage without a price: a cost of 0 with tokens is no spend of 0."""

from typing import Any

import pytest
from small_organization import AgentUse, Build, Json, Organization, TeamUse, history, kpi

from tabnine_report.model.data_quality import CheckResult, CrossCheck
from tabnine_report.model.figure import State
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import AgentSpend

NOT_PRICED = "The API reports tokens at a cost of 0, so no price is set for them."


class Tokens(AgentUse):
    """Agent usage with fields of the bucket and of each model replaced."""

    fields: Json
    model_fields: dict[str, Json]

    def __init__(self, *, fields: Json | None = None, models: dict[str, Json] | None = None, **more: Any) -> None:
        super().__init__(models=dict.fromkeys(models or {}), **more)
        self.fields, self.model_fields = fields or {}, models or {}

    def bucket(self, month: Month, users: int | None, cost: float | None, models: list[Json] | None = None) -> Json:
        rows = models and [{**row, **self.model_fields.get(row["model"], {})} for row in models]
        return super().bucket(month, users, cost, rows) | self.fields


def agents_of(report: MonthlyReport) -> AgentSpend:
    assert report.seats.agents is not None
    return report.seats.agents


def agent_checks(report: MonthlyReport) -> dict[str, CrossCheck]:
    return {one.name: one for one in report.data_quality.checks if one.name.startswith("Agent")}


@pytest.mark.parametrize("month", ["2026-09", "2026-10"])
def test_a_cost_of_0_with_tokens_is_unavailable(acme: Organization, build: Build, month: str) -> None:
    cost: dict[str, float | None] = {"2026-09": 800.0, "2026-10": 1000.0}
    acme.agents = AgentUse(cost=cost | {month: 0}, models={})
    report = build(acme)
    months = {point.period: point.figure for point in history(kpi(report, "agent_spend"))}

    assert (months[month].value, months[month].state, months[month].reason) == (None, State.UNAVAILABLE, NOT_PRICED)
    assert kpi(report, "agent_tokens").figure.value == 1000
    assert "USD\xa00" not in report.model_dump_json()


def test_the_report_states_why_the_spend_is_not_available(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse(cost={"2026-10": 0}, models={"a": 0})
    report = build(acme, targets={"agent_spend_usd": 500})

    assert agents_of(report).title == "Agent spend in October is not available."
    assert "Unavailable: Agent users, Agent spend" in report.data_quality.summary
    assert kpi(report, "agent_spend").note == f"budget USD\xa0500 · {NOT_PRICED}"
    (model,) = agents_of(report).models
    assert (model.tokens.value, model.cost.reason, model.share.reason) == (500, NOT_PRICED, NOT_PRICED)


@pytest.mark.parametrize(
    "tokens",
    [
        {"totalTokensConsumed": 5, "totalInputTokens": None, "totalOutputTokens": None},
        {"totalTokensConsumed": None, "totalInputTokens": 5, "totalOutputTokens": None},
        {"totalTokensConsumed": None, "totalInputTokens": None, "totalOutputTokens": 5},
    ],
)
def test_any_tokens_prove_that_there_is_no_price(acme: Organization, build: Build, tokens: Json) -> None:
    acme.agents = Tokens(cost={"2026-10": 0}, fields=tokens)

    assert kpi(build(acme), "agent_spend").figure.reason == NOT_PRICED


@pytest.mark.parametrize("none", [0, None])
def test_a_cost_of_0_without_tokens_is_a_spend_of_0(acme: Organization, build: Build, none: int | None) -> None:
    tokens = {"totalTokensConsumed": none, "totalInputTokens": none, "totalOutputTokens": none}
    acme.agents = Tokens(cost={"2026-10": 0}, fields=tokens)
    figure = kpi(build(acme), "agent_spend").figure

    assert (figure.value, figure.state) == (0, State.MEASURED)


def test_a_partly_priced_list_is_a_lower_bound(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse(models={"a": 1000.0, "b": 0, "c": 0})
    report = build(acme, targets={"agent_spend_usd": 5000})
    spend = kpi(report, "agent_spend")

    assert (spend.figure.value, spend.figure.state) == (1000, State.PARTIAL)
    assert spend.figure.at_least
    assert spend.figure.reason == ("2 of 3 language models have tokens at a cost of 0, so no price is set for them.")
    assert agents_of(report).title == "Agent spend was at least USD\xa01,000 in October."
    assert [(model.name, model.cost.value) for model in agents_of(report).models] == [
        ("a", 1000),
        ("b", None),
        ("c", None),
    ]
    assert spend.target is not None
    assert spend.target.met is None
    assert spend.change is not None
    assert not spend.change.absolute.known


@pytest.mark.parametrize(
    ("models", "cost", "state"),
    [
        ({"a": 0.0}, 0.0, State.UNAVAILABLE),
        ({"a": 1000.0, "b": 0.0}, 200.0, State.PARTIAL),
        ({"a": 1000.0}, 200.0, State.MEASURED),
        # The models have prices, but this team's tokens do not.
        ({"a": 1000.0}, 0.0, State.UNAVAILABLE),
    ],
)
@pytest.mark.parametrize("agents", [8, 0])
def test_spend_of_a_team_has_the_organizations_prices(  # noqa: PLR0917 - four are the case
    acme: Organization, build: Build, models: dict[str, float | None], cost: float, state: State, agents: int
) -> None:
    acme.with_teams(t1=TeamUse(agents=agents), t2=TeamUse(agents=8))
    acme.agents = AgentUse(
        cost={"2026-10": sum(each or 0 for each in models.values())},
        models=models,
        teams={"t1": (agents or 8, cost), "t2": (8, cost)},
    )
    teams = build(acme).teams

    assert teams is not None
    assert {row.agent_spend.state for row in teams.rows if row.agent_spend} == {state}


@pytest.mark.parametrize(
    ("fields", "models", "failed"),
    [
        ({"totalTokensConsumed": 1000}, {"a": {"tokensConsumed": 600}, "b": {"tokensConsumed": 400}}, set()),
        ({"totalTokensConsumed": 1001}, {"a": {"tokensConsumed": 1001}}, {"Agent tokens: input, output and total"}),
        ({}, {"a": {"tokensConsumed": 999}}, {"Agent tokens: language models and total"}),
        ({"totalInputTokens": 90}, {"a": {"tokensConsumed": 1000}}, {"Agent tokens: input, output and total"}),
    ],
)
def test_tokens_that_do_not_add_up_differ(
    acme: Organization, build: Build, fields: Json, models: dict[str, Json], failed: set[str]
) -> None:
    acme.agents = Tokens(fields=fields, models=models)
    checks = agent_checks(build(acme))

    assert {name for name, one in checks.items() if one.result is CheckResult.DIFFERS} == failed
    assert not checks["Agent tokens: language models and total"].on_page_one


def test_tokens_that_are_missing_are_not_compared(acme: Organization, build: Build) -> None:
    fields = {"totalInputTokens": None, "modelBreakdown": None, "agentTypeBreakdown": [{"type": 7}, "x"]}
    acme.agents = Tokens(fields=fields)

    assert {one.result for one in agent_checks(build(acme)).values()} == {CheckResult.NOT_POSSIBLE}
