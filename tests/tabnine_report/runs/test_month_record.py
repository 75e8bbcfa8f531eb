"""The end of a run is recorded as the state of its month, with one sentence of reason, and never fails the run."""

import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from profile_file import write_profile
from sample_report import sample_report
from upath import UPath

from tabnine_report.archive.report_digest import report_digest
from tabnine_report.deliver.ledger.ledger import Claim
from tabnine_report.deliver.ledger.month_records import MonthRecord
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.errors import NoResponse, ReportingError, SettingsError
from tabnine_report.profile.references import ReferenceKind
from tabnine_report.runs import clock, recipient_changes
from tabnine_report.runs.context import RunContext, load_context
from tabnine_report.runs.month_record import record_crash, record_failed_start, record_month, settle_delivery
from tabnine_report.runs.result import RunOutput, RunResult
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import ledger_of, month_records_of

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
REPORT = sample_report()
DOWN = NoResponse("api.example did not respond (timeout). Check the network.", endpoint="organization")
DELIVERED = {RunStatus.SENT, RunStatus.NO_CHANNEL}
WAITING = {RunStatus.WITHHELD, RunStatus.PARTLY_DELIVERED, RunStatus.UNCONFIRMED}
NOT_DELIVERING = {RunStatus.ARCHIVED, RunStatus.PREVIEWED, RunStatus.PREVIEW_INCOMPLETE}
WITHOUT_REPORT = {RunStatus.FAILED, RunStatus.CRASHED, RunStatus.POSTPONED}
RECORDED = DELIVERED | WAITING | NOT_DELIVERING | WITHOUT_REPORT


@pytest.fixture(autouse=True)
def _on_the_2nd() -> Iterator[None]:
    with clock.rehearse(AT):
        yield


def from_environment(_kind: ReferenceKind, name: str) -> str | None:
    return os.environ.get(name)


@pytest.fixture
def run(tmp_path: Path) -> RunContext:
    return load_context(write_profile(tmp_path), "2026-10", draft=False, at=AT, resolve=from_environment)


def ended(run: RunContext, status: RunStatus) -> RunResult:
    if status is RunStatus.FAILED:
        return RunResult.of_failure(run, DOWN)
    if status is RunStatus.POSTPONED:
        return RunResult.postponed(run, DOWN, AT)
    result = RunResult.of_report(status, RunOutput(REPORT, UPath("r1")))
    return replace(result, organization="acme", month="2026-10")


def recorded(run: RunContext) -> MonthRecord:
    (record,) = month_records_of(run.profile).read_all()
    return record


def test_a_delivered_month_is_recorded_with_its_report(run: RunContext) -> None:
    record_month(run, ended(run, RunStatus.SENT))

    record = recorded(run)
    expected = MonthRecord("2026-10", date(2026, 11, 2), "sent", 1, "", report_digest(REPORT), record.updated_at)
    assert record == expected
    assert 0 <= (record.updated_at - AT).total_seconds() < 600


@pytest.mark.parametrize("status", sorted(set(RunStatus) - {RunStatus.DRAFT}))
def test_every_run_that_is_not_a_draft_records_how_it_ended(run: RunContext, status: RunStatus) -> None:
    record_month(run, ended(run, status))

    states = [record.state for record in month_records_of(run.profile).read_all()]
    if status is RunStatus.NOTHING_TO_SEND:
        assert states == ["sent"]
    else:
        assert states == ([] if status is RunStatus.IN_PROGRESS_ELSEWHERE else [status])


@pytest.mark.parametrize("status", [RunStatus.DRAFT, RunStatus.FAILED, RunStatus.POSTPONED])
def test_a_draft_does_not_count(run: RunContext, status: RunStatus) -> None:
    record_month(replace(run, draft=True), ended(run, status))

    assert month_records_of(run.profile).read_all() == []


@pytest.mark.parametrize("later", sorted(RECORDED))
@pytest.mark.parametrize("earlier", sorted(RECORDED))
def test_a_run_that_delivers_nothing_does_not_hide_what_the_recipients_have(
    run: RunContext, earlier: RunStatus, later: RunStatus
) -> None:
    record_month(run, ended(run, earlier))
    record_month(run, ended(run, later))

    stays = (earlier in DELIVERED and later in WITHOUT_REPORT) or (
        earlier in DELIVERED | WAITING and later in NOT_DELIVERING
    )
    assert recorded(run).state == (earlier if stays else later)


