"""Kill what a run needs at random instants, and check that no death is silent: `make test-deaths`.

Each death strikes the run of an organization of its own, which starts through its deployment. What was killed starts
again some seconds later, except for the run. Then the watchdog's rounds follow, every ten minutes of its clock from a
random instant on. Exits with 1 if a recipient has received the report twice, if the ledger has a message as sent that
did not arrive, or if not all recipients have the report and nobody was notified within 15 minutes.
"""

import argparse
import json
import logging
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
from death_receivers import ADMIN
from death_services import POOL, Services, kill, processes_of_run, services, write_profile
from death_watchdog import LaterWatchdog
from postgresql import new_database
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.settings import PREFECT_API_URL, temporary_settings
from scenario import MONTH, TOKEN, Size
from servers import sandbox

from flows.deploying.deployments import create_work_pool, deploy_profile
from tabnine_report.runs.profile_file import deployment_settings_of

FLOW_PROCESS, WORKER, WORKER_AND_RUN = "flow process", "worker", "worker with its run"
LOST_WORKER = "worker, not restarted"
SERVICES = {"Prefect server": "server", "database": "database", "mail server": "relay", "Slack": "slack"}
"""The victims that are services, as the table and as `Services` name them."""
VICTIMS = (FLOW_PROCESS, WORKER, WORKER_AND_RUN, LOST_WORKER, *SERVICES)
RECIPIENTS = ("ann", "bob", "channel")
ROUNDS = timedelta(minutes=10)
"""How often the watchdog looks."""
PROMISED = timedelta(minutes=15)
"""How long a death may stay unknown, of the watchdog's clock."""
DOWN_SECONDS = (1.0, 12.0)
"""How long what was killed is down."""
GONE_SECONDS = {"SCHEDULED": 25.0, "PENDING": 8.0, "RUNNING": 3.0, "CRASHED": 5.0}
"""How long a run has no process until nothing more happens, by its state: it is late after 15 seconds, and the worker
of a crashed run notifies the admins."""
LONGEST_SECONDS = 240.0
NEED = ("🔴", "🟠")
"""How a notice begins that says that a person is needed."""


@dataclass(frozen=True)
class Death:
    """One death and what came of it.

    Attributes:
        victim: What was killed.
        instant: When, in seconds after the run's start.
        state: The name of the run's state in Prefect before the watchdog's first round.
        received: How often each recipient has received the report.
        told_by: Who notified the admins first that the report was not sent: "run", "watchdog", or nobody.
        told_after: When, after the death.
        wrong: What must never happen, one sentence each.
        problems: What the watchdog found.
    """

    victim: str
    instant: float
    state: str
    received: Mapping[str, int]
    told_by: str
    told_after: timedelta
    wrong: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def is_sent(self) -> bool:
        """Whether each recipient has the report."""
        return all(self.received.get(recipient) for recipient in RECIPIENTS)

    @property
    def outcome(self) -> str:
        """The column of the table."""
        if self.is_sent:
            return "sent"
        on_time = self.told_after <= PROMISED
        return self.told_by if self.told_by and on_time else "silent"


