"""Failed cross-checks and missing data, as plain sentences for the page on method."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.charts.marks import Kind, mark
from tabnine_report.render.colors import Palette
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import truncate

_MOST = 6
"""The number of problems that the page has room for."""
_FEW = 3
"""The number of problems up to which each has two lines."""
_NAMED = 3
"""The number of data sources with the same reason that are named."""
_WORDS: dict[Kind, str] = {"failed": "report.failed", "open": "state.partial"}
_TEAMS = "teams"
"""The data source whose failure is the reason for a report without teams."""
_LINE = 100
"""The number of characters that fit into a line."""


@dataclass(frozen=True)
class Problem:
    """A failed cross-check or missing data: its mark, what it is about, and what is wrong."""

    mark: Markup
    subject: str
    sentence: str


def problems(report: MonthlyReport, language: Language, colors: Palette) -> tuple[tuple[Problem, ...], str]:
    """Return the problems that the page has room for, and a sentence on the others, empty if there are none."""
    found = list(_problems(report, language, colors))
    length = _LINE * (2 if len(found) <= _FEW else 1)
    shown = tuple(
        Problem(
            problem.mark,
            truncate(problem.subject, length // 2),
            truncate(problem.sentence, max(_LINE // 2, length - len(problem.subject))),
        )
        for problem in found[:_MOST]
    )
    more = len(found) - len(shown)
    return shown, language.translate("page_method.more_problems", more, number=language.count(more)) if more else ""


def _problems(report: MonthlyReport, language: Language, colors: Palette) -> Iterator[Problem]:
    quality = report.data_quality
    for check in quality.failed_checks:
        yield Problem(mark("failed", language.translate("report.differs"), colors), check.name, check.sentence)
    by_reason: dict[tuple[Kind, str], list[str]] = {}
    for source in quality.incomplete_sources:
        kind: Kind = "failed" if source.state == "failed" else "open"
        name = language.translate(f"endpoint.{source.endpoint}")
        by_reason.setdefault((kind, source.reason), []).append(name)
    for (kind, reason), names in sorted(by_reason.items(), key=lambda item: item[0][0] != "failed"):
        yield Problem(mark(kind, language.translate(_WORDS[kind]), colors), _listed(names, language), reason)
    are_listed = all(source.endpoint != _TEAMS for source in quality.incomplete_sources)
    if report.teams is not None and not report.teams.rows and are_listed:
        not_shown = mark("open", language.translate("state.unavailable"), colors)
        yield Problem(not_shown, language.translate("page.teams"), report.teams.title)


def _listed(names: list[str], language: Language) -> str:
    """Return the first names as the beginning of a sentence."""
    first, *others = names[:_NAMED]
    listed = ", ".join([first, *(f"{name[0].lower()}{name[1:]}" for name in others)])
    more = len(names[_NAMED:])
    return language.translate("page_method.and_more", names=listed, number=language.count(more)) if more else listed
