"""A PostgreSQL server on loopback, started from Debian's programs and gone afterwards."""

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
# Both refuse to be run by root; Debian's package makes this user.
ACCOUNT = "postgres"
OPTIONS = "-F -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=40 -p "


def programs() -> Path | None:
    """Give the folder of initdb and pg_ctl; None where they are not installed."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


@contextmanager
def serve_postgresql(binaries: Path) -> Iterator[int]:
    """Give the port of a new, empty server."""
    account = ACCOUNT if os.geteuid() == 0 else None
    # Not in the tests' own folder, which another user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="ledger-postgresql-", dir="/tmp" if account else None))  # noqa: S108
    try:
        if account:
            os.chown(folder, pwd.getpwnam(account).pw_uid, -1)
        data, port = folder / "data", free_port()
        run(account, folder, binaries / "initdb", "-D", data, "-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync")
        control = (binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log")
        run(account, folder, *control, "-o", f"{OPTIONS}{port}", "start")
        try:
            yield port
        finally:
            run(account, folder, *control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def run(account: str | None, folder: Path, *command: object) -> None:
    # Its output goes to a file: the server inherits it, and a pipe would never end.
    with (folder / "said").open("w+") as said:
        done = subprocess.run(
            [str(word) for word in command], user=account, cwd=folder, stdout=said, stderr=said, check=False
        )
        said.seek(0)
        assert done.returncode == 0, said.read()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def new_database(port: int) -> str:
    """Make a database and give its address for the ledger."""
    name = f"ledger_{uuid4().hex}"
    with psycopg.connect(f"host=127.0.0.1 port={port} user={USER} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql+psycopg://{USER}:hush@127.0.0.1:{port}/{name}"
