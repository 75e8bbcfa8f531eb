"""A run chooses its month from its scheduled time, and rejects months that cannot be reported."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from profile_file import write_profile

from tabnine_report.model.answers import Note
from tabnine_report.model.errors import MonthError, SettingsError
from tabnine_report.model.month import Month
from tabnine_report.runs.context import (
    LAST_COMPLETE_MONTH,
    MONTH_OR_LAST_PATTERN,
    MONTH_PATTERN,
    RunContext,
    load_context,
    run_name,
    with_note,
)
from tabnine_report.runs.profile_file import profile_path

NOVEMBER_2 = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def profile(tmp_path: Path) -> str:
    return write_profile(tmp_path, time_zone="America/New_York")


def load(profile: str, month: str, *, draft: bool = False, at: datetime = NOVEMBER_2) -> RunContext:
    return load_context(profile, month, draft=draft, at=at, resolve=lambda _kind, name: os.environ.get(name))


def test_last_complete_month_is_the_last_final_month_at_the_scheduled_time(profile: str) -> None:
    # 06:00 UTC on the 2nd is 01:00 in New York: one whole local day has passed since October.
    assert load(profile, LAST_COMPLETE_MONTH).month == Month(2026, 10)
    an_evening_earlier = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
    assert load(profile, LAST_COMPLETE_MONTH, at=an_evening_earlier).month == Month(2026, 9)


def test_an_open_month_is_rejected_with_the_day_on_which_it_is_final(profile: str) -> None:
    with pytest.raises(MonthError, match=r"2026-11 is still open: its figures are final from 2 December 2026"):
        load(profile, "2026-11")


def test_an_open_month_is_accepted_for_a_draft(profile: str) -> None:
    assert load(profile, "2026-11", draft=True).month == Month(2026, 11)


@pytest.mark.parametrize("draft", [True, False])
def test_a_future_month_is_rejected_even_for_a_draft(profile: str, *, draft: bool) -> None:
    with pytest.raises(MonthError, match=r"2026-12 has not begun yet"):
        load(profile, "2026-12", draft=draft)


@pytest.mark.parametrize("month", ["2026-13", "October", "2026-1", "1999-12", "٢٠٢٦-١٠"])
def test_text_that_is_not_a_month_is_rejected(profile: str, month: str) -> None:
    with pytest.raises(MonthError, match="write it as YYYY-MM"):
        load(profile, month)


@pytest.mark.parametrize("month", [LAST_COMPLETE_MONTH, "2026-10", "2026-01", "2025-12"])
def test_the_form_accepts_each_month_that_a_run_accepts(month: str) -> None:
    assert re.search(MONTH_OR_LAST_PATTERN, month)
    assert bool(re.search(MONTH_PATTERN, month)) is (month != LAST_COMPLETE_MONTH)


@pytest.mark.parametrize(
    "month", ["", " ", "October", "2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "enter YYYY-MM", "٢٠٢٦-١٠"]
)
def test_the_form_rejects_everything_else(month: str) -> None:
    assert re.search(MONTH_OR_LAST_PATTERN, month) is None
    assert re.search(MONTH_PATTERN, month) is None


def test_the_error_for_an_unknown_profile_lists_the_available_profiles(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "acme.toml").write_text("", encoding="utf-8")
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(tmp_path))
    with pytest.raises(SettingsError, match=r"there is no file .*/nobody\.toml\. Profiles in .*: acme"):
        load("nobody", LAST_COMPLETE_MONTH)


def test_a_run_is_named_by_organization_and_month(profile: str) -> None:
    assert run_name(profile, LAST_COMPLETE_MONTH, NOVEMBER_2) == "acme · 2026-10"
    assert run_name(profile, "2025-12", NOVEMBER_2) == "acme · 2025-12"


def test_a_run_with_an_unusable_profile_has_a_name() -> None:
    assert run_name("/nowhere/nobody.toml", LAST_COMPLETE_MONTH, NOVEMBER_2) == "nobody · last complete month"


@pytest.mark.parametrize("typed", ["x" * 300_000, "a\0b\x1b[31m", "\u202e\0"])
def test_whatever_a_person_types_is_quoted_short_and_without_control_characters(typed: str) -> None:
    with pytest.raises(SettingsError) as caught:
        profile_path(typed)
    for text in (str(caught.value), run_name(typed, typed, NOVEMBER_2)):
        assert len(text) < 1500
        assert text.isprintable()


def test_a_run_with_an_unusable_month_is_named_by_its_organization(profile: str) -> None:
    assert run_name(profile, "October", NOVEMBER_2) == "acme · October"


def test_the_note_of_the_month_is_read_from_the_folder_beside_the_profile(profile: str) -> None:
    run = load(profile, "2026-10")
    assert with_note(run).note is None

    notes = Path(profile).parent / "notes"
    notes.mkdir()
    (notes / "2026-10.md").write_text("Warsaw joined.\n-- J. B.\n", encoding="utf-8")
    assert with_note(run).note == Note(text="Warsaw joined.", author="J. B.")