class Deaths:
    """Strikes one run after the other.

    Args:
        everything: What a run needs.
        base_url: The address of the API.
        seed: Decides about the instants.
    """

    def __init__(self, everything: Services, base_url: str, seed: int) -> None:
        self._services = everything
        self._base_url = base_url
        self._ledger = new_database(everything.database_port)
        self._random = random.Random(seed)  # noqa: S311 - nothing is secret
        self._watchdog = LaterWatchdog()
        self._seconds = 0.0

    def measure(self, client: SyncPrefectClient) -> float:
        """Let two runs end undisturbed, and return how long the faster one takes: the first one creates tables."""
        self._services.worker.start()
        self._seconds = min(self._undisturbed(client, name) for name in ("first", "second"))
        return self._seconds

    def _undisturbed(self, client: SyncPrefectClient, name: str) -> float:
        begin, run_id = time.monotonic(), self._start(client, name)
        state = self._wait(client, run_id)
        if state != "Sent":
            raise SystemExit(f"Without any death, the run ends as {state}.")
        return time.monotonic() - begin

    def strike(self, client: SyncPrefectClient, name: str, victim: str) -> Death:
        """Start a run of a new organization, kill the victim, and return what comes of it."""
        instant, down, phase = (self._random.uniform(*limits) for limits in ((0, self._seconds), DOWN_SECONDS, (0, 1)))
        self._services.worker.start()
        run_id = self._start(client, name)
        if victim == FLOW_PROCESS:
            _wait_for_process(str(run_id))
        time.sleep(instant)
        self._kill(victim, str(run_id))
        died_at = datetime.now(UTC)
        if victim != FLOW_PROCESS:
            time.sleep(down)
        if victim in SERVICES:
            getattr(self._services, SERVICES[victim]).start()
        if victim != LOST_WORKER:
            self._services.worker.start()
        state = self._wait(client, run_id, has_worker=victim != LOST_WORKER)
        told_by, told_after, problems = self._watch(
            name, died_at, died_at + phase * ROUNDS, has_worker=victim != LOST_WORKER
        )
        received = Counter(recipient for recipient, _ in self._messages(name) if recipient != ADMIN)
        wrong = tuple(self._wrong(name, received))
        client.delete_flow_run(run_id)  # otherwise, the next worker starts it if it is still waiting
        return Death(victim, instant, state, received, told_by, told_after, wrong, tuple(problems))

    def _start(self, client: SyncPrefectClient, name: str) -> UUID:
        write_profile(self._services, name, self._base_url, TOKEN, self._ledger)
        for _ in deploy_profile(client, name, deployment_settings_of(name), POOL, has_schedule=False):
            pass
        deployment = client.read_deployment_by_name(f"monthly-report/{name}")
        parameters = {"profile": name, "month": MONTH}
        return client.create_flow_run_from_deployment(deployment.id, parameters=parameters).id

    def _kill(self, victim: str, run_id: str) -> None:
        if victim == FLOW_PROCESS:
            kill(processes_of_run(run_id)[:1])
        elif victim in SERVICES:
            getattr(self._services, SERVICES[victim]).kill()
        else:
            self._services.worker.kill(alone=True)
            if victim == WORKER_AND_RUN:
                kill(processes_of_run(run_id))

    def _wait(self, client: SyncPrefectClient, run_id: UUID, *, has_worker: bool = True) -> str:
        """Wait until nothing will happen to a run any more, and return the name of its state."""
        deadline, seen = time.monotonic() + LONGEST_SECONDS, time.monotonic()
        while time.monotonic() < deadline:
            time.sleep(0.2)
            is_alive = bool(processes_of_run(str(run_id)))
            if is_alive:
                seen = time.monotonic()
                continue
            with suppress(httpx.HTTPError):
                state = client.read_flow_run(run_id).state
                if state is None or (state.is_scheduled() and has_worker):
                    continue
                if time.monotonic() - seen > GONE_SECONDS.get(state.type.value, 0):
                    return str(state.name)
        return f"unfinished after {LONGEST_SECONDS:.0f} seconds"

    def _watch(
        self, name: str, died_at: datetime, round_at: datetime, *, has_worker: bool
    ) -> tuple[str, timedelta, list[str]]:
        """Return who notified the admins that they are needed, when after the death, and what the watchdog found."""
        if self._has_told(name):
            return "run", datetime.now(UTC) - died_at, []
        found: list[str] = []
        while round_at < datetime.now(UTC):
            round_at += ROUNDS
        while round_at - died_at <= PROMISED + ROUNDS:
            found += self._watchdog.round_at(round_at, name, has_worker=has_worker)
            if self._has_told(name):
                return "watchdog", self._watchdog.now() - died_at, found
            round_at += ROUNDS
        return "", timedelta(), found

    def _has_told(self, name: str) -> bool:
        return any(recipient == ADMIN and text.startswith(NEED) for recipient, text in self._messages(name))

    def _messages(self, name: str) -> Iterator[tuple[str, str]]:
        for line in self._services.log.read_text(encoding="utf-8").splitlines():
            message = json.loads(line)
            if message["organization"] == name:
                yield message["recipient"], message["text"]

    def _wrong(self, name: str, received: Mapping[str, int]) -> Iterator[str]:
        for recipient, number in received.items():
            if number > 1:
                yield f"{recipient} has received the report {number} times"
        query = "SELECT channel, recipient FROM deliveries WHERE organization = %s AND state = 'sent'"
        with psycopg.connect(self._ledger.replace("+psycopg", "")) as connection:
            for channel, address in connection.execute(query, [name]):
                recipient = address.partition("@")[0] if channel == "email" else "channel"
                if not received.get(recipient):
                    yield f"the ledger has the message to {recipient} as sent, but it did not arrive"


