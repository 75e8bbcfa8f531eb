"""`verify`, `purge` and `history` report their results in sentences and an exit status."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from profile_file import write_profile
from sealing import FETCHED_AT, seal

from cli.main import status
from tabnine_report.archive import Archive, Bundle
from tabnine_report.model.month import Month
from tabnine_report.runs import clock
from tabnine_report.runs.storage import month_records_of
from tasks.read_profile import open_ledger_profile


@pytest.fixture
def profile(tmp_path: Path) -> str:
    return write_profile(tmp_path, "keep_personal_data_months = 12")


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    bundle: Bundle = seal(Archive(tmp_path / "reports"))
    return bundle


def test_a_changed_bundle_is_not_verified(bundle: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    bundle.path("report.html").write_bytes(b"<p>413")

    assert status(["verify", str(bundle.folder)]) == 1
    output = capsys.readouterr()
    changed = "report.html was changed: its SHA-256 differs from the manifest."
    assert (output.out, output.err) == (f"{changed}\n{bundle.folder} is NOT verified.\n", "")


def test_a_bundle_without_its_manifest_is_not_verified(bundle: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    (bundle.folder / "manifest.json").unlink()

    assert status(["verify", str(bundle.folder)]) == 1
    output = capsys.readouterr().out
    assert "it has no manifest.json" in output
    assert f"{bundle.folder} is NOT verified." in output


def test_a_location_without_files_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["verify", str(tmp_path / "r1")]) == 2
    assert "does not exist. Enter the path of a bundle, for example reports/acme/2026-10/r1" in capsys.readouterr().err


def test_a_dry_run_lists_what_the_purge_then_removes(
    bundle: Bundle, profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    a_year_later = FETCHED_AT.replace(year=2027)
    with clock.rehearse(a_year_later):
        assert status(["purge", "--profile", profile, "--dry-run"]) == 0
        assert bundle.snapshot() is not None
        assert status(["purge", "--profile", profile]) == 0
        assert status(["purge", "--profile", profile]) == 0

    planned, planned_total, removed, removed_total, nothing = capsys.readouterr().out.splitlines()
    assert planned.startswith(f"{bundle.folder}: would remove the files with personal data, 3 files, ")
    assert planned.endswith("(archive.keep_personal_data_months = 12)")
    assert planned_total == "3 files of 1 bundle would be removed."
    assert removed == planned.replace("would remove", "removed")
    assert removed_total == "3 files of 1 bundle removed."
    assert nothing == "0 files of 0 bundles removed."
    assert Bundle(bundle.folder).snapshot() is None


def test_a_failed_purge_is_reported_on_standard_error(
    bundle: Bundle, profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (bundle.folder / "manifest.json").write_bytes(b"{")

    assert status(["purge", "--profile", profile]) == 1
    assert "Revision 1 of 2026-10 could not be purged" in capsys.readouterr().err


def test_purging_a_profile_that_keeps_everything_is_reported(
    bundle: Bundle, profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(profile)
    path.write_text(path.read_text(encoding="utf-8").replace("keep_personal_data_months = 12", ""), encoding="utf-8")

    assert status(["purge", "--profile", profile]) == 0
    assert "acme keeps everything" in capsys.readouterr().out


def test_history_includes_a_damaged_bundle(
    bundle: Bundle, profile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seal(Archive(tmp_path / "reports"), month=Month(2026, 9))
    seal(Archive(tmp_path / "reports"), 2)
    bundle.path("report.html").unlink()

    assert status(["history", "--profile", profile]) == 0
    output = capsys.readouterr().out
    assert "r1 damaged, r2" in output
    assert "2026-09" in output
    assert f"{bundle.folder} is damaged: report.html is missing. Restore it from a backup" in output


def test_history_lists_the_state_of_each_month_with_its_reason(
    bundle: Bundle, profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    records = month_records_of(open_ledger_profile(profile))
    records.record("2026-10", due=date(2026, 11, 2), state="withheld", revision=1, reason="It lacks required data.")
    records.record("2026-09", due=date(2026, 10, 2), state="failed", reason="The API is down.")

    assert bundle.folder.exists()
    assert status(["history", "--profile", profile]) == 0
    output = capsys.readouterr().out
    assert re.search(r"^2026-10 +Withheld +r1 ", output, re.MULTILINE)
    assert re.search(r"^2026-09 +Failed +none +not delivered", output, re.MULTILINE)
    assert "\n2026-10  Withheld: It lacks required data.\n2026-09  Failed: The API is down.\n" in output

    assert status(["history", "--profile", profile, "--json"]) == 0
    months = json.loads(capsys.readouterr().out)["months"]
    assert [(month["month"], month["state"], month["reason"], month["due"]) for month in months] == [
        ("2026-10", "withheld", "It lacks required data.", "2026-11-02"),
        ("2026-09", "failed", "The API is down.", "2026-10-02"),
    ]


def test_history_of_a_month_that_no_run_recorded_states_this(
    bundle: Bundle, profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bundle.folder.exists()
    assert status(["history", "--profile", profile]) == 0
    assert re.search(r"^2026-10 +not recorded +r1 ", capsys.readouterr().out, re.MULTILINE)
