"""A withheld report reaches no recipient until a run releases it, and then reaches each of them once."""

import asyncio
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from receivers import Mail, Webhook

from flows import monthly_report as monthly_report_module
from flows.backfill import backfill
from flows.monthly_report import monthly_report
from tabnine_report.archive import Archive
from tabnine_report.deliver.ledger.release_records import ReleaseRecord
from tabnine_report.model.errors import ReportingError, SettingsError
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.release import operating_system_user
from tabnine_report.runs.result import DeliveryIncomplete, RunResult
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import month_records_of, release_records_of
from tabnine_report.sandbox.server import RunningSandbox
from tabnine_report.text.i18n import Language
from tasks.read_profile import open_profile

WriteProfile = Callable[..., str]

pytestmark = pytest.mark.usefixtures("_on_the_2nd")
EXECUTIVES = ["cfo@acme.example", "cto@acme.example"]
ENGLISH = Language("en", ZoneInfo("UTC"))
AFTER_APPROVAL = 'release = "after_approval"'
HOLD = 'when_incomplete = "hold"'


class Received:
    """What the recipients and the admins of the profile have received so far."""

    def __init__(self, mail: Mail, channel: Webhook, admins: Webhook, folder: Path) -> None:
        self._mail = mail
        self._channel = channel
        self.admins = admins
        self._outbox = folder / "outbox"

    def by_recipients(self) -> list[str]:
        emails = [address for address in self._mail.recipients() if address in EXECUTIVES]
        files = ["folder"] * (len(list(self._outbox.iterdir())) if self._outbox.exists() else 0)
        return [*emails, *["slack"] * len(self._channel.payloads), *files]

    def notice(self) -> str:
        """Return the plain text of the newest notice to the admins."""
        notices = [message for _, message in self._mail.messages if not message["Subject"].startswith("PREVIEW")]
        return plain_text(notices[-1])


def plain_text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


ONCE = [*EXECUTIVES, "slack", "folder"]


@pytest.fixture
def received(mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path) -> Received:
    return Received(mail, channel, admins, tmp_path)


async def run(profile: str, month: str = "2026-10", **parameters: Any) -> RunResult:
    """Run the month and return its result, also that of a run that did not deliver everything."""
    state = await monthly_report(profile, month, **parameters, return_state=True)
    data = await state.aresult(raise_on_failure=False)
    result = data.result if isinstance(data, DeliveryIncomplete) else data
    assert isinstance(result, RunResult)
    assert (state.name, state.message) == (result.status.label, result.summary(open_profile(profile).language))
    is_gray = state.is_cancelled()  # codespell:ignore - Prefect's spelling
    assert (state.is_failed(), is_gray) == (result.status.is_failure, result.status.is_waiting)
    return result


def record(profile: str, revision: int = 1) -> ReleaseRecord:
    return release_records_of(open_profile(profile)).read("2026-10", revision)


async def test_by_default_a_report_that_lacks_only_side_information_is_delivered_with_a_mark(
    write_profile: WriteProfile, sandbox: RunningSandbox, received: Received
) -> None:
    sandbox.faults.add("license=403")
    result = await run(write_profile())
    assert (result.status, result.report.complete) == (RunStatus.SENT, False)
    assert received.by_recipients() == ONCE


async def test_the_notice_of_a_withheld_report_names_the_reason_the_preview_and_the_command_that_releases_it(
    write_profile: WriteProfile, sandbox: RunningSandbox, received: Received
) -> None:
    sandbox.faults.add("v1/organization/account-utilizations=400")
    profile = write_profile()

    result = await run(profile)
    assert (result.status, result.status.exit_status) == (RunStatus.WITHHELD, 3)
    assert received.by_recipients() == []

    command = f"tabnine-report run --profile {profile} --month 2026-10 --release"
    notice = received.notice()
    assert "WHY\nThe API did not return required data: Accounts at the month's end. The report is incomplete" in notice
    assert "Review the preview, which the admins received by email, slack, or the report" in notice
    assert "start the deployment answer/acme with withheld = release." in notice
    assert "To fetch the missing data again instead, run the month without release." in notice
    assert f"\n    {command}\n" in notice
    assert f"```{command}```" in received.admins.text()
    assert str(result.folder) in notice
    # The run's message in Prefect and on the command line says the same.
    summary = result.summary(ENGLISH)
    assert summary.startswith("The report of acme for 2026-10 was built and archived, and is withheld. The API did not")
    assert summary.endswith(f"\n\n    {command}")


