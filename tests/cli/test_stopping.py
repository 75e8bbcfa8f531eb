"""A stopped run reports that it was stopped, leaves no process behind, and shows no output of Prefect."""

import os
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from measured_processes import COMMAND_WITHOUT_MEASURED_CHILDREN
from prefect_database import create_database
from profile_file import write_profile

HANGS_SECONDS = 240
"""Only ends a run that hangs: on a busy machine, the Prefect server of a run takes minutes to start."""


@pytest.mark.parametrize(
    ("stop_signal", "status", "message"), [(signal.SIGINT, 130, "Stopped.\n"), (signal.SIGTERM, 143, "Stopped.\n")]
)
def test_a_run_that_is_stopped_while_fetching_ends_with_its_server(
    stop_signal: signal.Signals, status: int, message: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Ctrl+C reaches every process of a terminal; SIGTERM reaches only the command."""
    create_database(tmp_path / "prefect", tmp_path_factory)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(HANGS_SECONDS)
        profile = write_profile(tmp_path, base_url=f"http://127.0.0.1:{silent.getsockname()[1]}")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        run = subprocess.Popen(
            [*COMMAND_WITHOUT_MEASURED_CHILDREN, "run", "--profile", profile],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment | {"PREFECT_HOME": str(tmp_path / "prefect")},
            start_new_session=True,
        )
        try:
            connection, _ = silent.accept()
            with connection:
                (os.killpg if stop_signal is signal.SIGINT else os.kill)(run.pid, stop_signal)
                out, err = run.communicate(timeout=HANGS_SECONDS)
            assert (run.returncode, out, err) == (status, "", message)
            with pytest.raises(ProcessLookupError):
                os.killpg(run.pid, 0)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
            run.communicate()
