"""Whole runs over real connections: each recipient receives the report once, and only the admins receive notices."""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from prefect.client.schemas.objects import StateType
from receivers import Mail, Webhook

from flows.monthly_report import monthly_report
from tabnine_report.archive import Bundle
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.routes import report_routes
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.errors import (
    ArchiveError,
    DeliveryError,
    MonthError,
    NoResponse,
    ServerError,
    TokenRejected,
    UsageApiError,
)
from tabnine_report.model.month import Month
from tabnine_report.runs import clock, patience
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import ledger_of
from tabnine_report.sandbox.server import RunningSandbox
from tabnine_report.text.i18n import Language
from tasks.prepare_messages import prepare_messages

if TYPE_CHECKING:
    from tabnine_report.runs.result import RunResult

WriteProfile = Callable[..., str]

pytestmark = pytest.mark.usefixtures("_on_the_2nd")
EXECUTIVES = ["cfo@acme.example", "cto@acme.example"]
ENGLISH = Language("en", ZoneInfo("UTC"))


def text(message: EmailMessage) -> str:
    """Return an email's plain text on one line."""
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


async def test_all_recipients_receive_the_report_and_the_admins_a_notice(
    write_profile: WriteProfile, sandbox: RunningSandbox, mail: Mail, channel: Webhook, admins: Webhook
) -> None:
    result: RunResult = await monthly_report(write_profile())
    assert result.status is RunStatus.SENT
    assert result.report.month == "2026-10"
    assert result.report.complete
    assert mail.recipients() == [*EXECUTIVES, "it-tools@acme.example"]
    to_cto = dict(mail.messages)["cto@acme.example"]
    assert to_cto["Subject"] == result.report.headline
    assert len(channel.payloads) == 1
    assert len(admins.payloads) == 1
    assert "acme: the report for October 2026 was delivered" in admins.text()
    assert result.report.headline in admins.text()
    assert {str(entry.path) for entry in sandbox.requests.entries} >= {
        "/api/v1/organization",
        "/api/v1/organization/teams",
        "/api/v1/license",
        "/api/v1/instance/permissions",
        "/api/v1/organization/account-utilizations",
        "/api/v1/organization/usage",
        "/api/v2/organization/usage",
        "/api/v1/organization/users",
    }


async def test_the_sent_documents_are_the_sealed_ones(write_profile: WriteProfile, mail: Mail) -> None:
    result: RunResult = await monthly_report(write_profile())
    bundle = Bundle(result.folder)
    pdf, workbook = dict(mail.messages)["cto@acme.example"].iter_attachments()
    assert pdf.get_content() == bundle.read("report.pdf")
    assert workbook.get_content() == bundle.read("report.xlsx")


async def test_a_second_run_sends_nothing_and_makes_no_new_revision(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook
) -> None:
    profile = write_profile()
    first: RunResult = await monthly_report(profile)
    second: RunResult = await monthly_report(profile, "2026-10")
    assert second.status is RunStatus.NOTHING_TO_SEND
    assert second.folder == first.folder
    assert all(receipt.earlier for receipt in second.receipts)
    assert [address for address in mail.recipients() if address in EXECUTIVES] == EXECUTIVES
    assert len(channel.payloads) == 1
    assert len(admins.payloads) == 2
    assert admins.payloads[1]["text"] == "✅ acme: the report for October 2026 was already delivered; nothing was sent"


async def test_the_next_run_sends_the_report_only_to_rejected_recipients(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook
) -> None:
    mail.refused.add("cfo@acme.example")
    profile = write_profile()
    with pytest.raises(
        DeliveryError, match=r"delivered to only 3 of 4 recipients: email to cfo@acme\.example: rejected"
    ):
        await monthly_report(profile)
    assert "was not delivered to all recipients" in admins.text()
    mail.refused.clear()
    result: RunResult = await monthly_report(profile)
    assert result.status is RunStatus.SENT
    assert [address for address in mail.recipients() if address in EXECUTIVES] == EXECUTIVES
    assert len(channel.payloads) == 1


async def test_two_simultaneous_runs_of_a_month_build_one_report_and_deliver_it_once(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path
) -> None:
    profile = write_profile()
    results = await asyncio.gather(monthly_report(profile), monthly_report(profile), return_exceptions=True)
    # The second run may end while the first is still sending.
    assert not any(isinstance(result, BaseException) for result in results)
    assert [address for address in mail.recipients() if address in EXECUTIVES] == EXECUTIVES
    assert len(channel.payloads) == 1
    assert "the run for October 2026 failed" not in admins.text()
    assert [path.name for path in (tmp_path / "reports/acme/2026-10").iterdir()] == ["r1"]


