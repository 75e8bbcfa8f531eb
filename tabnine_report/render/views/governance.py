"""The page on governance: the requirements that are not met, then the others, and the accounts and invitations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from tabnine_report.model.governance import Requirement, RequirementStatus
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.series import Point, Series
from tabnine_report.render.charts.columns import AxisLabel
from tabnine_report.render.charts.history_columns import history_columns
from tabnine_report.render.charts.marks import mark
from tabnine_report.render.colors import Palette
from tabnine_report.render.views.alternative_text import summary
from tabnine_report.render.views.history import break_positions, known_from, values
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import truncate

_LEAST_MONTHS = 3
"""The number of months from which columns are drawn."""
_CHARTS = ("deactivated", "pending")
"""The KPIs whose months the page shows."""
_LONG_VALUE = 6
"""The length from which a value is set smaller, so that it fits into its column."""
_REASON_LENGTH = 160
"""The length of a reason that the page has room for."""


@dataclass(frozen=True)
class Missed:
    """A requirement that is not met.

    Attributes:
        value: The current state, such as `On` or `67`.
        is_long: Whether the value is long.
        mark: The mark of a missed requirement.
        label: What is required.
        why: What is expected, and what else is known.
        advice: What to do; may be empty.
    """

    value: str
    is_long: bool
    mark: Markup
    label: str
    why: str
    advice: str


@dataclass(frozen=True)
class Item:
    """A requirement that is met or that could not be checked: its mark, its label with its value, and a sentence."""

    mark: Markup
    label: str
    sentence: str


@dataclass(frozen=True)
class History:
    """The months of a KPI: what they show, what the columns are, and the columns."""

    lead: str
    sub: str
    chart: Markup


@dataclass(frozen=True)
class GovernancePage:
    """The page on governance.

    Attributes:
        title: The title.
        missed_title: The title of the missed requirements; the sentence that none is known to be missed; empty if the
            title states that all are met.
        missed: The requirements that are not met.
        met_title: The title of the met requirements.
        met: The requirements that are met.
        unknown_title: The title of the requirements that could not be checked.
        unknown: These requirements, each with the reason.
        histories: The accounts and invitations over the months.
        foot: One line on the data.
    """

    title: str
    missed_title: str
    missed: tuple[Missed, ...]
    met_title: str
    met: tuple[Item, ...]
    unknown_title: str
    unknown: tuple[Item, ...]
    histories: tuple[History, ...]
    foot: str


def governance(report: MonthlyReport, language: Language, colors: Palette) -> GovernancePage | None:
    """Return the page on governance; None in the executive edition."""
    section = report.governance
    if section is None:
        return None
    requirements = (*section.sign_in, *section.accounts)
    missed = _with(RequirementStatus.NOT_MET, requirements)
    met = _with(RequirementStatus.MET, requirements)
    unknown = _with(RequirementStatus.NOT_KNOWN, requirements)
    return GovernancePage(
        title=section.title,
        missed_title=_missed_title(len(missed), len(unknown), len(requirements), language),
        missed=tuple(_missed(requirement, language, colors) for requirement in missed),
        met_title=language.translate("page_governance.met", len(met), number=language.count(len(met))),
        met=tuple(_met(requirement, language, colors) for requirement in met),
        unknown_title=language.translate(
            "page_governance.not_known", len(unknown), number=language.count(len(unknown))
        ),
        unknown=tuple(
            Item(
                mark("open", language.translate("governance.not_known"), colors),
                requirement.label,
                truncate(requirement.note, _REASON_LENGTH),
            )
            for requirement in unknown
        ),
        histories=tuple(_histories(report, language, colors)),
        foot=_foot(report, requirements, language),
    )


def _with(status: RequirementStatus, requirements: Iterable[Requirement]) -> list[Requirement]:
    return [requirement for requirement in requirements if requirement.status is status]


def _missed_title(missed: int, unknown: int, total: int, language: Language) -> str:
    if not missed:
        return language.translate("page_governance.none_not_met") if unknown else ""
    return language.translate(
        "page_governance.not_met", missed, number=language.count(missed), all=language.count(total)
    )


def _missed(requirement: Requirement, language: Language, colors: Palette) -> Missed:
    value = _capitalized(requirement.actual)
    return Missed(
        value=value,
        is_long=len(value) > _LONG_VALUE,
        mark=mark("failed", language.translate("governance.not_met"), colors),
        label=requirement.label,
        why=" ".join(filter(None, (_expected(requirement, language), _note(requirement)))),
        advice=requirement.advice,
    )


def _met(requirement: Requirement, language: Language, colors: Palette) -> Item:
    return Item(
        mark("passed", language.translate("governance.met"), colors),
        language.translate("page_governance.state", label=requirement.label, actual=requirement.actual),
        _expected(requirement, language),
    )


def _expected(requirement: Requirement, language: Language) -> str:
    return language.translate("page_governance.expected", expected=requirement.expected)


def _note(requirement: Requirement) -> str:
    """Return the note of a requirement as a sentence."""
    note = _capitalized(requirement.note)
    return note if not note or note.endswith(".") else f"{note}."


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def _histories(report: MonthlyReport, language: Language, colors: Palette) -> Iterator[History]:
    kpis = report.kpis()
    for key in _CHARTS:
        series = known_from(kpis[key].history) if key in kpis else None
        if series is not None and len(series.points) >= _LEAST_MONTHS:
            yield _history(series, language, colors)


def _history(series: Series, language: Language, colors: Palette) -> History:
    """Return the columns of a series, with labels at its first and last value."""
    known = [at for at, point in enumerate(series.points) if point.figure.known]
    ends = (known[0], known[-1])
    first, last = (series.points[at] for at in ends)
    return History(
        lead=language.translate(
            "page_governance.history",
            label=series.label,
            first=language.value(first.figure),
            first_month=_month(first, language),
            last=language.value(last.figure),
            last_month=_month(last, language),
        ),
        sub=language.translate("page_governance.history_sub"),
        chart=history_columns(
            values(series, lambda at, figure: language.value(figure) if at in ends else ""),
            summary(series, language),
            colors,
            axis=[AxisLabel(at, _month(series.points[at], language)) for at in (0, len(series.points) - 1)],
            breaks=break_positions(series),
        ),
    )


def _month(point: Point, language: Language) -> str:
    return language.month_and_year_short(Month.parse(point.period))


def _foot(report: MonthlyReport, requirements: Iterable[Requirement], language: Language) -> str:
    month = language.month_name(Month.parse(report.month))
    as_of = min((requirement.as_of for requirement in requirements if requirement.as_of is not None), default=None)
    if as_of is None:
        return language.translate("page_governance.foot_month", month=month)
    return language.translate("page_governance.foot", day=language.day_of(as_of), month=month)
