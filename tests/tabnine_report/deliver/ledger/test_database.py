"""The ledger's connections and locks, mostly on a PostgreSQL server."""

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from misbehaving_server import FreezingProxy, serve
from pydantic import SecretStr
from sqlalchemy import Connection, insert, text

from tabnine_report.deliver.ledger import database, limited_connection
from tabnine_report.deliver.ledger.database import IDLE_CONNECTIONS, MAX_CONNECTIONS, LedgerDatabase
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.ledger.limited_connection import LimitedConnection
from tabnine_report.deliver.ledger.release_records import ReleaseRecords
from tabnine_report.deliver.ledger.revision_numbers import RevisionNumber, RevisionNumbers
from tabnine_report.deliver.ledger.tables import revisions
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.errors import LedgerError

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
KEY = ("acme", "2026-10", "email", "cto@acme.example")
OWN = Claim("acme", "2026-10", row=1, attempt=1, message_id="")
Change = Callable[[str, Callable[[], datetime]], object]


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: AT


def claim(url: str, organization: str = "acme", month: str = "2026-10", recipient: str = "cto@acme.example") -> Claim:
    request = DeliveryRequest(organization, month, 1, RecipientScope.UNDELIVERED, requested_at=AT)
    result = Ledger(url, lambda: AT).claim(request, "email", recipient)
    assert isinstance(result, Claim)
    return result


def connections(url: str) -> int:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").fetchone()
    assert row is not None
    return int(row[0]) - 1


def wait_until_one_waits(connection: Connection) -> None:
    waits = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    while connection.scalar(waits) == 0:
        sleep(0.01)


