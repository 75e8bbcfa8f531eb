"""Archives in local folders set file modes, sync to disk, and check the free space."""

import errno
import os
import stat
from pathlib import Path

import pytest
from sealing import seal

from tabnine_report.archive import Archive
from tabnine_report.archive import folder as folder_module
from tabnine_report.archive.integrity import describe_damage
from tabnine_report.archive.storage import storage_of
from tabnine_report.model.errors import ArchiveError
from tabnine_report.model.month import Month


def mode(path: object) -> int:
    return stat.S_IMODE(Path(str(path)).stat().st_mode)


def test_restricted_files_are_readable_by_the_owner_only(tmp_path: Path) -> None:
    bundle = seal(Archive(tmp_path))

    assert mode(bundle.folder / "restricted") == 0o700
    assert mode(bundle.folder / "restricted/raw") == 0o700
    assert mode(bundle.path("restricted/people.csv")) == 0o600
    assert mode(bundle.path("restricted/raw/license.json")) == 0o600


@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_other_users_can_read_nothing_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    earlier = os.umask(umask)
    try:
        bundle = seal(Archive(tmp_path / "shared" / "reports"))
        Archive(tmp_path / "shared" / "reports").save_draft("acme", Month(2026, 11), {"report.html": b"draft"})
    finally:
        os.umask(earlier)

    entries = [tmp_path / "shared", *(tmp_path / "shared").rglob("*")]
    assert [path for path in entries if mode(path) & 0o007] == []
    assert [path for path in entries if path.is_file() and mode(path) & 0o020] == []
    assert mode(bundle.folder / "manifest.json") == 0o600
    assert mode(bundle.path("report.html")) == 0o640 & ~umask


def test_existing_folders_keep_their_modes(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    seal(Archive(tmp_path))

    assert mode(tmp_path) == 0o755


def test_sealing_removes_restricted_files_left_by_a_dead_run(tmp_path: Path) -> None:
    leftover = tmp_path / "acme/2026-10/r1/restricted/people.csv"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"ann")

    bundle = seal(Archive(tmp_path), 2)

    assert [path.name for path in (tmp_path / "acme/2026-10").iterdir()] == ["r2"]
    assert bundle.read("restricted/people.csv")


def test_every_file_is_synced_to_disk_before_the_manifest_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append((tmp_path / "acme/2026-10/r1/manifest.json").exists())
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    seal(Archive(tmp_path))

    # Five files, their four folders, the month's folder and the manifest; then the folder again, after the rename.
    assert synced == [False] * 11 + [True]


@pytest.mark.parametrize("written", range(11))
def test_a_disk_that_becomes_full_keeps_nothing_half_sealed_and_regains_the_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    left = iter(range(written))
    real = os.fsync

    def fsync(handle: int) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(ArchiveError, match="No space left on device"):
        seal(Archive(tmp_path))
    left = iter(())
    with pytest.raises(ArchiveError, match="No space left on device"):
        Archive(tmp_path).save_draft("acme", Month(2026, 10), {"report.html": b"draft"})
    assert list((tmp_path / "acme/2026-10").iterdir()) == []

    monkeypatch.setattr(os, "fsync", real)
    assert seal(Archive(tmp_path)).revision == 1


def test_a_removal_that_cannot_be_recorded_leaves_the_bundle_intact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    archive, october = Archive(tmp_path), Month(2026, 10)
    bundle = seal(archive)
    monkeypatch.setattr(os, "fsync", fsync)

    with pytest.raises(OSError, match="No space left on device"):
        storage_of(bundle.folder).add(bundle.folder, "bundle-removed.json", b"{}")
    assert describe_damage(archive, "acme", october, 1) == ""


def test_a_manifest_that_may_not_be_durable_is_not_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.rename

    def rename(self: Path, target: Path) -> None:
        real(self, target)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(ArchiveError, match="Input/output error"):
        seal(Archive(tmp_path))
    assert Archive(tmp_path).revisions("acme", Month(2026, 10)) == [1]


def test_check_and_seal_name_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file", encoding="utf-8")
    archive = Archive(tmp_path / "reports")

    with pytest.raises(ArchiveError, match=f"^Cannot write to {tmp_path / 'reports'}"):
        archive.check()
    with pytest.raises(ArchiveError, match=r"Check archive\.location"):
        seal(archive)


def test_check_detects_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "MIN_FREE_BYTES", 10**18)

    with pytest.raises(ArchiveError, match="MB of free disk space"):
        Archive(tmp_path).check()
