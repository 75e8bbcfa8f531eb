"""The ledger: who got which month, so that nobody gets it twice.

A row is claimed before a message goes out and settled afterwards, each in one transaction of its own. Whoever claims a
row first has it; whoever comes second is told what became of it. A row that was refused or failed is free again, and so
is, an hour later, one whose process died between claiming it and handing the message over. A row that is sent or
unknown is not, nor is one whose process died after that: it stays claimed, and people decide.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    NullPool,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    create_engine,
    event,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from reporting.deliver.message import DeliveryState
from reporting.errors import LedgerError

BUSY_SECONDS = 30
LEASE = timedelta(hours=1)
"""How long a claim is its maker's before handing over begins: far longer than a living run takes until then."""

# The send number of a month's ordinary delivery.
_ORDINARY = 0
_FREE = (DeliveryState.REFUSED, DeliveryState.FAILED)


class _Instant(TypeDecorator[datetime]):
    """An aware instant, kept as UTC: SQLite knows no time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        return None if value is None else value.replace(tzinfo=UTC)


# Kept in the same words in which it is shown.
_State = Enum(DeliveryState, native_enum=False, values_callable=lambda states: [str(state) for state in states])

_KEY = ("organization", "month", "channel", "recipient", "send")
_deliveries = Table(
    "deliveries",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("organization", String, nullable=False),
    Column("month", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("send", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", _State, nullable=False),
    Column("message_id", String, nullable=False),
    Column("claimed_at", _Instant, nullable=False),
    Column("handed_over_at", _Instant),
    Column("settled_at", _Instant),
    Column("detail", String, nullable=False),
    UniqueConstraint(*_KEY),
)


@dataclass(frozen=True)
class Entry:
    """One row of the ledger.

    Attributes:
        organization: The profile's name.
        month: The reported month, `YYYY-MM`.
        channel: The channel's name.
        recipient: Who, as the channel calls them; letters in lower case.
        revision: Which revision of the report it was.
        state: What is known.
        message_id: The delivery's id, the same whenever it is tried again; tells no address.
        claimed_at: When it was last claimed, UTC.
        handed_over_at: When handing over began; None when it did not.
        settled_at: When it was settled; None when it is not.
        detail: What the other side said, or why not; empty until settled.
    """

    organization: str
    month: str
    channel: str
    recipient: str
    revision: int
    state: DeliveryState
    message_id: str
    claimed_at: datetime
    handed_over_at: datetime | None
    settled_at: datetime | None
    detail: str


_ENTRY = tuple(_deliveries.c[field.name] for field in fields(Entry))


@dataclass(frozen=True)
class Claim:
    """A row that is ours to deliver.

    Attributes:
        row: Its number in the ledger.
        message_id: The id that the message carries.
        claimed_at: When it was claimed; who finds another instant in the row has lost it.
    """

    row: int
    message_id: str
    claimed_at: datetime


class Ledger:
    """The table of deliveries in an SQLite file; file, folder and table are made when first used.

    Args:
        url: The database as an SQLAlchemy URL.
        clock: Gives the instants that are noted.
    """

    def __init__(self, url: SecretStr | str, clock: Callable[[], datetime]) -> None:
        text = url.get_secret_value() if isinstance(url, SecretStr) else url
        # A connection lives as long as its transaction: nothing is held open while messages travel.
        self._engine = create_engine(
            text, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS}
        )
        self._clock = clock
        _begin_immediately(self._engine)

    def check(self) -> None:
        """Make sure that the ledger can be written and is one of this program's.

        Raises:
            LedgerError: If not.
        """
        with self._transaction() as connection:
            connection.execute(select(*_ENTRY).limit(1))

    def claim(self, organization: str, month: str, channel: str, recipient: str, revision: int) -> Claim | Entry:
        """Claim a delivery, or learn what became of it.

        Args:
            organization: The profile's name.
            month: The reported month, `YYYY-MM`.
            channel: The channel's name.
            recipient: Who; upper and lower case make no difference.
            revision: Which revision of the report is to go out.

        Returns:
            A claim when the delivery is new or free again; the row as it stands when it is not.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        now = self._clock()
        key = dict(zip(_KEY, (organization, month, channel, recipient.lower(), _ORDINARY), strict=True))
        fresh = {
            "revision": revision,
            "state": DeliveryState.CLAIMED,
            "message_id": _message_id(organization, month, tuple(key.values())),
            "claimed_at": now,
            "handed_over_at": None,
            "settled_at": None,
            "detail": "",
        }
        table = _deliveries.c
        died_early = (
            (table.state == DeliveryState.CLAIMED) & table.handed_over_at.is_(None) & (table.claimed_at < now - LEASE)
        )
        free = or_(table.state.in_(_FREE), died_early)
        statement = (
            insert(_deliveries)
            .values(key | fresh)
            .on_conflict_do_update(index_elements=_KEY, set_=fresh, where=free)
            .returning(table.id, table.message_id, table.claimed_at)
        )
        with self._transaction() as connection:
            claimed = connection.execute(statement).one_or_none()
            if claimed is not None:
                return Claim(claimed.id, claimed.message_id, claimed.claimed_at)
            return Entry(**connection.execute(select(*_ENTRY).filter_by(**key)).one()._asdict())

    def hand_over(self, claim: Claim) -> None:
        """Note that the message is about to go out: from here on it may have arrived.

        Raises:
            LedgerError: If the ledger cannot be written, or another run took the claim for dead: send nothing then.
        """
        self._note(claim, handed_over_at=self._clock())

    def settle(self, claim: Claim, state: DeliveryState, detail: str) -> Entry:
        """Note what came of a claim.

        Raises:
            LedgerError: If the ledger cannot be written.
        """
        return self._note(claim, state=state, settled_at=self._clock(), detail=detail)

    def deliveries(self, organization: str, month: str | None = None) -> list[Entry]:
        """Give the rows of an organization, or of one of its months, by month, channel and recipient.

        Raises:
            LedgerError: If the ledger cannot be read.
        """
        table = _deliveries.c
        wanted = select(*_ENTRY).where(table.organization == organization)
        if month is not None:
            wanted = wanted.where(table.month == month)
        with self._transaction() as connection:
            rows = connection.execute(wanted.order_by(table.month, table.channel, table.recipient, table.send)).all()
        return [Entry(**row._asdict()) for row in rows]

    def _note(self, claim: Claim, **values: Any) -> Entry:  # noqa: ANN401 - the values of columns
        row = (_deliveries.c.id == claim.row) & (_deliveries.c.claimed_at == claim.claimed_at)
        with self._transaction() as connection:
            noted = connection.execute(update(_deliveries).where(row).values(values).returning(*_ENTRY)).one_or_none()
        if noted is None:
            raise LedgerError(
                "Another run took this delivery for abandoned and has it now; see tabnine-report history."
            )
        return Entry(**noted._asdict())

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        database = self._engine.url.database
        try:
            Path(str(database)).parent.mkdir(parents=True, exist_ok=True)
            with self._engine.begin() as connection:
                _deliveries.metadata.create_all(connection)
                yield connection
        except (SQLAlchemyError, OSError) as error:
            reason = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error)
            raise LedgerError(
                f"The ledger {database} cannot be used ({reason}); nothing is sent without it: "
                "check archive.ledger, the rights of its folder and the free space."
            ) from error


def _message_id(organization: str, month: str, key: tuple[object, ...]) -> str:
    """Derive a delivery's id from its key: readable up to the month, the rest a digest that tells no address."""
    return f"{organization}-{month}-{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}"


def _begin_immediately(engine: Engine) -> None:
    """Make every transaction wait for its turn at its beginning, when it has read nothing yet.

    Python's sqlite3 begins late, and a transaction that has read cannot wait for a writer any more.
    """

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _: object) -> None:  # noqa: ANN401 - sqlite3's
        connection.isolation_level = None
        # Several processes that open a new ledger at once cannot all switch it; the file keeps what one has chosen.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
