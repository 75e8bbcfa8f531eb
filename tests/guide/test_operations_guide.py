"""Every command of docs/operations.md runs, in the order of the guide, as an operator types them.

One Prefect server and one worker for all, a sandbox, a mail server, and a webhook for the admins.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from guide import NOT_RUN, OPERATIONS, code_blocks, command_blocks
from postgresql import free_port
from receivers import Mail, Webhook

from tabnine_report.model.month import Month
from tabnine_report.runs.local_process import LocalProcess
from tabnine_report.sandbox.server import serve_sandbox

pytestmark = [pytest.mark.guide, pytest.mark.timeout(3600)]

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
STATUSES = {"watch": (0, 3)}
"""The exit statuses of commands other than 0: a problem may be open."""
INTERACTIVE_INIT = "tabnine-report init"
UNATTENDED_INIT = "tabnine-report init --name"
"""Both write the same profile: the first one asks in a terminal, so the test adds the answers as options."""
READER = "cto@acme.example"
WORKER_SECONDS = 60


class Operator:
    """A shell with the environment of an operator.

    Args:
        project: The clone of the project; its `profiles/` has the profiles.
        home: Prefect's home.
        texts: What the guide's examples are replaced by.
        answers: The options of the command that would ask.

    Attributes:
        folder: The current folder.
    """

    def __init__(self, project: Path, home: Path, texts: dict[str, str], answers: str) -> None:
        self.folder = project
        self._texts = texts
        self._answers = answers
        others = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        self.environment = others | {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "PREFECT_HOME": str(home),
            "TABNINE_REPORT_PROFILES": str(project / "profiles"),
            "VENV": str(BIN.parent),
        }

    def type(self, command: str, expected: tuple[int, ...] = (0,)) -> None:
        """Run a command, and check its exit status."""
        line = self._line(command)
        match line.partition(" "):
            case "export", _, variable:
                name, _, value = variable.partition("=")
                self.environment[name] = value
            case "cd", _, folder:
                self.folder /= folder
            case _:
                done = subprocess.run(**self._shell(line), check=False)
                assert done.returncode in expected, command

    def start(self, command: str) -> subprocess.Popen[bytes]:
        """Start a command that runs until it is stopped."""
        return subprocess.Popen(**self._shell(f"exec {self._line(command)}"))

    def _line(self, command: str) -> str:
        line = f"{command} {self._answers}" if command == INTERACTIVE_INIT else command
        for text, other in self._texts.items():
            line = line.replace(text, other)
        print(f"$ {line}", flush=True)  # noqa: T201 - pytest shows the commands before the one that failed
        return line

    def _shell(self, line: str) -> dict[str, Any]:
        return {
            "args": ["/bin/sh", "-c", line],
            "cwd": self.folder,
            "env": self.environment,
            "stdin": subprocess.DEVNULL,
        }


@pytest.fixture
def mail() -> Iterator[Mail]:
    """Start a mail server that offers a login, and rejects a wrong one."""
    mail = Mail(port=free_port())

    def log_in(*arguments: Any) -> AuthResult:
        login = arguments[-1]
        return AuthResult(success=(login.login, login.password) == (b"reports", b"hush"))

    options: dict[str, Any] = {"authenticator": log_in, "auth_require_tls": False}
    controller = Controller(mail, hostname="127.0.0.1", port=mail.port, **options)
    controller.start()
    yield mail
    controller.stop()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a clone of the project, as an operator has one; its origin has the tracked files of this one."""
    origin, clone = tmp_path / "origin", tmp_path / "project"
    commit = "git -c user.name=Operator -c user.email=operator@acme.example commit --quiet --message Files"
    for command in (
        f"git init --quiet --initial-branch main {origin}",
        f"git -C {ROOT} ls-files -z | tar -C {ROOT} -cf - --null -T - | tar -xf - -C {origin}",
        f"cd {origin} && git add --all --force && {commit}",
        f"git clone --quiet {origin} {clone}",
    ):
        subprocess.run(["/bin/sh", "-c", command], check=True)
    (clone / "deploy" / "profiles.env").write_text("SMTP_PASSWORD=hush\n", encoding="utf-8")
    return clone


