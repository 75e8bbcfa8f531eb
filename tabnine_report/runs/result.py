"""How a run ended: one type that Prefect's state, the admins' notice and the command line are read from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from upath import UPath

from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.model.errors import DeliveryError, ReportingError
from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.release import ReleaseAdvice
from tabnine_report.runs.status import RunStatus
from tabnine_report.text.i18n import Language


class RunOutput:
    """What a run built.

    It is no dataclass: Prefect would search every value of the report for results of tasks, and asyncio would write the
    report as text twice.

    Attributes:
        report: The report.
        folder: The folder or bucket location of its documents.
        link: The web address of the report; empty if the profile has none.
        damage: A sentence for each damaged bundle of the month.
    """

    def __init__(self, report: MonthlyReport, folder: UPath, link: str = "", damage: tuple[str, ...] = ()) -> None:
        self.report = report
        self.folder = folder
        self.link = link
        self.damage = damage


@dataclass(frozen=True)
class RunResult:
    """The result of one run.

    Attributes:
        status: How the run ended.
        organization: The profile's name.
        month: The reported month as `YYYY-MM`.
        output: What the run built; None if it failed.
        receipts: The result of each delivery or preview, including deliveries by earlier runs.
        reason: Why the report is withheld or the run postponed; otherwise empty.
        release_advice: How a person releases the withheld report; None if it is not withheld.
        release_note: Who released the report, or why there was nothing to release; otherwise empty.
        error: Why the run failed; otherwise None.
    """

    status: RunStatus
    organization: str
    month: str
    output: RunOutput | None = None
    receipts: tuple[Receipt, ...] = ()
    reason: str = ""
    release_advice: ReleaseAdvice | None = None
    release_note: str = ""
    error: BaseException | None = None

    @classmethod
    def of_report(cls, status: RunStatus, output: RunOutput) -> Self:
        """Return the result of a run that built a report and delivered nothing."""
        return cls(status, output.report.organization.profile, output.report.month, output)

    @classmethod
    def of_failure(cls, run: RunContext, error: BaseException) -> Self:
        """Return the result of a run that ended with an error."""
        return cls(RunStatus.FAILED, run.profile.name, str(run.month), error=error)

    @classmethod
    def postponed(cls, run: RunContext, error: BaseException, until: datetime) -> Self:
        """Return the result of a run that continues later."""
        instant, why = run.language.instant(until), error_sentence(error, run.language)
        reason = run.language.translate("run.continues", instant=instant, why=why)
        return cls(RunStatus.POSTPONED, run.profile.name, str(run.month), reason=reason)

    def delivered(self, receipts: tuple[Receipt, ...], release_note: str = "") -> Self:
        """Return the result after the report's delivery."""
        result = replace(self, receipts=receipts, release_note=release_note)
        if not receipts:
            status = RunStatus.NO_CHANNEL
        elif result.undelivered:
            only_unconfirmed = len(result.unconfirmed) == len(result.undelivered)
            status = RunStatus.UNCONFIRMED if only_unconfirmed else RunStatus.PARTLY_DELIVERED
        elif result.in_progress:
            status = RunStatus.IN_PROGRESS_ELSEWHERE
        elif all(receipt.earlier for receipt in receipts):
            status = RunStatus.NOTHING_TO_SEND
        else:
            status = RunStatus.SENT
        return replace(result, status=status)

    def previewed(self, receipts: tuple[Receipt, ...]) -> Self:
        """Return the result after sending the preview that the run was started for."""
        result = replace(self, receipts=receipts)
        return replace(result, status=RunStatus.PREVIEW_INCOMPLETE if result.undelivered else RunStatus.PREVIEWED)

    def withheld(self, reason: str, advice: ReleaseAdvice) -> Self:
        """Return the result of a run whose report waits for a person's release."""
        return replace(self, status=RunStatus.WITHHELD, reason=reason, release_advice=advice)

    @property
    def report(self) -> MonthlyReport:
        """The report of a run that did not fail."""
        return self._output.report

    @property
    def folder(self) -> UPath:
        """The location of the documents of a run that did not fail."""
        return self._output.folder

    @property
    def link(self) -> str:
        """The web address of the report; empty if the profile has none."""
        return self._output.link

    @property
    def damage(self) -> tuple[str, ...]:
        """A sentence for each damaged bundle of the month."""
        return self._output.damage

    @property
    def _output(self) -> RunOutput:
        if self.output is None:
            raise ValueError("a failed run has no report")
        return self.output

    @property
    def in_progress(self) -> tuple[Receipt, ...]:
        """The deliveries that another run is making."""
        return _in_progress(self.receipts)

    @property
    def undelivered(self) -> tuple[Receipt, ...]:
        """The deliveries that did not reach, or may not have reached, their recipient."""
        return _undelivered(self.receipts)

    @property
    def unconfirmed(self) -> tuple[Receipt, ...]:
        """The deliveries that may or may not have reached their recipient."""
        return tuple(receipt for receipt in self.receipts if receipt.state is DeliveryState.UNCONFIRMED)

    @property
    def outdated(self) -> tuple[Receipt, ...]:
        """The deliveries that sent an earlier revision."""
        current = self.report.revision
        sent = (receipt for receipt in self.receipts if receipt.state is DeliveryState.SENT)
        return tuple(receipt for receipt in sent if receipt.revision < current)

    def summary(self, language: Language, *, details: bool = True) -> str:
        """Return how the run ended and what a person can do about it.

        Args:
            language: The organization's language.
            details: Whether to name recipients and to quote what may contain figures.
        """
        problems = (*self.undelivered, *self.in_progress)
        total = len(self.receipts)
        sentence = language.translate(
            f"run.{self.status}",
            total,
            organization=self.organization,
            month=self.month,
            reached=language.count(total - len(problems)),
            total=language.count(total),
            problems=_problems(problems, language, details=details),
            reason=self._reason(language, details=details),
        )
        return " ".join(filter(None, [sentence, self.release_note, *self._advice(language)]))

    def _reason(self, language: Language, *, details: bool) -> str:
        if self.error is not None:
            return error_sentence(self.error, language)
        if self.status is RunStatus.WITHHELD and not details:
            return language.translate("run.reason_elsewhere")
        return self.reason

    def _advice(self, language: Language) -> list[str]:
        """Return what a person can do for recipients without the report, or with an earlier revision of it."""
        advice: list[str] = []
        match self.status:
            case RunStatus.WITHHELD if self.release_advice:
                advice.append(f"{self.release_advice.text}\n\n    {self.release_advice.command}")
            case RunStatus.SENT | RunStatus.NOTHING_TO_SEND if self.outdated:
                number, revision = len(self.outdated), language.count(self.report.revision)
                values = {"number": language.count(number), "month": self.month, "revision": revision}
                advice.append(language.translate("run.outdated", number, **values))
            case RunStatus.PARTLY_DELIVERED | RunStatus.UNCONFIRMED:
                if self.status is RunStatus.PARTLY_DELIVERED:
                    advice.append(language.translate("run.rerun", month=self.month))
                if self.unconfirmed:
                    advice.append(language.translate("run.settle"))
        return advice


