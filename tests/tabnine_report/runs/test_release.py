"""The profile decides which reports are withheld, and only a request after the review releases one."""

import os
import pwd
import shlex
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sample_report import sample_report

from tabnine_report.deliver.send_decision import RecipientScope
from tabnine_report.model.data_quality import CheckResult, CrossCheck, Severity
from tabnine_report.model.errors import SettingsError
from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs import clock
from tabnine_report.runs.context import RunContext, load_context
from tabnine_report.runs.release import (
    ReleaseRequest,
    check_combination,
    decide_release,
    operating_system_user,
    record_preview,
    record_withheld,
    release_advice,
    requested_scope,
    shortcomings,
)

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
AFTER_APPROVAL = 'release = "after_approval"'
ADMINS = '[admins]\nslack_webhook_url = "http://127.0.0.1:9/hush"\n'
FALLEN = "Active users from 36 to 3."


@pytest.fixture(autouse=True)
def _on_the_2nd() -> Iterator[None]:
    with clock.rehearse(AT):
        yield


def run_with(folder: Path, report_settings: str, *, admins: str = ADMINS) -> RunContext:
    path = folder / "acme.toml"
    path.write_text(
        'name = "acme"\ntime_zone = "Europe/Berlin"\n[usage_api]\nbase_url = "http://127.0.0.1:9"\n'
        f'token = "sandbox-token"\n[report]\n{report_settings}\n{admins}[archive]\nledger_durable = true\n',
        encoding="utf-8",
    )
    return load_context(str(path), "2026-10", draft=False, at=AT, resolve=lambda _kind, _name: None)


def complete() -> MonthlyReport:
    return sample_report(complete=True)


def without_side_information() -> MonthlyReport:
    return with_failed_sources(1)


def without_required_data() -> MonthlyReport:
    report = with_failed_sources(1)
    quality = report.data_quality.model_copy(update={"required_missing": ("Active users",)})
    return report.model_copy(update={"data_quality": quality})


def without_most_sources() -> MonthlyReport:
    return with_failed_sources(None)


def with_failed_sources(number: int | None) -> MonthlyReport:
    report = sample_report(complete=False)
    failure = {"state": "failed", "reason": "console.example answered 500."}
    sources = report.data_quality.data_sources
    failed = tuple(source.model_copy(update=failure) for source in sources[:number])
    quality = report.data_quality.model_copy(update={"data_sources": (*failed, *sources[len(failed) :])})
    return report.model_copy(update={"data_quality": quality})


def with_failed_check(severity: Severity) -> MonthlyReport:
    report = complete()
    check = CrossCheck(name="No sudden drop", result=CheckResult.DIFFERS, sentence=FALLEN, severity=severity)
    return report.model_copy(update={"data_quality": report.data_quality.model_copy(update={"checks": (check,)})})


def with_failed_hold_check() -> MonthlyReport:
    return with_failed_check(Severity.HOLD)


def with_failed_warning_check() -> MonthlyReport:
    return with_failed_check(Severity.WARNING)


@pytest.mark.parametrize(
    ("settings", "withheld"),
    [
        ("", {without_required_data, without_most_sources, with_failed_hold_check}),
        ('when_incomplete = "mark"', set()),
        (
            'when_incomplete = "hold"',
            {without_side_information, without_required_data, without_most_sources, with_failed_hold_check},
        ),
    ],
    ids=["default", "mark", "hold"],
)
@pytest.mark.parametrize(
    "report",
    [
        complete,
        without_side_information,
        without_required_data,
        without_most_sources,
        with_failed_hold_check,
        with_failed_warning_check,
    ],
)
def test_the_profile_decides_what_is_withheld(
    tmp_path: Path, settings: str, withheld: set[Callable[[], MonthlyReport]], report: Callable[[], MonthlyReport]
) -> None:
    assert bool(decide_release(run_with(tmp_path, settings), report(), None).reason) is (report in withheld)
    # After approval, every report is withheld.
    assert decide_release(run_with(tmp_path, f"{settings}\n{AFTER_APPROVAL}"), report(), None).reason


def test_the_reason_names_what_is_missing_and_what_failed(tmp_path: Path) -> None:
    report = without_required_data()
    expected = (
        f"The API did not return required data: Active users. The report is incomplete: {report.data_quality.summary} "
        "No complete response from: organization, team-usage-v1. Failure of organization: console.example answered 500."
    )
    assert decide_release(run_with(tmp_path, ""), report, None).reason == expected

    reason = decide_release(run_with(tmp_path, ""), with_failed_hold_check(), None).reason
    assert reason == f"A cross-check failed, so the report needs a review: {FALLEN}"


def test_the_reason_is_the_failure_of_what_the_report_cannot_do_without(tmp_path: Path) -> None:
    report = without_required_data()
    names = {"license": "The license is down.", "usage-v2": "Usage is down.", "teams": "The list of teams is down."}
    source = report.data_quality.data_sources[0]
    sources = tuple(source.model_copy(update={"endpoint": name, "reason": why}) for name, why in names.items())
    quality = report.data_quality.model_copy(update={"data_sources": sources})
    reason = decide_release(run_with(tmp_path, ""), report.model_copy(update={"data_quality": quality}), None).reason
    assert reason.endswith("No complete response from: license, usage-v2, teams. Failure of usage-v2: Usage is down.")


