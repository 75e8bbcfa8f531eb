"""Draw the chart of the email: the agent users of each month below all active users, or the active users alone."""

from dataclasses import dataclass

from markupsafe import Markup

from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.series import Series
from tabnine_report.render.charts import svg
from tabnine_report.render.charts.columns import AxisLabel, Value, highest
from tabnine_report.render.charts.feature_columns import Words, feature_columns
from tabnine_report.render.charts.history_columns import history_columns
from tabnine_report.render.colors import Palette
from tabnine_report.render.png import png
from tabnine_report.render.views.history import break_positions, values
from tabnine_report.text.i18n import Language

_LEAST_MONTHS = 3
_LABELED_MONTHS = 4
_LEAST_DISTANCE = 3
"""The number of columns between two labels of the axis."""
_WIDTH, _HEIGHT = svg.TWO_THIRDS, 112.0
"""In points. The email shows the chart almost twice as large, so that its text is as large as small text."""


@dataclass(frozen=True)
class EmailChart:
    """The chart of the email.

    Attributes:
        title: What it shows.
        alt_text: Its text alternative, with the numbers that matter.
        content: The chart as a PNG.
    """

    title: str
    alt_text: str
    content: bytes


def email_chart(report: MonthlyReport, language: Language, colors: Palette) -> EmailChart | None:
    """Return the chart; None if fewer than three months, or not the reported one, are known.

    Raises:
        RenderError: If the chart cannot be converted to PNG.
    """
    active_users = report.adoption.active_users
    agents = next((feature.users.history for feature in report.feature_usage.features if feature.key == "agent"), None)
    shown = next((series for series in (agents, active_users) if series and _is_known(series)), None)
    if shown is None:
        return None
    alt_text = _alt_text(shown, language)
    if shown is not active_users:
        alt_text = f"{alt_text} {_alt_text(active_users, language)}"
        drawn = _with_all_users(shown, active_users, alt_text, language, colors)
    else:
        drawn = history_columns(
            _values(shown, language),
            alt_text,
            colors,
            axis=_axis(shown, language),
            breaks=break_positions(shown),
            width=_WIDTH,
            height=_HEIGHT,
        )
    return EmailChart(
        title=language.translate("email.chart", label=shown.label),
        alt_text=alt_text,
        content=png(drawn),
    )


def _is_known(series: Series) -> bool:
    known = [point for point in series.points if point.figure.known]
    return len(known) >= _LEAST_MONTHS and series.points[-1].figure.known


def _with_all_users(shown: Series, active_users: Series, title: str, language: Language, colors: Palette) -> Markup:
    first, last = active_users.points[0].figure, active_users.points[-1].figure
    words = Words(
        first=language.translate("email.chart_all", label=active_users.label, number=language.value(first))
        if first.known
        else "",
        last=language.value(last) if last.known else "",
    )
    all_users = _values(active_users, language)
    return feature_columns(
        _values(shown, language),
        all_users,
        title,
        colors,
        axis=_axis(shown, language),
        highest=highest(*all_users),
        words=words,
        breaks=break_positions(shown),
        width=_WIDTH,
        height=_HEIGHT,
    )


def _values(series: Series, language: Language) -> tuple[Value, ...]:
    """Return the value of each month, the last ones with labels."""
    labeled_from = len(series.points) - _LABELED_MONTHS
    return values(series, lambda at, figure: language.value(figure) if at >= labeled_from and figure.known else "")


def _axis(series: Series, language: Language) -> list[AxisLabel]:
    """Return the labels of the first and the last month, and of a method change that is not near one of them."""
    end = len(series.points) - 1
    changes = [
        AxisLabel(at, language.month_short(Month.parse(series.points[at].period)))
        for at in break_positions(series)
        if _LEAST_DISTANCE <= at <= end - _LEAST_DISTANCE
    ]
    first, last = (language.month_and_year_short(Month.parse(series.points[at].period)) for at in (0, end))
    return [AxisLabel(0, first), *changes, AxisLabel(end, last)]


def _alt_text(series: Series, language: Language) -> str:
    """Return the first known value of a series and the last two."""
    known = [point for point in series.points if point.figure.known]
    shown = {point.period: point for point in (*known[:1], *series.points[-2:])}.values()
    values = (
        language.translate(
            "chart.point", value=language.value(point.figure), month=language.month(Month.parse(point.period))
        )
        for point in shown
    )
    return language.translate("email.chart_all", label=series.label, number=", ".join(values)) + "."
