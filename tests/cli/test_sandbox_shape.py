"""`sandbox --shape` reproduces the responses that `check --shape` recorded elsewhere."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.main import status
from tabnine_report.runs import clock
from tabnine_report.sandbox.quirks import Quirks
from tabnine_report.sandbox.server import DEFAULT_TOKEN, serve_sandbox
from tabnine_report.sandbox.shape_file import read_shape_file
from tabnine_report.sandbox.world import World


def check(folder: Path, base_url: str, file: Path) -> tuple[int, dict[str, Any]]:
    """Write the shape of the responses at an address; return the exit status and the file without measurements."""
    profile = folder / "acme.toml"
    profile.write_text(
        f'name = "acme"\ntime_zone = "UTC"\n[usage_api]\nbase_url = "{base_url}"\ntoken = "{DEFAULT_TOKEN}"\n'
        '[privacy]\npeople = "lists"\n[folder]\npath = "outbox"\n[archive]\nledger_durable = true\n',
        encoding="utf-8",
    )
    exit_status = status(["check", "--profile", str(profile), "--shape", str(file)])
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    for request in found["answers"]:
        for responses in request["responses"]:
            for name in ("bytes", "seconds", "headers"):
                del responses[name]
    return exit_status, found


def test_a_fault_is_reproduced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quirks = Quirks(agent_usage_licensed=False, denied=frozenset({"instance/permissions"}), last_page="absent")
    faults = ["license=503*1", "organization/account-utilizations=shape", "v2/team/usage=html"]
    with serve_sandbox(World(users=130, teams=12), now=clock.now, faults=faults, quirks=quirks) as sandbox:
        recorded = check(tmp_path, sandbox.base_url, tmp_path / "recorded.json")
    # The current day decides how many rows there are.
    fault = re.compile(r"Unreadable: 1 of \d+ rows, the first because of its month\.")
    assert fault.search(capsys.readouterr().out)

    program = "from cli.main import main; main()"
    shape = str(tmp_path / "recorded.json")
    command = [sys.executable, "-c", program, "sandbox", "--port", "0", "--shape", shape]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            base_url = server.stdout.readline().split()[3]
            again = check(tmp_path, base_url, tmp_path / "again.json")
        finally:
            server.terminate()
    assert again == recorded
    assert fault.search(capsys.readouterr().out)


def test_an_installation_that_denies_a_version_of_usage_is_reproduced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """There, version 1 was frozen, so that no usage of teams was queried; the invented usage is not."""
    with serve_sandbox(World(users=130, teams=12), now=clock.now, faults=["v2/organization/usage=403"]) as sandbox:
        _, recorded = check(tmp_path, sandbox.base_url, tmp_path / "recorded.json")
    assert recorded["endpoints"]["/api/v1/team/usage"] == "not queried"
    capsys.readouterr()
    with serve_sandbox(now=clock.now, shape=read_shape_file(tmp_path / "recorded.json")) as sandbox:
        check(tmp_path, sandbox.base_url, tmp_path / "again.json")

    output = capsys.readouterr().out
    assert "FAILED usage-v2 " in output
    assert "ok     team-usage-v1 " in output
    assert "404" not in output


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read: No such file or directory."),
        ("[]", "is not a shape file: the file: Input should be an object."),
        ('{"shape_version": 2}', "is not a shape file: shape_version: Input should be 1."),
    ],
)
def test_a_file_that_is_not_a_shape_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, problem: str
) -> None:
    file = tmp_path / "shape.json"
    if content:
        file.write_text(content, encoding="utf-8")
    assert status(["sandbox", "--port", "0", "--shape", str(file)]) == 2
    assert problem in capsys.readouterr().err
