"""Decide whether a report is withheld, and whether a person may release it."""

from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.storage import revision_numbers_of
from tabnine_report.text.i18n import Language


def withheld_reason(run: RunContext, report: MonthlyReport) -> str:
    """Return why the profile withholds a report, in whole sentences; empty if it does not."""
    settings = run.profile.report
    reasons: list[str] = []
    if settings.when_incomplete == "hold":
        reasons += shortcomings(report, run.language)
    if settings.release == "after_approval":
        reasons.append(run.language.translate("notice.after_approval"))
    return " ".join(reasons)


def shortcomings(report: MonthlyReport, language: Language) -> tuple[str, ...]:
    """Return a sentence for each reason to doubt a report: it is incomplete, or a check failed."""
    incomplete = () if report.complete else (_incomplete(report, language),)
    failed_checks = (check.sentence for check in report.data_quality.checks if check.holds)
    return (*incomplete, *(language.translate("notice.looks_wrong", sentence=sentence) for sentence in failed_checks))


def _incomplete(report: MonthlyReport, language: Language) -> str:
    sentence = language.translate("notice.incomplete", summary=report.data_quality.summary)
    failed = report.data_quality.incomplete_sources
    if not failed:
        return sentence
    endpoints = ", ".join(source.endpoint for source in failed)
    return f"{sentence} {language.translate('notice.not_answered', endpoints=endpoints, why=failed[0].reason)}"


def was_previewed(run: RunContext, revision: int) -> bool:
    """Return whether the admins have received a preview of a revision.

    Raises:
        LedgerError: If the ledger cannot be read.
    """
    return revision_numbers_of(run.profile).was_previewed(run.profile.name, str(run.month), revision)


def record_preview(run: RunContext, revision: int) -> None:
    """Record that the admins have received a preview of a revision; a person can release it from now on.

    Raises:
        LedgerError: If the ledger cannot be written.
    """
    revision_numbers_of(run.profile).record_preview(run.profile.name, str(run.month), revision)
