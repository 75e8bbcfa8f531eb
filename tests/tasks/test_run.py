"""A run knows whose report of which month it makes, and refuses the months that no report can be made of."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tabnine_report.model.errors import MonthError, SettingsError
from tabnine_report.model.findings import Note
from tabnine_report.model.month import Month
from tasks.run import LAST_COMPLETE_MONTH, begin, run_name, with_note

NOVEMBER_2 = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "acme.toml"
    path.write_text(
        'name = "acme"\ntime_zone = "America/New_York"\n'
        '[usage_api]\nbase_url = "http://127.0.0.1:9"\ntoken = "sandbox-token"\n'
        "[archive]\nledger_durable = true\n",
        encoding="utf-8",
    )
    return str(path)


def test_the_last_complete_month_is_the_last_final_one_at_the_instant_meant(profile: str) -> None:
    # 06:00 UTC on the 2nd is 01:00 in New York: the one whole local day after October has passed.
    assert begin(profile, LAST_COMPLETE_MONTH, draft=False, at=NOVEMBER_2).month == Month(2026, 10)
    an_evening_earlier = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
    assert begin(profile, LAST_COMPLETE_MONTH, draft=False, at=an_evening_earlier).month == Month(2026, 9)


def test_an_open_month_is_refused_with_the_day_from_which_it_is_not(profile: str) -> None:
    with pytest.raises(MonthError, match=r"2026-11 is still open: its figures are final from 2 December 2026"):
        begin(profile, "2026-11", draft=False, at=NOVEMBER_2)


def test_an_open_month_is_taken_for_a_draft(profile: str) -> None:
    assert begin(profile, "2026-11", draft=True, at=NOVEMBER_2).month == Month(2026, 11)


@pytest.mark.parametrize("draft", [True, False])
def test_a_future_month_is_refused_even_for_a_draft(profile: str, *, draft: bool) -> None:
    with pytest.raises(MonthError, match=r"2026-12 has not begun yet"):
        begin(profile, "2026-12", draft=draft, at=NOVEMBER_2)


@pytest.mark.parametrize("month", ["2026-13", "October", "2026-1", "1999-12", "٢٠٢٦-١٠"])
def test_what_is_no_month_is_refused(profile: str, month: str) -> None:
    with pytest.raises(MonthError, match="write it as YYYY-MM"):
        begin(profile, month, draft=False, at=NOVEMBER_2)


def test_an_unknown_profile_is_told_with_those_that_there_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text("", encoding="utf-8")
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(tmp_path))
    with pytest.raises(SettingsError, match=r"there is no file .*/nobody\.toml; .*: acme"):
        begin("nobody", LAST_COMPLETE_MONTH, draft=False, at=NOVEMBER_2)


def test_a_run_is_named_by_organization_and_month(profile: str) -> None:
    assert run_name(profile, LAST_COMPLETE_MONTH, NOVEMBER_2) == "acme · 2026-10"
    assert run_name(profile, "2025-12", NOVEMBER_2) == "acme · 2025-12"


def test_a_run_whose_profile_is_broken_still_has_a_name() -> None:
    assert run_name("nobody", LAST_COMPLETE_MONTH, NOVEMBER_2) == "nobody · last complete month"


def test_the_note_for_the_month_is_read_beside_the_profile(profile: str) -> None:
    run = begin(profile, "2026-10", draft=False, at=NOVEMBER_2)
    assert with_note(run).note is None

    notes = Path(profile).parent / "notes"
    notes.mkdir()
    (notes / "2026-10.md").write_text("Warsaw joined.\n-- J. B.\n", encoding="utf-8")
    assert with_note(run).note == Note(text="Warsaw joined.", author="J. B.")
