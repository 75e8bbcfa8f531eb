"""The admins' notice advises what to do about each delivery that failed or is unconfirmed."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from profile_file import write_profile
from receivers import Webhook
from sample_report import sample_report
from upath import UPath

from cli.main import status
from tabnine_report.deliver.ledger.ledger import Claim
from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.answers import Note
from tabnine_report.model.errors import LedgerError
from tabnine_report.runs import clock
from tabnine_report.runs.month_record import record_month
from tabnine_report.runs.result import RunOutput, RunResult
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import ledger_of
from tabnine_report.watchdog.memory import Memory
from tabnine_report.watchdog.reported_problems import remember_reported_problems
from tasks.notify_admins import notify_admins
from tasks.read_profile import open_run

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
RERUN = "Fix the problems listed below, then run the month 2026-10 again"
SETTLE = "Ask the recipients marked unconfirmed whether the report arrived, then settle each delivery"


@pytest.mark.parametrize(
    ("states", "advice"),
    [
        ((DeliveryState.SENT, DeliveryState.FAILED), {RERUN, "reached 1 of 2 recipients: email: 1 failed."}),
        ((DeliveryState.SENT, DeliveryState.UNCONFIRMED), {SETTLE, "reached 1 of 2 recipients: email: 1 unconfirmed."}),
        ((DeliveryState.REJECTED, DeliveryState.UNCONFIRMED), {RERUN, SETTLE, "reached 0 of 2 recipients: email: 1 r"}),
        ((DeliveryState.SENT, DeliveryState.SENT), set()),
    ],
)
async def test_the_reason_and_the_advice_depend_on_the_states_of_the_deliveries(
    admins: Webhook, tmp_path: Path, states: tuple[DeliveryState, ...], advice: set[str]
) -> None:
    path = write_profile(tmp_path, f'[admins]\nslack_webhook_url = "{admins.url}"')
    run = open_run(path, "2026-10", draft=False, at=AT)
    receipts = tuple(Receipt("email", f"p{n}@acme.example", state, "why", AT, 1) for n, state in enumerate(states))

    archived = RunResult.of_report(RunStatus.ARCHIVED, RunOutput(sample_report(), UPath(tmp_path)))
    await notify_admins.fn(run, archived.delivered(receipts))

    assert all(sentence in admins.text() for sentence in advice)
    assert {sentence for sentence in (RERUN, SETTLE) if sentence in admins.text()} == advice & {RERUN, SETTLE}
    assert ("*Why*" in admins.text()) is bool(advice)


@pytest.mark.parametrize(
    ("expires", "sentence"),
    [
        ("2026-11-01", "The API token expired on 1 November 2026, as usage_api.token_expires states."),
        ("2026-11-02", "The API token expires on 2 November 2026."),
        ("2026-12-02", "The API token expires on 2 December 2026."),
        ("2026-12-03", ""),
    ],
)
async def test_the_reminder_of_the_token_states_whether_it_has_expired(
    admins: Webhook, tmp_path: Path, expires: str, sentence: str
) -> None:
    path = profile_with_expiry(tmp_path, admins, expires)
    with clock.rehearse(AT):
        run = open_run(path, "2026-10", draft=False, at=AT)
        await notify_admins.fn(run, RunResult.of_failure(run, LedgerError("The disk is full.")))

    assert sentence in admins.text()
    assert ("The API token" in admins.text()) is bool(sentence)


def profile_with_expiry(folder: Path, admins: Webhook, expires: str) -> str:
    path = Path(write_profile(folder, f'[admins]\nslack_webhook_url = "{admins.url}"'))
    text = path.read_text(encoding="utf-8").replace("[usage_api]", f"[usage_api]\ntoken_expires = {expires}")
    path.write_text(text, encoding="utf-8")
    return str(path)


def watch(path: str, at: datetime) -> None:
    with clock.rehearse(at):
        assert status(["watch", "--profile", path]) == 3


async def test_what_a_run_has_reported_is_reported_by_the_watchdog_from_the_next_day_on(
    admins: Webhook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    path = write_profile(tmp_path, f'[admins]\nslack_webhook_url = "{admins.url}"\ndue_day = 1')
    with clock.rehearse(AT):
        run = open_run(path, "2026-10", draft=False, at=AT)
        ledger = ledger_of(run.profile)
        request = DeliveryRequest("acme", "2026-10", 1, RecipientScope.UNDELIVERED, AT)
        claim = ledger.claim(request, "email", "cto@acme.example")
        assert isinstance(claim, Claim)
        ledger.settle(claim, DeliveryState.UNCONFIRMED, "")
        receipts = (Receipt("email", "cto@acme.example", DeliveryState.UNCONFIRMED, "", AT, 1),)
        result = RunResult.of_report(RunStatus.ARCHIVED, RunOutput(sample_report(), UPath(tmp_path)))
        record_month(run, result.delivered(receipts))
        admins.status = 404
        await notify_admins.fn(run, result.delivered(receipts))
        assert Memory(run.profile, "acme").open_problems() == []  # no admin was notified
        admins.status = 200
        await notify_admins.fn(run, result.delivered(receipts))
    admins.payloads.clear()
    await asyncio.to_thread(watch, path, AT + timedelta(hours=1))
    assert admins.payloads == []
    await asyncio.to_thread(watch, path, AT + timedelta(days=1))
    (notice,) = admins.payloads
    assert "it is not known whether all recipients have the report" in notice["text"]


async def test_a_notice_is_sent_although_the_ledger_cannot_remember_it(
    admins: Webhook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise LedgerError("The ledger is full.")

    monkeypatch.setattr("tasks.notify_admins.remember_reported_problems", fail)
    run = open_run(
        write_profile(tmp_path, f'[admins]\nslack_webhook_url = "{admins.url}"'), "2026-10", draft=False, at=AT
    )
    assert await notify_admins.fn(run, RunResult.of_failure(run, LedgerError("It is down."))) == []
    assert "The watchdog may repeat this notice today. The ledger is full." in caplog.text
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "ledger.db").mkdir()
    remember_reported_problems(run, AT)
    assert len(admins.payloads) == 1


async def test_characters_that_the_pdf_cannot_show_are_named(admins: Webhook, tmp_path: Path) -> None:
    path = write_profile(tmp_path, f'[admins]\nslack_webhook_url = "{admins.url}"')
    run = open_run(path, "2026-10", draft=False, at=AT)
    note = Note(text="Uruk joined: \N{CUNEIFORM SIGN A}. \N{ROCKET}")
    report = sample_report().model_copy(update={"note": note})
    sent = (Receipt("email", "cto@acme.example", DeliveryState.SENT, "250 OK", AT, 1),)

    result = RunResult.of_report(RunStatus.ARCHIVED, RunOutput(report, UPath(tmp_path))).delivered(sent)
    await notify_admins.fn(run, result)

    assert "shows a box for a character that no font has: \N{CUNEIFORM SIGN A} (U+12000)." in admins.text()
    assert "U+1F680" not in admins.text()


EMAIL = """
[email]
host = "127.0.0.1"
port = 9
security = "none"
sender = "reports@acme.example"
recipients = [{recipients}]
"""


async def notice_with(
    admins: Webhook, folder: Path, recipients: list[str], earlier: list[tuple[str, str]], status: RunStatus
) -> str:
    quoted = ", ".join(f'"{recipient}"' for recipient in recipients)
    path = write_profile(folder, EMAIL.format(recipients=quoted) + f'[admins]\nslack_webhook_url = "{admins.url}"')
    run = open_run(path, "2026-10", draft=False, at=AT)
    for month, recipient in earlier:
        request = DeliveryRequest(run.profile.name, month, 1, RecipientScope.UNDELIVERED, requested_at=AT)
        ledger_of(run.profile).claim(request, "email", recipient)
    await notify_admins.fn(run, RunResult.of_report(status, RunOutput(sample_report(), UPath(folder))))
    return admins.text()


CTO, CFO, ANN = "cto@acme.example", "cfo@acme.example", "ann@acme.example"


async def test_added_and_removed_recipients_are_named(admins: Webhook, tmp_path: Path) -> None:
    earlier = [("2026-08", CTO), ("2026-08", CFO), ("2026-09", CTO), ("2026-09", ANN), ("2026-10", CTO)]
    text = await notice_with(admins, tmp_path, [f"The CTO <{CTO.upper()}>", CFO], earlier, RunStatus.SENT)

    assert f"New recipient since September 2026: {CFO} (email)." in text
    assert f"No longer a recipient since September 2026: {ANN} (email)." in text
    assert f"{CTO} (email)" not in text


@pytest.mark.parametrize(
    ("earlier", "status"),
    [
        ([], RunStatus.SENT),
        ([("2026-10", ANN), ("2026-11", ANN)], RunStatus.SENT),
        ([("2026-09", CTO)], RunStatus.SENT),
        ([("2026-09", ANN)], RunStatus.NOTHING_TO_SEND),
    ],
    ids=["first month", "no earlier month", "same recipients", "repeated run"],
)
async def test_without_a_change_no_recipient_is_named(
    admins: Webhook, tmp_path: Path, earlier: list[tuple[str, str]], status: RunStatus
) -> None:
    text = await notice_with(admins, tmp_path, [CTO], earlier, status)

    assert "delivered" in text
    assert "ecipient since" not in text


async def test_many_new_recipients_are_counted(admins: Webhook, tmp_path: Path) -> None:
    many = [f"person-{number:02}@acme.example" for number in range(25)]
    text = await notice_with(admins, tmp_path, [CTO, *many], [("2026-09", CTO)], RunStatus.WITHHELD)

    assert "New recipients since September 2026: person-00@acme.example (email), " in text
    assert "person-19@acme.example (email), and 5 more." in text


async def test_a_ledger_that_cannot_be_read_does_not_prevent_the_notice(
    admins: Webhook, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_profile(tmp_path, f'[admins]\nslack_webhook_url = "{admins.url}"')
    run = open_run(path, "2026-10", draft=False, at=AT)
    ledger = run.profile.archive.ledger_file
    assert ledger is not None
    ledger.mkdir(parents=True)

    await notify_admins.fn(run, RunResult.of_report(RunStatus.NO_CHANNEL, RunOutput(sample_report(), UPath(tmp_path))))

    assert len(admins.payloads) == 1
    assert "The recipients were not compared with those of earlier months: The ledger" in caplog.text
