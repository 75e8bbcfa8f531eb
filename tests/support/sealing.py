"""Seal a small bundle: acme's October 2026 with documents, responses and a list of accounts."""

from datetime import UTC, datetime

from upath import UPath

from tabnine_report.archive import Archive, Bundle
from tabnine_report.archive.storage import storage_of
from tabnine_report.model.month import Month
from tabnine_report.usage_api.snapshot import Fetch, Snapshot

OCTOBER = Month(2026, 10)
DOCUMENTS = {"report.html": b"<p>412", "charts/people.png": b"\x89PNG"}
FETCHED_AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
SNAPSHOT = Snapshot(
    month="2026-10",
    host="console.example",
    fetches={"license": Fetch(endpoint="license", started_at=FETCHED_AT, ended_at=FETCHED_AT)},
)
RESTRICTED = {"people.csv": b"ann", **SNAPSHOT.files()}
FACTS = {
    "report_digest": "0f3c",
    "fetched": {"from": FETCHED_AT.isoformat(), "to": FETCHED_AT.isoformat()},
    "profile": {"name": "acme", "token": "**********"},
}


def seal(
    archive: Archive, revision: int = 1, *, month: Month = OCTOBER, organization: str = "acme", **facts: object
) -> Bundle:
    return archive.seal(organization, month, revision, DOCUMENTS, RESTRICTED, {**FACTS, **facts})


def files_in(folder: UPath) -> list[str]:
    """Return the names of all files in a folder and below."""
    return sorted(storage_of(folder).files(folder))


def write(path: UPath, content: bytes) -> None:
    """Write a file directly, as only damage or a dead run does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