@pytest.mark.parametrize("status", [RunStatus.FAILED, RunStatus.POSTPONED])
@pytest.mark.parametrize("bob", [DeliveryState.SENT, DeliveryState.UNCONFIRMED, None])
def test_a_failed_run_of_a_month_that_the_ledger_has_as_sent_to_everybody_leaves_it_sent(
    tmp_path: Path, status: RunStatus, bob: DeliveryState | None
) -> None:
    email = '[email]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nsender = "r@acme.example"\n'
    path = write_profile(tmp_path, f'{email}recipients = ["Ann@acme.example", "bob@acme.example"]')
    run = load_context(path, "2026-10", draft=False, at=AT, resolve=from_environment)
    ledger = ledger_of(run.profile)
    request = DeliveryRequest("acme", "2026-10", 1, RecipientScope.UNDELIVERED, AT)
    for name, state in (("ann", DeliveryState.SENT), ("bob", bob)):
        claim = ledger.claim(request, "email", f"{name}@acme.example") if state else None
        if isinstance(claim, Claim) and state:
            ledger.settle(claim, state, "")

    record_month(run, ended(run, status))

    record = recorded(run)
    assert (record.state, bool(record.reason)) == (
        (RunStatus.SENT, False) if bob is DeliveryState.SENT else (status, True)
    )


def test_a_channel_that_cannot_be_used_does_not_cost_the_record(
    run: RunContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise SettingsError("Profile acme", ["a certificate is missing"])

    monkeypatch.setattr(recipient_changes, "report_routes", fail)
    record_month(run, ended(run, RunStatus.FAILED))
    assert recorded(run).state == RunStatus.FAILED


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DOWN, "api.example did not respond (timeout)."),
        (ReportingError("The archive is full.\nMake room. Run it again."), "The archive is full."),
        (
            SettingsError("Profile acme.toml", ["report.locale is unknown. Use en", "email.port is missing"]),
            "Profile acme.toml: report.locale is unknown; email.port is missing.",
        ),
        (KeyError("hush"), "An unexpected error occurred (KeyError)."),
    ],
)
def test_the_reason_of_a_failure_is_one_sentence_without_secrets(
    run: RunContext, error: Exception, reason: str
) -> None:
    record_month(run, RunResult.of_failure(run, error))

    assert recorded(run).reason == reason


@pytest.mark.parametrize(
    ("earlier", "state"), [(None, "crashed"), (RunStatus.POSTPONED, "crashed"), (RunStatus.SENT, "sent")]
)
def test_a_crash_is_recorded_unless_the_recipients_have_the_report(
    run: RunContext, earlier: RunStatus | None, state: str
) -> None:
    if earlier:
        record_month(run, ended(run, earlier))
    record_crash(run.profile, run.month, datetime.now(UTC) + timedelta(hours=1), "Its process has ended.")
    assert recorded(run).state == state


def test_a_crash_before_the_end_of_a_later_run_is_not_recorded(run: RunContext) -> None:
    record_month(run, ended(run, RunStatus.FAILED))
    record_crash(run.profile, run.month, datetime.now(UTC) - timedelta(hours=1), "Its process has ended.")
    assert recorded(run).state == "failed"


def test_a_withheld_and_a_postponed_month_have_a_reason(run: RunContext) -> None:
    record_month(run, replace(ended(run, RunStatus.WITHHELD), reason="It lacks required data. No data: license."))
    assert recorded(run).reason == "It lacks required data."
    record_month(run, ended(run, RunStatus.POSTPONED))
    assert recorded(run).reason == "api.example did not respond (timeout)."


def test_a_ledger_that_cannot_be_written_costs_only_the_record(
    run: RunContext, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "reports").write_text("a file", encoding="utf-8")

    with caplog.at_level(logging.WARNING):
        record_month(run, ended(run, RunStatus.SENT))
    assert "The end of the run could not be recorded: The ledger" in caplog.text


