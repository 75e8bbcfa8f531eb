"""Measure many organizations on PostgreSQL and Redis: `make test-scale`.

First, whole reports of many organizations through several workers. Then the flow `due` for many more profiles, whose
reports are not built: a stand-in for the workers records that they were sent. Exits with 1 if a report is delivered
twice or not at all, if a run is started twice, or if the watchdog reports a run that only waits for its turn.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from postgresql import free_port, new_database, programs, serve_postgresql
from scale_reports import measure_reports
from scenario import Size
from servers import prefect_server, sandbox

HERE = Path(__file__).parent
FLEET = HERE / "scale_fleet.py"
CONNECTIONS = 200
"""Prefect's server keeps up to 15 connections, and each run up to 8."""


def main() -> None:
    """Measure both parts and print the results."""
    parser = argparse.ArgumentParser(description="Measure many organizations on PostgreSQL and Redis.")
    parser.add_argument("--organizations", type=int, default=200, help="number of whole reports (default: 200)")
    parser.add_argument("--workers", type=int, default=2, help="number of workers (default: 2)")
    parser.add_argument("--limit", type=int, default=1, help="number of runs of a worker at a time (default: 1)")
    parser.add_argument("--profiles", type=int, default=10_000, help="number of profiles for due (default: 10000)")
    arguments = parser.parse_args()
    binaries, redis = programs(), shutil.which("redis-server")
    if binaries is None or redis is None:
        raise SystemExit("PostgreSQL or Redis is not installed. On Debian: apt install postgresql redis-server")
    print(f"Load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with ExitStack() as servers, tempfile.TemporaryDirectory() as folder:
        port = servers.enter_context(serve_postgresql(binaries, CONNECTIONS))
        redis_port = servers.enter_context(_serve_redis(redis))
        database = new_database(port)
        settings = {
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": database.replace("+psycopg", "+asyncpg"),
            "PREFECT_MESSAGING_BROKER": "prefect_redis.messaging",
            "PREFECT_MESSAGING_CACHE": "prefect_redis.messaging",
            "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
            "PREFECT_REDIS_MESSAGING_HOST": "127.0.0.1",
            "PREFECT_REDIS_MESSAGING_PORT": str(redis_port),
            "PREFECT_SERVER_DOCKET_URL": f"redis://127.0.0.1:{redis_port}/1",
        }
        home = Path(folder) / "home"
        home.mkdir()
        environment = servers.enter_context(prefect_server(home, settings))
        failures = []
        if arguments.organizations:
            api = servers.enter_context(sandbox(Size(400, 20)))
            failures += measure_reports(
                Path(folder) / "reports",
                api,
                new_database(port),
                environment,
                organizations=arguments.organizations,
                workers=arguments.workers,
                limit=arguments.limit,
            )
        if arguments.profiles:
            ledger = new_database(port)
            command = [sys.executable, str(FLEET), str(arguments.profiles), ledger, str(Path(folder) / "fleet")]
            if subprocess.run(command, env=environment, check=False).returncode:
                failures.append("The flow due failed; see above.")
        print(f"Load of the machine after: {os.getloadavg()[0]:.1f}")
    raise SystemExit("\n".join(failures) or 0)


@contextmanager
def _serve_redis(program: str) -> Iterator[int]:
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            yield port
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
