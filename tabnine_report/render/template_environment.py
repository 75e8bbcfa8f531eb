"""The Jinja environment of all templates: it escapes everything, rejects undefined names and formats figures."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Change, Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import ModelSpend, Teams
from tabnine_report.model.series import Point
from tabnine_report.render.page_one_text import highlights_heading, revision_label, status_line
from tabnine_report.text.i18n import TEMPLATES, Language
from tabnine_report.text.sanitizing import NAME_LENGTH, sanitize

_NOTE_SEPARATORS = " ·"


class Templates:
    """Renders templates for one report, which is the variable `report` in every template.

    Args:
        report: The report.
        language: The language of its figures.
    """

    def __init__(self, report: MonthlyReport, language: Language) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=_finalize,
            bytecode_cache=_compiled_templates(str(language.locale), language.zone),
        )
        self._environment.filters.update(_filters(language))
        self._environment.globals.update(
            translate=language.translate,
            report=report,
            organization=organization_name(report),
            revision=revision_label(report, language),
            highlights_heading=highlights_heading(report, language),
            status_line=status_line(report.last_month_actions, language),
            footnotes=footnotes,
            note_without_reason=note_without_reason,
            team_footnotes=team_footnotes,
            model_footnotes=model_footnotes,
        )

    def render(self, name: str, **values: object) -> Markup:
        """Render a template, such as `report/report.html.j2`; an undefined name in it is an error."""
        return Markup(self._environment.get_template(name).render(**values))  # noqa: S704 - the templates escape


class _CompiledTemplates(BytecodeCache):
    """Keeps compiled templates in memory, because compiling takes longer than rendering."""

    def __init__(self) -> None:
        self._bytecode: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with the compiled template, unless there is none, or the template has changed since."""
        if bucket.key in self._bytecode:
            bucket.bytecode_from_string(self._bytecode[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the compiled template of a bucket."""
        self._bytecode[bucket.key] = bucket.bytecode_to_string()


@cache
def _compiled_templates(locale: str, zone: ZoneInfo) -> _CompiledTemplates:  # noqa: ARG001 - the key of the cache
    """Return the compiled templates of a language, whose filters a template applies to constants when compiled."""
    return _CompiledTemplates()


def language_of(report: MonthlyReport) -> Language:
    """Return the language of a report."""
    return Language(report.locale, ZoneInfo(report.time_zone))


def organization_name(report: MonthlyReport) -> str:
    """Return the organization's name for display, or the profile's name if it has none."""
    return sanitize(report.organization.name, NAME_LENGTH) or report.organization.profile


def footnotes(kpis: Iterable[Kpi]) -> dict[str, int]:
    """Number the reasons for partial and missing figures and changes of a table, each reason once.

    A reason that the note beside a single figure states gets no footnote.
    """
    shown = list(kpis)
    reasons_in_notes = Counter(kpi.figure.reason for kpi in shown if kpi.figure.reason in kpi.note)
    reasons: list[str] = []
    for kpi in shown:
        if reasons_in_notes[kpi.figure.reason] != 1:
            reasons.append(kpi.figure.reason)
        if kpi.change is not None and kpi.figure.known:
            reasons.append(kpi.change.absolute.reason)
    return _numbered(reasons)


def note_without_reason(kpi: Kpi, notes: Mapping[str, int]) -> str:
    """Return the note of a KPI without the reason that a footnote states."""
    if kpi.figure.reason not in notes:
        return kpi.note
    return kpi.note.replace(kpi.figure.reason, "").strip(_NOTE_SEPARATORS)


def team_footnotes(teams: Teams) -> dict[str, int]:
    """Number the reasons for partial and missing figures in the table of teams."""
    reasons = [
        figure.reason
        for row in teams.rows
        for figure in (row.members, row.active_users, row.share, row.change.absolute, row.completions, row.per_user)
    ]
    groups = [group for group in (teams.smaller, teams.no_team) if group is not None]
    reasons += [figure.reason for group in groups for figure in (group.members, group.completions)]
    costs = [*(row.agent_spend for row in teams.rows), *(group.agent_spend for group in groups)]
    return _numbered([*reasons, *(cost.reason for cost in costs if cost is not None)])


def model_footnotes(models: Iterable[ModelSpend]) -> dict[str, int]:
    """Number the reasons for partial and missing figures in the table of language models."""
    return _numbered(figure.reason for model in models for figure in (model.tokens, model.cost, model.share))


def _numbered(reasons: Iterable[str]) -> dict[str, int]:
    return {reason: number for number, reason in enumerate(dict.fromkeys(filter(None, reasons)), start=1)}


def _finalize(value: object) -> object:
    """Sanitize every text before it is printed; markup stays as it is."""
    return sanitize(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _filters(language: Language) -> dict[str, Callable[..., str]]:
    def value(figure: Figure, *, short: bool = False) -> str:
        return language.value(figure, short=short, aligned=True)

    def change(changed: Change, *, short: bool = False) -> str:
        return language.change(changed.absolute, changed.relative, short=short)

    def month(text: str) -> str:
        return language.month(Month.parse(text))

    def day_number(point: Point) -> str:
        return str(date.fromisoformat(point.period).day)

    def name(text: str) -> str:
        return sanitize(text, NAME_LENGTH)

    return {
        "value": value,
        "change": change,
        "qualifier": language.qualifier,
        "month": month,
        "day_number": day_number,
        "count": language.count,
        "date": language.date,
        "day": language.day_of,
        "instant": language.instant,
        "name": name,
    }
