"""The report's charts as SVG, by name: the same drawing stands in the HTML, in the PDF and in a file of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from tabnine_report.model.kpi import Series, Target
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import FeatureUsage
from tabnine_report.render.colors import Palette, palette
from tabnine_report.render.html import chart_text as chart_words
from tabnine_report.render.html import charts, scale
from tabnine_report.render.html.bullet_columns import bullet_columns
from tabnine_report.render.html.charts import Chart
from tabnine_report.render.html.target_line import line_of
from tabnine_report.render.png import png
from tabnine_report.render.template_environment import Templates
from tabnine_report.text.i18n import Language

_TEXT = 11


@dataclass(frozen=True)
class Caption:
    """What is printed around a chart.

    Attributes:
        news: What it shows, above it.
        counted: What is counted over what time, beside the news.
        source: Where its numbers come from, below it; empty where it has none.
    """

    news: str
    counted: str
    source: str


@dataclass(frozen=True)
class Drawings:
    """Everything that is drawn for one report.

    Attributes:
        colors: What it is drawn with.
        charts: What stands on the pages: people, days, and the small multiples of the features.
        captions: What is printed around each of them, by the same names; under `use` the source of all the multiples.
        sparks: The small line beside each figure of page one that has a history, by the measure's key.
        email_picture: People over the months for the email, as a PNG.
        email_words: What that picture says to who does not see it.
    """

    colors: Palette
    charts: dict[str, Markup]
    captions: dict[str, Caption]
    sparks: dict[str, Markup]
    email_picture: bytes
    email_words: str


def draw(report: MonthlyReport, language: Language, templates: Templates) -> Drawings:
    """Draw everything.

    Raises:
        RenderError: If the email's picture cannot be made.
    """
    colors = palette(report.accent)

    def svg(chart: Chart, text_size: int = _TEXT) -> Markup:
        return templates.fill("report/chart.svg.j2", chart=chart, colors=colors, text_size=text_size)

    adoption = report.adoption
    aim = next((kpi.target for kpi in adoption.kpis if kpi.key == "active_users"), None)
    people = bullet_columns(
        "people",
        adoption.people,
        adoption.accounts,
        language,
        scale.NAMED,
        called=(language.translate("chart.part_people"), language.translate("chart.whole_accounts")),
        target=aim,
    )
    daily = charts.bar_chart("daily", adoption.daily, language, scale.WIDE, days_off=adoption.days_off)
    for_email = charts.line_chart("people-email", adoption.people, language, scale.EMAIL, target=aim)
    return Drawings(
        colors=colors,
        charts={chart.name: svg(chart) for chart in (people, daily, *_of_features(report.feature_usage, language))},
        captions=_captions(report, language, aim),
        sparks={
            tile.key: svg(charts.sparkline(f"spark-{tile.key}", tile.history, language, tile.target))
            for tile in report.page_one_kpis
            if tile.history is not None
        },
        email_picture=png(svg(for_email, _TEXT + 1)),
        email_words=for_email.title,
    )


def _captions(report: MonthlyReport, language: Language, aim: Target | None) -> dict[str, Caption]:
    people, accounts, daily = report.adoption.people, report.adoption.accounts, report.adoption.daily
    multiples = [(name, series) for name, series, _ in _multiples(report.feature_usage)]
    return {
        "people": Caption(
            chart_words.news(people, language),
            language.translate("chart.people_with_target" if line_of(aim) else "chart.people"),
            chart_words.source([people, accounts], language),
        ),
        "daily": Caption(
            chart_words.busiest(daily, language),
            language.translate("chart.daily", label=daily.label, month=report.month_label),
            chart_words.source([daily], language),
        ),
        "use": Caption("", "", chart_words.source([series for _, series in multiples], language)),
        **{name: Caption(chart_words.news(series, language), series.label, "") for name, series in multiples},
    }


def _of_features(feature_usage: FeatureUsage, language: Language) -> Iterator[Chart]:
    """Lay out people and volume of each feature that has a history of them."""
    # Three counts of people can be compared, so they share a scale; their volumes are of three kinds.
    highest = charts.highest_value(series for _, series, of_people in _multiples(feature_usage) if of_people)
    for name, series, of_people in _multiples(feature_usage):
        if of_people:
            yield charts.line_chart(name, series, language, scale.SMALL, highest=highest)
        else:
            yield charts.bar_chart(name, series, language, scale.SMALL)


def _multiples(feature_usage: FeatureUsage) -> Iterator[tuple[str, Series, bool]]:
    """Give each small multiple's name and series, and whether it is of people."""
    for feature in feature_usage.features:
        if feature.people.history is not None:
            yield f"{feature.key}-people", feature.people.history, True
        if feature.volume.history is not None:
            yield f"{feature.key}-volume", feature.volume.history, False