async def test_a_rerun_stays_withheld_and_a_release_sends_the_reviewed_revision_once(
    write_profile: WriteProfile, sandbox: RunningSandbox, received: Received
) -> None:
    sandbox.faults.add("license=403")
    profile = write_profile(report=HOLD)
    for _ in range(2):
        assert (await run(profile)).status is RunStatus.WITHHELD
    assert received.by_recipients() == []
    assert record(profile).release is None

    # The API answers everything by now, but the release sends what the admins have reviewed.
    sandbox.faults.clear()
    sandbox.requests.entries.clear()
    released = await run(profile, release=True)
    assert (released.status, released.folder.name, released.report.complete) == (RunStatus.SENT, "r1", False)
    assert received.by_recipients() == ONCE
    assert sandbox.requests.entries == []

    by = f"Revision 1 was released by {operating_system_user()} on 2 November 2026, "
    assert by in released.summary(ENGLISH)
    assert by in received.notice()
    release = record(profile).release
    assert release is not None
    assert release.by == operating_system_user()

    second = await run(profile, release=True)
    assert second.status is RunStatus.NOTHING_TO_SEND
    assert "This run sent nothing. Revision 1 was released by" in second.summary(ENGLISH)
    assert received.by_recipients() == ONCE
    assert record(profile).release == release


async def test_two_concurrent_releases_send_once(write_profile: WriteProfile, received: Received) -> None:
    profile = write_profile(report=AFTER_APPROVAL)
    await run(profile)

    results = await asyncio.gather(run(profile, release=True), run(profile, release=True))

    finished = {RunStatus.SENT, RunStatus.NOTHING_TO_SEND, RunStatus.IN_PROGRESS_ELSEWHERE}
    assert {result.status for result in results} <= finished
    assert sorted(received.by_recipients()) == sorted(ONCE)


