"""The pages of the report, in their order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.colors import Palette
from tabnine_report.render.views.governance import governance
from tabnine_report.render.views.method import method
from tabnine_report.render.views.money import money
from tabnine_report.render.views.summary import summary
from tabnine_report.render.views.teams import teams
from tabnine_report.render.views.usage import usage
from tabnine_report.text.i18n import Language


class View(Protocol):
    """What every page has."""

    @property
    def title(self) -> str:
        """The title of the page: its news in one sentence."""
        ...

    @property
    def foot(self) -> str:
        """The line at the foot of the page."""
        ...


@dataclass(frozen=True)
class Page:
    """A page of the report.

    Attributes:
        key: The name of its templates, `pages/<key>.j2` and `details/<key>.j2`, and of its place in the document.
        name: Its name in the navigation.
        head: The text in the head of the printed page.
        view: What its template places.
    """

    key: str
    name: str
    head: str
    view: View


_VIEWS: dict[str, Callable[[MonthlyReport, Language, Palette], View | None]] = {
    "summary": summary,
    "money": money,
    "usage": usage,
    "teams": teams,
    "governance": governance,
    "method": method,
}
"""The view of each page; a view that returns None has nothing to show, and its page is omitted."""


def pages(report: MonthlyReport, language: Language, colors: Palette) -> Iterator[Page]:
    """Yield the pages of an edition of a report."""
    for key, build in _VIEWS.items():
        view = build(report, language, colors)
        if view is not None:
            name = language.translate(f"page.{key}")
            yield Page(key, name, _head(report, name, language, is_first=key == "summary"), view)


def badges(report: MonthlyReport, language: Language) -> list[str]:
    """Return the badges in the head of each page: draft, partial, failed cross-check, and a later revision."""
    flags = {
        "report.draft": report.draft,
        "report.incomplete": not report.complete,
        "report.check_failed": bool(report.data_quality.page_one_failures),
    }
    shown = [language.translate(key) for key, is_set in flags.items() if is_set]
    if report.revision > 1 and not report.draft:
        shown.append(language.translate("page.revision", number=language.count(report.revision)))
    return shown


def _head(report: MonthlyReport, name: str, language: Language, *, is_first: bool) -> str:
    if not is_first:
        return language.translate("page.head", month=report.month_label, page=name)
    if report.edition == "full":
        return language.translate("page.head_full_edition", month=report.month_label)
    return report.month_label
