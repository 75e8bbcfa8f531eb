"""Decide whether a report may be delivered, and record what was withheld and who released it."""

import os
import pwd
import shlex
import socket
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from tabnine_report.deliver.ledger.release_records import ReleaseRecord
from tabnine_report.deliver.send_decision import RecipientScope
from tabnine_report.model.data_quality import Severity
from tabnine_report.model.errors import SettingsError
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.storage import release_records_of
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints import Endpoint

_ESSENTIAL = frozenset(endpoint.value for endpoint in Endpoint if endpoint.spec.essential)
"""The endpoints without which a report lacks required data: their failure explains it best."""


@dataclass(frozen=True)
class ReleaseRequest:
    """A request to release the month's withheld revision.

    Attributes:
        by: Who requested it.
        at: When it was requested, UTC. A preview that was sent later cannot be the one that was reviewed.
        is_automatic: Whether a schedule or an automation made the request, so that it does not count.
    """

    by: str
    at: datetime
    is_automatic: bool = False


@dataclass(frozen=True)
class ReleaseDecision:
    """Whether a revision may be delivered.

    Attributes:
        reason: Why it is withheld, in whole sentences; empty if it may be delivered.
        note: Who released it, or why there was nothing to release; empty if no release was requested or made.
    """

    reason: str = ""
    note: str = ""


def check_combination(delivery: str, *, draft: bool, release: bool) -> None:
    """Check that a run that is to release a report also delivers it.

    Raises:
        SettingsError: If the run builds a draft, or its delivery option reaches no recipient.
    """
    if release and draft:
        raise SettingsError("The run", ["release and draft exclude each other. A draft is never delivered"])
    if release and delivery not in tuple(RecipientScope):
        choices = " or ".join(RecipientScope)
        problem = f"release delivers the report, but delivery = {delivery} reaches no recipient. Use {choices}"
        raise SettingsError("The run", [problem])


def decide_release(run: RunContext, report: MonthlyReport, request: ReleaseRequest | None) -> ReleaseDecision:
    """Return whether a sealed revision may be delivered; record its release if the request is valid.

    Raises:
        LedgerError: If the ledger cannot be read or written.
    """
    translate = run.language.translate
    reason = " ".join(_withheld_reasons(run, report))
    if not reason:
        return ReleaseDecision(note=translate("run.not_withheld") if request else "")
    records = release_records_of(run.profile)
    record = records.read(report.month, report.revision)
    release = record.release
    if release is None:
        if request is None:
            return ReleaseDecision(reason)
        if obstacle := _obstacle(run, record, request):
            return ReleaseDecision(f"{reason} {translate(f'notice.{obstacle}')}")
        release = records.record_release(report.month, report.revision, request.by)
    revision, instant = run.language.count(report.revision), run.language.instant(release.at)
    return ReleaseDecision(note=translate("run.released", revision=revision, by=release.by, instant=instant))


def record_preview(run: RunContext, revision: int) -> None:
    """Record that an admin has received a preview of a revision, which can be released from now on.

    Raises:
        LedgerError: If the ledger cannot be written.
    """
    release_records_of(run.profile).record_preview(str(run.month), revision)


def record_withheld(run: RunContext, revision: int) -> None:
    """Record that a revision is withheld.

    Raises:
        LedgerError: If the ledger cannot be written.
    """
    release_records_of(run.profile).record_withheld(str(run.month), revision)


def shortcomings(report: MonthlyReport, language: Language) -> tuple[str, ...]:
    """Return a sentence for each reason to doubt a report: it is incomplete, or a check failed."""
    incomplete = () if report.complete else (_incomplete(report, language),)
    checks = (
        language.translate(f"notice.check_failed_{check.severity}", sentence=check.sentence)
        for check in report.data_quality.failed_checks
    )
    return (*incomplete, *checks)


@dataclass(frozen=True)
class ReleaseAdvice:
    """What a person has to do to release a withheld report.

    Attributes:
        text: What to review and how to release it.
        command: The command that does it.
    """

    text: str
    command: str


