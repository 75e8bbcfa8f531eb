"""`watch` finds each problem, notifies the admins once a day and when it is solved, and sends nothing otherwise."""

import os
import shlex
import shutil
import signal
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from pydantic import SecretStr
from receivers import Monitor, Webhook
from sample_report import sample_report
from sealing import seal

from cli.main import status
from cli.terminal import print_line
from tabnine_report.archive import Archive
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.ledger.month_records import MonthRecords
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.errors import LedgerError
from tabnine_report.model.month import Month
from tabnine_report.runs import clock
from tabnine_report.runs.status import RunStatus
from tabnine_report.watchdog import expiry
from tabnine_report.watchdog.memory import Memory
from tabnine_report.watchdog.organization_checks import check_settings_and_storage
from tabnine_report.watchdog.problem import Findings
from tabnine_report.watchdog.watched_profile import WatchedProfile

NOW = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PROFILE = """
name = "acme"
time_zone = "Europe/Berlin"
[usage_api]
base_url = "https://console.tabnine.com"
token = "${{TOKEN_THAT_IS_NOT_SET}}"
{api}
[admins]
slack_webhook_url = "{webhook}"
{admins}
{more}
"""


class Watchdog:
    """The command, its admins, and the ledger that it reads."""

    def __init__(self, folder: Path, admins: Webhook, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.admins = admins
        self.profile = folder / "acme.toml"
        self._capsys = capsys
        self.write()

    def write(self, api: str = "", admins: str = "", more: str = "[archive]\nledger_durable = true") -> None:
        text = PROFILE.format(api=api, admins=admins, more=more, webhook=self.admins.url)
        self.profile.write_text(text, encoding="utf-8")

    def watch(self, late: timedelta = timedelta()) -> int:
        """Return the exit status at a time."""
        with clock.rehearse(NOW + late):
            exit_status = status(["watch", "--profile", str(self.profile)])
        self.captured = self._capsys.readouterr()
        return exit_status

    def record(
        self,
        month: str,
        state: RunStatus,
        reason: str = "",
        late: timedelta = timedelta(),
        organization: str = "acme",
        *,
        revision: int = 1,
    ) -> None:
        url = SecretStr(f"sqlite:///{self.folder}/reports/ledger.db")
        MonthRecords(url, organization, lambda: NOW + late).record(
            month, due=date(2026, 11, 2), state=state, reason=reason, revision=revision
        )

    def claim(self, late: timedelta = timedelta()) -> tuple[Ledger, Claim]:
        ledger = Ledger(f"sqlite:///{self.folder}/reports/ledger.db", lambda: NOW + late)
        request = DeliveryRequest("acme", "2026-10", 1, RecipientScope.UNDELIVERED, NOW)
        claim = ledger.claim(request, "email", "cto@acme.example")
        assert isinstance(claim, Claim)
        return ledger, claim

    def subjects(self) -> list[str]:
        """Return the subjects of the notices since the last call."""
        subjects = [payload["text"] for payload in self.admins.payloads]
        self.admins.payloads.clear()
        return subjects


@pytest.fixture
def dog(
    tmp_path: Path, admins: Webhook, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Watchdog:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    folder = tmp_path / "our profiles"
    folder.mkdir()
    return Watchdog(folder, admins, capsys)


SENT = RunStatus.SENT
NOT_SENT = "🟠 ACTION NEEDED · acme: the report for October 2026 was not sent"
WITHHELD = "🟠 ACTION NEEDED · acme: the report for October 2026 is still withheld"


def test_a_month_that_was_not_sent_by_the_due_day_is_reported_once_a_day_and_when_it_is_solved(dog: Watchdog) -> None:
    dog.record("2026-09", SENT)
    dog.record("2026-10", RunStatus.FAILED, "The API is down.")

    assert dog.watch(-DAY) == 0
    assert dog.subjects() == []
    assert dog.watch() == 3
    assert "The API is down." in dog.admins.text()
    assert dog.subjects() == [NOT_SENT]
    assert dog.watch(timedelta(hours=5)) == 3
    assert dog.subjects() == []
    assert dog.watch(DAY) == 3
    assert dog.subjects() == [NOT_SENT]

    dog.record("2026-10", SENT)
    assert dog.watch(DAY) == 0
    assert dog.subjects() == ["✅ Solved: acme: the report for October 2026 was not sent"]
    assert dog.watch(2 * DAY) == 0
    assert dog.subjects() == []


def test_two_profiles_with_one_organizations_name_do_not_solve_each_others_problems(
    dog: Watchdog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(dog.folder))
    dog.write(api=f"token_expires = {NOW:%Y-%m-%d}")
    (dog.folder / "copy.toml").write_text(
        PROFILE.format(api="", admins="", more="[archive]\nledger_durable = true", webhook=dog.admins.url),
        encoding="utf-8",
    )
    with clock.rehearse(NOW):
        assert [status(["watch"]), status(["watch"])] == [3, 3]
    assert dog.subjects() == ["🟠 ACTION NEEDED · acme: the API token has to be renewed"]


@pytest.mark.parametrize(
    ("state", "subjects"),
    [
        (RunStatus.FAILED, [NOT_SENT]),
        (RunStatus.PARTLY_DELIVERED, [NOT_SENT]),
        (RunStatus.ARCHIVED, [NOT_SENT]),
        (RunStatus.PREVIEWED, [NOT_SENT]),
        (RunStatus.POSTPONED, []),
        (RunStatus.WITHHELD, [WITHHELD]),
        (RunStatus.NO_CHANNEL, []),
        (None, [NOT_SENT]),
    ],
)
def test_only_a_month_that_recipients_should_have_is_reported(
    dog: Watchdog, state: RunStatus | None, subjects: list[str]
) -> None:
    dog.record("2026-09", SENT)
    if state:
        dog.record("2026-10", state)

    assert dog.watch() == (3 if subjects else 0)
    assert dog.subjects() == subjects


@pytest.mark.parametrize(("revision", "options"), [(1, "--release"), (2, "--release --delivery revised")])
def test_the_command_that_releases_a_withheld_revision_is_that_of_the_runs_notice(
    dog: Watchdog, revision: int, options: str
) -> None:
    dog.record("2026-10", RunStatus.WITHHELD, revision=revision)

    assert dog.watch() == 3
    command = f"tabnine-report run --profile {shlex.quote(str(dog.profile))} --month 2026-10 {options}"
    assert f"```{command}```" in dog.admins.text()
    assert f"releases it.\n\n    {command}\n" in dog.captured.err
    assert "start the deployment answer/acme with withheld = release." in dog.admins.text()


def test_a_run_that_was_postponed_for_more_than_a_day_is_not_sent(dog: Watchdog) -> None:
    dog.record("2026-10", RunStatus.POSTPONED, late=-2 * DAY)
    assert dog.watch() == 3
    assert dog.subjects() == [NOT_SENT]


@pytest.mark.parametrize("month", ["", "2026-09"])
def test_a_fresh_installation_has_no_problem(dog: Watchdog, month: str) -> None:
    if month:  # a backfill has archived earlier months
        dog.record(month, RunStatus.ARCHIVED)
    assert dog.watch() == 0
    assert dog.subjects() == []
    assert dog.captured.err == ""


def test_the_due_day_is_a_setting_and_never_before_the_month_is_final(dog: Watchdog) -> None:
    dog.write(admins="due_day = 1", more="[report]\nsettle_days = 8\n[archive]\nledger_durable = true")
    dog.record("2026-09", SENT)
    assert dog.watch(3 * DAY) == 0
    assert dog.watch(4 * DAY) == 3


def test_an_older_month_is_reported_as_long_as_it_is_checked_and_never_as_solved(dog: Watchdog) -> None:
    dog.record("2026-09", SENT)
    dog.record("2026-10", RunStatus.FAILED)
    dog.watch()
    assert dog.subjects() == [NOT_SENT]
    dog.record("2026-11", SENT)
    dog.record("2026-12", SENT)

    assert dog.watch(timedelta(days=40)) == 3
    assert dog.subjects() == [NOT_SENT]
    assert dog.watch(timedelta(days=62)) == 0
    assert dog.subjects() == []


def test_deliveries_of_a_run_that_died_and_unconfirmed_ones_are_reported_until_they_are_settled(dog: Watchdog) -> None:
    dog.record("2026-09", SENT)
    ledger, claim = dog.claim()
    ledger.hand_over(claim)
    assert dog.watch(timedelta(minutes=14)) == 3
    assert dog.subjects() == [NOT_SENT]

    assert dog.watch(timedelta(minutes=16)) == 3
    (subject,) = dog.subjects()
    assert subject == "🟠 ACTION NEEDED · acme: it is not known whether all recipients have the report for October 2026"
    assert "cto@acme.example" not in dog.captured.err
    ledger.settle(claim, DeliveryState.UNCONFIRMED, "")
    dog.record("2026-10", RunStatus.UNCONFIRMED)
    assert dog.watch(timedelta(minutes=17)) == 3
    assert dog.subjects() == []

    ledger.settle(claim, SENT_STATE, "")
    dog.record("2026-10", SENT)
    assert dog.watch(timedelta(minutes=18)) == 0
    assert sorted(dog.subjects()) == [
        "✅ Solved: acme: it is not known whether all recipients have the report for October 2026",
        "✅ Solved: acme: the report for October 2026 was not sent",
    ]


SENT_STATE = DeliveryState.SENT


def test_deliveries_that_are_too_old_are_neither_a_problem_nor_solved(dog: Watchdog) -> None:
    dog.claim()
    dog.watch(timedelta(hours=1))
    dog.subjects()
    assert dog.watch(timedelta(days=70)) == 0
    assert dog.subjects() == []


@pytest.mark.parametrize(
    ("expires", "reason"),
    [
        ("2026-12-06", ""),
        ("2026-12-05", "The API token expires on 5 December 2026. After that, every run fails."),
        ("2026-11-01", "The API token expired on 1 November 2026, as usage_api.token_expires states."),
    ],
)
def test_a_token_is_reported_before_it_expires_and_until_it_is_renewed(
    dog: Watchdog, expires: str, reason: str
) -> None:
    dog.write(api=f"token_expires = {expires}")
    assert dog.watch() == (3 if reason else 0)
    assert dog.subjects() == (["🟠 ACTION NEEDED · acme: the API token has to be renewed"] if reason else [])
    assert reason in dog.captured.err

    dog.write(api="token_expires = 2027-11-05", admins="warn_days = 20")
    assert dog.watch() == 0
    assert dog.subjects() == (["✅ Solved: acme: the API token has to be renewed"] if reason else [])


def test_a_license_is_reported_before_it_ends_and_never_as_solved_because_it_ended(
    dog: Watchdog, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = [date(2026, 11, 20)]
    monkeypatch.setattr(expiry, "license_end", lambda *_: ends[0])
    assert dog.watch() == 3
    assert dog.subjects() == ["🟠 ACTION NEEDED · acme: the license ends soon"]
    assert dog.watch(16 * DAY) == 0
    assert dog.subjects() == []
    assert "not checked: license. The license has ended since the newest report, or was renewed." in dog.captured.out

    ends[0] = date(2027, 11, 20)
    assert dog.watch(17 * DAY) == 0
    assert dog.subjects() == ["✅ Solved: acme: the license ends soon"]


def test_the_license_of_the_newest_report_is_read(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path))
    assert expiry.license_end(archive, "acme") is None
    seal(archive, month=Month(2026, 9))
    assert expiry.license_end(archive, "acme") is None
    report = {"report.json": sample_report().model_dump_json().encode()}
    archive.seal("acme", Month(2026, 10), 1, report, {}, {})
    assert expiry.license_end(archive, "acme") == date(2027, 1, 31)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_disk_that_is_nearly_full_is_reported(dog: Watchdog, monkeypatch: pytest.MonkeyPatch) -> None:
    free = [150_000_000]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2_000_000_000, 0, free[0]))
    assert dog.watch() == 3
    assert dog.subjects() == ["🟠 ACTION NEEDED · The disk with the reports is nearly full"]
    assert "has only 150 MB of free space" in dog.captured.err
    free[0] = 300_000_000
    assert dog.watch() == 0
    assert dog.subjects() == ["✅ Solved: The disk with the reports is nearly full"]


