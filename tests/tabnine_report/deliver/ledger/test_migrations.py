"""A ledger's tables are created when it is opened, by one process or by several at once."""

import sqlite3
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from delivering_process import create_ledger
from processes import run_at_once
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
    assert run_at_once(*[partial(create_ledger, ledger_url)] * 4) == [0] * 4
