"""The archive: sealed bundles, one a month and revision, never changed once they exist.

    <location>/<organization>/<YYYY-MM>/r1/
        report.html, email.html, ...   what may be shown and what was sent
        inputs/*.json                  what the report takes from other bundles
        restricted/raw/*.json          the answers as they came: names and addresses, for the owner's eyes
        restricted/people.csv          accounts for the admins to look at, where the profile asks for lists
        manifest.json                  written last: a bundle exists when its manifest does

What is restricted may be removed later: a bundle without it shows and delivers what it did before. A folder without a
manifest is what a run left that died on the way; the next seal of that revision clears it.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reporting.errors import AlreadySealed, ArchiveError, MonthError
from reporting.inputs import INPUTS, NO_INPUTS, Inputs
from reporting.month import Month
from reporting.report import MonthlyReport
from reporting.snapshot import RAW, Snapshot

MANIFEST = "manifest.json"
MANIFEST_VERSION = 1
# A bundle takes a few megabytes; with less than this the disk is about to fail others, too.
LEAST_FREE_BYTES = 100_000_000

_RESTRICTED = "restricted/"
_DRAFT = "draft"


class Bundle:
    """A sealed bundle.

    Args:
        folder: Where it stands.

    Raises:
        ArchiveError: If there is no bundle, or its manifest cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            manifest = json.loads((folder / MANIFEST).read_bytes())
            self.organization: str = manifest["organization"]
            self.month = Month.parse(manifest["month"])
            self.revision: int = manifest["revision"]
            self._files: Mapping[str, Mapping[str, Any]] = manifest["files"]
        except FileNotFoundError as error:
            raise ArchiveError(
                f"{folder} is no bundle: it has no {MANIFEST}; name a folder like …/2026-10/r1."
            ) from error
        except OSError as error:
            raise ArchiveError(f"The bundle {folder} cannot be read ({error.strerror}); check its rights.") from error
        except (ValueError, KeyError, TypeError, MonthError) as error:
            raise ArchiveError(
                f"{folder} is no bundle: its {MANIFEST} is not one of this program's; "
                "restore it from a backup, or move the folder out of the archive."
            ) from error
        self.manifest: Mapping[str, Any] = manifest

    def path(self, name: str) -> Path:
        """Give the path of a file.

        Args:
            name: As in the manifest: `report.pdf`, `charts/people.png`.

        Raises:
            ArchiveError: If the bundle was sealed without it.
        """
        if name not in self._files:
            raise ArchiveError(f"The bundle {self.folder} has no {name}; {MANIFEST} lists what it has.")
        return self.folder / name

    def read(self, name: str) -> bytes:
        """Give the content of a file, as it was sealed.

        Raises:
            ArchiveError: If the bundle was sealed without it, or it is gone or changed since.
        """
        path = self.path(name)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ArchiveError(f"{path} cannot be read ({error.strerror}); it was there when sealed.") from error
        if hashlib.sha256(content).hexdigest() != self._files[name]["sha256"]:
            raise ArchiveError(f"{path} was changed after it was sealed; restore it from a backup.")
        return content

    def report(self) -> MonthlyReport:
        """Give the report that the bundle was made from.

        Raises:
            ArchiveError: As `read`; or if it was written by a version whose report this one cannot read.
        """
        try:
            return MonthlyReport.model_validate_json(self.read("report.json"))
        except ValidationError as error:
            raise self._not_readable("report") from error

    def documents(self) -> dict[str, bytes]:
        """Give everything that may be shown, by name.

        Raises:
            ArchiveError: As `read`.
        """
        return {name: self.read(name) for name in self._files if not name.startswith((_RESTRICTED, INPUTS))}

    def snapshot(self) -> Snapshot | None:
        """Give what was fetched for the bundle; None when all of it was removed since.

        Raises:
            ArchiveError: As `read`; or if it was written by a version whose snapshot this one cannot read.
        """
        names = [name for name in self._files if name.startswith(f"{_RESTRICTED}{RAW}")]
        if all(_is_gone(self.folder / name) for name in names):
            return None
        try:
            return Snapshot.read({name.removeprefix(_RESTRICTED): self.read(name) for name in names})
        except (KeyError, ValueError) as error:
            raise self._not_readable("answers") from error

    def inputs(self) -> Inputs:
        """Give what the bundle's report takes from other bundles.

        Raises:
            ArchiveError: As `read`; or if it was written by a version whose inputs this one cannot read.
        """
        names = [name for name in self._files if name.startswith(INPUTS)]
        try:
            return Inputs.read({name: self.read(name) for name in names}) if names else NO_INPUTS
        except (KeyError, ValueError) as error:
            raise self._not_readable("inputs") from error

    def _not_readable(self, what: str) -> ArchiveError:
        version = self.manifest["facts"].get("program_version", "of another version")
        return ArchiveError(
            f"{self.folder} was written by tabnine-report {version}, whose {what} this version cannot read."
        )


