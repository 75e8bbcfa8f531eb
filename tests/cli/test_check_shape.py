"""`check --shape` writes the shape of the responses into a new private file, without a value of the organization."""

import json
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from cli.main import status
from cli.write_shape import writing_shape
from tabnine_report.runs import clock
from tabnine_report.sandbox.server import DEFAULT_TOKEN, RunningSandbox, serve_sandbox
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.exchange import Exchange


def profile_in(folder: Path, base_url: str) -> str:
    profile = folder / "acme.toml"
    profile.write_text(
        f'name = "acme"\ntime_zone = "UTC"\n[usage_api]\nbase_url = "{base_url}"\ntoken = "{DEFAULT_TOKEN}"\n'
        '[privacy]\npeople = "lists"\n[folder]\npath = "outbox"\n[archive]\nledger_durable = true\n',
        encoding="utf-8",
    )
    return str(profile)


def check(folder: Path, sandbox: RunningSandbox, file: Path) -> int:
    return status(["check", "--profile", profile_in(folder, sandbox.base_url), "--shape", str(file)])


def test_the_file_is_private_and_contains_no_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, world = tmp_path / "shape.json", World(users=137, teams=11)
    with serve_sandbox(world, now=clock.now, faults=["license=503*1"]) as sandbox:
        assert check(tmp_path, sandbox, file) == 0
    assert f"Wrote the structure of the API's responses to {file}." in capsys.readouterr().out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text(encoding="utf-8")
    people = [value for person in world.identities for value in (person.id, person.email)]
    assert [value for value in [world.id, *people, DEFAULT_TOKEN, "127.0.0.1", "137"] if value in text] == []
    requests = {request["path"]: request for request in json.loads(text)["answers"]}
    assert requests["/api/v1/license"]["statuses"] == [{"status": 503, "times": 1}, {"status": 200, "times": 1}]
    (teams,) = (each for each in requests["/api/v1/organization/teams"]["responses"] if each["status"] == 200)
    assert teams["body"]["fields"]["data"]["rows"] in {10, 100}


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("shape.json", "shape.json exists and is not overwritten. Choose another file, or remove it."),
        ("missing/shape.json", "missing/shape.json cannot be created: No such file or directory. Choose another file."),
    ],
)
def test_a_file_that_cannot_be_new_is_wrong_usage_before_the_first_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, problem: str
) -> None:
    (tmp_path / "shape.json").write_text("kept", encoding="utf-8")
    with serve_sandbox(World(users=10, teams=2), now=clock.now) as sandbox:
        assert check(tmp_path, sandbox, tmp_path / name) == 2
        assert sandbox.requests.entries == []
    assert problem in capsys.readouterr().err
    assert (tmp_path / "shape.json").read_text(encoding="utf-8") == "kept"


def test_the_shape_of_failing_answers_is_written(tmp_path: Path) -> None:
    file = tmp_path / "shape.json"
    with serve_sandbox(
        World(users=10, teams=2), now=clock.now, faults=["license=shape", "organization/users=reset*1"]
    ) as sandbox:
        assert check(tmp_path, sandbox, file) == 1
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["endpoints"]["/api/v1/license"] == "partial"
    users = [request for request in found["answers"] if request["path"] == "/api/v1/organization/users"]
    assert [run["status"] for request in users for run in request["statuses"]].count(None) == 1


def test_the_answers_before_an_error_are_written(tmp_path: Path) -> None:
    file = tmp_path / "shape.json"
    with suppress(RuntimeError), writing_shape(file) as shapes:
        shapes.add(Exchange(Endpoint.LICENSE, {}, 0.1, 200, {}, b"{}"))
        raise RuntimeError
    assert len(json.loads(file.read_text(encoding="utf-8"))["answers"]) == 1
