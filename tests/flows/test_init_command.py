"""At a terminal, `init` asks, stores secrets in Prefect, writes the profile, checks it, and sends a preview."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prefect.blocks.system import Secret
from prefect.settings import PREFECT_API_URL
from receivers import Webhook

from tabnine_report.sandbox.server import DEFAULT_TOKEN, RunningSandbox, serve_sandbox
from tabnine_report.sandbox.world import World

COMMAND = Path(sys.executable).with_name("tabnine-report")


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """Serve the API with the machine's clock, which the command uses."""
    with serve_sandbox(World(users=60, teams=3), now=lambda: datetime.now(UTC)) as running:
        yield running


@pytest.mark.usefixtures("_prefect")
def test_a_person_answers_the_questions_and_sends_a_preview(
    sandbox: RunningSandbox, admins: Webhook, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "PREFECT_API_URL": str(PREFECT_API_URL.value()),
        "TABNINE_REPORT_PROFILES": str(tmp_path),
        "ADMIN_SLACK_WEBHOOK_URL": admins.url,
        "COLUMNS": "200",
    }
    answers = [
        ("Short name", "Acme Ltd"),
        ("invalid format", None),
        ("Short name", "acme"),
        ("console", sandbox.base_url),
        ("Time zone", "Mars"),
        ("not an IANA time zone", None),
        ("Time zone", "Europe/Berlin"),
        ("the executives", ""),
        ("the admins", ""),
        ("Deliver the report", "n"),
        ("Notify the admins", "y"),
        ("Token", DEFAULT_TOKEN),
        ("All checks passed", None),
        ("preview", "y"),
        ("tabnine-report deploy", None),
    ]

    exit_status, screen = answer([str(COMMAND), "init"], answers, environment)

    assert exit_status == 0
    assert DEFAULT_TOKEN not in screen
    assert Secret.load("acme-tabnine-token", _sync=True).get() == DEFAULT_TOKEN  # type: ignore[call-arg, union-attr]
    assert 'token = "${secret:acme-tabnine-token}"' in (tmp_path / "acme.toml").read_text(encoding="utf-8")
    assert "PREVIEW" in admins.text()


def answer(
    command: list[str], answers: Iterable[tuple[str, str | None]], environment: dict[str, str]
) -> tuple[int, str]:
    """Run a command at a terminal; wait for each text and type its answer, if any. Return exit status and screen."""
    terminal, inside = pty.openpty()
    process = subprocess.Popen(command, stdin=inside, stdout=inside, stderr=inside, env=environment)
    os.close(inside)
    screen, read_to = "", 0
    try:
        for text, typed in answers:
            while (found := screen.find(text, read_to)) < 0:
                screen += os.read(terminal, 1 << 16).decode(errors="replace")
            read_to = found + len(text)
            if typed is not None:
                os.write(terminal, f"{typed}\n".encode())
        return process.wait(), screen
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