async def test_a_failing_channel_does_not_stop_the_others(
    write_profile: WriteProfile, mail: Mail, channel: Webhook
) -> None:
    channel.status = 404
    with pytest.raises(DeliveryError, match="slack to webhook: rejected"):
        await monthly_report(write_profile())
    assert [address for address in mail.recipients() if address in EXECUTIVES] == EXECUTIVES


async def test_a_failing_endpoint_costs_its_figures_and_not_the_report(
    write_profile: WriteProfile, sandbox: RunningSandbox, mail: Mail
) -> None:
    sandbox.faults.add("license=403")
    result: RunResult = await monthly_report(write_profile())
    assert result.status is RunStatus.SENT
    assert not result.report.complete
    seats = next(tile for tile in result.report.page_one_kpis if tile.key == "unused_seats")
    assert seats.figure.value is None
    assert seats.figure.reason
    (line,) = [line for line in result.report.data_quality.data_sources if line.endpoint == "license"]
    assert line.state == "failed"
    assert "Unavailable: Unused seats" in text(dict(mail.messages)["cto@acme.example"])
    notice = text(dict(mail.messages)["it-tools@acme.example"])
    assert f"The report is incomplete: {result.report.data_quality.summary}" in notice
    assert "WHY" not in notice


async def test_a_rejected_team_costs_only_its_own_figures(write_profile: WriteProfile, sandbox: RunningSandbox) -> None:
    sandbox.faults.add("v2/team/usage=404*1")
    result: RunResult = await monthly_report(write_profile(edition="full"))
    assert result.status is RunStatus.SENT
    assert not result.report.complete
    (line,) = [line for line in result.report.data_quality.data_sources if line.endpoint == "team-usage-v2"]
    assert (line.state, line.requests) == ("answered", len(sandbox.world.teams) - 1)
    assert result.report.teams is not None
    assert len(result.report.teams.rows) > 1


async def test_a_wrong_token_costs_one_request_and_notifies_only_the_admins(
    write_profile: WriteProfile, sandbox: RunningSandbox, mail: Mail, channel: Webhook, admins: Webhook
) -> None:
    with pytest.raises(TokenRejected, match="token"):
        await monthly_report(write_profile(token="another-token"))
    assert len(sandbox.requests.entries) == 1
    assert mail.recipients() == ["it-tools@acme.example"]
    assert channel.payloads == []
    assert "the run for October 2026 failed" in admins.text()
    assert "fetching" in admins.text()
    assert "2026-10" in admins.text()
    assert "another-token" not in admins.text()


async def test_a_preview_is_sent_only_to_the_admins_and_does_not_count_as_delivered(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook
) -> None:
    profile = write_profile()
    previewed: RunResult = await monthly_report(profile, delivery="preview")
    assert previewed.status is RunStatus.PREVIEWED
    ((address, message),) = mail.messages
    assert address == "it-tools@acme.example"
    assert message["Subject"] == f"PREVIEW: {previewed.report.headline}"
    assert channel.payloads == []
    assert len(admins.payloads) == 1
    delivered: RunResult = await monthly_report(profile)
    assert not any(receipt.earlier for receipt in delivered.receipts)


async def test_delivery_everyone_resends_the_month_with_a_new_message_id(
    write_profile: WriteProfile, mail: Mail, channel: Webhook
) -> None:
    profile = write_profile()
    await monthly_report(profile)
    result: RunResult = await monthly_report(profile, delivery="everyone")
    assert result.status is RunStatus.SENT
    assert not any(receipt.earlier for receipt in result.receipts)
    to_cto = [message for address, message in mail.messages if address == "cto@acme.example"]
    assert len({message["Message-ID"] for message in to_cto}) == 2
    assert len(channel.payloads) == 2