def release_advice(run: RunContext, report: MonthlyReport, previewed_by: Collection[str]) -> ReleaseAdvice:
    """Return how a person releases a withheld report.

    Args:
        run: The run that withheld it.
        report: The report.
        previewed_by: The channels by which an admin received the preview.
    """
    translate, month = run.language.translate, str(run.month)
    if run.profile.admins.has_channel and not previewed_by:
        rerun = ["tabnine-report", "run", "--profile", run.profile_argument, "--month", month]
        return ReleaseAdvice(translate("notice.advice_no_preview"), shlex.join(rerun))
    review = "review_preview" if previewed_by else "review_report"
    sentences = (
        translate(f"notice.advice_{review}", channels=", ".join(sorted(previewed_by))),
        translate("notice.advice_release", organization=run.profile.name),
        translate("notice.advice_fetch_again") if not report.complete else "",
    )
    command = release_command(run.profile_argument, month, report.revision)
    return ReleaseAdvice(" ".join(filter(None, sentences)), command)


def release_command(profile: str, month: str, revision: int) -> str:
    """Return the command that releases a withheld revision.

    Args:
        profile: The profile's name or path, as typed.
        month: The month, `YYYY-MM`.
        revision: The revision.
    """
    scope = scope_of_release(revision)
    delivery = [] if scope is RecipientScope.UNDELIVERED else ["--delivery", scope]
    return shlex.join(["tabnine-report", "run", "--profile", profile, "--month", month, "--release", *delivery])


def scope_of_release(revision: int) -> RecipientScope:
    """Return which recipients receive a withheld revision that is released: also those of an earlier revision."""
    return RecipientScope.REVISED if revision > 1 else RecipientScope.UNDELIVERED


def requested_scope(profile: LedgerProfile, report: MonthlyReport) -> RecipientScope:
    """Return which recipients receive a report whose release is requested, whether or not it is withheld.

    If it is not withheld, there is nothing to release, and nobody has decided to resend it.

    Raises:
        LedgerError: If the ledger cannot be read.
    """
    record = release_records_of(profile).read(report.month, report.revision)
    return RecipientScope.UNDELIVERED if record.withheld_at is None else scope_of_release(report.revision)


def operating_system_user() -> str:
    """Return the user and the host of this process, as in `ann@build-1`."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"user {os.getuid()}"
    return f"{name}@{socket.gethostname()}"


def _withheld_reasons(run: RunContext, report: MonthlyReport) -> Iterator[str]:
    """Yield why the profile withholds a report."""
    settings, quality, language = run.profile.report, report.data_quality, run.language
    if settings.when_incomplete == "hold_required" and (quality.required_missing or quality.most_sources_failed):
        if quality.required_missing:
            yield language.translate("notice.required_missing", labels=", ".join(quality.required_missing))
        yield _incomplete(report, language)
    if settings.when_incomplete == "hold" and not report.complete:
        yield _incomplete(report, language)
    if settings.when_incomplete != "mark":
        for check in quality.failed_checks:
            if check.severity is Severity.HOLD:
                yield language.translate("notice.check_failed_hold", sentence=check.sentence)
    if settings.release == "after_approval":
        yield language.translate("notice.after_approval")


def _obstacle(run: RunContext, record: ReleaseRecord, request: ReleaseRequest) -> str:
    """Return why a request does not release a revision, as a key of the catalog's table `[notice]`; empty if it does.

    A person has seen a revision if an admin received its preview before the request. Without admins, they can only have
    seen it in the archive, after a run reported that it is withheld.
    """
    if request.is_automatic:
        return "release_automatic"
    seen_at = record.previewed_at if run.profile.admins.has_channel else record.withheld_at
    return "" if seen_at is not None and seen_at <= request.at else "release_not_seen"


def _incomplete(report: MonthlyReport, language: Language) -> str:
    sentence = language.translate("notice.incomplete", summary=report.data_quality.summary)
    failed = report.data_quality.incomplete_sources
    if not failed:
        return sentence
    endpoints = ", ".join(source.endpoint for source in failed)
    worst = min(failed, key=lambda source: source.endpoint not in _ESSENTIAL or source.state != "failed")
    failure = language.translate("notice.not_answered", endpoints=endpoints, endpoint=worst.endpoint, why=worst.reason)
    return f"{sentence} {failure}"