def test_a_run_that_could_not_start_is_recorded_without_the_secrets_that_it_lacks(tmp_path: Path) -> None:
    run = load_context(write_profile(tmp_path), "2026-10", draft=False, at=AT, resolve=from_environment)
    profile = write_profile(tmp_path, token="${UNSET_TOKEN}")
    problem = SettingsError("Profile acme.toml", ["usage_api.token needs UNSET_TOKEN"])

    record_failed_start(profile, "last complete month", AT, problem, from_environment)

    record = recorded(run)
    reason = "Profile acme.toml: usage_api.token needs UNSET_TOKEN."
    assert record == MonthRecord("2026-10", date(2026, 11, 2), "failed", None, reason, "", record.updated_at)


@pytest.mark.parametrize("month", ["2026-11", "October", "2027-01"])
def test_a_month_that_cannot_be_reported_is_not_recorded(tmp_path: Path, run: RunContext, month: str) -> None:
    record_failed_start(str(tmp_path / "acme.toml"), month, AT, ReportingError("It is open."), from_environment)

    assert month_records_of(run.profile).read_all() == []


@pytest.mark.parametrize("profile", ["missing.toml", "acme.toml"])
def test_a_failed_start_without_a_usable_profile_is_a_warning(
    tmp_path: Path, profile: str, caplog: pytest.LogCaptureFixture
) -> None:
    write_profile(tmp_path, 'ledger = "${UNSET_LEDGER}"')

    with caplog.at_level(logging.WARNING):
        record_failed_start(str(tmp_path / profile), "2026-10", AT, ReportingError("No."), from_environment)
    assert "The end of the run could not be recorded: Profile" in caplog.text


@pytest.mark.parametrize("status", [RunStatus.UNCONFIRMED, RunStatus.PARTLY_DELIVERED, RunStatus.WITHHELD])
@pytest.mark.parametrize(
    ("others", "outcome", "state"),
    [
        ([DeliveryState.SENT], DeliveryState.SENT, RunStatus.SENT),
        ([DeliveryState.SENT], DeliveryState.FAILED, RunStatus.PARTLY_DELIVERED),
        ([DeliveryState.UNCONFIRMED], DeliveryState.SENT, RunStatus.UNCONFIRMED),
        ([DeliveryState.REJECTED, DeliveryState.SENT], DeliveryState.SENT, RunStatus.PARTLY_DELIVERED),
        ([], DeliveryState.SENT, RunStatus.SENT),
    ],
)
def test_settling_a_delivery_updates_the_state_of_its_month(
    run: RunContext, status: RunStatus, others: list[DeliveryState], outcome: DeliveryState, state: RunStatus
) -> None:
    assert outcome is DeliveryState.SENT or outcome is DeliveryState.FAILED
    ledger = ledger_of(run.profile)
    request = DeliveryRequest("acme", "2026-10", 1, RecipientScope.UNDELIVERED, AT)
    for number, result in enumerate([DeliveryState.UNCONFIRMED, *others]):
        claim = ledger.claim(request, "email", f"reader-{number}@acme.example")
        assert isinstance(claim, Claim)
        ledger.settle(claim, result, "")
    record_month(run, ended(run, status))
    before = recorded(run)

    settled = settle_delivery(run.profile, ("acme", "2026-10", "email", "reader-0@acme.example"), outcome)

    assert settled.state is outcome
    # The settlement is no run: the watchdog states when the last run ended, and compares this with crashes.
    expected = RunStatus.WITHHELD if status is RunStatus.WITHHELD else state
    assert recorded(run) == replace(before, state=expected)


def test_a_bounce_makes_a_sent_month_incomplete(run: RunContext) -> None:
    ledger = ledger_of(run.profile)
    claim = ledger.claim(
        DeliveryRequest("acme", "2026-10", 1, RecipientScope.UNDELIVERED, AT), "email", "reader@acme.example"
    )
    assert isinstance(claim, Claim)
    ledger.settle(claim, DeliveryState.SENT, "")
    record_month(run, ended(run, RunStatus.SENT))

    settle_delivery(run.profile, ("acme", "2026-10", "email", "reader@acme.example"), DeliveryState.REJECTED)

    assert recorded(run).state == RunStatus.PARTLY_DELIVERED
