"""`run --release` in real processes: a withheld report is delivered once, and only after a person released it."""

import subprocess
import sys
from pathlib import Path

import pytest
from measured_processes import unmeasured
from prefect.settings import PREFECT_API_URL
from profile_file import write_profile
from receivers import Webhook

from tabnine_report.runs import clock
from tabnine_report.runs.release import operating_system_user
from tabnine_report.sandbox.server import serve_sandbox
from tabnine_report.sandbox.world import World

COMMAND = Path(sys.executable).with_name("tabnine-report")


@pytest.mark.usefixtures("_prefect")
def test_a_withheld_report_is_delivered_by_the_command_that_releases_it(
    channel: Webhook, admins: Webhook, tmp_path: Path
) -> None:
    server = PREFECT_API_URL.value()
    assert server
    others = {name: value for name, value in unmeasured().items() if not name.startswith("PREFECT_")}
    environment = others | {"PREFECT_API_URL": server, "PREFECT_HOME": str(tmp_path / "prefect")}

    def run(*options: str, **variables: str) -> tuple[int, str]:
        command = [str(COMMAND), "run", "--profile", profile, *options]
        finished = subprocess.run(command, capture_output=True, text=True, env=environment | variables, check=False)
        return finished.returncode, finished.stdout + finished.stderr

    with serve_sandbox(World(users=60, teams=3), now=clock.now) as sandbox:
        more = (
            f'[report]\nrelease = "after_approval"\n[folder]\npath = "outbox"\n'
            f'[slack]\nwebhook_url = "{channel.url}"\n[admins]\nslack_webhook_url = "{admins.url}"'
        )
        profile = write_profile(tmp_path, more, base_url=sandbox.base_url, token=sandbox.token)
        withheld, withheld_output = run()
        notices, requests = admins.text(), len(sandbox.requests.entries)
        assert (withheld, channel.payloads) == (3, []), withheld_output
        released, released_output = run("--release")
        again, again_output = run("--release", PYTHONPROFILEIMPORTTIME="1")

    assert "--release" in notices
    assert "was stopped" not in admins.text()
    assert (released, again) == (0, 0), released_output + again_output
    assert f"Revision 1 was released by {operating_system_user()} on " in released_output
    assert "This run sent nothing." in again_output
    # Importing Prefect's server takes as long as all other imports. A run with a configured server does not need it.
    assert "prefect.client" in again_output
    assert "prefect.server" not in again_output
    assert len(channel.payloads) == len(list((tmp_path / "outbox").iterdir())) == 1
    # A release sends what was reviewed: it fetches nothing.
    assert len(sandbox.requests.entries) == requests
