"""Store an archive in a local folder: locked while it is written, and synced to disk to survive a power failure."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from upath import UPath

from tabnine_report.archive.layout import MANIFEST, RESTRICTED, parse_month_folder, parse_revision_folder
from tabnine_report.model.errors import ArchiveError
from tabnine_report.model.private_folder import make_private_folder
from tabnine_report.model.regular_file import read_regular

# A bundle takes a few megabytes. With less free space than this, other programs are about to fail, too.
MIN_FREE_BYTES = 100_000_000

_PROBE = ".probe-"
# A web server may serve documents as a member of the folder's group. Other users of the machine read nothing.
_DOCUMENT, _PRIVATE = 0o640, 0o600


class Folder:
    """Files on this machine; see `tabnine_report.archive.storage.Storage` for each method."""

    def check(self, location: UPath) -> None:
        """Write and remove a probe file, remove old probes, and check the free disk space."""
        path = Path(str(location))
        with _locked(path):
            # The lock holder is the only live writer, so any other probe was left by a dead run.
            for leftover in path.glob(f"{_PROBE}*"):
                leftover.unlink()
            with tempfile.NamedTemporaryFile(dir=path, prefix=_PROBE) as probe:
                probe.write(b"a probe")
                probe.flush()
                os.fsync(probe.fileno())
            free = shutil.disk_usage(path).free
        if free < MIN_FREE_BYTES:
            raise ArchiveError(
                f"The archive {location} has only {free // 1_000_000} MB of free disk space. "
                f"Free at least {MIN_FREE_BYTES // 1_000_000} MB."
            )

    def files(self, folder: UPath) -> dict[str, int]:
        """Return the file sizes by name."""
        path = Path(str(folder))
        if not path.exists():
            return {}
        files = [entry for entry in _entries(path) if entry.is_symlink() or not entry.is_dir()]
        return {file.relative_to(path).as_posix(): file.lstat().st_size for file in files}

    def irregular(self, folder: UPath) -> list[str]:
        """Return the names of links, devices and empty folders."""
        path = Path(str(folder))
        found = [
            entry
            for entry in _entries(path)
            if entry.is_symlink() or not (any(entry.iterdir()) if entry.is_dir() else entry.is_file())
        ]
        return sorted(entry.relative_to(path).as_posix() for entry in found)

    def manifests(self, folder: UPath) -> list[str]:
        """Return the names of the manifests."""
        path = Path(str(folder))
        return [manifest.relative_to(path).as_posix() for manifest in path.rglob(MANIFEST)]

    def read(self, folder: UPath, names: Iterable[str]) -> dict[str, bytes]:
        """Return the file contents by name."""
        contents = {}
        for name in names:
            with suppress(FileNotFoundError):
                contents[name] = read_regular(Path(str(folder), name))
        return contents

    def seal(self, folder: UPath, files: Mapping[str, bytes], manifest: bytes) -> bool:
        """Lock the month's folder, remove leftovers, and write the files, the manifest last."""
        path = Path(str(folder))
        with _locked(path.parent):
            if (path / MANIFEST).exists():
                return False
            _remove_unsealed(path.parent)
            with _removed_on_failure(path):
                _replace_folder(path, files)
                _create_atomically(path / MANIFEST, manifest)
        return True

    def replace(self, folder: UPath, files: Mapping[str, bytes]) -> None:
        """Lock the month's folder and replace the files."""
        path = Path(str(folder))
        with _locked(path.parent), _removed_on_failure(path):
            _replace_folder(path, files)

    def add(self, folder: UPath, name: str, content: bytes) -> bool:
        """Lock the folder and create the file."""
        path = Path(str(folder))
        with _locked(path):
            if (path / name).exists():
                return False
            _create_atomically(path / name, content)
        return True

    def remove(self, folder: UPath, names: Iterable[str]) -> None:
        """Remove the files and the folders that become empty."""
        path = Path(str(folder))
        emptied = set()
        for name in names:
            (path / name).unlink(missing_ok=True)
            emptied |= set((path / name).parents) - {path, *path.parents}
        for folder_path in sorted(emptied, reverse=True):
            with suppress(OSError):  # it is not empty, or already gone
                folder_path.rmdir()
        _sync(path)

    def remove_leftovers(self, organization: UPath) -> None:
        """Lock the folder of each month and remove what dead runs left."""
        folders = Path(str(organization)).glob("*/")
        for month in [folder for folder in folders if parse_month_folder(folder.name)]:
            with _locked(month):
                _remove_unsealed(month)


def _entries(folder: Path) -> Iterator[Path]:
    """Yield every file, link and folder below a folder; links are not followed."""
    for parent, folders, names in os.walk(folder, onerror=_raise):
        yield from (Path(parent, name) for name in (*folders, *names))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lock a folder against other processes. The operating system releases the locks of dead processes."""
    make_private_folder(folder)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _removed_on_failure(folder: Path) -> Iterator[None]:
    """Remove a folder that cannot be written completely: on a full disk, the ledger may need its space."""
    try:
        yield
    except OSError:
        if not (folder / MANIFEST).exists():
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _remove_unsealed(month: Path) -> None:
    """Remove revision folders without a manifest. The caller holds the lock, so no live run is writing them."""
    for folder in month.iterdir():
        if parse_revision_folder(folder.name) is not None and folder.is_dir() and not (folder / MANIFEST).exists():
            shutil.rmtree(folder)


def _replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Replace a folder with a new one that contains these files."""
    if folder.exists():
        shutil.rmtree(folder)
    make_private_folder(folder)
    private = {name for name in files if name.startswith(RESTRICTED)}
    for restricted in sorted(
        {parent for name in private for parent in PurePosixPath(name).parents} - {PurePosixPath()}
    ):
        (folder / restricted).mkdir(mode=0o700)
    for name, content in files.items():
        _write(folder / name, content, mode=_PRIVATE if name in private else _DOCUMENT)
    # Sync each folder once, after all its files: a file name is only durable when its folder is synced.
    for parent in {folder.parent, folder, *(path for path in folder.rglob("*") if path.is_dir())}:
        _sync(parent)


def _create_atomically(path: Path, content: bytes) -> None:
    """Create a file by renaming a complete temporary file."""
    temporary = path.with_name(f"{path.name}.part")
    temporary.unlink(missing_ok=True)
    # Manifests contain the profile, and with it the recipients' addresses.
    try:
        _write(temporary, content, mode=_PRIVATE)
    except OSError:
        # In a sealed bundle, it would be a file that was added.
        temporary.unlink(missing_ok=True)
        raise
    temporary.rename(path)
    _sync(path.parent)


def _write(path: Path, content: bytes, *, mode: int) -> None:
    """Write and sync a new file. Raise FileExistsError if it exists."""
    make_private_folder(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _raise(error: OSError) -> None:
    """Raise the errors that `os.walk` otherwise ignores."""
    raise error