@pytest.mark.parametrize(
    ("total", "free", "is_scarce"),
    [(1e9, 1.9e8, True), (1e9, 2.1e8, False), (1e11, 4.9e9, True), (1e12, 5.1e9, False), (1e12, 4.9e9, True)],
)
def test_how_much_free_space_is_scarce_depends_on_the_disk(
    dog: Watchdog, monkeypatch: pytest.MonkeyPatch, total: float, free: float, *, is_scarce: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(int(total), 0, int(free)))
    assert dog.watch() == (3 if is_scarce else 0)


def test_a_disk_that_cannot_be_read_is_not_checked(dog: Watchdog, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(shutil, "disk_usage", fail)
    assert dog.watch() == 0
    assert "acme: not checked: disk. Input/output error" in dog.captured.out


def test_an_unreachable_ledger_is_reported_remembered_in_a_file_and_solved_when_it_is_back(dog: Watchdog) -> None:
    dog.record("2026-09", SENT)
    blocked = '[archive]\nledger = "sqlite:///acme.toml/ledger.db"\nledger_durable = true'
    dog.write(more=blocked)
    unreachable = "🟠 ACTION NEEDED · acme: the delivery record cannot be used"
    assert dog.watch() == 3
    assert dog.subjects() == [unreachable]
    assert "not checked: month. The ledger cannot be used." in dog.captured.out
    assert dog.watch() == 3
    assert dog.subjects() == []
    assert dog.watch(DAY) == 3
    assert dog.subjects() == [unreachable]

    dog.write()
    dog.record("2026-10", SENT)
    assert dog.watch(DAY) == 0
    assert dog.subjects() == ["✅ Solved: acme: the delivery record cannot be used"]
    assert dog.watch(DAY) == 0
    assert dog.subjects() == []


def test_what_was_reported_while_the_ledger_was_unreachable_is_not_reported_again(dog: Watchdog) -> None:
    api = "token_expires = 2026-11-10"
    dog.write(api=api, more='[archive]\nledger = "${UNSET_LEDGER}"')
    assert dog.watch() == 3
    assert len(dog.subjects()) == 2
    dog.write(api=api)
    assert dog.watch() == 3
    assert dog.subjects() == ["✅ Solved: acme: the delivery record cannot be used"]


def test_without_any_memory_every_round_notifies_the_admins(dog: Watchdog, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file in the place of a folder", encoding="utf-8")
    dog.write(api="token_expires = 2026-11-10", more='[archive]\nledger = "${UNSET_LEDGER}"')
    assert [dog.watch(), dog.watch()] == [3, 3]
    assert len(dog.subjects()) == 4


def test_an_invalid_profile_is_reported_and_only_what_it_lacks_is_not_checked(dog: Watchdog) -> None:
    dog.write(api="max_concurrency = 1000", admins='email = ["not an address"]')
    dog.record("2026-10", RunStatus.FAILED)
    assert dog.watch() == 3
    assert dog.subjects() == [NOT_SENT, "🟠 ACTION NEEDED · acme: the profile is invalid"]
    assert "usage_api.max_concurrency" in dog.captured.err
    assert f"\n    tabnine-report check --profile {shlex.quote(str(dog.profile))}\n" in dog.captured.err


def test_a_profile_without_a_known_time_zone_is_still_reported(dog: Watchdog) -> None:
    text = dog.profile.read_text(encoding="utf-8").replace("Europe/Berlin", "Europe/Nowhere")
    dog.profile.write_text(text, encoding="utf-8")
    assert dog.watch() == 3
    assert dog.subjects() == [
        "🟠 ACTION NEEDED · acme: the delivery record cannot be used",
        "🟠 ACTION NEEDED · acme: the profile is invalid",
    ]


@pytest.mark.parametrize("content", ["name =", 'name = "acme"\ntime_zone = "UTC"\n[network]\nca_bundle = "gone.pem"'])
def test_a_profile_without_a_channel_to_the_admins_is_reported_by_the_command(dog: Watchdog, content: str) -> None:
    dog.profile.write_text(content, encoding="utf-8")
    assert dog.watch() == 3
    assert "The admins were not notified." in dog.captured.err
    assert "The profile has no channel to the admins." in dog.captured.err
    assert dog.subjects() == []


def test_a_missing_profile_is_reported_by_the_command(dog: Watchdog) -> None:
    dog.profile.unlink()
    assert dog.watch() == 3
    assert "there is no such profile" in dog.captured.err


def test_a_notice_that_could_not_be_sent_is_sent_in_the_next_round(dog: Watchdog) -> None:
    dog.record("2026-10", RunStatus.FAILED)
    dog.admins.status = 404
    assert dog.watch() == 3
    assert dog.subjects() == [NOT_SENT]
    assert "The admins were not notified. acme: the report for October 2026 was not sent: slack:" in dog.captured.err
    assert "hush" not in dog.captured.err

    dog.admins.status = 200
    assert dog.watch() == 3
    assert dog.subjects() == [NOT_SENT]
    dog.record("2026-10", SENT)
    dog.admins.status = 404
    assert dog.watch() == 0
    dog.subjects()
    dog.admins.status = 200
    assert dog.watch() == 0
    assert dog.subjects() == ["✅ Solved: acme: the report for October 2026 was not sent"]


def test_an_unexpected_error_while_sending_is_named_without_its_text(
    dog: Watchdog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("hush")

    monkeypatch.setattr("tabnine_report.watchdog.notices.admin_channels", fail)
    dog.record("2026-10", RunStatus.FAILED)
    assert dog.watch() == 3
    assert "Unexpected error (RuntimeError)." in dog.captured.err
    assert "hush" not in dog.captured.err


def add_profile(dog: Watchdog, name: str, admins: str = "") -> None:
    """Write a profile that differs from the first in its name, and perhaps in the address of its admins."""
    text = dog.profile.read_text(encoding="utf-8").replace('"acme"', f'"{name}"')
    (dog.folder / f"{name}.toml").write_text(text.replace(dog.admins.url, admins or dog.admins.url), encoding="utf-8")


@pytest.fixture
def several(dog: Watchdog, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Write a second profile beside the first, and return a function that watches the folder."""
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(dog.folder))
    add_profile(dog, "bolt")

    def watch(late: timedelta = timedelta()) -> int:
        with clock.rehearse(NOW + late):
            return status(["watch"])

    return watch


def test_without_a_profile_all_are_watched_and_the_admins_of_several_are_notified_of_a_disk_once(
    dog: Watchdog, several: Callable[[], int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert several() == 0
    assert capsys.readouterr().out.endswith("2 profiles checked, 0 with open problems.\n")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 0))
    assert several() == 3
    assert len(dog.subjects()) == 1
    assert capsys.readouterr().out.endswith("2 profiles checked, 2 with open problems.\n")


def test_the_monitor_receives_the_start_and_whether_a_problem_is_open(dog: Watchdog) -> None:
    monitor = Monitor()
    dog.write(admins=f'heartbeat_url = "{monitor.url}"')
    assert dog.watch() == 0
    dog.record("2026-10", RunStatus.FAILED)
    assert dog.watch() == 3
    monitor.stop()
    assert monitor.paths == ["/ping/hush/start", "/ping/hush", "/ping/hush/start", "/ping/hush/fail"]
    assert dog.watch() == 3
    assert "hush" not in dog.captured.out + dog.captured.err


def test_an_unexpected_error_with_one_profile_does_not_hide_the_others(
    dog: Watchdog,
    several: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail_for_acme(watched: WatchedProfile, now: datetime, findings: Findings) -> None:
        if watched.name == "acme":
            raise RuntimeError("hush")
        check_settings_and_storage(watched, now, findings)

    monkeypatch.setattr("flows.watching.watch_round.check_settings_and_storage", fail_for_acme)
    (dog.folder / "demo.toml").write_text("name =", encoding="utf-8")
    assert several() == 3
    captured = capsys.readouterr()
    assert "acme: the watchdog cannot check this profile. An unexpected error occurred (RuntimeError)." in captured.err
    assert captured.out.endswith("2 profiles checked, 1 with open problems.\n")
    assert "hush" not in captured.err


ALL_SENT = "✅ All 2 reports for October 2026 were sent"


def test_when_all_reports_are_sent_the_admins_of_several_receive_a_digest_once_a_month(
    dog: Watchdog, several: Callable[..., int]
) -> None:
    dog.record("2026-10", SENT)
    dog.record("2026-09", SENT, organization="bolt")
    assert several(-DAY) == 0
    assert dog.subjects() == []
    dog.record("2026-10", SENT, organization="bolt")
    assert dog.watch(-DAY) == 0
    assert dog.subjects() == []  # a round of one profile sends none
    assert several(-DAY) == 0
    assert "acme: Sent" in dog.admins.text()
    assert "To run the report again" not in dog.admins.text()
    assert dog.subjects() == [ALL_SENT]
    assert [several(-DAY), several(20 * DAY)] == [0, 0]
    assert dog.subjects() == []

    add_profile(dog, "aaa")
    dog.record("2026-10", SENT, organization="aaa")
    assert [several(), several()] == [0, 0]
    assert dog.subjects() == []

    for organization in ("aaa", "acme", "bolt"):
        dog.record("2026-11", SENT, organization=organization)
    assert several(30 * DAY) == 0
    assert dog.subjects() == ["✅ All 3 reports for November 2026 were sent"]


def test_on_the_due_day_the_digest_names_what_was_not_sent_and_a_new_organization_is_omitted(
    dog: Watchdog, several: Callable[..., int]
) -> None:
    dog.record("2026-10", SENT)
    dog.record("2026-10", RunStatus.WITHHELD, "Active users fell from 360 to 3.", organization="bolt")
    add_profile(dog, "core")
    dog.record("2026-09", SENT, organization="core")
    add_profile(dog, "new")
    assert several() == 3
    digest = dog.admins.payloads[-1]
    assert digest["text"] == "🟡 REVIEW · Reports for October 2026: 1 of 3 sent"
    text = str(digest)
    assert text.index("bolt: Withheld. Active users fell") < text.index("core: No run of") < text.index("acme: Sent")
    assert "new:" not in text


def test_admins_receive_no_digest_of_the_organizations_of_others(dog: Watchdog, several: Callable[..., int]) -> None:
    others = Webhook()
    for name in ("core", "dyne"):
        add_profile(dog, name, others.url)
        dog.record("2026-10", SENT, organization=name)
    single = Webhook()
    add_profile(dog, "edge", single.url)
    dog.record("2026-10", SENT)
    dog.record("2026-10", SENT, organization="bolt")
    dog.record("2026-10", SENT, organization="edge")
    assert several() == 0
    others.stop()
    single.stop()
    assert "core" not in dog.admins.text()
    assert "acme" not in others.text()
    assert [payload["text"] for payload in (*dog.admins.payloads, *others.payloads)] == [ALL_SENT, ALL_SENT]
    assert single.payloads == []


def test_a_digest_that_could_not_be_sent_is_sent_in_the_next_round(
    dog: Watchdog, several: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    dog.record("2026-10", SENT)
    dog.record("2026-10", SENT, organization="bolt")
    dog.admins.status = 404
    several()
    assert f"The admins were not notified. {ALL_SENT.removeprefix('✅ ')}: slack:" in capsys.readouterr().err
    dog.admins.status = 200
    dog.subjects()
    several()
    assert dog.subjects() == [ALL_SENT]


def test_an_organization_whose_ledger_cannot_be_used_is_not_known_in_the_digest(
    dog: Watchdog, several: Callable[..., int]
) -> None:
    dog.record("2026-10", SENT)
    text = dog.profile.read_text(encoding="utf-8").replace('"acme"', '"bolt"')
    (dog.folder / "bolt.toml").write_text(text + 'ledger = "${UNSET_LEDGER}"\n', encoding="utf-8")
    assert [several(), several()] == [3, 3]
    assert "bolt: not known, because the delivery record cannot be used." in dog.admins.text()
    assert dog.subjects().count("🟡 REVIEW · Reports for October 2026: 1 of 2 sent") == 1


def test_without_any_memory_no_digest_is_sent_and_one_ledger_does_not_hide_the_digest_of_others(
    dog: Watchdog, several: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dog.record("2026-10", SENT)
    dog.record("2026-10", SENT, organization="bolt")
    monkeypatch.setattr(Memory, "is_usable", False)
    assert several() == 0
    monkeypatch.setattr(Memory, "is_usable", True)

    def fail(*_: object) -> None:
        raise LedgerError("The ledger is full.")

    monkeypatch.setattr(Memory, "claim_found", fail)
    several()
    assert "The admins were not notified. The ledger is full." in capsys.readouterr().err
    monkeypatch.setattr("flows.watching.watch_round.send_digests", lambda *_: 1 / 0)
    several()
    assert "The admins were not notified. An unexpected error occurred (ZeroDivisionError)." in capsys.readouterr().err
    assert dog.subjects() == []


def test_without_a_prefect_server_none_is_started_to_look_up_a_secret(dog: Watchdog) -> None:
    admins = dog.admins.url
    text = dog.profile.read_text(encoding="utf-8").replace(admins, "${secret:acme-admins}")
    dog.profile.write_text(text, encoding="utf-8")
    dog.record("2026-10", RunStatus.FAILED)
    assert dog.watch() == 3
    assert "The admins were not notified." in dog.captured.err
    assert "The secret acme-admins: cannot be looked up without the Prefect server." in dog.captured.err


def test_each_round_is_a_process_and_neither_a_hung_nor_a_failed_one_ends_the_watchdog(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    now, waits = 0.0, list[float]()

    def run_round(profiles: Sequence[str], secrets: dict[str, str]) -> dict[str, str]:
        print_line(f"{len(waits)} {profiles} {secrets}")
        match len(waits):
            case 2:
                time.sleep(60)
            case 3:
                raise ValueError("hush")
            case 4:
                os.kill(os.getpid(), signal.SIGKILL)
        return {"count": str(len(waits))}

    def wait(seconds: float) -> None:
        nonlocal now
        now += seconds + 1  # a round takes a second
        waits.append(seconds)
        monkeypatch.setattr("cli.watch._LONGEST_ROUND_SECONDS", 0.5 if len(waits) == 2 else 60)
        if len(waits) == 6:
            raise KeyboardInterrupt

    monkeypatch.setattr("cli.watch._read_secrets", lambda *_: {"count": "0"})
    monkeypatch.setattr("cli.watch._run_round", run_round)
    monkeypatch.setattr("cli.watch.time", SimpleNamespace(sleep=wait, monotonic=lambda: now))
    assert status(["watch", "--profile", "our acme", "--profile", "bolt", "--every", "10"]) == 130
    captured = capfd.readouterr()
    assert captured.out.startswith("A round begins every 10 minutes.\n20")
    # The hung round may be ended before it prints anything.
    assert [line for line in captured.out.splitlines() if "our acme" in line and not line.startswith("2 ")] == [
        f"{number} ('our acme', 'bolt') {{'count': '{count}'}}" for number, count in ((1, 0), (3, 1), (4, 1), (5, 1))
    ]
    assert captured.err == (
        "The round took longer than 0 minutes, and was ended.\nThe round failed (ValueError).\n"
        "The round failed (EOFError).\nStopped.\n"
    )
    assert waits == [600, 599, 599, 599, 599, 599]


@pytest.mark.parametrize("minutes", ["0", "-1", "often"])
def test_an_impossible_interval_is_wrong_usage(minutes: str) -> None:
    assert status(["watch", "--every", minutes]) == 2
