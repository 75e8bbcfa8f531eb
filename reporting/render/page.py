"""The report as one self-contained HTML document, which is also what the PDF is made from."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from reporting.language import Language
from reporting.render import annex
from reporting.render.drawings import Drawings
from reporting.render.templates import Templates
from reporting.report import FunnelStep, MonthlyReport


def report_html(report: MonthlyReport, language: Language, templates: Templates, drawings: Drawings) -> str:
    """Write the document: what the model says, with charts and the tables of their numbers."""
    return templates.fill(
        "report/report.html.j2",
        lang=str(language.locale).replace("_", "-"),
        created=f"{report.data_as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        colours=drawings.colours,
        charts=drawings.charts,
        sparks=drawings.sparks,
        funnel_widths=funnel_widths(report.adoption.funnel),
        weekdays=_weekdays(language),
        **_numbers(report),
    )


def funnel_widths(steps: Sequence[FunnelStep]) -> list[float | None]:
    """Give the length of each bar of the funnel in percent of the longest; None for a step without a number."""
    longest = max((step.figure.value for step in steps if step.figure.value is not None), default=0)
    return [
        None if step.figure.value is None or not longest else round(step.figure.value / longest * 100, 1)
        for step in steps
    ]


def _numbers(report: MonthlyReport) -> dict[str, Any]:
    """Lay out the numbers of the charts: beside each chart for a screen, and all of them for paper."""
    used = [measure for feature in report.use.features for measure in (feature.people, feature.volume)]
    return {
        "tile_months": annex.months([tile.history for tile in report.tiles]),
        "people_months": annex.months([report.adoption.people]),
        "use_months": annex.months([measure.history for measure in used]),
        "all_months": annex.months([measure.history for measure in (*report.tiles, *used)]),
        "weeks": annex.weeks(report.adoption.daily),
        "days_off": [day.isoformat() for day in report.adoption.days_off],
    }


def _weekdays(language: Language) -> list[str]:
    """Give the names of the weekdays, Monday first."""
    names = language.locale.days["format"]["abbreviated"]
    return [str(names[number]) for number in range(7)]
