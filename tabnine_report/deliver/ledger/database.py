"""The ledger's database: SQLite or PostgreSQL, one transaction at a time, its tables created on first use."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import stamina
from sqlalchemy import Connection, Dialect, Engine, NullPool, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from tabnine_report.model.errors import LedgerError

LOCK_TIMEOUT_SECONDS = 30
"""How long a transaction waits for another one."""
RECONNECT_TIMEOUT_SECONDS = 10
"""How long to wait for a PostgreSQL server that is restarting."""
SCHEMA_VERSION = "1"
"""The newest version in `migrations/versions`."""

_MIGRATIONS = Path(__file__).with_name("migrations")
# An arbitrary number that no other lock in the same database uses.
_ADVISORY_LOCK = 7_206_620_771
# Alembic keeps its state in module globals, and threads may open different ledgers at the same time.
_ALEMBIC_LOCK = threading.Lock()


class LedgerDatabase:
    """Runs transactions, one at a time across all processes that use the same ledger.

    Args:
        url: `sqlite:///PATH` or `postgresql+psycopg://USER:PASSWORD@HOST/DATABASE`.

    Raises:
        LedgerError: If the URL is not valid, or its driver is not installed.
    """

    def __init__(self, url: str) -> None:
        try:
            # A connection lives as long as its transaction: none is held open while messages are sent.
            self._engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=_timeouts(url))
        except ImportError as error:
            raise LedgerError(
                "The driver for the ledger's database is not installed. Install it with: "
                "pip install 'tabnine-report[postgresql]'"
            ) from error
        except (ArgumentError, ValueError):
            # Not chained: the cause may quote the URL, which can contain a password.
            raise LedgerError("archive.ledger is not a valid database URL. See docs/configuration.md.") from None
        self._is_file = self._engine.dialect.name == "sqlite"
        self._is_current = False
        (_serialize_sqlite if self._is_file else _serialize_postgresql)(self._engine)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Yield a connection; its changes are committed together when the block ends, or not at all.

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
            check = (
                "the permissions of its folder and the free disk space"
                if self._is_file
                else "the server and its user's permissions"
            )
            raise LedgerError(
                f"The ledger {self._name()} cannot be used ({self._reason(error)}). "
                f"Nothing more is sent without it. Check archive.ledger, {check}."
            ) from error

    def _name(self) -> str:
        """Return the database's name without its user and password."""
        url = self._engine.url
        return str(url.database) if self._is_file else f"{url.database} on {url.host or 'this machine'}"

    def _reason(self, error: Exception) -> str:
        reason = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error)
        # Further lines of a PostgreSQL error quote the row, which contains an address.
        first_line = reason.strip().partition("\n")[0]
        password = self._engine.url.password
        return first_line.replace(str(password), "***") if password else first_line


def _timeouts(url: str) -> dict[str, int]:
    if url.startswith("sqlite"):
        return {"timeout": LOCK_TIMEOUT_SECONDS}
    return {
        "connect_timeout": LOCK_TIMEOUT_SECONDS,
        # Without these, a connection that is cut during a transaction would be noticed only after hours.
        "tcp_user_timeout": LOCK_TIMEOUT_SECONDS * 1000,
        "keepalives_idle": LOCK_TIMEOUT_SECONDS // 3,
        "keepalives_interval": 5,
    }


def _serialize_sqlite(engine: Engine) -> None:
    """Make every transaction take the write lock when it begins, before it has read anything.

    Python's sqlite3 begins a transaction late, and one that has already read can no longer wait for a writer.
    """

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _: object) -> None:  # noqa: ANN401 - sqlite3's
        connection.isolation_level = None
        # Of several processes that open a new ledger at once, only one can switch the mode; the file keeps it.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _serialize_postgresql(engine: Engine) -> None:
    """Make every transaction take one advisory lock when it begins, so that whatever it reads is current.

    Connecting retries while the server restarts: otherwise, the result of a sent message could not be recorded.
    """

    @event.listens_for(engine, "do_connect")
    def _on_connect(dialect: Dialect, _: object, arguments: list[Any], options: dict[str, Any]) -> Any:  # noqa: ANN401 - psycopg's
        errors = dialect.loaded_dbapi.OperationalError
        for attempt in stamina.retry_context(
            on=errors, attempts=None, timeout=RECONNECT_TIMEOUT_SECONDS, wait_max=1.0, wait_jitter=0.0
        ):
            with attempt:
                return dialect.connect(*arguments, **options)
        raise AssertionError("the last attempt either connects or raises")  # pragma: no cover

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")


def _migrate(connection: Connection) -> None:
    """Create or upgrade the tables in the caller's transaction."""
    has_version = inspect(connection).has_table("alembic_version")
    version = connection.scalar(text("SELECT version_num FROM alembic_version")) if has_version else None
    if version == SCHEMA_VERSION:
        return
    if version is not None and int(version) > int(SCHEMA_VERSION):
        raise LedgerError(
            "The ledger was written by a newer version of tabnine-report. Nothing is sent. "
            "Update tabnine-report on this machine."
        )
    # Imported only when needed: the import takes longer than many deliveries.
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with _ALEMBIC_LOCK:
        command.upgrade(config, SCHEMA_VERSION)