class DeliveryIncomplete(DeliveryError):
    """The run did not deliver the report to all recipients, or the preview to all admins.

    Attributes:
        result: The result of the run, whose status is a failure or waiting.
    """

    def __init__(self, result: RunResult, message: str) -> None:
        super().__init__(message)
        self.result = result

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the result when the error crosses a process or is stored."""
        return type(self), (self.result, str(self))


def error_sentence(error: BaseException, language: Language) -> str:
    """Return why a run failed; an unexpected error is only named, because its text may contain a secret."""
    if isinstance(error, ReportingError):
        return str(error)
    return language.translate("notice.unforeseen", error=type(error).__name__)


def delivery_problem(receipts: Sequence[Receipt], language: Language, *, details: bool = True) -> str:
    """Return which recipients did not, or may not have, received a message, and why; empty if all of them did.

    Args:
        receipts: The receipts of one channel.
        language: The organization's language.
        details: Whether to name the recipients and to quote their servers; otherwise, they are only counted.
    """
    undelivered = _undelivered(receipts)
    if not undelivered:
        return ""
    total = len(receipts)
    reached = language.count(total - len(undelivered) - len(_in_progress(receipts)))
    problems = _problems(undelivered, language, details=details)
    return language.translate("run.channel", total, reached=reached, total=language.count(total), problems=problems)


def _undelivered(receipts: Iterable[Receipt]) -> tuple[Receipt, ...]:
    fine = (DeliveryState.SENT, DeliveryState.CLAIMED)
    return tuple(receipt for receipt in receipts if receipt.state not in fine)


def _in_progress(receipts: Iterable[Receipt]) -> tuple[Receipt, ...]:
    return tuple(receipt for receipt in receipts if receipt.state is DeliveryState.CLAIMED)


def _problems(receipts: Iterable[Receipt], language: Language, *, details: bool) -> str:
    if details:
        return "; ".join(_problem(receipt, language) for receipt in receipts)
    return "; ".join(
        language.translate(
            "run.problem_count",
            channel=channel,
            number=language.count(number),
            state=language.translate(f"run.delivery_{state}"),
        )
        for (channel, state), number in Counter((receipt.channel, receipt.state) for receipt in receipts).items()
    )


def _problem(receipt: Receipt, language: Language) -> str:
    return language.translate(
        "run.problem",
        channel=receipt.channel,
        recipient=receipt.recipient,
        state=language.translate(f"run.delivery_{receipt.state}"),
        detail=receipt.detail.rstrip("."),
    )