@pytest.fixture
def operator(tmp_path: Path, project: Path, admins: Webhook, mail: Mail, unused_tcp_port: int) -> Iterator[Operator]:
    home = tmp_path / "home"
    month = str(Month.last_final(datetime.now(UTC), ZoneInfo("Europe/Berlin"), 1))
    address = f"http://127.0.0.1:{unused_tcp_port}"
    with serve_sandbox(now=lambda: datetime.now(UTC)) as sandbox:
        relay = f"--base-url {sandbox.base_url} --mail-host 127.0.0.1 --mail-port {mail.port} --mail-security none"
        answers = f"--name acme --time-zone Europe/Berlin --recipient {READER} {relay} --mail-user reports"
        texts = {
            "make up": f"make -C {ROOT} up PORT={unused_tcp_port}",
            "make down": f"make -C {ROOT} down",
            "~/.prefect": str(home),
            "http://127.0.0.1:4200": address,
            "https://prefect.acme.example": address,
            "--mail-host smtp.acme.example": relay,
            ".venv/bin/": "",
            "*/10 * * * * cd /opt/tabnine-report": f"cd {ROOT}",
            "2026-10": month,
            "first=2026-01": f"first={month}",
        }
        operator = Operator(project, home, texts, f"{answers} --sender reports@acme.example --admin-slack")
        operator.environment |= {
            "TABNINE_TOKEN": sandbox.token,
            "SMTP_PASSWORD": "hush",
            "ADMIN_SLACK_WEBHOOK_URL": admins.url,
        }
        yield operator
        for name in ("watchdog", "worker", "server"):
            if record := LocalProcess(name, home / "tabnine-report").running():
                os.killpg(record["pid"], signal.SIGKILL)


def test_every_command_of_the_guide_runs(operator: Operator, project: Path, mail: Mail, admins: Webhook) -> None:
    for block in command_blocks(OPERATIONS):
        operator.folder = project
        for command in block:
            if command in NOT_RUN:
                continue
            if command.startswith(UNATTENDED_INIT):
                (project / "profiles" / "acme.toml").unlink()  # the guide offers two ways to write it
            if command.endswith(("--as sent", "--as failed")):
                make_unconfirmed(operator, mail)
            if "prefect worker start" in command:
                start_worker(operator, command)
            else:
                operator.type(command, next((statuses for part, statuses in STATUSES.items() if part in command), (0,)))
    operator.folder = project
    automations = (block for block in code_blocks(OPERATIONS) if block.startswith("automations:"))
    for number, text in enumerate(automations):
        (project / f"{number}.yaml").write_text(text, encoding="utf-8")
        operator.type(f"prefect automation create --from-file {number}.yaml")
    operator.type("tabnine-report down")
    assert any("PREVIEW" in message["Subject"] for _, message in mail.messages)
    assert "the report for" in admins.text()


def make_unconfirmed(operator: Operator, mail: Mail) -> None:
    """Send the report again; the mail server's connection breaks before it confirms the message."""
    mail.unconfirmed.add(READER)
    operator.type("tabnine-report run --profile acme --month 2026-10 --delivery everyone", expected=(3,))
    mail.unconfirmed.clear()


def start_worker(operator: Operator, command: str) -> None:
    """Start a worker until it is online, beside that of `make up`."""
    workers = f"{operator.environment['PREFECT_API_URL']}/work_pools/reports/workers/filter"

    def online() -> set[str]:
        found = httpx.post(workers, json={}).raise_for_status().json()
        return {worker["name"] for worker in found if worker["status"] == "ONLINE"}

    before = online()
    worker = operator.start(command)
    try:
        deadline = time.monotonic() + WORKER_SECONDS
        while not online() - before:
            assert worker.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.5)
    finally:
        worker.terminate()
        worker.wait(WORKER_SECONDS)
