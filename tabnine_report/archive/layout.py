"""What stands where in an archive, and what its own files say.

    <location>/<organization>/<YYYY-MM>/
        r1/
            report.html, email.html, ...   what may be shown and what was sent
            inputs/*.json                  what the report takes from other bundles
            restricted/raw/*.json          the answers as they came: names and addresses, for the owner's eyes
            restricted/people.csv          accounts for the admins to look at, where the profile asks for lists
            manifest.json                  written last: a bundle exists when its manifest does
            restricted-removed.json        written later, before what is restricted is removed: when, by which rule
            bundle-removed.json            the same for everything but the manifest
        draft/                             the last draft's documents; no bundle

In a bucket, a month also holds the objects of `tabnine_report.archive.bucket`: who was first to seal, and staged files.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from tabnine_report.model.errors import MonthError
from tabnine_report.model.month import Month

MANIFEST = "manifest.json"
MANIFEST_VERSION = 2
RESTRICTED = "restricted/"
DRAFT = "draft"

_REVISION = re.compile(r"r([1-9][0-9]*)")
_DIGEST = "digest"


class Part(StrEnum):
    """What can be removed of a bundle."""

    RESTRICTED = "restricted"
    """What names people."""
    BUNDLE = "bundle"
    """Everything but the manifest."""

    @property
    def tombstone(self) -> str:
        """The file that says when it was removed."""
        return f"{self}-removed.json"

    def holds(self, name: str) -> bool:
        """Tell whether a bundle's file belongs to this part."""
        if self is Part.RESTRICTED:
            return name.startswith(RESTRICTED)
        return name not in STAYS


STAYS = frozenset({MANIFEST, *(part.tombstone for part in Part)})
"""What is never removed of a bundle."""


@dataclass(frozen=True)
class Removal:
    """When a part of a bundle was removed, and by which rule.

    Attributes:
        part: What was removed.
        at: When its removal began, UTC.
        rule: The setting that asked for it, as `archive.keep_people_months = 12`.
    """

    part: Part
    at: datetime
    rule: str

    def write(self) -> bytes:
        """Write the tombstone's content, with the digest of it, so that a change of it shows."""
        said = self._text()
        return self._text(digest=hashlib.sha256(said).hexdigest())

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read a tombstone.

        Raises:
            ValueError: If it is none, or was changed since it was written; so are KeyError and TypeError.
        """
        said = json.loads(content)
        removal = cls(Part(said["part"]), datetime.fromisoformat(said["at"]), str(said["rule"]))
        # Those that were written before tombstones had a digest cannot show a change of what they say.
        if content not in {removal.write(), removal._text()}:
            raise ValueError("the tombstone was changed")
        return removal

    def _text(self, **more: str) -> bytes:
        return json.dumps({"part": self.part, "at": self.at.isoformat(), "rule": self.rule, **more}).encode()


def revision_folder(revision: int) -> str:
    """Name a revision's folder: `r1`."""
    return f"r{revision}"


def revision_of(folder: str) -> int | None:
    """Read the revision from its folder's name; None for any other folder."""
    match = _REVISION.fullmatch(folder)
    return int(match[1]) if match else None


def month_of(folder: str) -> Month | None:
    """Read the month from its folder's name, `2026-10`; None for any other folder."""
    try:
        month = Month.parse(folder)
    except MonthError:
        return None
    return month if str(month) == folder else None


def describe(content: bytes) -> dict[str, Any]:
    """Say of a file what the manifest keeps: size in bytes and SHA-256."""
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def write_manifest(manifest: Mapping[str, Any]) -> bytes:
    """Write a manifest with the digest of its own content, so that a change of itself shows, too."""
    digest = hashlib.sha256(_text(manifest)).hexdigest()
    return _text({**manifest, _DIGEST: digest})


def is_as_written(content: bytes) -> bool:
    """Tell whether a manifest that can be read still says what was written; those before version 2 cannot show it."""
    manifest = json.loads(content)
    digest = manifest.pop(_DIGEST, None)
    return manifest.get("manifest_version") == 1 or (
        digest is not None and content == write_manifest(manifest) and content == _text({**manifest, _DIGEST: digest})
    )


def _text(manifest: Mapping[str, Any]) -> bytes:
    return json.dumps(manifest, indent=1, ensure_ascii=False).encode()
