"""Render the report as one self-contained HTML document, for the screen and, in a shorter form, for the PDF."""

from collections.abc import Sequence
from datetime import UTC
from itertools import accumulate
from typing import Any

from markupsafe import Markup

from tabnine_report.model.data_quality import Definition
from tabnine_report.model.figure import Figure
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import FunnelStep, TeamRow, Teams
from tabnine_report.render.html import chart_tables
from tabnine_report.render.html.bullet_bars import WIDTH, bullet_bars
from tabnine_report.render.html.chart_svg import ReportCharts
from tabnine_report.render.png import logo_size
from tabnine_report.render.template_environment import Templates
from tabnine_report.text.i18n import CATALOG_LANGUAGE, Language
from tabnine_report.text.sanitizing import display_width

TEAMS_IN_PRINT = 25
"""The number of lines for teams in print; on screen, the other teams are collapsed."""
_LONG_NAME = 26
"""A team whose name is longer than this takes two lines."""
CHANGES_IN_PRINT = 8
"""The number of changed figures of a revision in print; on screen, the others are collapsed."""
MODELS_IN_PRINT = 10
"""The number of language models in print; on screen, the others are collapsed."""


def report_html(
    report: MonthlyReport, language: Language, templates: Templates, charts: ReportCharts, *, paper: bool = False
) -> str:
    """Render the document with its charts and the tables of their numbers.

    With `paper`, the collapsed parts are left out: laying out hundreds of hidden rows would take seconds.
    """
    return templates.render(
        "report/report.html.j2",
        lang=CATALOG_LANGUAGE,
        created=f"{report.data_as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        colors=charts.colors,
        logo_address=Markup.escape(report.logo.data_url) if report.logo else None,
        logo_size=logo_size(report.logo) if report.logo else None,
        charts=charts.svg,
        captions=charts.captions,
        sparklines=charts.sparklines,
        funnel_widths=funnel_widths(report.adoption.funnel),
        team_widths=team_widths(report.teams.rows if report.teams else ()),
        show_team_spend=any(row.agent_spend for row in report.teams.rows) if report.teams else False,
        show_teams_table=report.teams is not None and _any_figure_known(report.teams),
        teams_printed=teams_in_print(report.teams.rows if report.teams else ()),
        changes_printed=CHANGES_IN_PRINT,
        models_printed=MODELS_IN_PRINT,
        bullet_bars=bullet_bars(report.kpis(), language),
        bullet_width=WIDTH,
        paper=paper,
        weekdays=language.weekdays(),
        definitions=definitions_by_path(report.data_quality.definitions),
        **_numbers(report),
    )


def definitions_by_path(definitions: Sequence[Definition]) -> dict[str, list[tuple[Definition, str]]]:
    """Group definitions by the path of their endpoint, each with its field."""
    by_path: dict[str, list[tuple[Definition, str]]] = {}
    for definition in definitions:
        path, _, field = definition.source.partition(": ")
        by_path.setdefault(path, []).append((definition, field))
    return by_path


def funnel_widths(steps: Sequence[FunnelStep]) -> list[float | None]:
    """Return the width of each bar of the funnel in percent of the longest; None for a step without a value."""
    return _widths([step.figure for step in steps])


def team_widths(rows: Sequence[TeamRow]) -> list[float | None]:
    """Return the width of each team's bar in percent of the longest; None for a team without a value."""
    return _widths([row.people for row in rows])


def _any_figure_known(teams: Teams) -> bool:
    """Return whether any figure of any team is known; otherwise the table would contain only dashes."""
    rows = (*teams.rows, *filter(None, (teams.smaller, teams.no_team)))
    values = (getattr(row, name) for row in rows for name in type(row).model_fields)
    return any(value.known for value in values if isinstance(value, Figure))


def teams_in_print(rows: Sequence[TeamRow]) -> int:
    """Return the number of teams that fit in print; it is lower if names are long."""
    lines = accumulate(1 if display_width(row.name) <= _LONG_NAME else 2 for row in rows)
    return sum(used <= TEAMS_IN_PRINT for used in lines)


def _widths(figures: Sequence[Figure]) -> list[float | None]:
    longest = max((figure.value for figure in figures if figure.value is not None), default=0)
    return [
        None if figure.value is None or not longest else round(figure.value / longest * 100, 1) for figure in figures
    ]


def _numbers(report: MonthlyReport) -> dict[str, Any]:
    """Lay out the numbers of the charts: for each chart on screen, and all together for print."""
    feature_kpis = [kpi for feature in report.feature_usage.features for kpi in (feature.people, feature.volume)]
    return {
        "page_one_months": chart_tables.month_table([tile.history for tile in report.page_one_kpis]),
        "people_months": chart_tables.month_table([report.adoption.people, report.adoption.accounts]),
        "feature_months": chart_tables.month_table([kpi.history for kpi in feature_kpis]),
        "all_months": chart_tables.month_table([kpi.history for kpi in (*report.page_one_kpis, *feature_kpis)]),
        "weeks": chart_tables.calendar_weeks(report.adoption.daily),
        "days_off": [day.isoformat() for day in report.adoption.days_off],
    }
