"""A ledger is made, taken over and brought up to date when it is opened, by one process or by several at once."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, text

from tabnine_report.deliver.ledger.database import SCHEMA
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.ledger.revisions_table import revisions
from tabnine_report.deliver.message import DeliveryState
from tabnine_report.deliver.recipients import Audience, Order
from tabnine_report.model.errors import LedgerError

ROOT = Path(__file__).parents[4]
NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
ORDER = Order("acme", "2026-10", 1, Audience.UNDELIVERED, given_at=NOW)

# As the first version of this program made it, without a version.
UNVERSIONED = """
CREATE TABLE deliveries (
    id INTEGER NOT NULL, organization VARCHAR NOT NULL, month VARCHAR NOT NULL, channel VARCHAR NOT NULL,
    recipient VARCHAR NOT NULL, send INTEGER NOT NULL, revision INTEGER NOT NULL, state VARCHAR(7) NOT NULL,
    message_id VARCHAR NOT NULL, claimed_at DATETIME NOT NULL, handed_over_at DATETIME, settled_at DATETIME,
    detail VARCHAR NOT NULL, PRIMARY KEY (id), UNIQUE (organization, month, channel, recipient, send)
);
INSERT INTO deliveries VALUES
    (1, 'acme', '2026-10', 'email', 'ann@acme.example', 0, 1, 'sent', 'acme-1', '2026-11-02 05:00:00.000000',
     '2026-11-02 05:00:01.000000', '2026-11-02 05:00:02.000000', '250 OK'),
    (2, 'acme', '2026-10', 'email', 'bob@acme.example', 0, 1, 'claimed', 'acme-2', '2026-11-02 05:00:00.000000',
     NULL, NULL, ''),
    (3, 'acme', '2026-10', 'email', 'cyd@acme.example', 0, 1, 'claimed', 'acme-3', '2026-11-02 05:00:00.000000',
     '2026-11-02 05:00:01.000000', NULL, '');
"""


def test_a_new_ledger_has_the_tables_that_the_program_knows(ledger_url: str) -> None:
    Ledger(ledger_url, lambda: NOW).check()

    engine = create_engine(ledger_url, poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == SCHEMA
        assert compare_metadata(MigrationContext.configure(connection), revisions.metadata) == []


def test_the_newest_step_is_the_one_that_the_program_asks_for() -> None:
    steps = ScriptDirectory(str(ROOT / "tabnine_report" / "deliver" / "ledger" / "migrations"))

    assert steps.get_current_head() == SCHEMA
    assert [step.revision for step in steps.walk_revisions()] == ["3", "2", "1"]


def test_a_ledger_from_before_is_taken_over_with_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    connection = sqlite3.connect(path)
    connection.executescript(UNVERSIONED)
    connection.close()
    ledger = Ledger(f"sqlite:///{path}", lambda: NOW)

    ann, bob, cyd = ledger.deliveries("acme")

    assert (ann.state, ann.message_id, ann.detail) == (DeliveryState.SENT, "acme-1", "250 OK")
    assert (ann.claimed_at, ann.settled_at) == (NOW - timedelta(hours=1), NOW - timedelta(minutes=59, seconds=58))
    assert (bob.state, cyd.state) == (DeliveryState.CLAIMED, DeliveryState.CLAIMED)
    assert ledger.claim(ORDER, "email", ann.recipient) == ann
    assert ledger.claim(ORDER, "email", bob.recipient) == Claim(2, 2, "acme-2")
    found = ledger.claim(ORDER, "email", cyd.recipient)
    assert not isinstance(found, Claim)
    assert found.state is DeliveryState.UNCONFIRMED


def test_a_ledger_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    Ledger(url, lambda: NOW).check()
    connection = sqlite3.connect(tmp_path / "ledger.db")
    connection.execute("UPDATE alembic_version SET version_num = '99'")
    connection.commit()
    connection.close()

    with pytest.raises(LedgerError, match="written by a newer version"):
        Ledger(url, lambda: NOW).check()


def test_several_processes_may_open_a_new_ledger_at_once(ledger_url: str) -> None:
    code = (
        "import sys; from datetime import UTC, datetime; from tabnine_report.deliver.ledger.ledger import Ledger; "
        "ledger = Ledger(sys.argv[1], lambda: datetime.now(UTC)); sys.stdin.readline(); ledger.check()"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code, ledger_url], stdin=subprocess.PIPE, cwd=ROOT) for _ in range(4)
    ]
    for process in processes:
        process.communicate(b"go\n", timeout=60)

    assert [process.returncode for process in processes] == [0, 0, 0, 0]
