"""What was made and sent, month by month: the archive's revisions and the ledger's deliveries together."""

from collections.abc import Sequence

from pydantic import AwareDatetime

from tabnine_report.archive import Archive
from tabnine_report.archive.integrity import describe_damage
from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.model.base import Model
from tabnine_report.model.errors import ArchiveError
from tabnine_report.model.month import Month

HISTORY_VERSION = 1
"""The version of the shape; fields may be added to it, none changes its meaning or goes."""


class SealedRevision(Model):
    """One sealed revision of a month.

    Attributes:
        revision: Its number, from 1; a number may be missing where a run died.
        damage: What is damaged of its bundle and what to do, in one sentence; empty for one that is whole.
        removed: Whether a rule of the profile removed the bundle; what it was is known no longer.
        data_as_of: When the last answer came that it rests on.
        complete: Whether nothing was missing that the API could have told.
        headline: The month in one sentence.
        changed: What changed since the revision before, in one sentence; empty for the first.
    """

    revision: int
    damage: str = ""
    removed: bool = False
    data_as_of: AwareDatetime | None = None
    complete: bool | None = None
    headline: str = ""
    changed: str = ""


class Delivered(Model):
    """One row of the ledger.

    Attributes:
        channel: The channel's name.
        recipient: Who, as the channel calls them.
        send: 0 for the ordinary delivery; each deliberate repeat has the next number.
        revision: Which revision it was.
        state: claimed, sent, refused, failed or unknown.
        at: When it was settled, or claimed where it is not.
        detail: What the other side said, or why not; empty until settled.
    """

    channel: str
    recipient: str
    send: int
    revision: int
    state: DeliveryState
    at: AwareDatetime
    detail: str


class MonthInHistory(Model):
    """What was made of one month and who got it."""

    month: str
    revisions: tuple[SealedRevision, ...]
    deliveries: tuple[Delivered, ...]


class History(Model):
    """Everything that was made and sent for an organization, the newest month first."""

    history_version: int = HISTORY_VERSION
    organization: str
    months: tuple[MonthInHistory, ...]


def read_history(archive: Archive, deliveries: Sequence[LedgerEntry], organization: str) -> History:
    """Put an organization's bundles and deliveries together; a bundle that cannot be read is there and says so.

    Args:
        archive: Where the bundles are.
        deliveries: The organization's rows of the ledger.
        organization: The profile's name.
    """
    sealed = archive.list_revisions(organization)
    months = {month for month, _ in sealed} | {Month.parse(entry.month) for entry in deliveries}
    return History(
        organization=organization,
        months=tuple(
            MonthInHistory(
                month=str(month),
                revisions=tuple(_revision(archive, organization, *one) for one in sealed if one[0] == month),
                deliveries=tuple(_delivered(entry) for entry in deliveries if entry.month == str(month)),
            )
            for month in sorted(months, reverse=True)
        ),
    )


def _revision(archive: Archive, organization: str, month: Month, revision: int) -> SealedRevision:
    damaged = describe_damage(archive, organization, month, revision)
    if damaged:
        return SealedRevision(revision=revision, damage=damaged)
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


def _delivered(entry: LedgerEntry) -> Delivered:
    return Delivered(
        channel=entry.channel,
        recipient=entry.recipient,
        send=entry.send_number,
        revision=entry.revision,
        state=entry.state,
        at=entry.settled_at or entry.claimed_at,
        detail=entry.detail,
    )
