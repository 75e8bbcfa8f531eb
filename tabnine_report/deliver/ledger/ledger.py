"""The ledger: who got which month, so that nobody gets it twice.

A row is claimed before a message goes out, noted when handing over begins, and settled afterwards, each in one
transaction of its own. Whoever claims a row first has it, for as long as its lease; whoever comes second is told what
became of it. A claim whose lease is over is dead: without hand-over it is free again, with it nobody can know whether
the message arrived, and it becomes unknown. What is unknown waits until a person settles it.

`owing.py` has the rule that says who is owed a message; `ledger_database.py` keeps the rows.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import SecretStr
from sqlalchemy import ColumnElement, Connection, insert, select, update

from tabnine_report.deliver.ledger.database import LedgerDatabase
from tabnine_report.deliver.ledger.deliveries_table import deliveries
from tabnine_report.deliver.message import DeliveryState
from tabnine_report.deliver.recipients import Entry, Order, send_owed
from tabnine_report.model.errors import DeliveryFailed, LedgerError

# Longer than any channel needs to begin handing over, and than it then waits for the answer.
LEASE = timedelta(minutes=15)

_DIED = (
    "The run that was handing it over ended before it could say what came of it, so the message may have arrived; "
    "ask the recipient."
)
_column = deliveries.c
_ENTRY = tuple(_column[field.name] for field in fields(Entry))


@dataclass(frozen=True)
class Claim:
    """A row that is ours to deliver.

    Attributes:
        row: Its number in the ledger.
        attempt: Which of the row's claims is ours; another one has taken it over when the row says another number.
        message_id: The id that the message carries.
    """

    row: int
    attempt: int
    message_id: str


class Ledger:
    """The deliveries of all organizations; the database, its tables and an SQLite file's folder are made on first use.

    Args:
        url: The database as an SQLAlchemy URL, SQLite's or PostgreSQL's.
        clock: Gives the instants that are noted, and by which leases end.

    Raises:
        LedgerError: If the URL cannot be used, or its driver is not installed.
    """

    def __init__(self, url: SecretStr | str, clock: Callable[[], datetime]) -> None:
        self._database = LedgerDatabase(url.get_secret_value() if isinstance(url, SecretStr) else url)
        self._clock = clock

    def check(self) -> None:
        """Make sure that the ledger can be written and is one of this program's.

        Raises:
            LedgerError: If not.
        """
        with self._database.transaction() as connection:
            connection.execute(select(*_ENTRY).limit(1))

    def claim(self, order: Order, channel: str, recipient: str) -> Claim | Entry:
        """Claim the delivery that a recipient is owed, or learn why there is none.

        Args:
            order: What is to be brought to whom.
            channel: The channel's name.
            recipient: Who; upper and lower case make no difference.

        Returns:
            A claim when something is owed; the newest row as it stands when it is not.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        recipient = recipient.lower()
        now = self._clock()
        fresh = {
            "revision": order.revision,
            "state": DeliveryState.CLAIMED,
            "claimed_at": now,
            "lease_until": now + LEASE,
            "handed_over_at": None,
            "settled_at": None,
            "detail": "",
        }
        with self._database.transaction() as connection:
            newest = _newest(connection, order.organization, order.month, channel, recipient)
            if newest is not None and newest.is_dead(now) and newest.handed_over_at is not None:
                newest = _settled(connection, newest, DeliveryState.UNCONFIRMED, _DIED, now)
            send = send_owed(order, newest, now)
            if newest is not None and send is None:
                return newest
            if newest is not None and send == newest.send:
                again = update(deliveries).where(_column.id == newest.id).values(attempt=newest.attempt + 1, **fresh)
                return _claim(_row(connection, again.returning(*_ENTRY)))
            key = (order.organization, order.month, channel, recipient, send)
            names = ("organization", "month", "channel", "recipient", "send")
            first = dict(zip(names, key, strict=True)) | fresh | {"message_id": _message_id(key), "attempt": 1}
            return _claim(_row(connection, insert(deliveries).values(first).returning(*_ENTRY)))

    def hand_over(self, claim: Claim) -> None:
        """Note that the message is about to go out: from here on it may have arrived. The lease begins anew.

        Raises:
            DeliveryFailed: If the claim is not ours any more: its lease was over, and somebody else took the row.
            LedgerError: If the ledger cannot be written.
        """
        now = self._clock()
        ours = _is_of(claim) & (_column.state == DeliveryState.CLAIMED)
        noted = update(deliveries).where(ours).values(handed_over_at=now, lease_until=now + LEASE)
        with self._database.transaction() as connection:
            if connection.execute(noted).rowcount == 0:
                raise DeliveryFailed("It took so long that another run, or a person, took it over; nothing was sent.")

    def settle(self, claim: Claim, state: DeliveryState, detail: str) -> Entry:
        """Note what came of a claim, and give the row.

        Who held the claim knows best, also where the row was settled as unknown meanwhile; but nothing takes back that
        a message was sent, and a row that another run has claimed since stays as it is.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        with self._database.transaction() as connection:
            row = _row(connection, select(*_ENTRY).where(_column.id == claim.row))
            if row.attempt != claim.attempt or row.state is DeliveryState.SENT:
                return row
            return _settled(connection, row, state, detail, self._clock())

    def settle_by_hand(
        self,
        key: tuple[str, str, str, str],
        state: Literal[DeliveryState.SENT, DeliveryState.FAILED],
    ) -> Entry:
        """Settle a delivery of which only a person could find out what came of it, and give the row.

        Args:
            key: Organization, month as `YYYY-MM`, channel and recipient; the newest row of theirs is meant.
            state: Sent, or failed: then the next run sends it.

        Raises:
            LedgerError: If there is no such delivery, it is known what came of it, a run is still at it, or the ledger
                cannot be written.
        """
        organization, month, channel, recipient = key
        now = self._clock()
        with self._database.transaction() as connection:
            row = _newest(connection, organization, month, channel, recipient.lower())
            what = f"{channel} to {recipient} for {month}"
            if row is None:
                raise LedgerError(f"The ledger has no {what} of {organization}: history shows what it has.")
            if row.state is DeliveryState.CLAIMED and not row.is_dead(now):
                raise LedgerError(
                    f"{what} is being delivered just now, so there is nothing to settle yet; wait for it, "
                    f"until {row.lease_until:%Y-%m-%d %H:%M} UTC at most."
                )
            if row.state not in (DeliveryState.UNCONFIRMED, DeliveryState.CLAIMED):
                raise LedgerError(f"{what} is {row.state}, so there is nothing to settle.")
            return _settled(connection, row, state, f"Settled as {state} by hand.", now)

    def deliveries(self, organization: str, month: str | None = None) -> list[Entry]:
        """Give the rows of an organization, or of one of its months, by month, channel, recipient and send number.

        Raises:
            LedgerError: If the ledger cannot be read.
        """
        wanted = select(*_ENTRY).where(_column.organization == organization)
        if month is not None:
            wanted = wanted.where(_column.month == month)
        by = (_column.month, _column.channel, _column.recipient, _column.send)
        with self._database.transaction() as connection:
            return [Entry(**row._asdict()) for row in connection.execute(wanted.order_by(*by))]


def _newest(connection: Connection, organization: str, month: str, channel: str, recipient: str) -> Entry | None:
    key = {"organization": organization, "month": month, "channel": channel, "recipient": recipient}
    newest = select(*_ENTRY).filter_by(**key).order_by(_column.send.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return None if row is None else Entry(**row._asdict())


def _settled(connection: Connection, row: Entry, state: DeliveryState, detail: str, at: datetime) -> Entry:
    values = {"state": state, "detail": detail, "settled_at": at, "lease_until": None}
    return _row(connection, update(deliveries).where(_column.id == row.id).values(values).returning(*_ENTRY))


def _row(connection: Connection, statement: Any) -> Entry:  # noqa: ANN401 - what gives one row
    return Entry(**connection.execute(statement).one()._asdict())


def _claim(row: Entry) -> Claim:
    return Claim(row.id, row.attempt, row.message_id)


def _is_of(claim: Claim) -> ColumnElement[bool]:
    return (_column.id == claim.row) & (_column.attempt == claim.attempt)


def _message_id(key: tuple[object, ...]) -> str:
    """Derive a delivery's id from its key: readable up to the month, the rest a digest that tells no address."""
    organization, month, *_ = key
    return f"{organization}-{month}-{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}"
