"""The page on usage: who uses which feature, on which days, and how much."""

from collections.abc import Iterator
from dataclasses import dataclass

from tabnine_report.model.figure import State
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import Feature
from tabnine_report.model.series import Point, Series
from tabnine_report.render.colors import Palette
from tabnine_report.render.page_one_text import change_text
from tabnine_report.render.views.chart_data import MonthTable, calendar_weeks, month_table
from tabnine_report.render.views.daily_use import DailyUse, daily_use
from tabnine_report.render.views.feature_users import FeatureCharts, feature_charts
from tabnine_report.text.i18n import Language


@dataclass(frozen=True)
class Amount:
    """A figure in large type: its value, its name, and its change or note."""

    value: str
    label: str
    note: str


@dataclass(frozen=True)
class Usage:
    """The page on usage.

    Attributes:
        title: The title.
        charts: The users of each feature over the months; None with too few months.
        users: The users of each feature, if there are no charts of them.
        days: The days of the month; None without daily figures.
        intensity_lead: What the figures per user show together.
        intensity_sub: What they are.
        intensity: Each feature's use per user.
        factors: One sentence on each of Tabnine's ratios, and one on those that are discontinued.
        months: The numbers of the charts by month, for the screen.
        weeks: The days of the month as weeks, for the screen.
        weekdays: The names of the weekdays.
        foot: The line at the foot.
    """

    title: str
    charts: FeatureCharts | None
    users: tuple[Amount, ...]
    days: DailyUse | None
    intensity_lead: str
    intensity_sub: str
    intensity: tuple[Amount, ...]
    factors: tuple[str, ...]
    months: MonthTable
    weeks: tuple[tuple[Point | None, ...], ...]
    weekdays: tuple[str, ...]
    foot: str


def usage(report: MonthlyReport, language: Language, colors: Palette) -> Usage | None:
    """Return the page on usage; None if neither the features nor the days have a figure."""
    features = report.feature_usage.features
    days = daily_use(report, language, colors)
    if days is None and not any(feature.users.figure.known for feature in features):
        return None
    translate = language.translate
    charts = feature_charts(report, language, colors)
    used = [feature for feature in features if feature.per_user.figure.known]
    return Usage(
        title=report.feature_usage.title,
        charts=charts,
        users=() if charts is not None else tuple(_users(feature, language) for feature in features),
        days=days,
        intensity_lead=_intensity_lead(used, language),
        intensity_sub=translate(
            "page_usage.intensity_sub" if _has_changes(used) else "page_usage.intensity_sub_no_changes",
            count=report.working_days,
            month=report.month_label,
            days=language.count(report.working_days),
        ),
        intensity=tuple(_intensity(feature, language) for feature in used),
        factors=tuple(_factors(report, language)),
        months=month_table(_histories(report)),
        weeks=calendar_weeks(report.adoption.daily),
        weekdays=tuple(language.weekdays()),
        foot=translate("page_usage.foot"),
    )


def _users(feature: Feature, language: Language) -> Amount:
    figure = feature.users.figure
    return Amount(
        value=language.qualified(figure),
        label=feature.users.label,
        note=feature.users.note if figure.known else figure.reason,
    )


def _intensity(feature: Feature, language: Language) -> Amount:
    translate, kpi, volume = language.translate, feature.per_user, feature.volume
    change = change_text(kpi, language)
    total = (
        translate(
            "page_usage.total",
            volume=language.value(volume.figure),
            unit=translate(f"feature_usage.unit_{volume.figure.unit}"),
        )
        if volume.figure.known
        else ""
    )
    return Amount(
        value=language.qualified(kpi.figure, aligned=True),
        label=kpi.label,
        note="; ".join(filter(None, (change, total))),
    )


def _has_changes(used: list[Feature]) -> bool:
    return any(feature.per_user.change and feature.per_user.change.absolute.known for feature in used)


def _intensity_lead(used: list[Feature], language: Language) -> str:
    """Return whether users did more, or less, with every feature than last month."""
    changes = [feature.per_user.change.absolute.value for feature in used if feature.per_user.change is not None]
    key = "intensity"
    if len(changes) == len(used) and len(used) > 1:
        if all(change is not None and change > 0 for change in changes):
            key = "intensity_more"
        elif all(change is not None and change < 0 for change in changes):
            key = "intensity_less"
    return language.translate(f"page_usage.{key}")


def _histories(report: MonthlyReport) -> Iterator[Series | None]:
    yield report.adoption.active_users
    for feature in report.feature_usage.features:
        yield feature.users.history
        yield feature.volume.history


def _factors(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Yield a sentence on each of Tabnine's ratios; those that are discontinued share one."""
    gone = []
    for kpi in report.feature_usage.factors:
        if kpi.figure.known:
            change = change_text(kpi, language)
            value = language.qualified(kpi.figure, aligned=True)
            yield language.translate(
                "page_usage.factor_change" if change else "page_usage.factor",
                factor=kpi.label,
                value=value,
                change=change,
                note=kpi.note.replace(" · ", " "),
            )
        elif kpi.figure.state is State.DISCONTINUED:
            gone.append(kpi.label)
    if gone:
        yield language.translate("page_usage.discontinued", labels=", ".join(gone))
