"""An archive in a folder of this machine: locked while it is written, and outlasting a power cut."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from upath import UPath

from tabnine_report.archive.layout import MANIFEST, RESTRICTED, revision_of
from tabnine_report.model.errors import ArchiveError

# A bundle takes a few megabytes; with less than this the disk is about to fail others, too.
LEAST_FREE_BYTES = 100_000_000

_PROBE = ".probe-"


class Folder:
    """Files of this machine; see `tabnine_report.archive.storage.Storage` for what each method does."""

    def check(self, location: UPath) -> None:
        """Write a file and remove it, with those of dead runs; see that the disk is not nearly full."""
        here = Path(str(location))
        with _alone_in(here):
            # Whoever holds the folder is alive: any other's probe is a dead run's.
            for left in here.glob(f"{_PROBE}*"):
                left.unlink()
            with tempfile.NamedTemporaryFile(dir=here, prefix=_PROBE) as probe:
                probe.write(b"a probe")
                probe.flush()
                os.fsync(probe.fileno())
            free = shutil.disk_usage(here).free
        if free < LEAST_FREE_BYTES:
            raise ArchiveError(
                f"The archive {location} has only {free // 1_000_000} MB left; "
                f"make room for at least {LEAST_FREE_BYTES // 1_000_000} MB."
            )

    def files(self, folder: UPath) -> dict[str, int]:
        """Give the sizes by name."""
        here = Path(str(folder))
        if not here.exists():
            return {}
        found = (Path(parent, name) for parent, _, names in os.walk(here, onerror=_say) for name in names)
        return {path.relative_to(here).as_posix(): path.lstat().st_size for path in found}

    def manifests(self, folder: UPath) -> list[str]:
        """Give the manifests' names."""
        here = Path(str(folder))
        return [path.relative_to(here).as_posix() for path in here.rglob(MANIFEST)]

    def read(self, folder: UPath, names: Iterable[str]) -> dict[str, bytes]:
        """Give the contents by name."""
        contents = {}
        for name in names:
            with suppress(FileNotFoundError):
                contents[name] = Path(str(folder), name).read_bytes()
        return contents

    def seal(self, folder: UPath, files: Mapping[str, bytes], manifest: bytes) -> bool:
        """Write alone in the month's folder, cleared of what dead runs left; the manifest comes into being last."""
        here = Path(str(folder))
        with _alone_in(here.parent):
            if (here / MANIFEST).exists():
                return False
            _clear(here.parent)
            _fill(here, files)
            _bring(here / MANIFEST, manifest)
        return True

    def replace(self, folder: UPath, files: Mapping[str, bytes]) -> None:
        """Write alone in the month's folder."""
        here = Path(str(folder))
        with _alone_in(here.parent):
            _fill(here, files)

    def add(self, folder: UPath, name: str, content: bytes) -> bool:
        """Write alone in the folder."""
        here = Path(str(folder))
        with _alone_in(here):
            if (here / name).exists():
                return False
            _bring(here / name, content)
        return True

    def remove(self, folder: UPath, names: Iterable[str]) -> None:
        """Remove the files, and the folders that are empty then."""
        here = Path(str(folder))
        emptied = set()
        for name in names:
            (here / name).unlink(missing_ok=True)
            emptied |= set((here / name).parents) - {here, *here.parents}
        for path in sorted(emptied, reverse=True):
            with suppress(OSError):  # it is not empty, or gone
                path.rmdir()
        _sync(here)

    def clear(self, month: UPath) -> None:
        """Remove what dead runs left, alone in the month's folder."""
        here = Path(str(month))
        if here.exists():
            with _alone_in(here):
                _clear(here)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder until done, so that no two processes write in it at once; the system lets go of the dead."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _clear(month: Path) -> None:
    """Remove the folders of revisions that have no manifest: who holds the month's folder knows that nobody writes."""
    for left in month.iterdir():
        if revision_of(left.name) is not None and left.is_dir() and not (left / MANIFEST).exists():
            shutil.rmtree(left)


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, in the place of what stands there."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    private = {name for name in files if name.startswith(RESTRICTED)}
    for closed in sorted({parent for name in private for parent in PurePosixPath(name).parents} - {PurePosixPath()}):
        (folder / closed).mkdir(mode=0o700)
    for name, content in files.items():
        _write(folder / name, content, mode=0o600 if name in private else 0o666)
    # Each folder once, when all its files are written: a file's name is as much to be kept as what is in it.
    for parent in {folder.parent, folder, *(path for path in folder.rglob("*") if path.is_dir())}:
        _sync(parent)


def _bring(path: Path, content: bytes) -> None:
    """Write a file under another name first, so that it is whole as soon as it is there."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    _write(part, content, mode=0o666)
    part.rename(path)
    _sync(path.parent)


def _write(path: Path, content: bytes, *, mode: int) -> None:
    """Write a new file so that it outlasts a power cut once its folder is synced; one that exists is an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
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


def _say(error: OSError) -> None:
    """Walking passes over folders that may not be looked at, unless told otherwise."""
    raise error
