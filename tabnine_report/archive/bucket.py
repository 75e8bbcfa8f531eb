"""An archive in a bucket: S3, Google Cloud Storage or Azure, where nobody can lock a folder or rename one.

Sealing rests on one thing, which `check` tries for real: of several writers that *create* the same object (S3:
`If-None-Match: *`; Google: generation 0; Azure: no overwriting), one does, and the others are told so.

    2026-10/.sealing-r1-5f0c…/   1. each run stages its files and its manifest in a place of its own
    2026-10/.chosen-r1           2. one run creates this object, which names its staged files, and stays for good
    2026-10/r1/…                 3. what was chosen is copied to its place, then the manifest is created
                                 4. what was staged for this revision is removed

A run that dies before 2 has sealed nothing. One that dies after it has decided what the bundle will be, and the next
run to seal this revision finishes it: whoever copies, copies the same. So no object of a bundle is ever overwritten by
another one, and no run needs to know whether another is alive.
"""

import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from upath import UPath

from tabnine_report.archive.layout import MANIFEST
from tabnine_report.model.errors import ArchiveError

PROBE_LIVES = timedelta(hours=1)
"""A probe is there for seconds; one older than this is a dead run's."""

_PROBE = ".probe-"
_STAGED = re.compile(r"\.sealing-(r[0-9]+)-[0-9a-f]+")


class Bucket:
    """Objects in a bucket; see `tabnine_report.archive.storage.Storage` for what each method does."""

    def check(self, location: UPath) -> None:
        """Create an object twice, which must be refused, and remove it, with those of dead runs."""
        probe = location / f"{_PROBE}{_unlike_any_other()}"
        with _spoken():
            self._create(probe, b"a probe")
            written_at = probe.fs.modified(probe.path)
            exclusive = not self._create(probe, b"another")
            others = [path for path in _children(location) if path.rpartition("/")[2].startswith(_PROBE)]
            dead = [path for path in others if written_at - probe.fs.modified(path) > PROBE_LIVES]
            probe.fs.rm([probe.path, *dead])
        if not exclusive:
            raise ArchiveError(
                f"{location} lets an object be created twice (it does not heed If-None-Match), so two runs could seal "
                "the same revision: keep the archive in a storage that refuses that."
            )

    def files(self, folder: UPath) -> dict[str, int]:
        """Give the sizes by name."""
        with _spoken():
            found = folder.fs.find(folder.path, detail=True)
        return {path.removeprefix(f"{folder.path}/"): data_quality["size"] for path, data_quality in found.items()}

    def manifests(self, folder: UPath) -> list[str]:
        """Give the manifests' names."""
        return [name for name in self.files(folder) if name.rpartition("/")[2] == MANIFEST]

    def read(self, folder: UPath, names: Iterable[str]) -> dict[str, bytes]:
        """Give the contents by name, fetched at once."""
        by_path = {(folder / name).path: name for name in names}
        if not by_path:
            return {}
        with _spoken():
            answers = folder.fs.cat(list(by_path), on_error="return")
        contents = {}
        for path, answer in answers.items():
            if isinstance(answer, bytes):
                contents[by_path[path]] = answer
            elif not isinstance(answer, FileNotFoundError):
                with _spoken():
                    raise answer
        return contents

    def seal(self, folder: UPath, files: Mapping[str, bytes], manifest: bytes) -> bool:
        """Stage, choose, publish, clear: see the module."""
        if self._is_there(folder / MANIFEST):
            self.clear(folder.parent)
            return False
        staged = folder.parent / f".sealing-{folder.name}-{_unlike_any_other()}"
        self._write(staged, {**files, MANIFEST: manifest})
        chosen = self._choose(folder, {"staged": staged.name, "files": sorted(files)})
        self._publish(folder, chosen)
        self.clear(folder.parent)
        return bool(chosen["staged"] == staged.name)

    def replace(self, folder: UPath, files: Mapping[str, bytes]) -> None:
        """Write over what is there, then remove the rest."""
        self._write(folder, files)
        self.remove(folder, self.files(folder).keys() - files.keys())

    def add(self, folder: UPath, name: str, content: bytes) -> bool:
        """Create the object."""
        with _spoken():
            return self._create(folder / name, content)

    def remove(self, folder: UPath, names: Iterable[str]) -> None:
        """Remove the objects."""
        if paths := [(folder / name).path for name in names]:
            with _spoken(), suppress(FileNotFoundError):
                folder.fs.rm(paths)

    def clear(self, month: UPath) -> None:
        """Remove what was staged for revisions that are sealed by now; whoever stages for them still has lost."""
        with _spoken():
            staged = [
                month / name
                for path in _children(month)
                if (match := _STAGED.fullmatch(name := path.rpartition("/")[2]))
                and self._is_there(month / match[1] / MANIFEST)
            ]
            for folder in staged:
                self.remove(folder, self.files(folder))

    def _choose(self, folder: UPath, ours: Mapping[str, Any]) -> Mapping[str, Any]:
        """Let the revision be made of our staged files, unless others are chosen; give those that are."""
        choice = folder.parent / f".chosen-{folder.name}"
        with _spoken():
            if self._create(choice, json.dumps(ours).encode()):
                return ours
            chosen: Mapping[str, Any] = json.loads(choice.fs.cat_file(choice.path))
        return chosen

    def _publish(self, folder: UPath, chosen: Mapping[str, Any]) -> None:
        """Bring the chosen files to their place and the manifest last; another run may be at the same."""
        staged, names = folder.parent / chosen["staged"], chosen["files"]
        try:
            with _spoken():
                manifest = folder.fs.cat_file((staged / MANIFEST).path)
                self.remove(folder, self.files(folder).keys() - {*names, MANIFEST})
                if names:
                    folder.fs.copy([(staged / name).path for name in names], [(folder / name).path for name in names])
                self._create(folder / MANIFEST, manifest)
        except FileNotFoundError as error:
            # Who finished it before us has removed what was staged; otherwise somebody else did.
            if not self._is_there(folder / MANIFEST):
                raise OSError(f".chosen-{folder.name} names files that are gone: remove that object") from error

    def _write(self, folder: UPath, files: Mapping[str, bytes]) -> None:
        if files:
            with _spoken():
                folder.fs.pipe({(folder / name).path: content for name, content in files.items()})

    def _create(self, path: UPath, content: bytes) -> bool:
        """Write an object that is not there yet; tell whether it was not."""
        try:
            path.fs.pipe_file(path.path, content, mode="create")
        except FileExistsError:
            return False
        return True

    def _is_there(self, path: UPath) -> bool:
        with _spoken():
            return bool(path.fs.exists(path.path))


def _children(folder: UPath) -> list[str]:
    """Give the paths right below a prefix; none where there is nothing."""
    try:
        found: list[str] = folder.fs.ls(folder.path, detail=False)
    except FileNotFoundError:
        return []
    return [path.rstrip("/") for path in found]


def _unlike_any_other() -> str:
    """Name something that no other run names so, on whatever machine; the name ends with the sealing."""
    return secrets.token_hex(8)


@contextmanager
def _spoken() -> Iterator[None]:
    """Make every error of a driver an OSError; of a foreign one only the class is told: its text may hold anything."""
    try:
        yield
    except (OSError, ArchiveError):
        raise
    except Exception as error:
        raise OSError(f"its driver says {type(error).__name__}") from error