class Archive:
    """All bundles of all organizations.

    Args:
        location: The folder of the archive; made when missing.
    """

    def __init__(self, location: Path) -> None:
        self._location = location

    def check(self) -> None:
        """Make sure that a bundle can be written, before anything is fetched for it.

        Raises:
            ArchiveError: If the folder cannot be written to or the disk is nearly full.
        """
        with _writing(self._location):
            self._location.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._location, prefix=".probe-") as probe:
                probe.write(b"a probe")
                probe.flush()
                os.fsync(probe.fileno())
            free = shutil.disk_usage(self._location).free
        if free < LEAST_FREE_BYTES:
            raise ArchiveError(
                f"The archive {self._location} has only {free // 1_000_000} MB left; "
                f"make room for at least {LEAST_FREE_BYTES // 1_000_000} MB."
            )

    def bundles(self, organization: str) -> list[Bundle]:
        """Give an organization's bundles by month and revision, oldest first; none for an unknown one.

        Raises:
            ArchiveError: If one of them cannot be read.
        """
        return sorted(self._found(organization, "????-??"), key=lambda bundle: (bundle.month, bundle.revision))

    def sealed(self, organization: str) -> list[tuple[Month, int]]:
        """Give month and revision of every bundle of an organization, oldest first, whether or not it can be read."""
        months = {Month.parse(path.name) for path in (self._location / organization).glob("????-??")}
        return [(month, revision) for month in sorted(months) for revision in self.revisions(organization, month)]

    def revisions(self, organization: str, month: Month) -> list[int]:
        """Give the revisions of a month that are sealed, oldest first, whether or not they can be read."""
        manifests = (self._location / organization / str(month)).glob(f"r*/{MANIFEST}")
        numbers = (manifest.parent.name.removeprefix("r") for manifest in manifests)
        return sorted(int(number) for number in numbers if number.isdecimal())

    def bundle(self, organization: str, month: Month, revision: int) -> Bundle:
        """Give one sealed bundle.

        Raises:
            ArchiveError: If there is none, or its manifest cannot be read.
        """
        return Bundle(self._location / organization / str(month) / f"r{revision}")

    def latest(self, organization: str, month: Month) -> Bundle | None:
        """Give the newest revision of a month, or None when the month has no bundle.

        Raises:
            ArchiveError: If one of the month's bundles cannot be read.
        """
        return max(self._found(organization, str(month)), key=lambda bundle: bundle.revision, default=None)

    def seal(  # noqa: PLR0913, PLR0917 - a bundle's name and its content
        self,
        organization: str,
        month: Month,
        revision: int,
        documents: Mapping[str, bytes],
        restricted: Mapping[str, bytes],
        facts: Mapping[str, Any],
    ) -> Bundle:
        """Write a bundle; it exists when the manifest does, and then for good.

        Args:
            organization: The profile's name.
            month: The reported month.
            revision: From 1.
            documents: What may be shown and what was sent, by name; folders within as `charts/people.png`.
            restricted: What names people, by name in the folder `restricted/`; readable by the owner alone.
            facts: What else the manifest says, as plain data: versions, request times, the profile without secrets.

        Raises:
            ArchiveError: If this revision is sealed already, or cannot be written.
        """
        folder = self._location / organization / str(month) / f"r{revision}"
        files = dict(documents) | {f"{_RESTRICTED}{name}": content for name, content in restricted.items()}
        manifest = {
            "manifest_version": MANIFEST_VERSION,
            "organization": organization,
            "month": str(month),
            "revision": revision,
            "facts": facts,
            "files": {name: _described(content) for name, content in sorted(files.items())},
        }
        with _writing(folder), _alone_in(folder.parent):
            if (folder / MANIFEST).exists():
                raise AlreadySealed(f"{folder} is sealed already and is never changed; seal the next revision.")
            _fill(folder, files)
            _write(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False).encode(), mode=0o666)
        return Bundle(folder)

    def keep_draft(self, organization: str, month: Month, documents: Mapping[str, bytes]) -> Path:
        """Write a draft's documents beside the month's bundles, in the place of an earlier draft.

        Args:
            organization: The profile's name.
            month: The reported month.
            documents: The documents, by name.

        Returns:
            Their folder, which is no bundle.

        Raises:
            ArchiveError: If it cannot be written.
        """
        folder = self._location / organization / str(month) / _DRAFT
        with _writing(folder), _alone_in(folder.parent):
            _fill(folder, documents)
        return folder

    def _found(self, organization: str, months: str) -> list[Bundle]:
        manifests = (self._location / organization).glob(f"{months}/r*/{MANIFEST}")
        return [Bundle(manifest.parent) for manifest in manifests]


def _described(content: bytes) -> dict[str, Any]:
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveError(
            f"{folder} cannot be written to ({error.strerror}); check archive.location, its rights and the free space."
        ) from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder until done, so that no two processes seal in it at once; the system lets go of the dead."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, in the place of what stands there."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    private = {name for name in files if name.startswith(_RESTRICTED)}
    if private:
        (folder / _RESTRICTED).mkdir(mode=0o700)
    for name, content in files.items():
        _write(folder / name, content, mode=0o600 if name in private else 0o666)


def _is_gone(path: Path) -> bool:
    """Tell whether there is no such file; one that may only not be looked at is there."""
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _write(path: Path, content: bytes, *, mode: int) -> None:
    """Write a new file so that it outlasts a power cut; one that exists already is an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
