"""Agent spend: its months as columns with budget and forecast, and the table of language models."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tabnine_report.model.estimate import Estimate
from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import AgentSpend, ModelSpend
from tabnine_report.model.series import Series
from tabnine_report.render.charts import svg
from tabnine_report.render.charts.columns import AxisLabel, Labeled
from tabnine_report.render.charts.history_columns import history_columns
from tabnine_report.render.charts.share_bar import share_bar
from tabnine_report.render.colors import Palette
from tabnine_report.render.views.accounts_outlook import range_words
from tabnine_report.render.views.alternative_text import summary
from tabnine_report.render.views.history import break_positions, is_partial, known_from, month_axis, quarterly, values
from tabnine_report.render.views.table_cell import cell
from tabnine_report.text.formats import COMPACT_FROM
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import NAME_LENGTH, sanitize

_LEAST_MONTHS = 3
"""The number of months from which columns are drawn."""
_LABELED_MONTHS = 3
_MOST_ROWS = 4
"""The number of language models that the page has room for."""
_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_ID_LENGTH = 8
_WHOLE_FROM = 100
"""The amount from which the labels of columns have no decimals."""
_WHOLE_COSTS_FROM, _WHOLE_TOKENS_FROM = 10_000, 1_000_000_000
"""The sums from which the table's amounts and its millions of tokens have no decimals, for which it has no room."""
_MILLION = 1_000_000
_DIGIT_WIDTH = 0.6
"""The width of a character of a number relative to the size of the text."""


@dataclass(frozen=True)
class SpendHistory:
    """The months of agent spend: what the chart shows, what its columns mean, and the chart, also for a phone.

    Attributes:
        lead: What it shows.
        sub: What the columns mean.
        chart: The columns.
        narrow: The columns for a phone; None if the usual ones fit.
    """

    lead: str
    sub: str
    chart: Markup
    narrow: Markup | None


@dataclass(frozen=True)
class ModelRow:
    """A language model: its name, the bar of its spend, and its spend, tokens and price per million tokens."""

    name: str
    bar: Markup
    cost: str
    tokens: str
    per_million: str


@dataclass(frozen=True)
class Models:
    """The table of language models.

    Attributes:
        lead: What it shows.
        sub: What is counted.
        currency: The currency of its amounts.
        rows: The models, highest spend first.
        total: The row of all models; None with a single model.
        note: Why numbers and names are missing, and where further models are; may be empty.
    """

    lead: str
    sub: str
    currency: str
    rows: tuple[ModelRow, ...]
    total: ModelRow | None
    note: str


def known_spend(report: MonthlyReport) -> Kpi | None:
    """Return the KPI of the agent spend; None if the API does not report the spend of the month."""
    kpi = report.kpis().get("agent_spend")
    return kpi if kpi is not None and kpi.figure.known else None


def spend_history(report: MonthlyReport, language: Language, colors: Palette, *, width: float) -> SpendHistory | None:
    """Return the months of agent spend as columns; None with too few months."""
    kpi, agents = known_spend(report), report.seats.agents
    series = known_from(kpi.history) if kpi is not None else None
    if kpi is None or agents is None or series is None or len(series.points) < _LEAST_MONTHS:
        return None
    forecast = agents.forecast if agents.forecast is not None and agents.forecast.known else None
    count = len(series.points) + (forecast is not None)
    axis = list(month_axis(series, quarterly(len(series.points)), language))
    if forecast is not None:
        axis.append(AxisLabel(len(series.points), language.month_short(Month.parse(forecast.period))))

    def draw(width: float) -> Markup:
        labeled = _labeled(series, kpi.figure.currency, language, width / count)
        return history_columns(
            values(series, lambda at, _figure: labeled.get(at, "")),
            summary(series, language, kpi.target),
            colors,
            axis=axis,
            breaks=break_positions(series),
            forecast=_forecast(forecast, language) if forecast is not None else None,
            limit=_budget(kpi, language),
            width=width,
        )

    lead = agents.title if report.kpis()["seats"].figure.known else language.translate("page_money.spend")
    return SpendHistory(
        lead=lead.removesuffix("."),
        sub=_history_sub(agents, series, kpi.figure.currency, language),
        chart=draw(width),
        narrow=draw(svg.HALF) if width > svg.HALF else None,
    )


def models(report: MonthlyReport, language: Language, colors: Palette) -> Models | None:
    """Return the table of language models; None if the API does not report them."""
    agents = report.seats.agents
    if agents is None or not agents.models:
        return None
    translate = language.translate
    shown = agents.models if len(agents.models) <= _MOST_ROWS else agents.models[: _MOST_ROWS - 1]
    largest = max(model.cost.value or 0 for model in shown)
    currency = next((model.cost.currency for model in shown if model.cost.currency), "")
    write = _Writer(language, agents.models)
    return Models(
        lead=_models_lead(shown[0], language),
        sub=translate("page_money.models_sub", month=report.month_label),
        currency=currency,
        rows=tuple(
            ModelRow(
                name=model_name(model.name),
                bar=share_bar(model.cost.value, largest, colors, strong=model is shown[0])
                if model.cost.value is not None
                else Markup(),
                cost=write.cost(model.cost),
                tokens=write.tokens(model.tokens),
                per_million=write.price(model.per_million),
            )
            for model in shown
        ),
        total=_total(report, write) if len(agents.models) > 1 else None,
        note=" ".join(_notes(shown, len(agents.models) - len(shown), language)),
    )


