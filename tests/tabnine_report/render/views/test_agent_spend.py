"""Agent spend by month and by language model: what the page shows, and when it leaves."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sample_estimates import METHOD, NOT_GIVEN, RECORD, estimated, not_given
from sample_money import COSTS, dollars, report_with_money
from sample_report import MONTHS, figure, sample_report
from svg_reader import Drawing

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import ModelSpend
from tabnine_report.model.series import Point, Series
from tabnine_report.render.colors import palette
from tabnine_report.render.views.agent_spend import Models, SpendHistory, known_spend, models, spend_history
from tabnine_report.text.formats import NO_BREAK
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
COLORS = palette("#3b4cca")
UUID = "5b0c1f0e-6c58-4b0e-9a3e-0b3f6d6f1a01"


def with_agents(report: MonthlyReport | None = None, **changes: Any) -> MonthlyReport:
    report = report or report_with_money()
    assert report.seats.agents is not None
    agents = report.seats.agents.model_copy(update=changes)
    return report.model_copy(update={"seats": report.seats.model_copy(update={"agents": agents}), "page_one_kpis": ()})


def with_costs(costs: list[float | None], **changes: Any) -> MonthlyReport:
    agents = report_with_money().seats.agents
    assert agents is not None
    (spend,) = agents.kpis
    points = tuple(Point(period=str(month), figure=dollars(cost)) for month, cost in zip(MONTHS, costs, strict=True))
    history = Series(label="Agent spend", unit=Unit.MONEY, points=points)
    return with_agents(kpis=(spend.model_copy(update={"figure": points[-1].figure, "history": history, **changes}),))


def history_of(report: MonthlyReport, width: float = 243.78) -> SpendHistory:
    view = spend_history(report, LANGUAGE, COLORS, width=width)
    assert view is not None
    return view


def models_of(report: MonthlyReport) -> Models:
    view = models(report, LANGUAGE, COLORS)
    assert view is not None
    return view


def model(name: str, cost: float | None, tokens: float | None = 2_000_000) -> ModelSpend:
    spend = dollars(cost)
    return ModelSpend(
        name=name,
        tokens=figure(tokens, Unit.TOKENS),
        cost=spend,
        share=Figure.unavailable(Unit.SHARE, "small") if cost is None else Figure(value=0.5, unit=Unit.SHARE),
        per_million=dollars(None if cost is None or tokens is None else cost / tokens * 1_000_000),
    )


def test_the_months_start_with_the_first_spend_and_the_budget_is_a_line() -> None:
    view = history_of(with_agents())
    chart = Drawing(view.chart)

    assert view.lead == "Agent spend was USD 3,140 in October"
    assert view.sub == "USD a month."
    assert len(chart.rects(fill=COLORS.past)) == sum(cost is not None for cost in COSTS) - 1
    assert {f"Budget: USD{NO_BREAK}3,500", "3,140", "2,210", "Feb 2026", "Oct"} <= {*chart.texts}


def test_a_forecast_is_named_as_an_estimate_with_its_record() -> None:
    view = history_of(with_agents(forecast=estimated(3600, 3600, Unit.MONEY, "2026-11")))
    chart = Drawing(view.chart)

    assert view.sub == f"USD a month. Dashed column: estimate. {METHOD} {RECORD}"
    assert {f"estimate: USD{NO_BREAK}3,600", "Nov"} <= {*chart.texts}
    assert len(chart.rects(stroke_dasharray="1.7 1.3")) == 1


def test_a_forecast_that_is_not_available_is_omitted_with_the_reason() -> None:
    view = history_of(with_agents(forecast=not_given(Unit.MONEY, "2026-11")))

    assert view.sub == f"USD a month. No estimate is available. {NOT_GIVEN}"
    assert Drawing(view.chart).rects(stroke_dasharray="1.7 1.3") == []


def test_without_a_budget_there_is_no_line() -> None:
    chart = Drawing(history_of(with_costs([10.0] * 13, target=None)).chart)

    assert chart.elements("line", stroke=COLORS.ink) == []
    assert "10.00" in chart.texts


def test_labels_that_would_touch_are_only_on_every_second_column() -> None:
    costs: list[float | None] = [50_000.0 + at for at in range(13)]
    narrow, wide = (Drawing(history_of(with_costs(costs), width).chart).texts for width in (120.0, 504.57))

    assert narrow.count("50K") == 2
    assert wide.count("50K") == 3


def test_a_partial_month_is_explained() -> None:
    report = with_costs([*[10.0] * 12, 20.0])
    assert report.seats.agents is not None
    (spend,) = report.seats.agents.kpis
    assert spend.history is not None
    first, *rest = spend.history.points
    first = first.model_copy(update={"figure": first.figure.partial("Both versions counted.")})
    history = spend.history.model_copy(update={"points": (first, *rest)})
    partial = with_agents(report, kpis=(spend.model_copy(update={"history": history}),))

    assert "Hollow: partial." in history_of(partial).sub


@pytest.mark.parametrize("months", [1, 2])
def test_with_fewer_than_three_months_there_are_no_columns(months: int) -> None:
    report = with_costs([None] * (13 - months) + [10.0] * months)

    assert spend_history(report, LANGUAGE, COLORS, width=100) is None


def test_without_agent_spend_nothing_is_shown() -> None:
    for report in (sample_report(), with_costs([10.0] * 12 + [None])):
        assert known_spend(report) is None
        assert spend_history(report, LANGUAGE, COLORS, width=100) is None
    assert models(sample_report(), LANGUAGE, COLORS) is None


def test_an_id_in_place_of_a_name_is_cut_and_explained() -> None:
    view = models_of(with_agents(models=(model(UUID, 60.0), model("gpt", 40.0))))

    assert [row.name for row in view.rows] == ["5b0c1f0e…", "gpt"]
    assert view.lead == "5b0c1f0e…: 50.0% of agent spend"
    assert view.note == "5b0c1f0e…: the API returns an ID instead of a name for this model."


def test_the_numbers_have_their_units_in_the_head() -> None:
    tokens = Kpi(key="agent_tokens", label="Agent tokens", figure=figure(4_000_000, Unit.TOKENS))
    agents = report_with_money().seats.agents
    assert agents is not None
    view = models_of(with_agents(models=(model("a", 60.0), model("b", 40.5, 30_000)), kpis=(*agents.kpis, tokens)))

    assert view.currency == "USD"
    assert [(row.cost, row.tokens, row.per_million) for row in view.rows] == [
        ("60.00", "2.0", "30.00"),
        ("40.50", "<0.1", "1,350.00"),
    ]
    assert view.total is not None
    assert (view.total.name, view.total.cost, view.total.tokens, view.total.per_million) == (
        "All models",
        "3,140.25",
        "4.0",
        "–",
    )


def test_large_numbers_have_no_decimals() -> None:
    view = models_of(with_agents(models=(model("a", 150_000.4, 2.5e9), model("b", 40.4, 100_000))))

    assert [(row.cost, row.tokens) for row in view.rows] == [("150,000", "2,500"), ("40", "<1")]


def test_a_model_without_a_price_has_a_dash_and_a_reason() -> None:
    view = models_of(with_agents(models=(model("a", None), model("b", None, None))))

    assert view.lead == "Agent spend by language model"
    assert [(row.cost, row.bar, row.tokens, row.per_million) for row in view.rows] == [
        ("–", "", "2.0", "–"),
        ("–", "", "–", "–"),
    ]
    assert view.note.startswith("–: The API returned no totalCost.")


@pytest.mark.parametrize(("number", "rows", "note"), [(4, 4, ""), (5, 3, "2 more models are in the workbook.")])
def test_models_beyond_the_room_are_counted(number: int, rows: int, note: str) -> None:
    view = models_of(with_agents(models=tuple(model(f"model {at}", 10.0 - at) for at in range(number))))

    assert (len(view.rows), view.note) == (rows, note)


def test_a_single_model_has_no_sum() -> None:
    assert models_of(with_agents(models=(model("a", 60.0),))).total is None
