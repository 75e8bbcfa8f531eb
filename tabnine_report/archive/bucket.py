"""Store an archive in a bucket: S3, Google Cloud Storage or Azure, without locks and renames.

Sealing relies on conditional creation, which `check` tests: if several writers create the same object, one succeeds and
the others get an error (S3: `If-None-Match: *`; Google: generation 0; Azure: no overwrite).

    2026-10/.sealing-r1-5f0c…/   1. each run stages its files and its manifest in a folder of its own
    2026-10/.chosen-r1           2. one run creates this object, which names its staged files and stays
    2026-10/r1/…                 3. the chosen files are copied here, then the manifest is created
                                 4. the staged files of this revision are removed

A run that dies before step 2 has sealed nothing. After step 2, the content of the bundle is decided, and the next run
that seals this revision completes it with the same files. No object of a bundle is ever overwritten with other content.

The revision number of a killed run is never used again, so no later run completes its revision. All its objects are
removed two days after the last one was written.
"""

import json
import re
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from upath import UPath

from tabnine_report.archive.layout import MANIFEST
from tabnine_report.model.errors import ArchiveError

OPERATION_SECONDS = 300.0
"""The longest time of one operation, such as writing all files of a bundle."""
PROBE_LIFETIME = timedelta(hours=1)
"""A probe exists for seconds; an older one was left by a dead run."""
UNSEALED_LIFETIME = timedelta(days=2)
"""Twice the longest `report.run_limit_minutes`: the run that wrote an older object of an unsealed revision is dead."""

_PROBE = ".probe-"
_STAGED = "/.sealing-"
_OBJECT = re.compile(r"([^/]+)/(?:\.sealing-(r[0-9]+)-[0-9a-f]+/.+|\.chosen-(r[0-9]+)|(r[0-9]+)/.+)")
"""An object of a revision in the folder of an organization."""


