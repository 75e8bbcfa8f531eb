"""A process that something keeps alive ends in time, with the status of its run."""

import subprocess
import sys

import pytest

KEPT_ALIVE = """
import threading
from tabnine_report.runs.process_end import ProcessEnd

end = ProcessEnd()
{first}
end.within({seconds}, 3, "The Prefect server did not respond.")
{then}
"""
WAITING_THREAD = "threading.Thread(target=threading.Event().wait).start()"


def run(first: str, then: str, seconds: float = 0.1) -> tuple[int, str]:
    program = KEPT_ALIVE.format(first=first, then=then, seconds=seconds)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, ended.stderr


def test_a_thread_that_waits_does_not_keep_the_process_alive() -> None:
    assert run("end.own()", WAITING_THREAD) == (3, "The Prefect server did not respond.\n")


def test_a_later_time_replaces_an_earlier_one() -> None:
    assert run("end.own()\nend.within(0.1, 1, 'too early')", WAITING_THREAD, 0.3)[0] == 3


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_the_process_ends_even_if_nobody_reads_its_output(stream: str) -> None:
    full = f"import sys\nsys.{stream} = open('/dev/full', 'w')\nsys.{stream}.write('text')\nend.own()"
    assert run(full, WAITING_THREAD)[0] == 3


def test_a_process_with_further_purposes_goes_on() -> None:
    assert run("", "threading.Event().wait(0.3)", 0.01) == (0, "")