async def test_a_run_that_withholds_what_is_released_meanwhile_helps_to_deliver_it(
    write_profile: WriteProfile, received: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    def release(run: RunContext, revision: int) -> None:
        release_records_of(run.profile).record_release(str(run.month), revision, "ann")

    monkeypatch.setattr(monthly_report_module, "record_withheld", release)
    profile = write_profile(report=AFTER_APPROVAL)

    result = await run(profile, delivery="everyone")

    assert result.status is RunStatus.SENT
    assert "Revision 1 was released by ann" in result.summary(ENGLISH)
    assert sorted(received.by_recipients()) == sorted(ONCE)
    (month,) = month_records_of(open_profile(profile)).read_all()
    assert month.state == "sent"


async def test_a_rerun_completes_the_delivery_of_a_released_report(
    write_profile: WriteProfile, mail: Mail, received: Received
) -> None:
    profile = write_profile(report=AFTER_APPROVAL)
    await run(profile)
    mail.refused.add("cfo@acme.example")
    assert (await run(profile, release=True)).status is RunStatus.PARTLY_DELIVERED
    mail.refused.clear()

    assert (await run(profile)).status is RunStatus.SENT
    assert sorted(received.by_recipients()) == sorted(ONCE)


async def test_a_new_revision_of_a_withheld_month_is_withheld_until_it_is_released_itself(
    write_profile: WriteProfile, sandbox: RunningSandbox, received: Received
) -> None:
    profile = write_profile(report=AFTER_APPROVAL)
    sandbox.faults.add("license=403")
    await run(profile)
    assert (await run(profile, release=True)).folder.name == "r1"
    sandbox.faults.clear()

    revised = await run(profile, delivery="revised")
    assert (revised.status, revised.folder.name) == (RunStatus.WITHHELD, "r2")
    assert received.by_recipients() == ONCE
    assert "--month 2026-10 --release --delivery revised\n" in received.notice()

    released = await run(profile, delivery="revised", release=True)
    assert (released.status, released.folder.name) == (RunStatus.SENT, "r2")
    assert sorted(received.by_recipients()) == sorted(ONCE * 2)


async def test_a_rerun_that_finds_the_missing_data_delivers_it_without_a_release(
    write_profile: WriteProfile, sandbox: RunningSandbox, received: Received
) -> None:
    profile = write_profile()
    sandbox.faults.add("v1/organization/account-utilizations=400")
    await run(profile)
    sandbox.faults.clear()

    rerun = await run(profile)
    assert (rerun.status, rerun.folder.name) == (RunStatus.SENT, "r2")
    again = await run(profile, release=True)
    assert again.status is RunStatus.NOTHING_TO_SEND
    assert "Nothing was withheld, so there was nothing to release." in again.summary(ENGLISH)
    assert received.by_recipients() == ONCE


async def test_a_release_without_a_reviewed_report_releases_nothing(
    write_profile: WriteProfile, received: Received
) -> None:
    profile = write_profile(report=AFTER_APPROVAL)

    first = await run(profile, release=True)
    assert first.status is RunStatus.WITHHELD
    assert "nobody could review this revision before the release was requested" in received.notice()
    assert received.by_recipients() == []


async def test_a_report_that_was_only_archived_is_previewed_before_it_can_be_released(
    write_profile: WriteProfile, received: Received
) -> None:
    profile = write_profile(report=AFTER_APPROVAL)
    await run(profile, delivery="nobody")

    assert (await run(profile, release=True)).status is RunStatus.WITHHELD
    assert received.by_recipients() == []
    assert (await run(profile, release=True)).status is RunStatus.SENT


async def test_a_requested_preview_counts_as_the_review_of_a_withheld_report(
    write_profile: WriteProfile, received: Received
) -> None:
    profile = write_profile(report=AFTER_APPROVAL)
    await run(profile, delivery="preview")
    assert received.by_recipients() == []

    assert (await run(profile)).status is RunStatus.WITHHELD
    assert (await run(profile, release=True)).status is RunStatus.SENT


async def test_a_preview_that_no_admin_received_does_not_allow_a_release(
    write_profile: WriteProfile, admins: Webhook, mail: Mail, received: Received, caplog: pytest.LogCaptureFixture
) -> None:
    profile = write_profile(report=AFTER_APPROVAL)
    admins.status = 404
    mail.refused.add("it-tools@acme.example")

    withheld = await run(profile)
    assert "No admin received the preview, so the report cannot be released yet." in withheld.summary(ENGLISH)
    assert "The log of the run states why." in withheld.summary(ENGLISH)
    assert "rejected the recipient it-tools@acme.example" in caplog.text
    assert "Slack rejected the message" in caplog.text
    assert withheld.summary(ENGLISH).endswith(f"    tabnine-report run --profile {profile} --month 2026-10")
    assert (await run(profile, release=True)).status is RunStatus.WITHHELD
    assert received.by_recipients() == []


async def test_without_admins_a_report_can_be_released_after_a_run_reported_that_it_is_withheld(
    write_profile: WriteProfile, sandbox: RunningSandbox, received: Received
) -> None:
    sandbox.faults.add("license=403")
    profile = write_profile(report=HOLD, admins="")

    first = await run(profile, release=True)
    assert first.status is RunStatus.WITHHELD
    assert "The profile names no admins, so nobody received a preview." in first.summary(ENGLISH)
    assert (await run(profile)).status is RunStatus.WITHHELD
    assert received.by_recipients() == []
    assert (await run(profile, release=True)).status is RunStatus.SENT
    assert received.by_recipients() == ONCE


async def test_a_backfill_never_releases(write_profile: WriteProfile, received: Received, tmp_path: Path) -> None:
    profile = write_profile(report=AFTER_APPROVAL)
    await run(profile, "2026-09")
    for _ in range(2):
        with pytest.raises(
            ReportingError, match=r"2026-09: The report of acme for 2026-09 was built and archived, and"
        ):
            await backfill("2026-09", "2026-09", profile, "undelivered")

    assert received.by_recipients() == []
    assert len(Archive(tmp_path / "reports").list_revisions("acme")) == 1


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"draft": True}, "release and draft exclude each other"),
        ({"delivery": "nobody"}, "delivery = nobody reaches no recipient"),
        ({"delivery": "preview"}, "delivery = preview reaches no recipient"),
    ],
)
async def test_a_release_without_a_delivery_is_rejected_before_the_first_request(
    write_profile: WriteProfile,
    sandbox: RunningSandbox,
    received: Received,
    parameters: dict[str, Any],
    problem: str,
) -> None:
    with pytest.raises(SettingsError, match=problem):
        await monthly_report(write_profile(), "2026-10", release=True, **parameters)
    assert sandbox.requests.entries == []
    assert received.by_recipients() == []
