import os
from pathlib import Path

import pytest

from tabnine_report.archive import Bundle
from tabnine_report.model.errors import ArchiveError, SettingsError
from tabnine_report.model.month import Month
from tabnine_report.model.regular_file import is_regular, read_regular
from tabnine_report.profile.logo import read_logo
from tabnine_report.profile.note import read_note


def test_at_most_one_byte_more_than_allowed_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to("file")
    assert read_regular(tmp_path / "file", 100) == b"content"
    assert read_regular(tmp_path / "link", 3) == b"cont"


def test_a_pipe_or_a_device_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    pipe = tmp_path / "notes" / "2026-10.md"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), tmp_path):
        assert not is_regular(path)
        with pytest.raises(ValueError, match=r"^cannot be read: "):
            read_logo(path)
    with pytest.raises(SettingsError, match="cannot be read: not a regular file"):
        read_note(tmp_path / "acme.toml", Month(2026, 10))


def test_a_pipe_in_a_bundle_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "manifest.json")
    with pytest.raises(ArchiveError, match="not a regular file"):
        Bundle(tmp_path)


def test_a_path_that_is_too_long_is_that_of_no_file(tmp_path: Path) -> None:
    assert not is_regular(tmp_path / ("x" * 300))
