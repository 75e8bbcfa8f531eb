"""Read what was built and delivered by month: the archive's revisions with the ledger's states and deliveries."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import AwareDatetime

from tabnine_report.archive import Archive
from tabnine_report.archive.integrity import describe_damage
from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.ledger.month_records import MonthRecord
from tabnine_report.deliver.ledger.release_records import ReleaseRecord
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.model.base import Model
from tabnine_report.model.errors import ArchiveError
from tabnine_report.model.month import Month

HISTORY_VERSION = 1
"""The version of the JSON. New fields may appear; a field never changes its meaning or disappears."""


class SealedRevision(Model):
    """One sealed revision of a month.

    Attributes:
        revision: Its number, from 1. A number is missing if its run was killed.
        damage: What is damaged of its bundle, and what to do; empty for an intact bundle.
        removed: Whether retention removed the bundle; the fields below are then unknown.
        data_as_of: The time of the last API response that it uses.
        complete: Whether the API returned everything that the report needs.
        headline: The month in one sentence.
        changed: What changed since the previous revision; empty for the first.
        withheld_at: When a run first withheld it; None if none did. It stays set after a release.
        released_at: When a person released it; None if nobody did.
        released_by: Who released it; None if nobody did.
    """

    revision: int
    damage: str = ""
    removed: bool = False
    data_as_of: AwareDatetime | None = None
    complete: bool | None = None
    headline: str = ""
    changed: str = ""
    withheld_at: AwareDatetime | None = None
    released_at: AwareDatetime | None = None
    released_by: str | None = None


class Delivery(Model):
    """One delivery in the ledger.

    Attributes:
        channel: The channel's name.
        recipient: The recipient, as the channel names them.
        send: 0 for the first delivery; each intentional resend has the next number.
        revision: The delivered revision.
        state: claimed, sent, rejected, failed or unconfirmed.
        at: The time of the outcome, or of the claim if there is no outcome yet.
        detail: The server's response or the reason of a failure; empty if there is no outcome yet.
    """

    channel: str
    recipient: str
    send: int
    revision: int
    state: DeliveryState
    at: AwareDatetime
    detail: str


class MonthHistory(Model):
    """The state, the revisions and the deliveries of one month.

    Attributes:
        month: The month.
        due: The first local day on which the report can be built; None if no run has recorded the month.
        state: How the month's last run ended, as a value of `RunStatus`; empty if no run has recorded it.
        reason: Why the report is withheld or postponed, or its run failed or crashed; otherwise empty.
        updated_at: When the month's last run ended; None if no run has recorded its end.
        revisions: Its sealed revisions.
        deliveries: Its deliveries.
    """

    month: str
    due: date | None = None
    state: str = ""
    reason: str = ""
    updated_at: AwareDatetime | None = None
    revisions: tuple[SealedRevision, ...]
    deliveries: tuple[Delivery, ...]


class DeliveryHistory(Model):
    """The months of an organization, newest month first."""

    history_version: int = HISTORY_VERSION
    organization: str
    months: tuple[MonthHistory, ...]


def read_history(
    archive: Archive,
    deliveries: Sequence[LedgerEntry],
    releases: Sequence[ReleaseRecord],
    states: Sequence[MonthRecord],
    organization: str,
) -> DeliveryHistory:
    """Return an organization's history; a bundle that cannot be read is included with its damage.

    Args:
        archive: The archive.
        deliveries: The organization's entries in the ledger.
        releases: The organization's release records in the ledger.
        states: The records of its months in the ledger.
        organization: The profile's name.
    """
    sealed = archive.list_revisions(organization)
    recorded = {record.month: record for record in states}
    months = {month for month, _ in sealed} | {Month.parse(entry.month) for entry in deliveries}
    months |= {Month.parse(record.month) for record in states}
    records = {(record.month, record.revision): record for record in releases}
    return DeliveryHistory(
        organization=organization,
        months=tuple(
            MonthHistory(
                month=str(month),
                **_state(recorded.get(str(month))),
                revisions=tuple(
                    _with_release(
                        _revision(archive, organization, month, revision), records.get((str(month), revision))
                    )
                    for sealed_month, revision in sealed
                    if sealed_month == month
                ),
                deliveries=tuple(_delivery(entry) for entry in deliveries if entry.month == str(month)),
            )
            for month in sorted(months, reverse=True)
        ),
    )


def _state(record: MonthRecord | None) -> dict[str, Any]:
    if record is None:
        return {}
    return {"due": record.due, "state": record.state, "reason": record.reason, "updated_at": record.updated_at}


def _revision(archive: Archive, organization: str, month: Month, revision: int) -> SealedRevision:
    if sentence := describe_damage(archive, organization, month, revision):
        return SealedRevision(revision=revision, damage=sentence)
    bundle = archive.bundle(organization, month, revision)
    if bundle.is_removed:
        return SealedRevision(revision=revision, removed=True)
    try:
        report = bundle.report()
    except ArchiveError as error:
        return SealedRevision(revision=revision, damage=str(error))
    return SealedRevision(
        revision=revision,
        data_as_of=report.data_as_of,
        complete=report.complete,
        headline=report.headline,
        changed=report.revision_changes.sentence if report.revision_changes else "",
    )


def _with_release(revision: SealedRevision, record: ReleaseRecord | None) -> SealedRevision:
    if record is None:
        return revision
    release = record.release
    return revision.model_copy(
        update={
            "withheld_at": record.withheld_at,
            "released_at": release.at if release else None,
            "released_by": release.by if release else None,
        }
    )


def _delivery(entry: LedgerEntry) -> Delivery:
    return Delivery(
        channel=entry.channel,
        recipient=entry.recipient,
        send=entry.send_number,
        revision=entry.revision,
        state=entry.state,
        at=entry.settled_at or entry.claimed_at,
        detail=entry.detail,
    )