def model_name(name: str) -> str:
    """Return the name of a language model; of a UUID, which the API gives in place of a name, the beginning."""
    return f"{name[:_ID_LENGTH]}…" if _ID.fullmatch(name) else sanitize(name, NAME_LENGTH)


def _labeled(series: Series, currency: str, language: Language, step: float) -> dict[int, str]:
    """Return the labels of the last months by position; of every second one if they would touch each other."""
    last = len(series.points) - 1
    labels = {
        at: _short(series.points[at].figure.value or 0, currency, language)
        for at in range(max(last - _LABELED_MONTHS + 1, 0), last + 1)
        if series.points[at].figure.known
    }
    is_wide = max(map(len, labels.values())) * svg.TEXT_SIZE * _DIGIT_WIDTH > step
    return {at: label for at, label in labels.items() if not is_wide or (last - at) % 2 == 0}


def _short(amount: float, currency: str, language: Language) -> str:
    return (
        language.compact(amount)
        if amount >= COMPACT_FROM
        else language.amount(amount, currency, whole=amount >= _WHOLE_FROM)
    )


def _history_sub(agents: AgentSpend, series: Series, currency: str, language: Language) -> str:
    """Return the unit, what hollow columns mean, and how the estimate is computed or why there is none."""
    translate, forecast = language.translate, agents.forecast
    sentences = [
        translate("page_money.spend_sub", currency=currency),
        translate("page_summary.hollow") if is_partial(series) else "",
    ]
    if forecast is not None and forecast.known:
        sentences += [translate("page_summary.dashed"), forecast.method, forecast.record]
    elif forecast is not None:
        sentences.append(translate("page_money.no_estimate", reason=forecast.high.reason))
    return " ".join(filter(None, sentences))


def _forecast(forecast: Estimate, language: Language) -> Labeled:
    return Labeled(
        forecast.high.value or 0,
        language.translate("page_money.forecast", amount=range_words(forecast, language)),
    )


def _budget(kpi: Kpi, language: Language) -> Labeled | None:
    if kpi.target is None or kpi.target.value.value is None:
        return None
    budget = kpi.target.value
    label = language.translate("page_money.budget", amount=language.value(budget, short=True))
    return Labeled(kpi.target.value.value, label)


def _models_lead(first: ModelSpend, language: Language) -> str:
    if not first.share.known:
        return language.translate("page_money.models")
    return language.translate(
        "page_money.largest_model",
        model=model_name(first.name),
        share=language.value(first.share, aligned=True),
    )


def _total(report: MonthlyReport, write: "_Writer") -> ModelRow:
    kpis = report.kpis()

    def figure(key: str) -> Figure | None:
        return kpis[key].figure if key in kpis else None

    return ModelRow(
        name=write.language.translate("page_money.models_total"),
        bar=Markup(),
        cost=write.cost(figure("agent_spend")),
        tokens=write.tokens(figure("agent_tokens")),
        per_million=write.price(figure("agent_spend_per_million_tokens")),
    )


class _Writer:
    """Writes the numbers of the table: in each column with the same decimals, and none where there is no room.

    Args:
        language: The language of the numbers.
        models: All language models.
    """

    def __init__(self, language: Language, models: Sequence[ModelSpend]) -> None:
        self.language = language
        self._has_whole_costs = sum(model.cost.value or 0 for model in models) >= _WHOLE_COSTS_FROM
        self._has_whole_tokens = sum(model.tokens.value or 0 for model in models) >= _WHOLE_TOKENS_FROM

    def cost(self, figure: Figure | None) -> str:
        """Return an amount without its currency."""
        return self._number(figure, whole_money=self._has_whole_costs)

    def price(self, figure: Figure | None) -> str:
        """Return a price without its currency; it always has decimals."""
        return self._number(figure, whole_money=False)

    def tokens(self, figure: Figure | None) -> str:
        """Return a number of tokens in millions, never rounded to nothing."""
        if figure is None or figure.value is None:
            return self._number(figure)
        millions, least = figure.value / _MILLION, 1.0 if self._has_whole_tokens else 0.1
        if 0 < millions < least / 2:
            return f"<{self.language.decimal(least)}"
        return (
            self.language.count(millions) if self._has_whole_tokens else self.language.decimal(millions, aligned=True)
        )

    def _number(self, figure: Figure | None, *, whole_money: bool = False) -> str:
        return cell(figure, self.language, whole_money=whole_money).text or self.language.translate("page.missing")


def _notes(shown: Iterable[ModelSpend], further: int, language: Language) -> Iterable[str]:
    translate, rows = language.translate, list(shown)
    if further:
        yield translate("page_money.more_models", count=further, number=language.count(further))
    ids = [model_name(model.name) for model in rows if _ID.fullmatch(model.name)]
    if ids:
        yield translate("page_money.model_ids", count=len(ids), name=ids[0])
    reasons = dict.fromkeys(
        figure.reason for model in rows for figure in (model.cost, model.tokens) if not figure.known
    )
    for reason in reasons:
        yield translate("page_money.missing", reason=reason)