def test_shortcomings_name_a_failed_check_by_its_severity(tmp_path: Path) -> None:
    language = run_with(tmp_path, "").language
    sentences = {
        Severity.NOTE: (),
        Severity.WARNING: (f"A cross-check failed, so a figure may be wrong: {FALLEN}",),
        Severity.HOLD: (f"A cross-check failed, so the report needs a review: {FALLEN}",),
    }
    for severity, expected in sentences.items():
        assert shortcomings(with_failed_check(severity), language) == expected


def request(at: datetime, *, by: str = "ann@build-1", is_automatic: bool = False) -> ReleaseRequest:
    return ReleaseRequest(by, at, is_automatic)


def test_a_request_after_the_preview_releases_exactly_that_revision(tmp_path: Path) -> None:
    run = run_with(tmp_path, AFTER_APPROVAL)
    record_preview(run, 1)
    later = clock.now() + timedelta(minutes=1)

    assert decide_release(run, sample_report(revision=2), request(later)).reason
    decision = decide_release(run, sample_report(revision=1), request(later))
    assert (decision.reason, decision.note) == (
        "",
        "Revision 1 was released by ann@build-1 on 2 November 2026, 07:00.",
    )
    # From then on, the revision is released for every run, and the record keeps who released it first.
    assert decide_release(run, sample_report(revision=1), None) == decision
    assert decide_release(run, sample_report(revision=1), request(later, by="bob@build-2")) == decision


@pytest.mark.parametrize(
    ("is_automatic", "after_preview", "sentence"),
    [
        (False, -1, "nobody could review this revision before the release was requested"),
        (True, 1, "a schedule or an automation started the run"),
    ],
)
def test_a_request_before_the_preview_or_without_a_person_releases_nothing(
    tmp_path: Path, after_preview: int, sentence: str, *, is_automatic: bool
) -> None:
    run = run_with(tmp_path, AFTER_APPROVAL)
    record_preview(run, 1)
    requested = request(clock.now() + after_preview * timedelta(minutes=1), is_automatic=is_automatic)

    assert sentence in decide_release(run, sample_report(), requested).reason
    assert decide_release(run, sample_report(), None).reason


def test_without_admins_a_report_is_reviewed_in_the_archive_after_it_was_withheld(tmp_path: Path) -> None:
    run = run_with(tmp_path, "", admins="")
    report = with_failed_hold_check()
    later = clock.now() + timedelta(minutes=1)
    assert decide_release(run, report, request(later)).reason

    record_withheld(run, 1)

    assert decide_release(run, report, request(later)).reason == ""


def test_a_preview_is_the_only_review_if_there_are_admins(tmp_path: Path) -> None:
    run = run_with(tmp_path, "")
    record_withheld(run, 1)

    assert decide_release(run, with_failed_hold_check(), request(clock.now() + timedelta(minutes=1))).reason


def test_a_request_to_release_a_report_that_is_not_withheld_is_answered(tmp_path: Path) -> None:
    run = run_with(tmp_path, "")

    assert decide_release(run, complete(), request(AT)).note == "Nothing was withheld, so there was nothing to release."
    assert decide_release(run, complete(), None).note == ""


@pytest.mark.parametrize(
    ("revision", "previewed_by", "options", "sentence"),
    [
        (1, {"slack", "email"}, "--release", "Review the preview, which the admins received by email, slack,"),
        (2, {"email"}, "--release --delivery revised", "start the deployment answer/acme with withheld = release."),
        (1, set(), "", "No admin received the preview, so the report cannot be released yet."),
    ],
)
def test_the_advice_contains_the_command_as_it_has_to_be_typed(
    tmp_path: Path, revision: int, previewed_by: set[str], options: str, sentence: str
) -> None:
    folder = tmp_path / "our profiles"
    folder.mkdir()
    run = run_with(folder, "")

    advice = release_advice(run, sample_report(revision=revision), previewed_by)

    typed = f"tabnine-report run --profile {shlex.quote(str(folder / 'acme.toml'))} --month 2026-10 {options}"
    assert advice.command == typed.strip()
    assert sentence in advice.text


@pytest.mark.parametrize("revision", [1, 2])
def test_only_the_release_of_a_withheld_revision_replaces_an_earlier_one(tmp_path: Path, revision: int) -> None:
    """A person who asks for the release of a report that is not withheld has not decided to resend it."""
    run, report = run_with(tmp_path, AFTER_APPROVAL), sample_report(revision=revision)
    assert requested_scope(run.profile, report) == RecipientScope.UNDELIVERED

    record_withheld(run, revision)

    assert requested_scope(run.profile, report) == {1: RecipientScope.UNDELIVERED, 2: RecipientScope.REVISED}[revision]


@pytest.mark.parametrize(
    ("delivery", "draft"), [("undelivered", True), ("nobody", False), ("preview", False), ("preview", True)]
)
def test_a_release_needs_a_delivery(delivery: str, *, draft: bool) -> None:
    with pytest.raises(SettingsError, match="release"):
        check_combination(delivery, draft=draft, release=True)
    check_combination(delivery, draft=draft, release=False)


def test_a_user_without_an_account_is_named_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "build-1")
    assert operating_system_user() == f"{pwd.getpwuid(os.getuid()).pw_name}@build-1"

    monkeypatch.setattr(os, "getuid", lambda: 4_000_001)
    assert operating_system_user() == "user 4000001@build-1"