def _wait_for_process(run_id: str) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while not processes_of_run(run_id) and time.monotonic() < deadline:
        time.sleep(0.05)


def table(deaths: list[Death]) -> str:
    """Return the table of the outcomes, as Markdown."""
    columns = ("sent", "run", "watchdog", "silent")
    lines = [
        "| killed | deaths | report sent | notice by run or worker | notice by the watchdog | silent | sent twice |",
        "| --- | --: | --: | --: | --: | --: | --: |",
    ]
    for victim in (*VICTIMS, "all"):
        of_victim = [death for death in deaths if victim in (death.victim, "all")]
        outcomes = Counter(death.outcome for death in of_victim)
        twice = sum(max(death.received.values(), default=0) > 1 for death in of_victim)
        counts = (len(of_victim), *(outcomes[column] for column in columns), twice)
        lines.append(f"| {victim} | {' | '.join(map(str, counts))} |")
    return "\n".join(lines)


def strike_all(lane: int, victims: dict[int, str], seed: int) -> list[Death]:
    """Start what runs need, kill one victim after the other, and return what came of each death.

    Args:
        lane: The number of the lane.
        victims: The victims by the number of the death.
        seed: Decides about the instants.
    """
    deaths: list[Death] = []
    with tempfile.TemporaryDirectory(prefix="deaths-") as folder, services(Path(folder)) as everything:
        os.environ.update(everything.environment)
        with (
            sandbox(Size(60, 3), 0.0) as api,
            temporary_settings({PREFECT_API_URL: everything.environment["PREFECT_API_URL"]}),
            get_client(sync_client=True) as client,
        ):
            logging.disable(logging.CRITICAL)
            create_work_pool(client, POOL)
            strikes = Deaths(everything, api.base_url, seed + lane)
            print(f"Lane {lane}: an undisturbed run takes {strikes.measure(client):.1f} s", flush=True)
            begin = time.monotonic()
            for number, victim in victims.items():
                death = strikes.strike(client, f"org-{number:03}", victim)
                deaths.append(death)
                print(f"{time.monotonic() - begin:5.0f} s {number:3} {_line(death)}", flush=True)
    return deaths


def _line(death: Death) -> str:
    told = f"{death.told_by} after {death.told_after.total_seconds():.0f} s" if death.told_by else "nobody"
    details = "; ".join((*death.problems, *death.wrong))
    return (
        f"{death.outcome:8} {death.victim} killed after {death.instant:.1f} s: {death.state}, "
        f"{sum(death.received.values())} received, notice by {told} {details}"
    )


def main() -> None:
    """Strike, and print the table."""
    parser = argparse.ArgumentParser(description="Kill what a run needs, and check that no death is silent.")
    parser.add_argument("--deaths", type=int, default=100, help="number of deaths (default: 100)")
    parser.add_argument("--lanes", type=int, default=2, help="how many at a time, each with its servers (default: 2)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="decides about the instants")  # noqa: S311 - nothing is secret
    arguments = parser.parse_args()
    print(f"{arguments.deaths} deaths with --seed {arguments.seed} --lanes {arguments.lanes}", flush=True)
    victims = [VICTIMS[each % len(VICTIMS)] for each in range(arguments.deaths)]
    random.Random(arguments.seed).shuffle(victims)  # noqa: S311 - nothing is secret
    numbered = dict(enumerate(victims, 1))
    with ProcessPoolExecutor(arguments.lanes) as pool:
        lanes = [
            pool.submit(strike_all, lane, dict(list(numbered.items())[lane :: arguments.lanes]), arguments.seed)
            for lane in range(arguments.lanes)
        ]
        deaths = [death for lane in lanes for death in lane.result()]
    latest = max((death.told_after for death in deaths if death.outcome == "watchdog"), default=timedelta())
    print(
        f"\n{table(deaths)}\n\nLatest notice by the watchdog: {latest.total_seconds() / 60:.1f} minutes after the death"
    )
    raise SystemExit(any(death.outcome == "silent" or death.wrong for death in deaths))


if __name__ == "__main__":
    main()
