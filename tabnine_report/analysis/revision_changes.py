"""The figures that differ between a revision and the previous one of the same month."""

from collections.abc import Iterator
from datetime import date

from tabnine_report.analysis.metric_definitions import IN_FULL_ONLY
from tabnine_report.model.data_quality import ChangedFigure, RevisionChanges
from tabnine_report.model.figure import Figure, State
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.text.i18n import Language

_NAMED = 3
"""The number of changed figures in the sentence; the table has all of them."""


def revision_changes(
    report: MonthlyReport, earlier: MonthlyReport | None, language: Language
) -> RevisionChanges | None:
    """Compare a report with the previous revision of the same month.

    Args:
        report: The new revision.
        earlier: The previous revision; None for the first one.
        language: Writes the sentence.

    Returns:
        The changes; None for the first revision.
    """
    if earlier is None:
        return None
    figures = (*_kpis(report.kpis(), earlier.kpis()), *_days(report, earlier, language))
    return RevisionChanges(
        revision=earlier.revision, sentence=_sentence(earlier.revision, figures, language), figures=figures
    )


def _kpis(now: dict[str, Kpi], before: dict[str, Kpi]) -> Iterator[ChangedFigure]:
    """Yield the KPIs that differ between the reports, those of page one first."""
    for key, kpi in now.items():
        if key in before and _differ(before[key].figure, kpi.figure):
            earlier = before[key].figure
            if kpi.figure.state is State.SUPPRESSED:
                earlier = earlier.suppressed(kpi.figure.reason)
            yield ChangedFigure(
                label=kpi.label,
                before=earlier,
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
    # Both editions show the sentence, so it names no figure of the full edition.
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
