"""Every command of docs/operations.md runs, in the order of the guide, as an operator types them.

One Prefect server and one worker for all, a sandbox, a mail server, and a webhook for the admins.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from guide import NOT_RUN, OPERATIONS, code_blocks, commands
from postgresql import free_port
from receivers import Mail, Webhook

from cli.local_process import LocalProcess
from tabnine_report.model.month import Month
from tabnine_report.sandbox.server import serve_sandbox

pytestmark = [pytest.mark.guide, pytest.mark.timeout(3600)]

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
STATUSES = {"watch": (0, 3), "--as sent": (1, 2), "--as failed": (1, 2)}
"""The exit statuses of commands other than 0: a problem may be open, and nothing is left to settle."""


class Operator:
    """A shell with the environment of an operator.

    Args:
        folder: The current folder; its `profiles/` has the profiles.
        texts: What the guide's examples are replaced by.
    """

    def __init__(self, folder: Path, texts: dict[str, str]) -> None:
        self._folder = folder
        self._texts = texts
        others = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        self.environment = others | {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "PREFECT_HOME": str(folder / "home"),
            "TABNINE_REPORT_PROFILES": str(folder / "profiles"),
            "VENV": str(BIN.parent),
        }

    def type(self, command: str) -> None:
        """Run a command, and check its exit status."""
        line = command
        for text, other in self._texts.items():
            line = line.replace(text, other)
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            self.environment[name] = value
            return
        print(f"$ {line}", flush=True)  # noqa: T201 - pytest shows the commands before the one that failed
        shell = ["/bin/sh", "-c", line]
        done = subprocess.run(shell, cwd=self._folder, env=self.environment, stdin=subprocess.DEVNULL, check=False)
        expected = next((statuses for part, statuses in STATUSES.items() if part in command), (0,))
        assert done.returncode in expected, command


@pytest.fixture
def mail_port() -> Iterator[int]:
    port = free_port()
    controller = Controller(Mail(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


@pytest.fixture
def operator(tmp_path: Path, admins: Webhook, mail_port: int, unused_tcp_port: int) -> Iterator[Operator]:
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    (profiles / "demo.toml").write_bytes((ROOT / "profiles" / "demo.toml").read_bytes())
    month = str(Month.last_final(datetime.now(UTC), ZoneInfo("Europe/Berlin"), 1))
    address = f"http://127.0.0.1:{unused_tcp_port}"
    with serve_sandbox(now=lambda: datetime.now(UTC)) as sandbox:
        init = (
            f"init --name acme --time-zone Europe/Berlin --base-url {sandbox.base_url} --recipient cto@acme.example "
            f"--mail-host 127.0.0.1 --mail-port {mail_port} --mail-security none --sender reports@acme.example "
            "--admin-slack"
        )
        texts = {
            "make up": f"make -C {ROOT} up PORT={unused_tcp_port}",
            "make down": f"make -C {ROOT} down",
            "~/.prefect": str(tmp_path / "home"),
            "http://127.0.0.1:4200": address,
            "https://prefect.acme.example": address,
            "tabnine-report init": f"tabnine-report {init}",
            ".venv/bin/": "",
            "*/10 * * * * cd /opt/tabnine-report": f"cd {ROOT}",
            "2026-10": month,
            "first=2026-01": f"first={month}",
        }
        operator = Operator(tmp_path, texts)
        operator.environment |= {"TABNINE_TOKEN": sandbox.token, "ADMIN_SLACK_WEBHOOK_URL": admins.url}
        yield operator
        for name in ("worker", "server"):
            if record := LocalProcess(name, tmp_path / "home" / "tabnine-report").running():
                os.killpg(record["pid"], signal.SIGKILL)


def test_every_command_of_the_guide_runs(operator: Operator, tmp_path: Path, admins: Webhook) -> None:
    for command in commands(OPERATIONS):
        if command not in NOT_RUN:
            operator.type(command)
    for number, block in enumerate(block for block in code_blocks(OPERATIONS) if block.startswith("automations:")):
        (tmp_path / f"{number}.yaml").write_text(block, encoding="utf-8")
        operator.type(f"prefect automation create --from-file {number}.yaml")
    operator.type("tabnine-report down")
    assert "PREVIEW" in admins.text()


def test_the_command_of_a_worker_has_the_options_of_the_guide() -> None:
    """The only command that is not run although it could be: it would not end."""
    command = [str(BIN / "prefect"), "worker", "start", "--help"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert {"--pool", "--limit"} <= set(re.findall(r"--[a-z]+", printed))
