"""The ledger tells which organizations' last final month is due, each in its own time zone."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.profile.references import ReferenceKind
from tabnine_report.runs.due import LastMonth, after_its_run, last_months, read_last_month
from tabnine_report.runs.profile_file import load_part_of_profile
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import month_records_of

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
SETTLED = {RunStatus.SENT, RunStatus.NO_CHANNEL, RunStatus.WITHHELD, RunStatus.UNCONFIRMED}
RECORDED = set(RunStatus) - {RunStatus.DRAFT, RunStatus.IN_PROGRESS_ELSEWHERE, RunStatus.NOTHING_TO_SEND}


def from_environment(_kind: ReferenceKind, name: str) -> str | None:
    return os.environ.get(name)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(tmp_path))
    return tmp_path


def write(folder: Path, name: str, zone: str = "Europe/Berlin", more: str = "[report]\n") -> None:
    lines = f'name = "{name}"\ntime_zone = "{zone}"\n[usage_api]\ntoken = "${{UNSET_TOKEN}}"\n{more}\n'
    (folder / f"{name}.toml").write_text(lines, encoding="utf-8")


def record(name: str, state: RunStatus, reason: str = "") -> None:
    settings = load_part_of_profile(name, LedgerProfile, from_environment)
    month_records_of(settings).record("2026-10", due=AT.date(), state=state, reason=reason)


@pytest.mark.parametrize("state", sorted(RECORDED))
def test_a_month_is_due_unless_it_was_sent_or_waits_for_a_person(folder: Path, state: RunStatus) -> None:
    write(folder, "acme")
    record("acme", state, "Why.")

    (month,) = last_months(AT, from_environment)

    assert month == LastMonth("acme", "acme", "2026-10", state, "Why.")
    assert month.is_due is (state not in SETTLED)


@pytest.mark.parametrize(
    ("at", "zone", "report", "month"),
    [
        ("2026-11-01T23:30", "UTC", "", "2026-09"),
        ("2026-11-02T00:00", "UTC", "", "2026-10"),
        ("2026-11-01T15:30", "Asia/Tokyo", "", "2026-10"),
        ("2026-11-02T04:30", "America/New_York", "", "2026-09"),
        ("2026-11-02T05:30", "America/New_York", "", "2026-10"),
        ("2026-11-05T06:00", "UTC", "settle_days = 5", "2026-09"),
    ],
)
def test_the_month_follows_from_the_profiles_time_zone_and_settle_days(
    folder: Path, at: str, zone: str, report: str, month: str
) -> None:
    write(folder, "acme", zone, f"[report]\n{report}")

    (last,) = last_months(datetime.fromisoformat(at).replace(tzinfo=UTC), from_environment)

    assert (last.month, last.state, last.is_due) == (month, "", True)


def test_a_profile_or_a_ledger_that_cannot_be_read_is_a_problem_of_its_own(folder: Path) -> None:
    write(folder, "acme")
    write(folder, "bolt", "Europe/Nowhere")
    write(folder, "core", more='[archive]\nledger = "${UNSET_LEDGER}"')
    write(folder, "dune", more=f'[archive]\nledger = "sqlite:///{folder}/acme.toml/ledger.db"')
    (folder / "emco.toml").write_text("name = \n", encoding="utf-8")
    write(folder, "demo")
    write(folder, "example")

    acme, bolt, core, dune, emco = last_months(AT, from_environment)

    assert acme.is_due
    assert not any(month.is_due for month in (bolt, core, dune, emco))
    assert (bolt.organization, bolt.month) == ("bolt", "")
    assert "time_zone is not an IANA time zone" in bolt.problem
    assert "archive.ledger needs the environment variable UNSET_LEDGER" in core.problem
    assert (dune.organization, dune.month) == ("dune", "2026-10")
    assert "cannot be used" in dune.problem
    assert (emco.organization, "is not TOML" in emco.problem) == ("emco", True)


def test_after_its_run_a_month_has_the_state_that_the_run_recorded(folder: Path) -> None:
    write(folder, "acme")
    before = read_last_month("acme", AT, from_environment)
    assert after_its_run(before, from_environment) == before

    record("acme", RunStatus.WITHHELD, "It lacks required data.")
    after = after_its_run(before, from_environment)
    assert (after.state, after.reason) == ("withheld", "It lacks required data.")

    (folder / "acme.toml").unlink()
    assert after_its_run(before, from_environment) == before
