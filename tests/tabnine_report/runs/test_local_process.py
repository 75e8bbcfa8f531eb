"""A program in the background is identified by its process and start, and stopped once its children have finished."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.up import _running
from tabnine_report.model.errors import ReportingError
from tabnine_report.runs import local_process
from tabnine_report.runs.local_process import LocalProcess, create_state_folder, is_port_free

# The program runs on while the test has no handle of it, as it does after the command has ended.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")

SLEEP = "import time; print('ready', flush=True); time.sleep(60)"
# Creates a file when it is asked to stop.
CAREFUL = """
import pathlib, signal, sys, time
def stop(*_):
    pathlib.Path(sys.argv[1]).write_text("asked")
    sys.exit()
signal.signal(signal.SIGTERM, stop)
print("ready", flush=True)
time.sleep(60)
"""
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time, sys; time.sleep(60)"])
print("ready", child.pid, flush=True)
child.wait()
time.sleep(60)
"""


@pytest.fixture
def process(tmp_path: Path) -> Iterator[LocalProcess]:
    process = LocalProcess("worker", tmp_path)
    yield process
    if record := process.running():
        os.kill(record["pid"], signal.SIGKILL)


def start(process: LocalProcess, code: str, *arguments: str, **details: object) -> int:
    process.start([sys.executable, "-c", code, *arguments], os.environ, **details)
    process.wait_until(lambda: "ready" in process.log.read_text(encoding="utf-8"), 60)
    record = process.running()
    assert record
    pid: int = record["pid"]
    return pid


def test_a_program_is_found_again_with_its_details_and_stopped_once(process: LocalProcess, tmp_path: Path) -> None:
    pid = start(process, CAREFUL, str(tmp_path / "asked"), port=4300)

    again = LocalProcess("worker", tmp_path)
    assert again.running() == {"pid": pid, "started": local_process._start_of(pid), "port": 4300}
    assert again.was_started()
    assert again.stop(lambda: None)

    assert (tmp_path / "asked").read_text(encoding="utf-8") == "asked"
    assert process.running() is None
    assert not process.stop(lambda: None)


@pytest.mark.parametrize(
    "record",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"pid": "x", "started": "1"}',
        '{"pid": 999999999, "started": "1"}',
        # Another process has the ID now.
        json.dumps({"pid": os.getpid(), "started": "1"}),
        json.dumps({"pid": os.getpid(), "started": None}),
    ],
    # The processes of a test run have to agree on the names of the tests.
    ids=["empty", "cut off", "a list", "no keys", "no number", "no such process", "another process", "no start"],
)
def test_a_stale_file_counts_as_stopped_and_is_removed(process: LocalProcess, tmp_path: Path, record: str) -> None:
    file = tmp_path / "worker.json"
    file.write_text(record, encoding="utf-8")
    assert process.running() is None
    assert process.was_started() == ("started" in record)
    assert not process.stop(lambda: pytest.fail("there is nothing to wait for"))
    assert not process.was_started()
    assert not file.exists()


def test_a_program_that_ends_while_it_starts_is_reported_with_the_end_of_its_log(process: LocalProcess) -> None:
    process.start([sys.executable, "-c", "print('no database')"], os.environ)
    with pytest.raises(
        ReportingError, match=r"(?s)The worker stopped while it started.*worker\.log:\n\n    no database"
    ):
        process.wait_until(lambda: False, 60)


def test_a_program_that_was_asked_to_stop_does_not_count_as_started(process: LocalProcess, tmp_path: Path) -> None:
    file = tmp_path / "worker.json"
    file.write_text(json.dumps({"pid": os.getpid(), "started": "1", "stopping": True}), encoding="utf-8")
    assert not process.was_started()


def test_a_program_that_is_not_ready_in_time_is_reported(process: LocalProcess) -> None:
    start(process, SLEEP)
    with pytest.raises(ReportingError, match="The worker is not ready after 0 seconds"):
        process.wait_until(lambda: False, 0)


def test_a_program_is_asked_to_stop_after_its_children_have_finished(
    process: LocalProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_process, "_PATIENCE_SECONDS", 0)
    pid = start(process, PARENT)
    child = int(process.log.read_text(encoding="utf-8").split()[1])
    notices = []

    def end_child() -> None:
        notices.append(process.running())
        os.kill(child, signal.SIGKILL)

    assert process.stop(end_child, finish_children=True)

    (record,) = notices
    assert record is not None
    assert (record["pid"], "stopping" in record) == (pid, False)


def test_a_program_that_is_already_stopping_is_not_asked_again(
    process: LocalProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_process, "_PATIENCE_SECONDS", 0)
    pid = start(process, CAREFUL, str(tmp_path / "asked"))
    file = tmp_path / "worker.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | {"stopping": True}), encoding="utf-8")

    assert process.stop(lambda: os.kill(pid, signal.SIGKILL))

    assert not (tmp_path / "asked").exists()


def test_a_port_is_free_until_a_program_listens(unused_tcp_port_factory: Callable[[], int]) -> None:
    import socket  # noqa: PLC0415 - only this test listens

    port = unused_tcp_port_factory()
    assert is_port_free(port)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        assert not is_port_free(port)


def test_the_files_are_in_prefect_s_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    assert create_state_folder() == tmp_path / "home" / "tabnine-report"


def test_only_linux_is_supported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_process, "_PROC", tmp_path / "none")
    with pytest.raises(ReportingError, match="Only on Linux"):
        create_state_folder()


def test_a_program_that_ignores_the_request_is_killed(process: LocalProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_process, "_STOP_SECONDS", 0)
    start(process, "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP)
    assert process.stop(lambda: None)
    assert process.running() is None


def test_up_waits_for_what_an_interrupted_down_is_stopping(process: LocalProcess, tmp_path: Path) -> None:
    start(process, CAREFUL, str(tmp_path / "asked"))
    assert _running(process) is not None
    record = process.running()
    assert record
    (tmp_path / "worker.json").write_text(json.dumps(record | {"stopping": True}), encoding="utf-8")
    os.kill(record["pid"], signal.SIGTERM)
    assert _running(process) is None
    assert not (tmp_path / "worker.json").exists()
