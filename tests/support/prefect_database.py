"""An empty database for a Prefect server, migrated once for all processes of a test run, because that takes seconds."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PREFECT = Path(sys.executable).with_name("prefect")


def create_database(home: Path, factory: pytest.TempPathFactory) -> Path:
    """Create the database of a server in its home, `PREFECT_HOME`, and return its path."""
    # Each process of pytest-xdist has a folder of its own in the folder of the run.
    run = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    migrated = run / "prefect-database" / "prefect.db"
    migrated.parent.mkdir(exist_ok=True)
    with (migrated.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not migrated.exists():
            _migrate(migrated)
    home.mkdir(exist_ok=True)
    return Path(shutil.copy(migrated, home))


def _migrate(database: Path) -> None:
    new = database.with_name("new.db")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "COVERAGE_"))}
    completed = subprocess.run(
        [PREFECT, "server", "database", "upgrade", "-y"],
        env=environment
        | {
            "PREFECT_HOME": str(database.parent),
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{new}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    new.rename(database)
