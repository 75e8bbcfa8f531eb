"""The ledger's database, SQLite or PostgreSQL: its transactions, connections and locks; its tables on first use.

Transactions of one month of an organization run one after another, also in different processes, so that what they read
is current. In PostgreSQL, the months do not wait for one another; in SQLite, one transaction runs at a time.
"""

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import stamina
from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    Engine,
    NullPool,
    bindparam,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from tabnine_report.model.errors import LedgerError
from tabnine_report.model.private_folder import make_private_folder

LOCK_TIMEOUT_SECONDS = 30
"""How long a transaction waits for another one."""
CONNECTION_TIMEOUT_SECONDS = 30
"""How long a PostgreSQL server may take to respond to a connection."""
RECONNECT_TIMEOUT_SECONDS = 10
"""How long to wait for a PostgreSQL server that is restarting."""
IDLE_CONNECTIONS = 2
"""How many idle connections to PostgreSQL a process keeps open, for all of its organizations."""
MAX_CONNECTIONS = 8
"""How many connections to PostgreSQL a process opens at once; further transactions wait for one."""
SCHEMA_VERSION = "1"
"""The newest version in `migrations/versions`."""

_MIGRATIONS = Path(__file__).with_name("migrations")
# Alembic keeps its state in module globals, and threads may open different ledgers at the same time.
_ALEMBIC_LOCK = threading.Lock()
_engines: dict[str, Engine] = {}
_ENGINES_LOCK = threading.Lock()
# `set_config` limits the wait for this lock and for any other one of the transaction.
_LOCK = text("SELECT set_config('lock_timeout', :timeout, true), pg_advisory_xact_lock(:key)").bindparams(
    bindparam("key", type_=BigInteger)
)


class LedgerDatabase:
    """Runs transactions.

    Args:
        url: `sqlite:///PATH` or `postgresql+psycopg://USER:PASSWORD@HOST/DATABASE`.

    Raises:
        LedgerError: If the URL is not valid, or its driver is not installed.
    """

    def __init__(self, url: str) -> None:
        try:
            self._engine = _engine(url)
        except ImportError as error:
            raise LedgerError(
                "The driver for the ledger's database is not installed. Install the project's extra postgresql: "
                ".venv/bin/pip install -c constraints.txt -e '.[postgresql]'"
            ) from error
        except (ArgumentError, ValueError):
            # Not chained: the cause may quote the URL, which can contain a password.
            raise LedgerError("archive.ledger is not a valid database URL. See docs/configuration.md.") from None
        self._is_file = self._engine.dialect.name == "sqlite"
        self._is_current = False

    @contextmanager
    def transaction(self, *month: str) -> Iterator[Connection]:
        """Yield a connection; its changes are committed together when the block ends, or not at all.

        Args:
            month: The organization and the month that the transaction changes. No other transaction of that month runs
                at the same time. Empty if it only reads.

        Raises:
            LedgerError: If the database cannot be used.
        """
        try:
            if not self._is_current:
                self._create_tables()
            with self._engine.begin() as connection:
                if month and not self._is_file:
                    _lock(connection, *month)
                yield connection
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

    def _create_tables(self) -> None:
        """Create or upgrade the tables, in one process at a time."""
        if self._is_file:
            _create_private_file(Path(str(self._engine.url.database)))
        with self._engine.begin() as connection:
            if not self._is_file and not _has_newest_tables(connection):
                _lock(connection, "migration")
            if not _has_newest_tables(connection):
                _migrate(connection)
        self._is_current = True

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


def _create_private_file(path: Path) -> None:
    """Create a file that other users of the machine cannot read, unless it exists: it will contain addresses."""
    make_private_folder(path.parent)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, mode=0o600))


def _engine(url: str) -> Engine:
    """Return the engine of a database; a process has one for each, so that all of its runs share the connections."""
    with _ENGINES_LOCK:
        if url not in _engines:
            _engines[url] = _sqlite_engine(url) if url.startswith("sqlite") else _postgresql_engine(url)
        return _engines[url]


def _sqlite_engine(url: str) -> Engine:
    """Return an engine whose transactions take the write lock when they begin, before they have read anything.

    Python's sqlite3 begins a transaction late, and one that has already read can no longer wait for a writer.
    """
    arguments = {"timeout": LOCK_TIMEOUT_SECONDS, "isolation_level": None}
    # The file is open only during a transaction, so it can be restored from a backup at any time.
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=arguments)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgresql_engine(url: str) -> Engine:
    """Return an engine with a pool of connections.

    The pool tests a connection before each transaction, and connecting retries while the server restarts: otherwise,
    the result of a sent message could not be recorded.
    """
    # Its driver is an extra.
    from tabnine_report.deliver.ledger.limited_connection import LimitedConnection  # noqa: PLC0415 - see above

    engine = create_engine(
        url,
        pool_size=IDLE_CONNECTIONS,
        max_overflow=MAX_CONNECTIONS - IDLE_CONNECTIONS,
        pool_timeout=LOCK_TIMEOUT_SECONDS,
        pool_use_lifo=True,
        pool_pre_ping=True,
        # Regardless of the server's default, a statement after the lock has to read what the lock's last owner wrote.
        isolation_level="READ COMMITTED",
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECTION_TIMEOUT_SECONDS,
            # Without these, a connection that is cut during a transaction would be noticed only after hours.
            "tcp_user_timeout": CONNECTION_TIMEOUT_SECONDS * 1000,
            "keepalives_idle": CONNECTION_TIMEOUT_SECONDS // 3,
            "keepalives_interval": 5,
            # Prepared statements belong to a connection, which PgBouncer may exchange between two transactions.
            "prepare_threshold": None,
        },
    )

    @event.listens_for(engine, "do_connect")
    def _on_connect(dialect: Dialect, _: object, arguments: list[Any], options: dict[str, Any]) -> Any:  # noqa: ANN401 - psycopg's
        errors = dialect.loaded_dbapi.OperationalError
        for attempt in stamina.retry_context(
            on=errors, attempts=None, timeout=RECONNECT_TIMEOUT_SECONDS, wait_max=1.0, wait_jitter=0.0
        ):
            with attempt:
                return LimitedConnection.connect(*arguments, **options)
        raise AssertionError("the last attempt either connects or raises")  # pragma: no cover

    return engine


def _lock(connection: Connection, *subject: str) -> None:
    """Wait in PostgreSQL until no other transaction holds the lock on a subject, and hold it until this one ends."""
    key = int.from_bytes(hashlib.sha256("\n".join(subject).encode()).digest()[:8], signed=True)
    connection.execute(_LOCK, {"timeout": f"{LOCK_TIMEOUT_SECONDS}s", "key": key})


def _has_newest_tables(connection: Connection) -> bool:
    """Return whether the tables have the newest version."""
    has_version = inspect(connection).has_table("alembic_version")
    version = connection.scalar(text("SELECT version_num FROM alembic_version")) if has_version else None
    if version is not None and int(version) > int(SCHEMA_VERSION):
        raise LedgerError(
            "The ledger was written by a newer version of tabnine-report. Nothing is sent. "
            "Update tabnine-report on this machine."
        )
    return version == SCHEMA_VERSION


def _migrate(connection: Connection) -> None:
    """Create or upgrade the tables in the caller's transaction."""
    # Imported only when needed: the import takes longer than many deliveries.
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with _ALEMBIC_LOCK:
        command.upgrade(config, SCHEMA_VERSION)