def close_connections(url: str) -> None:
    """Close all connections to a database, as a restart of its server does."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.parametrize(
    "change",
    [
        lambda url, clock: claim(url),
        lambda url, clock: Ledger(url, clock).hand_over(OWN),
        lambda url, clock: Ledger(url, clock).settle(OWN, DeliveryState.SENT, ""),
        lambda url, clock: Ledger(url, clock).settle_manually(KEY, DeliveryState.SENT),
        lambda url, clock: RevisionNumbers(SecretStr(url), clock).reserve("acme", "2026-10", 0),
        lambda url, clock: RevisionNumbers(SecretStr(url), clock).finish(
            RevisionNumber("acme", "2026-10", 1, 1), sealed=True
        ),
        lambda url, clock: ReleaseRecords(SecretStr(url), "acme", clock).record_withheld("2026-10", 1),
    ],
    ids=["claim", "hand over", "settle", "settle manually", "reserve", "finish", "release record"],
)
def test_each_change_of_a_month_waits_for_the_others_of_that_month(
    postgresql_url: str, clock: Callable[[], datetime], change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_TIMEOUT_SECONDS", 0.05)
    with (
        LedgerDatabase(postgresql_url).transaction("acme", "2026-10"),
        pytest.raises(LedgerError, match=r"cannot be used \(canceling statement due to lock timeout\)"),
    ):
        change(postgresql_url, clock)


def test_no_transaction_waits_for_another_organization_or_month(
    postgresql_url: str, clock: Callable[[], datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_TIMEOUT_SECONDS", 0.05)
    with LedgerDatabase(postgresql_url).transaction("acme", "2026-10"):
        for organization, month in [("bolt", "2026-10"), ("acme", "2026-09"), ("acme2026", "-10")]:
            own = claim(postgresql_url, organization, month)
            Ledger(postgresql_url, clock).hand_over(own)
            Ledger(postgresql_url, clock).settle(own, DeliveryState.SENT, "250 OK")
        Ledger(postgresql_url, clock).check()
        (entry,) = Ledger(postgresql_url, clock).deliveries("bolt")

    assert entry.state is DeliveryState.SENT


def test_a_claim_after_a_wait_reads_what_the_others_wrote_whatever_the_servers_isolation(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'".encode())
    Ledger(postgresql_url, lambda: AT).check()
    with ThreadPoolExecutor() as threads:
        with LedgerDatabase(postgresql_url).transaction("acme", "2026-10") as connection:
            # The insertion of a revision stands for any change that the waiting transaction has to see.
            waiting = threads.submit(
                RevisionNumbers(SecretStr(postgresql_url), lambda: AT).reserve, "acme", "2026-10", 0
            )
            wait_until_one_waits(connection)
            connection.execute(
                insert(revisions).values(organization="acme", month="2026-10", revision=1, reserved_at=AT)
            )
        reserved = waiting.result()

    assert isinstance(reserved, RevisionNumber)
    assert reserved.revision == 2


def test_the_ledgers_of_a_process_share_few_connections(postgresql_url: str) -> None:
    with ThreadPoolExecutor(2 * MAX_CONNECTIONS) as threads:
        list(threads.map(lambda number: claim(postgresql_url, f"org-{number}"), range(4 * MAX_CONNECTIONS)))

    # The server lists a closed connection until its process has ended. Only pytest's time limit ends the wait.
    while connections(postgresql_url) > IDLE_CONNECTIONS:
        sleep(0.01)
    assert connections(postgresql_url) >= 1


def test_a_ledger_works_again_after_its_server_has_closed_the_idle_connections(postgresql_url: str) -> None:
    ledger = Ledger(postgresql_url, lambda: AT)
    own = claim(postgresql_url)
    close_connections(postgresql_url)

    assert ledger.settle(own, DeliveryState.SENT, "250 OK").state is DeliveryState.SENT


def test_connecting_retries_while_the_server_restarts(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[object] = []

    def connect(**options: Any) -> Any:
        attempts.append(options["port"])
        if len(attempts) == 1:
            raise psycopg.OperationalError("the database system is shutting down")
        return original_connect(**options)

    original_connect = LimitedConnection.connect
    ledger = Ledger(postgresql_url, lambda: AT)
    monkeypatch.setattr(LimitedConnection, "connect", connect)
    ledger.check()
    assert len(attempts) == 2


def test_an_unreachable_server_is_named_without_its_password(
    clock: Callable[[], datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "RECONNECT_TIMEOUT_SECONDS", 0.05)
    ledger = Ledger("postgresql+psycopg://reports:hush@127.0.0.1:9/ledger", clock)

    with pytest.raises(LedgerError, match=r"^The ledger ledger on 127\.0\.0\.1 cannot be used") as caught:
        ledger.check()
    assert "hush" not in f"{caught.value} {caught.value.__cause__} {ledger.__dict__}"


@pytest.mark.parametrize(
    ("moment", "problem"),
    [
        ("in a transaction", r"the server did not respond within 0\.3 seconds\)\. Nothing more is sent without it"),
        ("between two transactions", "timeout expired"),  # of the new connection
    ],
)
def test_a_server_that_falls_silent_is_reported(
    postgresql_url: str, moment: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = urlsplit(postgresql_url)
    proxy = FreezingProxy(address.port or 0)
    monkeypatch.setattr(limited_connection, "STATEMENT_SECONDS", 0.3)
    monkeypatch.setattr(database, "CONNECTION_TIMEOUT_SECONDS", 3)  # about the shortest that is valid
    monkeypatch.setattr(database, "RECONNECT_TIMEOUT_SECONDS", 0.05)
    with serve(proxy) as port:
        ledger = LedgerDatabase(postgresql_url.replace(f":{address.port}/", f":{port}/"))
        with ledger.transaction("acme", "2026-10") as connection:
            connection.execute(text("SELECT 1"))

        def freeze_in_transaction() -> None:
            with ledger.transaction("acme", "2026-10") as connection:
                proxy.freeze()
                connection.execute(text("SELECT 1"))

        if moment == "between two transactions":
            proxy.freeze()
        with pytest.raises(LedgerError, match=problem):
            freeze_in_transaction()


@pytest.mark.parametrize("url", ["postgresql+psycopg://reports:hush@127.0.0.1:port/ledger", "hush"])
def test_an_invalid_url_is_reported_without_its_password(url: str, clock: Callable[[], datetime]) -> None:
    with pytest.raises(LedgerError, match="is not a valid database URL") as caught:
        Ledger(url, clock)
    assert "hush" not in f"{caught.value} {caught.value.__cause__}"


def test_a_missing_driver_is_reported(clock: Callable[[], datetime]) -> None:
    with pytest.raises(LedgerError, match="driver for the ledger's database is not installed"):
        Ledger("postgresql+pg8000://127.0.0.1/ledger", clock)


@pytest.mark.parametrize("umask", [0, 0o022])
def test_other_users_cannot_read_a_ledger_file_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "shared" / "ledger.db"
    earlier = os.umask(umask)
    try:
        claim(f"sqlite:///{path}")
    finally:
        os.umask(earlier)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o007 == 0


def test_an_existing_ledger_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.touch(mode=0o660)
    path.chmod(0o660)
    claim(f"sqlite:///{path}")

    assert stat.S_IMODE(path.stat().st_mode) == 0o660
