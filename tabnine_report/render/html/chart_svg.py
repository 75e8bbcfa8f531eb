"""The report's charts as SVG, by name, for the HTML, the PDF and files of their own."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from tabnine_report.model.kpi import Target
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import FeatureUsage
from tabnine_report.model.series import Series
from tabnine_report.render.colors import Palette, palette
from tabnine_report.render.html import chart_layout, chart_text, scale
from tabnine_report.render.html.bullet_columns import bullet_columns
from tabnine_report.render.html.chart_layout import Chart
from tabnine_report.render.html.target_line import target_series
from tabnine_report.render.template_environment import Templates
from tabnine_report.text.i18n import Language

_TEXT = 11


@dataclass(frozen=True)
class Caption:
    """The text around a chart.

    Attributes:
        headline: What the chart shows.
        measure: What is counted over which period.
        source: The endpoints that the numbers come from; can be empty.
    """

    headline: str
    measure: str
    source: str


@dataclass(frozen=True)
class ReportCharts:
    """All charts of one report.

    Attributes:
        colors: The palette of the charts.
        svg: The charts of the sections: people, days, and the small multiples of the features.
        captions: The text around each of them, by the same names; `use` has the source of all small multiples.
        sparklines: The small line beside each figure of page one that has a history, by the KPI's key.
    """

    colors: Palette
    svg: dict[str, Markup]
    captions: dict[str, Caption]
    sparklines: dict[str, Markup]


def draw_charts(report: MonthlyReport, language: Language, templates: Templates) -> ReportCharts:
    """Draw all charts of a report."""
    colors = palette(report.accent)

    def svg(chart: Chart, text_size: int = _TEXT) -> Markup:
        return templates.render("report/chart.svg.j2", chart=chart, colors=colors, text_size=text_size)

    adoption = report.adoption
    target = next((kpi.target for kpi in adoption.kpis if kpi.key == "active_users"), None)
    people = bullet_columns(
        "people",
        adoption.people,
        adoption.accounts,
        language,
        scale.NAMED,
        names=(language.translate("chart.part_people"), language.translate("chart.whole_accounts")),
        target=target,
    )
    daily = chart_layout.bar_chart("daily", adoption.daily, language, scale.WIDE, days_off=adoption.days_off)
    return ReportCharts(
        colors=colors,
        svg={chart.name: svg(chart) for chart in (people, daily, *_feature_charts(report.feature_usage, language))},
        captions=_captions(report, language, target),
        sparklines={
            tile.key: svg(chart_layout.sparkline(f"spark-{tile.key}", tile.history, language, tile.target))
            for tile in report.page_one_kpis
            if tile.history is not None
        },
    )


def _captions(report: MonthlyReport, language: Language, target: Target | None) -> dict[str, Caption]:
    people, accounts, daily = report.adoption.people, report.adoption.accounts, report.adoption.daily
    multiples = [(name, series) for name, series, _ in _feature_series(report.feature_usage)]
    return {
        "people": Caption(
            chart_text.headline(people, language),
            language.translate("chart.people_with_target" if target_series(target) else "chart.people"),
            chart_text.source_line([people, accounts], language),
        ),
        "daily": Caption(
            chart_text.busiest_day(daily, language),
            language.translate("chart.daily", label=daily.label, month=report.month_label),
            chart_text.source_line([daily], language),
        ),
        "use": Caption("", "", chart_text.source_line([series for _, series in multiples], language)),
        **{name: Caption(chart_text.headline(series, language), series.label, "") for name, series in multiples},
    }


def _feature_charts(feature_usage: FeatureUsage, language: Language) -> Iterator[Chart]:
    """Lay out the users and the volume of each feature that has a history of them."""
    # The users of the three features are comparable and share a scale; their volumes have different units.
    highest = chart_layout.highest_value(series for _, series, of_people in _feature_series(feature_usage) if of_people)
    for name, series, of_people in _feature_series(feature_usage):
        if of_people:
            yield chart_layout.line_chart(name, series, language, scale.SMALL, highest=highest)
        else:
            yield chart_layout.bar_chart(name, series, language, scale.SMALL)


def _feature_series(feature_usage: FeatureUsage) -> Iterator[tuple[str, Series, bool]]:
    """Yield the name and series of each small multiple, and whether it counts people."""
    for feature in feature_usage.features:
        if feature.people.history is not None:
            yield f"{feature.key}-people", feature.people.history, True
        if feature.volume.history is not None:
            yield f"{feature.key}-volume", feature.volume.history, False
