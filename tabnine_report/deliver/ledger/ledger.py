"""The ledger: records who received which month, so that no one receives it twice.

A delivery is claimed before its message is sent, marked when the handover begins, and settled afterward, each in its
own transaction. The first run to claim a delivery owns it until its lease expires; any other run gets the current
entry. An expired claim without a handover can be claimed again. An expired claim with a handover becomes unconfirmed,
because no one can know whether the message arrived, and stays so until a person settles it.

`deliver/send_decision.py` decides who is still to receive a message; `database.py` runs the transactions.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import SecretStr
from sqlalchemy import ColumnElement, Connection, insert, select, update

from tabnine_report.deliver.ledger.database import LedgerDatabase
from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.ledger.tables import deliveries
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, next_send_number
from tabnine_report.model.errors import DeliveryFailed, LedgerError

# Longer than any channel takes until the handover, and than it then waits for the response.
LEASE = timedelta(minutes=15)

_RUN_DIED = (
    "The run that was sending it ended without recording a result, so the message may have arrived. Ask the recipient."
)
_column = deliveries.c
_ENTRY = tuple(_column[field.name] for field in fields(LedgerEntry))


@dataclass(frozen=True)
class Claim:
    """A delivery that this run owns.

    Attributes:
        organization: The profile's name.
        month: The reported month, `YYYY-MM`.
        row: The row's number in the ledger.
        attempt: The row's attempt at the time of the claim; a higher one means that another run took over.
        message_id: The ID that the message carries.
    """

    organization: str
    month: str
    row: int
    attempt: int
    message_id: str


class Ledger:
    """The deliveries of all organizations; the database is created on first use.

    Every method waits for the database. Async code calls them in a thread.

    Args:
        url: The database as an SQLAlchemy URL, SQLite or PostgreSQL.
        clock: Returns the current instant.

    Raises:
        LedgerError: If the URL is not valid, or its driver is not installed.
    """

    def __init__(self, url: SecretStr | str, clock: Callable[[], datetime]) -> None:
        self._database = LedgerDatabase(url.get_secret_value() if isinstance(url, SecretStr) else url)
        self._clock = clock

    def now(self) -> datetime:
        """Return the current instant, as the ledger records it."""
        return self._clock()

    def check(self) -> None:
        """Check that the ledger can be written and has the expected tables.

        Raises:
            LedgerError: If it cannot be used.
        """
        with self._database.transaction() as connection:
            connection.execute(select(*_ENTRY).limit(1))

    def claim(self, request: DeliveryRequest, channel: str, recipient: str) -> Claim | LedgerEntry:
        """Claim the delivery to a recipient, if the request selects the recipient.

        Args:
            request: What is to be delivered.
            channel: The channel's name.
            recipient: The recipient; upper and lower case are the same.

        Returns:
            A claim, or the recipient's newest entry if nothing is to be sent.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        recipient = recipient.lower()
        now = self._clock()
        claimed = {
            "revision": request.revision,
            "state": DeliveryState.CLAIMED,
            "claimed_at": now,
            "lease_expires_at": now + LEASE,
            "handed_over_at": None,
            "settled_at": None,
            "detail": "",
        }
        with self._database.transaction(request.organization, request.month) as connection:
            newest = _newest(connection, request.organization, request.month, channel, recipient)
            if newest is not None and newest.is_expired(now) and newest.handed_over_at is not None:
                newest = _settle(connection, newest, DeliveryState.UNCONFIRMED, _RUN_DIED, now)
            send_number = next_send_number(request, newest, now)
            if newest is not None and send_number is None:
                return newest
            if newest is not None and send_number == newest.send_number:
                retry = update(deliveries).where(_column.id == newest.id).values(attempt=newest.attempt + 1, **claimed)
                return _claim(_entry(connection, retry.returning(*_ENTRY)))
            key = (request.organization, request.month, channel, recipient, send_number)
            names = ("organization", "month", "channel", "recipient", "send_number")
            first = dict(zip(names, key, strict=True)) | claimed | {"message_id": _message_id(key), "attempt": 1}
            return _claim(_entry(connection, insert(deliveries).values(first).returning(*_ENTRY)))

    def hand_over(self, claim: Claim) -> None:
        """Record that the message is about to leave: from now on it may have arrived. The lease starts again.

        Raises:
            DeliveryFailed: If the lease expired and another run, or a person, took over the delivery.
            LedgerError: If the ledger cannot be written.
        """
        now = self._clock()
        owned = _is_of(claim) & (_column.state == DeliveryState.CLAIMED)
        statement = update(deliveries).where(owned).values(handed_over_at=now, lease_expires_at=now + LEASE)
        with self._database.transaction(claim.organization, claim.month) as connection:
            if connection.execute(statement).rowcount == 0:
                raise DeliveryFailed(
                    "Sending took so long that another run or a person took over the delivery. "
                    "This run did not send the message."
                )

    def settle(self, claim: Claim, state: DeliveryState, detail: str) -> LedgerEntry:
        """Record the result of a claim and return the entry.

        The owner's result replaces an unconfirmed one. A sent entry, and one that another run has claimed since, stay
        unchanged.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        with self._database.transaction(claim.organization, claim.month) as connection:
            entry = _entry(connection, select(*_ENTRY).where(_column.id == claim.row))
            if entry.attempt != claim.attempt or entry.state is DeliveryState.SENT:
                return entry
            return _settle(connection, entry, state, detail, self._clock())

    def settle_manually(
        self,
        key: tuple[str, str, str, str],
        state: Literal[DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.REJECTED],
    ) -> LedgerEntry:
        """Record the outcome of an unconfirmed delivery, or that a sent one bounced, as a person reports it.

        Args:
            key: Organization, month as `YYYY-MM`, channel and recipient; their newest entry is settled.
            state: Sent; or failed, or rejected if it bounced: the next run then sends it again.

        Raises:
            LedgerError: If there is no such delivery, its result is known, a run is sending it, or the ledger cannot
                be written.
        """
        organization, month, channel, recipient = key
        now = self._clock()
        with self._database.transaction(organization, month) as connection:
            entry = _newest(connection, organization, month, channel, recipient.lower())
            delivery = f"{channel} to this recipient for {month}"
            if entry is None:
                raise LedgerError(
                    f"The ledger has no delivery by {delivery} of {organization}. "
                    "The notice of its run lists the deliveries. To list those of all runs, type:\n\n"
                    "    tabnine-report history --profile PROFILE"
                )
            if entry.state is DeliveryState.CLAIMED and not entry.is_expired(now):
                raise LedgerError(
                    f"A run is making the delivery by {delivery}, so there is nothing to settle yet. "
                    f"Try again after {entry.lease_expires_at:%Y-%m-%d %H:%M} UTC."
                )
            bounced = state is DeliveryState.REJECTED
            open_states = {DeliveryState.UNCONFIRMED, DeliveryState.CLAIMED, *([DeliveryState.SENT] if bounced else [])}
            if entry.state not in open_states:
                next_step = (
                    "If the message came back to the sender, settle it as bounced."
                    if entry.state is DeliveryState.SENT
                    else "The next run of the month sends it."
                )
                raise LedgerError(
                    f"The delivery by {delivery} is {entry.state}, so there is nothing to settle. {next_step}"
                )
            detail = "Settled manually as bounced." if bounced else f"Settled manually as {state}."
            return _settle(connection, entry, state, detail, now)

    def deliveries(self, organization: str, month: str | None = None) -> list[LedgerEntry]:
        """Return an organization's entries, or those of one month, by month, channel, recipient and send number.

        Raises:
            LedgerError: If the ledger cannot be read.
        """
        statement = select(*_ENTRY).where(_column.organization == organization)
        if month is not None:
            statement = statement.where(_column.month == month)
        order = (_column.month, _column.channel, _column.recipient, _column.send_number)
        with self._database.transaction() as connection:
            return [LedgerEntry(**row._asdict()) for row in connection.execute(statement.order_by(*order))]


def _newest(connection: Connection, organization: str, month: str, channel: str, recipient: str) -> LedgerEntry | None:
    key = {"organization": organization, "month": month, "channel": channel, "recipient": recipient}
    statement = select(*_ENTRY).filter_by(**key).order_by(_column.send_number.desc()).limit(1)
    row = connection.execute(statement).one_or_none()
    return None if row is None else LedgerEntry(**row._asdict())


def _settle(connection: Connection, entry: LedgerEntry, state: DeliveryState, detail: str, at: datetime) -> LedgerEntry:
    values = {"state": state, "detail": detail, "settled_at": at, "lease_expires_at": None}
    return _entry(connection, update(deliveries).where(_column.id == entry.id).values(values).returning(*_ENTRY))


def _entry(connection: Connection, statement: Any) -> LedgerEntry:  # noqa: ANN401 - any statement that returns one row
    return LedgerEntry(**connection.execute(statement).one()._asdict())


def _claim(entry: LedgerEntry) -> Claim:
    return Claim(entry.organization, entry.month, entry.id, entry.attempt, entry.message_id)


def _is_of(claim: Claim) -> ColumnElement[bool]:
    return (_column.id == claim.row) & (_column.attempt == claim.attempt)


def _message_id(key: tuple[object, ...]) -> str:
    """Return a delivery's ID: organization, month, and a digest of the key that reveals no address."""
    organization, month, *_ = key
    return f"{organization}-{month}-{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}"
