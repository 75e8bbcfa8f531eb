"""A temporary local PostgreSQL server, started from the installed programs."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

USER = "ledger"
# The programs do not run as root; Debian's package creates this user.
ACCOUNT = "postgres"
OPTIONS = "-F -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, or None if they are not installed."""
    initdb = shutil.which("initdb")
    folders = [Path(initdb).parent] if initdb else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


@contextmanager
def serve_postgresql(binaries: Path, max_connections: int = 40) -> Iterator[int]:
    """Yield the port of a new, empty server."""
    account = ACCOUNT if os.geteuid() == 0 else None
    # Not in the tests' folder, which another user may not be able to enter.
    folder = Path(tempfile.mkdtemp(prefix="ledger-postgresql-", dir="/tmp" if account else None))  # noqa: S108
    try:
        if account:
            os.chown(folder, pwd.getpwnam(account).pw_uid, -1)
        data, port = folder / "data", free_port()
        run(account, folder, binaries / "initdb", "-D", data, "-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync")
        control = (binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log")
        run(account, folder, *control, "-o", f"{OPTIONS} -c max_connections={max_connections} -p {port}", "start")
        try:
            yield port
        finally:
            run(account, folder, *control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def run(account: str | None, folder: Path, *command: object) -> None:
    # The output goes to a file: the server inherits it, and a pipe would never close.
    with (folder / "output").open("w+") as output:
        process = subprocess.run(
            [str(word) for word in command], user=account, cwd=folder, stdout=output, stderr=output, check=False
        )
        output.seek(0)
        assert process.returncode == 0, output.read()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def new_database(port: int) -> str:
    """Create a database and return its URL."""
    name = f"ledger_{uuid4().hex}"
    with psycopg.connect(f"host=127.0.0.1 port={port} user={USER} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql+psycopg://{USER}:hush@127.0.0.1:{port}/{name}"
