"""A ledger's tables are created when it is opened, by one process or by several at once."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, text

from tabnine_report.deliver.ledger.database import SCHEMA_VERSION
from tabnine_report.deliver.ledger.ledger import Ledger
from tabnine_report.deliver.ledger.tables import metadata
from tabnine_report.model.errors import LedgerError

ROOT = Path(__file__).parents[4]
NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def test_a_new_ledger_has_the_tables_of_the_code(ledger_url: str) -> None:
    Ledger(ledger_url, lambda: NOW).check()

    engine = create_engine(ledger_url, poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == SCHEMA_VERSION
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_newest_migration_is_the_schema_version() -> None:
    migrations = ScriptDirectory(str(ROOT / "tabnine_report" / "deliver" / "ledger" / "migrations"))

    assert migrations.get_current_head() == SCHEMA_VERSION
    assert [migration.revision for migration in migrations.walk_revisions()] == ["1"]


def test_a_ledger_of_a_newer_version_is_not_used(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    Ledger(url, lambda: NOW).check()
    connection = sqlite3.connect(tmp_path / "ledger.db")
    connection.execute("UPDATE alembic_version SET version_num = '99'")
    connection.commit()
    connection.close()

    with pytest.raises(LedgerError, match="written by a newer version"):
        Ledger(url, lambda: NOW).check()


def test_several_processes_can_create_a_ledger_at_once(ledger_url: str) -> None:
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
