"""A connection to PostgreSQL whose statements end in time, even if the server never responds."""

from typing import TypeVar

from psycopg import Connection, OperationalError, errors
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

STATEMENT_SECONDS = 60
"""The longest time of a statement; twice the time for which it may wait for a lock."""

T = TypeVar("T")


class LimitedConnection(Connection[TupleRow]):
    """A connection that is closed if a statement takes too long: its server may respond late, or never."""

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Wait for the result of a statement.

        Raises:
            OperationalError: If the statement takes longer than the limit.
        """
        try:
            return super().wait(gen, interval, timeout=timeout or STATEMENT_SECONDS)
        except errors._WaitTimeout:  # noqa: SLF001 - psycopg has no public name for it
            self.pgconn.finish()
        raise OperationalError(f"the server did not respond within {STATEMENT_SECONDS} seconds")