async def test_delivery_revised_sends_a_revision_once_to_recipients_of_an_earlier_one(
    write_profile: WriteProfile, sandbox: RunningSandbox, mail: Mail, channel: Webhook
) -> None:
    profile = write_profile()
    sandbox.faults.add("license=403")
    await monthly_report(profile)
    sandbox.faults.clear()
    archived: RunResult = await monthly_report(profile)
    assert (archived.folder.name, len(channel.payloads)) == ("r2", 1)
    for status in (RunStatus.SENT, RunStatus.NOTHING_TO_SEND):
        revised: RunResult = await monthly_report(profile, delivery="revised")
        assert revised.status is status
    assert [address for address in mail.recipients() if address in EXECUTIVES] == sorted(EXECUTIVES * 2)
    assert len(channel.payloads) == 2


async def test_a_run_for_everyone_does_not_repeat_what_another_run_sent_after_it_started(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def prepare(run: RunContext, bundle: Bundle) -> Any:
        other = ledger_of(run.profile)
        request = DeliveryRequest("acme", "2026-10", 1, RecipientScope.EVERYONE, clock.now())
        for route in report_routes(run.profile, clock.now):
            for recipient in route.channel.recipients:
                claim = other.claim(request, route.channel.name, recipient)
                assert isinstance(claim, Claim)
                other.settle(claim, DeliveryState.SENT, "250 OK")
        return await prepare_messages(run, bundle)

    monkeypatch.setattr("flows.monthly_report.prepare_messages", prepare)
    result: RunResult = await monthly_report(write_profile(), delivery="everyone")

    assert result.status is RunStatus.NOTHING_TO_SEND
    assert [address for address in mail.recipients() if address in EXECUTIVES] == []
    assert channel.payloads == []


async def test_a_delivery_by_another_run_does_not_fail_this_run(
    write_profile: WriteProfile, mail: Mail, admins: Webhook, tmp_path: Path
) -> None:
    other = Ledger(f"sqlite:///{tmp_path}/reports/ledger.db", clock.now)
    request = DeliveryRequest("acme", "2026-10", 1, RecipientScope.UNDELIVERED, clock.now())
    other.claim(request, "email", "cto@acme.example")
    result: RunResult = await monthly_report(write_profile())
    assert result.status is RunStatus.IN_PROGRESS_ELSEWHERE
    assert "email to cto@acme.example: claimed by another run (That run will report" in result.summary(ENGLISH)
    assert mail.recipients() == ["cfo@acme.example", "it-tools@acme.example"]
    assert "acme: another run is delivering the report for October 2026" in admins.text()


async def test_a_preview_that_an_admin_did_not_receive_fails_the_run(
    write_profile: WriteProfile, admins: Webhook, channel: Webhook, mail: Mail
) -> None:
    admins.status = 404
    with pytest.raises(DeliveryError, match="but only 1 of 2 previews reached the admins: slack to webhook: rejected"):
        await monthly_report(write_profile(), delivery="preview")
    assert mail.recipients() == ["it-tools@acme.example"]
    assert channel.payloads == []


async def test_delivery_nobody_sends_nothing(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path
) -> None:
    await monthly_report(write_profile(), delivery="nobody", return_state=True)
    assert (tmp_path / "reports/acme/2026-10/r1/report.pdf").is_file()
    assert (mail.messages, channel.payloads, admins.payloads) == ([], [], [])
    assert not (tmp_path / "outbox").exists()


async def test_a_draft_of_an_open_month_is_saved_separately_and_never_delivered(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path
) -> None:
    await monthly_report(write_profile(), "2026-11", draft=True, return_state=True)
    assert (tmp_path / "reports/acme/2026-11/draft/report.pdf").is_file()
    assert (mail.messages, channel.payloads, admins.payloads) == ([], [], [])


async def test_an_open_month_is_rejected_before_the_first_request(
    write_profile: WriteProfile, sandbox: RunningSandbox
) -> None:
    with pytest.raises(MonthError, match="2026-11 is still open"):
        await monthly_report(write_profile(), "2026-11")
    assert sandbox.requests.entries == []


async def test_an_archive_that_is_not_writable_fails_the_run_before_fetching(
    write_profile: WriteProfile, sandbox: RunningSandbox, admins: Webhook, tmp_path: Path
) -> None:
    (tmp_path / "reports").write_text("a file in the archive's place", encoding="utf-8")
    with pytest.raises(ArchiveError):
        await monthly_report(write_profile())
    assert sandbox.requests.entries == []
    assert "archiving the report" in admins.text()


async def test_a_damaged_bundle_of_this_or_another_month_does_not_fail_the_run(
    write_profile: WriteProfile, tmp_path: Path
) -> None:
    profile = write_profile()
    for month in ("2026-09", "2026-10"):
        await monthly_report(profile, month, delivery="nobody", return_state=True)
        (tmp_path / "reports" / "acme" / month / "r1" / "report.json").write_bytes(b"{}")
    result: RunResult = await monthly_report(profile)
    assert (result.status, result.folder.name) == (RunStatus.SENT, "r2")
    notes = " ".join(result.report.data_quality.notes)
    assert "Revision 1 of the archived report for September 2026 could not be read" in notes
    assert [(prior.month, prior.revision) for prior in Bundle(result.folder).prior_reports().unreadable_reports] == [
        ("2026-09", 1),
        ("2026-10", 1),
    ]


async def test_admins_who_cannot_be_notified_do_not_fail_the_run(
    write_profile: WriteProfile, admins: Webhook, mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    admins.status = 404
    mail.refused.add("it-tools@acme.example")
    with caplog.at_level(logging.WARNING, "tasks"):
        result: RunResult = await monthly_report(write_profile())
    assert result.status is RunStatus.SENT
    assert "The admins were not notified by slack" in caplog.text
    assert "hush" not in caplog.text


async def test_a_short_outage_of_another_endpoint_is_retried(
    write_profile: WriteProfile, sandbox: RunningSandbox
) -> None:
    sandbox.faults.add("license=503*4")
    result: RunResult = await monthly_report(write_profile())
    assert result.report.complete
    assert len(sandbox.requests.to("v1/license")) == 5


@pytest.mark.parametrize("endpoint", ["organization", "organization/usage", "organization/account-utilizations"])
async def test_an_outage_of_what_the_report_needs_is_waited_out(
    write_profile: WriteProfile, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    """More attempts fail than the client alone makes, so the task is run again."""
    monkeypatch.setattr(patience, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(patience, "MAX_PAUSE_SECONDS", 0.01)
    sandbox.faults.add(f"{endpoint}=503*11")
    result: RunResult = await monthly_report(write_profile(api="patience_minutes = 5"))
    assert (result.status, result.report.complete) == (RunStatus.SENT, True)


async def test_the_admins_are_notified_once_of_a_long_outage(
    write_profile: WriteProfile, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch, admins: Webhook
) -> None:
    """A run without a deployment waits in its process."""
    monkeypatch.setattr(patience, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(patience, "MAX_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(patience, "NOTICE_AFTER", timedelta(0))
    monkeypatch.setattr(patience, "LONGEST_WAIT", timedelta(0))
    sandbox.faults.add("organization=503*10")
    result: RunResult = await monthly_report(write_profile(api="patience_minutes = 5"))
    assert result.status is RunStatus.SENT
    outage, end = (json.dumps(payload) for payload in admins.payloads)
    assert "the run for October 2026 waits, because the API does not respond" in outage
    assert "returned 503" in outage
    assert "was delivered" in end


@pytest.fixture
def continuations(monkeypatch: pytest.MonkeyPatch) -> list[Month]:
    """Return the months that are postponed from now on."""
    months: list[Month] = []

    async def postpone(month: Month, *_: object) -> None:
        months.append(month)

    monkeypatch.setattr("flows.monthly_report.postpone_run", postpone)
    return months


async def test_a_postponed_run_is_gray_and_tells_when_it_continues(  # noqa: PLR0917 - fixtures
    write_profile: WriteProfile,
    sandbox: RunningSandbox,
    monkeypatch: pytest.MonkeyPatch,
    continuations: list[Month],
    mail: Mail,
    admins: Webhook,
) -> None:
    """As in a deployment, where a worker has other runs to do."""
    now = clock.now()
    impatient = patience.Patience(now, now + timedelta(hours=2), waits_until=now)
    monkeypatch.setattr("flows.monthly_report.open_patience", lambda _: impatient)
    sandbox.faults.add("organization=503*5")
    state = await monthly_report(write_profile(), return_state=True)
    assert (state.name, state.type) == ("Postponed", StateType.CANCELLED)  # codespell:ignore - Prefect's spelling
    assert str(state.message).startswith("There is no report of acme for 2026-10 yet. ")
    assert "The run continues at " in str(state.message)
    assert continuations == [Month(2026, 10)]
    assert (mail.messages, admins.payloads) == ([], [])


async def test_a_rerun_by_a_person_while_a_run_is_postponed_sends_everything_once(  # noqa: PLR0917 - as above
    write_profile: WriteProfile,
    sandbox: RunningSandbox,
    monkeypatch: pytest.MonkeyPatch,
    continuations: list[Month],
    mail: Mail,
    channel: Webhook,
    admins: Webhook,
) -> None:
    profile, now = write_profile(), clock.now()
    impatient = patience.Patience(now, now + timedelta(hours=2), waits_until=now)
    with monkeypatch.context() as postponing:
        postponing.setattr("flows.monthly_report.open_patience", lambda _: impatient)
        sandbox.faults.add("organization=503*5")
        assert (await monthly_report(profile, return_state=True)).name == "Postponed"
    sandbox.faults.clear()

    rerun: RunResult = await monthly_report(profile)
    (month,) = continuations
    continuation: RunResult = await monthly_report(profile, str(month))

    assert (rerun.status, continuation.status) == (RunStatus.SENT, RunStatus.NOTHING_TO_SEND)
    assert continuation.folder == rerun.folder
    assert [address for address in mail.recipients() if address in EXECUTIVES] == EXECUTIVES
    assert len(channel.payloads) == 1
    assert admins.payloads[1]["text"] == "✅ acme: the report for October 2026 was already delivered; nothing was sent"


class PatientOnce(patience.Patience):
    """Waits once in the process, and then neither in the process nor, if `gives_up`, anywhere else."""

    pauses = 0
    gives_up = False

    def pause(self, error: UsageApiError, now: datetime) -> float:
        self.pauses += 1
        if self.gives_up and self.pauses > 1:
            raise error.with_advice("The run gave up.")
        return 0.01

    def postpones(self, next_attempt: datetime) -> bool:
        return self.pauses > 1


@pytest.fixture
def patient_once(monkeypatch: pytest.MonkeyPatch) -> PatientOnce:
    now = clock.now()
    waiting = PatientOnce(now, now + timedelta(hours=2))
    monkeypatch.setattr("flows.monthly_report.open_patience", lambda _: waiting)
    return waiting


@pytest.mark.parametrize("endpoint", ["organization", "organization/usage", "organization/account-utilizations"])
async def test_a_run_that_has_waited_can_be_postponed(  # noqa: PLR0917 - as above
    write_profile: WriteProfile,
    sandbox: RunningSandbox,
    continuations: list[Month],
    patient_once: PatientOnce,
    caplog: pytest.LogCaptureFixture,
    endpoint: str,
) -> None:
    """The task was AwaitingRetry before; the log of an outage has no traceback."""
    sandbox.faults.add(f"{endpoint}=503")
    state = await monthly_report(write_profile(), return_state=True)
    assert (state.name, patient_once.pauses >= 2) == ("Postponed", True)
    assert continuations == [Month(2026, 10)]
    assert not any(record.exc_info for record in caplog.records)


async def test_a_run_that_has_waited_and_gives_up_states_the_reason(
    write_profile: WriteProfile, sandbox: RunningSandbox, patient_once: PatientOnce, admins: Webhook
) -> None:
    """As above."""
    patient_once.gives_up = True
    sandbox.faults.add("organization=503")
    with pytest.raises(ServerError, match=r"returned 503 .* The run gave up\.$"):
        await monthly_report(write_profile())
    assert "The run gave up." in admins.text()


@pytest.mark.parametrize("endpoint", ["v2/organization/usage", "organization/account-utilizations"])
async def test_a_report_that_has_waited_in_vain_for_required_data_is_withheld(
    write_profile: WriteProfile, sandbox: RunningSandbox, patient_once: PatientOnce, endpoint: str
) -> None:
    """As above."""
    patient_once.gives_up = True
    sandbox.faults.add(f"{endpoint}=503")
    state = await monthly_report(write_profile(), return_state=True)
    assert (state.name, patient_once.pauses >= 2) == ("Withheld", True)


async def test_an_unreachable_host_is_given_up_after_the_patience(write_profile: WriteProfile, admins: Webhook) -> None:
    profile = write_profile(base_url="http://127.0.0.1:9", api="patience_minutes = 0.01")
    with pytest.raises(NoResponse, match=r"127\.0\.0\.1:9/api/v1/organization did not respond") as caught:
        await monthly_report(profile)
    assert str(caught.value).endswith("The run gave up after 1 second (usage_api.patience_minutes).")
    assert "the run for October 2026 failed" in admins.text()
