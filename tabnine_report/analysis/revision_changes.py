"""What a revision changed: the figures that an earlier report of the same month showed otherwise."""

from collections.abc import Iterator
from datetime import date

from tabnine_report.analysis.metrics import IN_FULL_ONLY
from tabnine_report.model.data_quality import ChangedFigure, RevisionChanges
from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.text.i18n import Language

_NAMED = 3
"""How many of the changed figures the sentence names; all of them stand in the table."""


def revision_changes(
    report: MonthlyReport, earlier: MonthlyReport | None, language: Language
) -> RevisionChanges | None:
    """Compare a report with an earlier one of the same month.

    Args:
        report: The new one.
        earlier: The revision before; None where there is none.
        language: Writes the sentence.

    Returns:
        None where there is none to compare with.
    """
    if earlier is None:
        return None
    figures = (*_kpis(report.kpis(), earlier.kpis()), *_days(report, earlier, language))
    return RevisionChanges(
        revision=earlier.revision, sentence=_sentence(earlier.revision, figures, language), figures=figures
    )


def _kpis(now: dict[str, Kpi], before: dict[str, Kpi]) -> Iterator[ChangedFigure]:
    """Give the measures that both reports have and that differ, those of page one first."""
    for key, kpi in now.items():
        if key in before and _differ(before[key].figure, kpi.figure):
            yield ChangedFigure(
                label=kpi.label,
                before=before[key].figure,
                now=kpi.figure,
                edition="full" if key in IN_FULL_ONLY else "executive",
            )


def _days(report: MonthlyReport, earlier: MonthlyReport, language: Language) -> Iterator[ChangedFigure]:
    before = {point.period: point.figure for point in earlier.adoption.daily.points}
    for point in report.adoption.daily.points:
        if point.period in before and _differ(before[point.period], point.figure):
            day = language.date(date.fromisoformat(point.period))
            label = language.translate("revision_changes.day", label=report.adoption.daily.label, day=day)
            yield ChangedFigure(label=label, before=before[point.period], now=point.figure)


def _differ(before: Figure, now: Figure) -> bool:
    return (before.value, before.state, before.unit) != (now.value, now.state, now.unit)


def _sentence(revision: int, changed: tuple[ChangedFigure, ...], language: Language) -> str:
    number = language.count(revision)
    # The sentence stands in every edition.
    figures = [figure for figure in changed if figure.edition == "executive"]
    if not figures:
        return language.translate("revision_changes.none", number=number)
    named = [
        language.translate(
            "revision_changes.figure",
            label=figure.label,
            before=language.qualified(figure.before),
            now=language.qualified(figure.now),
        )
        for figure in figures[:_NAMED]
    ]
    if more := len(figures) - len(named):
        named.append(language.translate("revision_changes.more", count=more, number=language.count(more)))
    return language.translate("revision_changes.changed", number=number, changes="; ".join(named))