class Bucket:
    """Objects in a bucket; see `tabnine_report.archive.storage.Storage` for each method."""

    def check(self, location: UPath) -> None:
        """Create a probe object twice, which must fail, and remove it together with old probes."""
        probe = location / f"{_PROBE}{_random_suffix()}"
        with _driver_errors():
            self._create(probe, b"a probe")
            written_at = _in_time(probe.fs.modified, probe.path)
            exclusive = not self._create(probe, b"another")
            children = _in_time(probe.fs.ls, location.path, detail=False)
            probes = [path for path in children if path.rpartition("/")[2].startswith(_PROBE)]
            old = [path for path in probes if written_at - _in_time(probe.fs.modified, path) > PROBE_LIFETIME]
            _in_time(probe.fs.rm, [probe.path, *old])
        if not exclusive:
            raise ArchiveError(
                f"The storage of {location} allows two writers to create the same object (it ignores If-None-Match), "
                "so two runs could seal the same revision. Use a storage that supports conditional writes."
            )

    def files(self, folder: UPath) -> dict[str, int]:
        """Return the object sizes by name."""
        with _driver_errors():
            objects = _in_time(folder.fs.find, folder.path, detail=True)
        return {path.removeprefix(f"{folder.path}/"): details["size"] for path, details in objects.items()}

    def irregular(self, folder: UPath) -> list[str]:  # noqa: ARG002 - of the protocol
        """Return nothing: a bucket has objects only."""
        return []

    def manifests(self, folder: UPath) -> list[str]:
        """Return the names of the manifests."""
        return [name for name in self.files(folder) if name.rpartition("/")[2] == MANIFEST]

    def read(self, folder: UPath, names: Iterable[str]) -> dict[str, bytes]:
        """Return the object contents by name, fetched concurrently."""
        by_path = {(folder / name).path: name for name in names}
        if not by_path:
            return {}
        with _driver_errors():
            results = _in_time(folder.fs.cat, list(by_path), on_error="return")
        contents = {}
        for path, result in results.items():
            if isinstance(result, bytes):
                contents[by_path[path]] = result
            elif not isinstance(result, FileNotFoundError):
                with _driver_errors():
                    raise result
        return contents

    def seal(self, folder: UPath, files: Mapping[str, bytes], manifest: bytes) -> bool:
        """Stage, choose, publish and clean up; see the module docstring."""
        if self._exists(folder / MANIFEST):
            self.remove_leftovers(folder.parent.parent)
            return False
        staged = folder.parent / f".sealing-{folder.name}-{_random_suffix()}"
        self._write(staged, {**files, MANIFEST: manifest})
        chosen = self._choose(folder, {"staged": staged.name, "files": sorted(files)})
        self._publish(folder, chosen)
        self.remove_leftovers(folder.parent.parent)
        return bool(chosen["staged"] == staged.name)

    def replace(self, folder: UPath, files: Mapping[str, bytes]) -> None:
        """Overwrite the objects, then remove all others."""
        self._write(folder, files)
        self.remove(folder, self.files(folder).keys() - files.keys())

    def add(self, folder: UPath, name: str, content: bytes) -> bool:
        """Create the object."""
        with _driver_errors():
            return self._create(folder / name, content)

    def remove(self, folder: UPath, names: Iterable[str]) -> None:
        """Remove the objects."""
        if paths := [(folder / name).path for name in names]:
            with _driver_errors(), suppress(FileNotFoundError):
                _in_time(folder.fs.rm, paths)

    def remove_leftovers(self, organization: UPath) -> None:
        """Remove what was staged for sealed revisions, and all objects of revisions that a dead run did not seal.

        A run that still stages for a sealed revision is too late.
        """
        revisions = defaultdict(list)
        for name in self.files(organization):
            if match := _OBJECT.fullmatch(name):
                revisions[f"{match[1]}/{match[2] or match[3] or match[4]}"].append(name)
        for revision, names in revisions.items():
            staged = [name for name in names if _STAGED in name]
            if f"{revision}/{MANIFEST}" in names:
                self.remove(organization, staged)
            # Without staged files, the revision was sealed, and somebody has removed its manifest since.
            elif staged and self._is_abandoned(organization, names):
                self.remove(organization, set(names).difference(staged))
                self.remove(organization, staged)  # last, so that an interrupted removal is completed by the next one

    def _is_abandoned(self, organization: UPath, names: Iterable[str]) -> bool:
        """Return whether the run that wrote these objects is dead, by the clock of the storage."""
        probe = organization.parent / f"{_PROBE}{_random_suffix()}"
        modified = organization.fs.modified
        with _driver_errors():
            self._create(probe, b"a probe")
            try:
                oldest: datetime = _in_time(modified, probe.path) - UNSEALED_LIFETIME
                return all(_in_time(modified, (organization / name).path) < oldest for name in names)
            except FileNotFoundError:  # another run has removed them
                return False
            finally:
                _in_time(probe.fs.rm, probe.path)

    def _choose(self, folder: UPath, candidate: Mapping[str, Any]) -> Mapping[str, Any]:
        """Choose the candidate for the revision unless another one is already chosen, and return the chosen one."""
        choice = folder.parent / f".chosen-{folder.name}"
        with _driver_errors():
            if self._create(choice, json.dumps(candidate).encode()):
                return candidate
            chosen: Mapping[str, Any] = json.loads(_in_time(choice.fs.cat_file, choice.path))
        return chosen

    def _publish(self, folder: UPath, chosen: Mapping[str, Any]) -> None:
        """Copy the chosen files and create the manifest last. Another run may do the same at the same time."""
        staged, names = folder.parent / chosen["staged"], chosen["files"]
        try:
            with _driver_errors():
                manifest = _in_time(folder.fs.cat_file, (staged / MANIFEST).path)
                self.remove(folder, self.files(folder).keys() - {*names, MANIFEST})
                if names:
                    copied, copies = ([(place / name).path for name in names] for place in (staged, folder))
                    _in_time(folder.fs.copy, copied, copies)
                self._create(folder / MANIFEST, manifest)
        except FileNotFoundError as error:
            # Another run that completed the bundle removed the staged files. Otherwise someone else did.
            if not self._exists(folder / MANIFEST):
                raise OSError(f".chosen-{folder.name} names missing files; remove that object") from error

    def _write(self, folder: UPath, files: Mapping[str, bytes]) -> None:
        if files:
            with _driver_errors():
                _in_time(folder.fs.pipe, {(folder / name).path: content for name, content in files.items()})

    def _create(self, path: UPath, content: bytes) -> bool:
        """Create an object and return whether it was new."""
        try:
            _in_time(path.fs.pipe_file, path.path, content, mode="create")
        except FileExistsError:
            return False
        return True

    def _exists(self, path: UPath) -> bool:
        with _driver_errors():
            return bool(_in_time(path.fs.exists, path.path))


def _in_time(operation: Callable[..., Any], *arguments: object, **options: object) -> Any:  # noqa: ANN401 - the driver's
    """Return the result of a driver's operation; the drivers repeat requests and wait for any slow response.

    Raises:
        TimeoutError: If it takes too long. Its thread goes on, and no longer than the process.
    """
    outcome: Future[Any] = Future()

    def run() -> None:
        try:
            outcome.set_result(operation(*arguments, **options))
        except BaseException as error:  # noqa: BLE001 - it is raised by the thread that waits
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    if wait([outcome], OPERATION_SECONDS).not_done:
        raise TimeoutError(
            f"the storage did not respond within {OPERATION_SECONDS:g} seconds; check the network and the storage"
        )
    return outcome.result()


def _random_suffix() -> str:
    """Return a name suffix that no other run uses."""
    return secrets.token_hex(8)


@contextmanager
def _driver_errors() -> Iterator[None]:
    """Raise every driver error as OSError.

    Of errors from other libraries, only the class is reported: their text may contain anything.
    """
    try:
        yield
    except (OSError, ArchiveError):
        raise
    except Exception as error:
        raise OSError(f"the storage driver raised {type(error).__name__}") from error
