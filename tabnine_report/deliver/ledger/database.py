"""The ledger's database: SQLite or PostgreSQL, one writer at a time, its tables made and migrated when first used."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import stamina
from sqlalchemy import Connection, Dialect, Engine, NullPool, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from tabnine_report.model.errors import LedgerError

BUSY_SECONDS = 30
RESTART_SECONDS = 10
"""How long a server that is not there is waited for."""
SCHEMA = "3"
"""The newest of `migrations/versions`."""

_UNVERSIONED = "1"
_MIGRATIONS = Path(__file__).with_name("migrations")
# Any number does that nobody else's locks in the same database have.
_TURN = 7_206_620_771


class LedgerDatabase:
    """Gives transactions, one at a time among all processes that use the same ledger.

    Args:
        url: `sqlite:///PATH` or `postgresql+psycopg://USER:PASSWORD@HOST/DATABASE`.

    Raises:
        LedgerError: If the address cannot be used, or its driver is not installed.
    """

    def __init__(self, url: str) -> None:
        try:
            # A connection lives as long as its transaction: nothing is held open while messages travel.
            self._engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=_patience(url))
        except ImportError as error:
            raise LedgerError(
                "The ledger's database needs a driver that is not installed: "
                "pip install 'tabnine-report[postgresql]', or 'psycopg[binary]'."
            ) from error
        except (ArgumentError, ValueError):
            # Not chained: what it says may quote the address, and with it a password.
            raise LedgerError("archive.ledger is not the address of a database; see docs/configuration.md.") from None
        self._is_file = self._engine.dialect.name == "sqlite"
        self._is_current = False
        (_take_turns_in_a_file if self._is_file else _take_turns_on_a_server)(self._engine)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a connection whose changes all come true when the block ends, or none of them.

        Raises:
            LedgerError: If the database cannot be used.
        """
        try:
            if self._is_file:
                Path(str(self._engine.url.database)).parent.mkdir(parents=True, exist_ok=True)
            with self._engine.begin() as connection:
                if not self._is_current:
                    _migrate(connection)
                yield connection
            self._is_current = True
        except (SQLAlchemyError, OSError) as error:
            look_at = (
                "the rights of its folder and the free space" if self._is_file else "the server and its user's rights"
            )
            raise LedgerError(
                f"The ledger {self._name()} cannot be used ({self._reason(error)}); nothing more is sent without it: "
                f"check archive.ledger, {look_at}."
            ) from error

    def _name(self) -> str:
        """Name the database without its user and password."""
        url = self._engine.url
        return str(url.database) if self._is_file else f"{url.database} on {url.host or 'this machine'}"

    def _reason(self, error: Exception) -> str:
        said = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error)
        # Further lines of PostgreSQL's quote the row, and with it an address.
        first = said.strip().partition("\n")[0]
        password = self._engine.url.password
        return first.replace(str(password), "***") if password else first


def _patience(url: str) -> dict[str, int]:
    if url.startswith("sqlite"):
        return {"timeout": BUSY_SECONDS}
    # A line that is cut in the midst of a transaction is noticed after as long, not after hours.
    cut = {"tcp_user_timeout": BUSY_SECONDS * 1000, "keepalives_idle": BUSY_SECONDS // 3, "keepalives_interval": 5}
    return {"connect_timeout": BUSY_SECONDS, **cut}


def _take_turns_in_a_file(engine: Engine) -> None:
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


def _take_turns_on_a_server(engine: Engine) -> None:
    """Make every transaction wait for its turn, as in a file: there are few, and whatever one reads is the latest.

    A server that is being restarted is waited for: what came of a message that is out could not be noted otherwise.
    """

    @event.listens_for(engine, "do_connect")
    def _on_connect(dialect: Dialect, _: object, arguments: list[Any], options: dict[str, Any]) -> Any:  # noqa: ANN401 - psycopg's
        errors = dialect.loaded_dbapi.OperationalError
        for attempt in stamina.retry_context(
            on=errors, attempts=None, timeout=RESTART_SECONDS, wait_max=1.0, wait_jitter=0.0
        ):
            with attempt:
                return dialect.connect(*arguments, **options)
        raise AssertionError("the last try either connects or raises")  # pragma: no cover

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")


def _migrate(connection: Connection) -> None:
    """Bring the tables to the present shape, inside the caller's transaction; takes over a ledger without a version."""
    tables = inspect(connection).get_table_names()
    versioned = "alembic_version" in tables
    version = connection.scalar(text("SELECT version_num FROM alembic_version")) if versioned else None
    if version == SCHEMA:
        return
    if version is not None and int(version) > int(SCHEMA):
        raise LedgerError("The ledger was written by a newer version of this program; nothing is sent: update it here.")
    # Imported only when there is something to do: it takes longer than many deliveries.
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    if version is None and "deliveries" in tables:
        command.stamp(config, _UNVERSIONED)
    command.upgrade(config, SCHEMA)
