"""What only an archive on this machine has: modes, a lock, a disk that may be full."""

import stat
from pathlib import Path

import pytest
from sealing import seal

from tabnine_report.archive import Archive
from tabnine_report.archive import folder as folder_module
from tabnine_report.model.errors import ArchiveError


def mode(path: object) -> int:
    return stat.S_IMODE(Path(str(path)).stat().st_mode)


def test_what_names_people_is_for_the_owner_alone(tmp_path: Path) -> None:
    bundle = seal(Archive(tmp_path))

    assert mode(bundle.folder / "restricted") == 0o700
    assert mode(bundle.folder / "restricted/raw") == 0o700
    assert mode(bundle.path("restricted/people.csv")) == 0o600
    assert mode(bundle.path("restricted/raw/license.json")) == 0o600


def test_the_next_revision_clears_what_a_dead_one_left_of_people(tmp_path: Path) -> None:
    left = tmp_path / "acme/2026-10/r1/restricted/people.csv"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"ann")

    bundle = seal(Archive(tmp_path), 2)

    assert [path.name for path in (tmp_path / "acme/2026-10").iterdir()] == ["r2"]
    assert bundle.read("restricted/people.csv")


def test_every_file_is_brought_to_the_disk_before_the_manifest_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    real = folder_module.os.fsync

    def fsync(handle: int) -> None:
        synced.append((tmp_path / "acme/2026-10/r1/manifest.json").exists())
        real(handle)

    monkeypatch.setattr(folder_module.os, "fsync", fsync)
    seal(Archive(tmp_path))

    # Five files, their four folders and the month's, the manifest; the folder once more when the manifest has its name.
    assert synced == [False] * 11 + [True]


def test_a_folder_that_cannot_be_written_is_named_by_check_and_seal(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file", encoding="utf-8")
    archive = Archive(tmp_path / "reports")

    with pytest.raises(ArchiveError, match=f"^{tmp_path / 'reports'} cannot be written to"):
        archive.check()
    with pytest.raises(ArchiveError, match=r"check archive\.location"):
        seal(archive)


def test_a_full_disk_is_found_before_anything_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "LEAST_FREE_BYTES", 10**18)

    with pytest.raises(ArchiveError, match="MB left; make room"):
        Archive(tmp_path).check()
