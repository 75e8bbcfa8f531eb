"""A whole run over real connections: everybody gets the report once, the admins hear how it went, nobody else does."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from receivers import Mail, Webhook

from flows.monthly_report import monthly_report
from tabnine_report.archive import Bundle
from tabnine_report.deliver.ledger.ledger import Ledger
from tabnine_report.deliver.recipients import Audience, Order
from tabnine_report.model.errors import ArchiveError, DeliveryError, MonthError, NoResponse, TokenRejected
from tabnine_report.runs import clock
from tabnine_report.runs.result import Outcome, Status
from tabnine_report.sandbox.server import RunningSandbox
from tasks.fetch import fetch_endpoint

WriteProfile = Callable[..., str]

pytestmark = [
    pytest.mark.usefixtures("_on_the_2nd"),
    # Prefect's client leaves connections to its server for the garbage collector to close.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
]
EXECUTIVES = ["cfo@acme.example", "cto@acme.example"]


async def test_everybody_gets_the_report_and_the_admins_hear_of_it(
    write_profile: WriteProfile, sandbox: RunningSandbox, mail: Mail, channel: Webhook, admins: Webhook
) -> None:
    outcome: Outcome = await monthly_report(write_profile())
    assert outcome.status is Status.DELIVERED
    assert outcome.report.month == "2026-10"
    assert outcome.report.complete
    assert mail.recipients() == [*EXECUTIVES, "it-tools@acme.example"]
    to_cto = dict(mail.messages)["cto@acme.example"]
    assert to_cto["Subject"] == outcome.report.headline
    assert len(channel.payloads) == 1
    assert len(admins.payloads) == 1
    assert "acme: the report for October 2026 went out" in admins.text()
    assert outcome.report.headline in admins.text()
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


async def test_what_was_sent_is_what_was_sealed(write_profile: WriteProfile, mail: Mail) -> None:
    outcome: Outcome = await monthly_report(write_profile())
    bundle = Bundle(outcome.folder)
    pdf, workbook = dict(mail.messages)["cto@acme.example"].iter_attachments()
    assert pdf.get_content() == bundle.read("report.pdf")
    assert workbook.get_content() == bundle.read("report.xlsx")


async def test_a_second_run_sends_nothing_twice_and_makes_no_new_revision(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook
) -> None:
    profile = write_profile()
    first: Outcome = await monthly_report(profile)
    second: Outcome = await monthly_report(profile, "2026-10")
    assert second.status is Status.DELIVERED
    assert second.folder == first.folder
    assert all(receipt.earlier for receipt in second.receipts)
    assert [address for address in mail.recipients() if address in EXECUTIVES] == EXECUTIVES
    assert len(channel.payloads) == 1
    assert len(admins.payloads) == 2
    assert admins.payloads[1]["text"] == "acme: everybody had the report for October 2026 already; nothing was sent"


async def test_who_was_refused_gets_it_from_the_next_run_and_the_others_do_not(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook
) -> None:
    mail.refused.add("cfo@acme.example")
    profile = write_profile()
    with pytest.raises(
        DeliveryError, match=r"delivered only to 3 of 4 recipients: email to cfo@acme\.example: rejected"
    ):
        await monthly_report(profile)
    assert "did not reach everybody" in admins.text()
    mail.refused.clear()
    outcome: Outcome = await monthly_report(profile)
    assert outcome.status is Status.DELIVERED
    assert [address for address in mail.recipients() if address in EXECUTIVES] == EXECUTIVES
    assert len(channel.payloads) == 1


async def test_two_runs_of_a_month_at_once_make_one_report_and_deliver_it_once(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path
) -> None:
    profile = write_profile()
    ends = await asyncio.gather(monthly_report(profile), monthly_report(profile), return_exceptions=True)
    # Whoever comes second may end while the first is still sending.
    assert not any(isinstance(end, BaseException) for end in ends)
    assert [address for address in mail.recipients() if address in EXECUTIVES] == EXECUTIVES
    assert len(channel.payloads) == 1
    assert "the run for October 2026 failed" not in admins.text()
    assert [path.name for path in (tmp_path / "reports/acme/2026-10").iterdir()] == ["r1"]


async def test_one_channel_that_fails_does_not_stop_another(
    write_profile: WriteProfile, mail: Mail, channel: Webhook
) -> None:
    channel.status = 404
    with pytest.raises(DeliveryError, match="slack to webhook: rejected"):
        await monthly_report(write_profile())
    assert [address for address in mail.recipients() if address in EXECUTIVES] == EXECUTIVES


async def test_an_endpoint_down_for_good_costs_its_figures_and_not_the_month(
    write_profile: WriteProfile, sandbox: RunningSandbox, mail: Mail
) -> None:
    sandbox.faults.add("license=403")
    outcome: Outcome = await monthly_report(write_profile())
    assert outcome.status is Status.DELIVERED
    assert not outcome.report.complete
    seats = next(tile for tile in outcome.report.page_one_kpis if tile.key == "unused_seats")
    assert seats.figure.value is None
    assert seats.figure.reason
    (line,) = [line for line in outcome.report.data_quality.endpoints if line.endpoint == "license"]
    assert line.state == "failed"
    assert "unavailable" in dict(mail.messages)["cto@acme.example"].get_body(("plain",)).get_content()
    told = " ".join(dict(mail.messages)["it-tools@acme.example"].get_body(("plain",)).get_content().split())
    assert f"The report is incomplete: {outcome.report.data_quality.summary}" in told
    assert "Why:" not in told


async def test_a_team_that_is_refused_costs_its_own_figures_only(
    write_profile: WriteProfile, sandbox: RunningSandbox
) -> None:
    sandbox.faults.add("v2/team/usage=400*1")
    outcome: Outcome = await monthly_report(write_profile(edition="full"))
    assert outcome.status is Status.DELIVERED
    assert not outcome.report.complete
    (line,) = [line for line in outcome.report.data_quality.endpoints if line.endpoint == "team-usage-v2"]
    assert (line.state, line.requests) == ("answered", len(sandbox.world.teams) - 1)
    assert len(outcome.report.teams.rows) > 1


async def test_an_incomplete_report_is_held_where_the_profile_says_so(
    write_profile: WriteProfile, sandbox: RunningSandbox, mail: Mail, channel: Webhook, admins: Webhook
) -> None:
    sandbox.faults.add("license=403")
    outcome: Outcome = await monthly_report(write_profile(report='when_incomplete = "hold"'))
    assert outcome.status is Status.HELD
    assert set(mail.recipients()) == {"it-tools@acme.example"}
    assert channel.payloads == []
    assert "is held back" in admins.text()


async def test_what_is_held_is_shown_to_the_admins_and_goes_out_when_a_person_runs_the_month_again(
    write_profile: WriteProfile, sandbox: RunningSandbox, mail: Mail, channel: Webhook, admins: Webhook
) -> None:
    sandbox.faults.add("license=403")
    profile = write_profile(report='when_incomplete = "hold"')
    await monthly_report(profile, return_state=True)
    assert [address for address, _ in mail.messages] == ["it-tools@acme.example"] * 2
    preview, notice = (message for _, message in mail.messages)
    assert preview["Subject"].strip().startswith("PREVIEW: ")
    said = " ".join(notice.get_body(("plain",)).get_content().split())
    assert "run the month 2026-10 with delivery undelivered" in said
    outcome: Outcome = await monthly_report(profile, "2026-10")
    assert outcome.status is Status.DELIVERED
    assert [address for address in mail.recipients() if address in EXECUTIVES] == EXECUTIVES


async def test_after_approval_each_revision_waits_until_a_person_releases_it(
    write_profile: WriteProfile, sandbox: RunningSandbox, channel: Webhook, admins: Webhook
) -> None:
    profile = write_profile(report='release = "after_approval"')
    sandbox.faults.add("license=403")
    first: Outcome = (await monthly_report(profile, return_state=True)).data.result
    sandbox.faults.clear()
    second: Outcome = (await monthly_report(profile, return_state=True)).data.result
    assert [(one.status, one.folder.name) for one in (first, second)] == [(Status.HELD, "r1"), (Status.HELD, "r2")]
    assert "Each report of this organization waits until a person releases it" in admins.text()
    assert channel.payloads == []
    released: Outcome = await monthly_report(profile)
    assert (released.status, released.folder.name) == (Status.DELIVERED, "r2")
    assert len(channel.payloads) == 1


async def test_a_preview_that_a_person_asked_for_is_as_good_as_the_one_of_a_held_report(
    write_profile: WriteProfile, channel: Webhook
) -> None:
    profile = write_profile(report='release = "after_approval"')
    await monthly_report(profile, delivery="preview", return_state=True)
    assert channel.payloads == []
    outcome: Outcome = await monthly_report(profile)
    assert outcome.status is Status.DELIVERED


async def test_a_wrong_token_costs_one_request_and_only_the_admins_hear_of_it(
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


async def test_a_preview_goes_to_the_admins_only_and_is_not_counted(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook
) -> None:
    profile = write_profile()
    previewed: Outcome = (await monthly_report(profile, delivery="preview", return_state=True)).data.result
    assert previewed.status is Status.PREVIEWED
    ((address, message),) = mail.messages
    assert address == "it-tools@acme.example"
    assert message["Subject"] == f"PREVIEW: {previewed.report.headline}"
    assert channel.payloads == []
    assert len(admins.payloads) == 1
    delivered: Outcome = await monthly_report(profile)
    assert not any(receipt.earlier for receipt in delivered.receipts)


async def test_everyone_gets_the_month_again_and_under_another_id(
    write_profile: WriteProfile, mail: Mail, channel: Webhook
) -> None:
    profile = write_profile()
    await monthly_report(profile)
    outcome: Outcome = await monthly_report(profile, delivery="everyone")
    assert outcome.status is Status.DELIVERED
    assert not any(receipt.earlier for receipt in outcome.receipts)
    to_cto = [message for address, message in mail.messages if address == "cto@acme.example"]
    assert len({message["Message-ID"] for message in to_cto}) == 2
    assert len(channel.payloads) == 2


async def test_a_revision_goes_to_those_who_had_an_earlier_one_once_and_only_where_asked_for(
    write_profile: WriteProfile, sandbox: RunningSandbox, mail: Mail, channel: Webhook
) -> None:
    profile = write_profile()
    sandbox.faults.add("license=403")
    await monthly_report(profile)
    sandbox.faults.clear()
    kept: Outcome = await monthly_report(profile)
    assert (kept.folder.name, len(channel.payloads)) == ("r2", 1)
    for _ in range(2):
        revision_changes: Outcome = await monthly_report(profile, delivery="revised")
        assert revision_changes.status is Status.DELIVERED
    assert [address for address in mail.recipients() if address in EXECUTIVES] == sorted(EXECUTIVES * 2)
    assert len(channel.payloads) == 2


async def test_what_another_run_is_delivering_is_no_failure_of_this_one(
    write_profile: WriteProfile, mail: Mail, admins: Webhook, tmp_path: Path
) -> None:
    other = Ledger(f"sqlite:///{tmp_path}/reports/ledger.db", clock.now)
    order = Order("acme", "2026-10", 1, Audience.UNDELIVERED, clock.now())
    other.claim(order, "email", "cto@acme.example")
    outcome: Outcome = (await monthly_report(write_profile(), return_state=True)).data.result
    assert outcome.status is Status.UNDER_WAY
    assert "email to cto@acme.example: being delivered by another run (That run will say" in outcome.summary()
    assert mail.recipients() == ["cfo@acme.example", "it-tools@acme.example"]
    assert "acme: another run is delivering the report for October 2026" in admins.text()


async def test_a_preview_that_an_admin_did_not_get_is_a_failure_and_says_why(
    write_profile: WriteProfile, admins: Webhook, channel: Webhook, mail: Mail
) -> None:
    admins.status = 404
    with pytest.raises(
        DeliveryError, match="of its previews only 1 of 2 reached the admins: slack to webhook: rejected"
    ):
        await monthly_report(write_profile(), delivery="preview")
    assert mail.recipients() == ["it-tools@acme.example"]
    assert channel.payloads == []


async def test_nobody_means_nobody(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path
) -> None:
    await monthly_report(write_profile(), delivery="nobody", return_state=True)
    assert (tmp_path / "reports/acme/2026-10/r1/report.pdf").is_file()
    assert (mail.messages, channel.payloads, admins.payloads) == ([], [], [])
    assert not (tmp_path / "outbox").exists()


async def test_a_draft_of_the_open_month_is_kept_apart_and_never_delivered(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path
) -> None:
    await monthly_report(write_profile(), "2026-11", draft=True, return_state=True)
    assert (tmp_path / "reports/acme/2026-11/draft/report.pdf").is_file()
    assert (mail.messages, channel.payloads, admins.payloads) == ([], [], [])


async def test_an_open_month_is_refused_before_the_first_request(
    write_profile: WriteProfile, sandbox: RunningSandbox
) -> None:
    with pytest.raises(MonthError, match="2026-11 is still open"):
        await monthly_report(write_profile(), "2026-11")
    assert sandbox.requests.entries == []


async def test_an_archive_that_cannot_be_written_is_found_before_fetching(
    write_profile: WriteProfile, sandbox: RunningSandbox, admins: Webhook, tmp_path: Path
) -> None:
    (tmp_path / "reports").write_text("a file in the archive's place", encoding="utf-8")
    with pytest.raises(ArchiveError):
        await monthly_report(write_profile())
    assert sandbox.requests.entries == []
    assert "keeping the report" in admins.text()


async def test_a_damaged_bundle_of_another_month_or_of_this_one_does_not_fail_the_run(
    write_profile: WriteProfile, tmp_path: Path
) -> None:
    profile = write_profile()
    for month in ("2026-09", "2026-10"):
        await monthly_report(profile, month, delivery="nobody", return_state=True)
        (tmp_path / "reports" / "acme" / month / "r1" / "report.json").write_bytes(b"{}")
    outcome: Outcome = await monthly_report(profile)
    assert (outcome.status, outcome.folder.name) == (Status.DELIVERED, "r2")
    notes = " ".join(outcome.report.data_quality.notes)
    assert "Revision 1 of the sealed report for September 2026 could not be read" in notes
    assert [(one.month, one.revision) for one in Bundle(outcome.folder).prior_reports().unreadable_reports] == [
        ("2026-09", 1),
        ("2026-10", 1),
    ]


async def test_admins_who_cannot_be_told_do_not_fail_the_report(
    write_profile: WriteProfile, admins: Webhook, mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    admins.status = 404
    mail.refused.add("it-tools@acme.example")
    with caplog.at_level(logging.WARNING, "tasks"):
        outcome: Outcome = await monthly_report(write_profile())
    assert outcome.status is Status.DELIVERED
    assert "The admins were not told by slack" in caplog.text
    assert "hush" not in caplog.text


async def test_an_outage_is_tried_again_by_the_task(
    write_profile: WriteProfile, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_endpoint, "retry_delay_seconds", 0)
    sandbox.faults.add("license=503*5")
    outcome: Outcome = await monthly_report(write_profile())
    assert outcome.report.complete
    assert len(sandbox.requests.to("v1/license")) == 6


async def test_a_host_that_is_not_there_is_tried_within_its_limits_and_then_said(
    write_profile: WriteProfile, monkeypatch: pytest.MonkeyPatch, admins: Webhook
) -> None:
    monkeypatch.setattr(fetch_endpoint, "retry_delay_seconds", 0)
    profile = write_profile(base_url="http://127.0.0.1:9", api="timeout_seconds = 5")
    with pytest.raises(NoResponse, match=r"127\.0\.0\.1:9/api/v1/organization could not be asked"):
        await monthly_report(profile)
    assert "the run for October 2026 failed" in admins.text()
