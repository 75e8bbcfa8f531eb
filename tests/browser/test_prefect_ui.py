"""A person operates the reports in Prefect's pages: runs another month by a form, answers it, and sees what happened.

`make ui-pictures` takes the pictures of docs/operations.md meanwhile.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prefect_ui import PrefectUi, form_links, open_ui
from profile_file import write_profile
from receivers import Webhook

from tabnine_report.model.month import Month
from tabnine_report.sandbox.server import serve_sandbox

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]

COMMAND = Path(sys.executable).with_name("tabnine-report")
MOST_BYTES = 150_000
ACTION = "Reassign or deactivate inactive accounts"
MORE = """
[report]
release = "after_approval"
[folder]
path = "outbox"
[admins]
slack_webhook_url = "{url}"
"""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Return the folder of the pictures: that of the documentation if `make ui-pictures` wants it."""
    folder = Path(os.environ.get("UI_PICTURES") or tmp_path / "pictures")
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def ui(tmp_path: Path, admins: Webhook, unused_tcp_port: int) -> Iterator[PrefectUi]:
    """Type `tabnine-report up`, and open its address in the browser."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    home = tmp_path / "home"
    environment = others | {"PREFECT_HOME": str(home), "TABNINE_REPORT_PROFILES": str(tmp_path)}
    with serve_sandbox(now=lambda: datetime.now(UTC)) as sandbox:
        more = MORE.format(url=admins.url)
        write_profile(tmp_path, more, base_url=sandbox.base_url, token=sandbox.token)
        try:
            subprocess.run([COMMAND, "up", "--port", str(unused_tcp_port)], env=environment, check=True)
            with open_ui(f"http://127.0.0.1:{unused_tcp_port}") as pages:
                yield pages
            subprocess.run([COMMAND, "down"], env=environment, check=True)
        finally:
            for file in (home / "tabnine-report").glob("*.json"):
                os.killpg(json.loads(file.read_text(encoding="utf-8"))["pid"], signal.SIGKILL)


def test_an_admin_runs_another_month_answers_it_and_sees_states_and_artifacts(
    ui: PrefectUi, admins: Webhook, tmp_path: Path, pictures: Path
) -> None:
    month = str(Month.of(datetime.now(UTC)).back(2))
    ui.open_deployments("acme")
    ui.take_picture(pictures / "deployments.png")

    # Run another month. The report waits for a release.
    ui.open_form("monthly-report", "acme")
    ui.fill("month", text=month)
    ui.take_picture(pictures / "run-form.png")
    ui.submit()
    ui.open_run(f"acme · {month}", "Withheld", "cancelled")  # codespell:ignore - Prefect's spelling
    ui.wait_for("Withheld", "Finished in state")
    ui.take_picture(pictures / "run.png")
    ui.open_artifact("monthly-report-acme", f"acme · {month} · Withheld", "Data quality")
    ui.take_picture(pictures / "artifact.png")
    assert not (tmp_path / "outbox").exists()

    # Answer it with the form that the notice links to.
    (link, *_) = form_links(admins.text())
    ui.page.goto(link)
    ui.choose("withheld", option="release")
    assert ui.text_of("month") == month
    ui.fill("your_name", text="Ann")
    ui.choose("answers", ACTION, "Answer", option="accepted")
    ui.fill("answers", ACTION, "Owner", text="IT desk")
    ui.take_picture(pictures / "answer-form.png")
    ui.submit()
    ui.open_run(f"acme · answer to {month}", "Completed", "completed")
    ui.open_artifact("answer-acme", "accepted", "IT desk")

    # The release is a run of its own, which delivers.
    ui.open_run(f"acme · {month}", "Sent", "completed")
    assert len(list((tmp_path / "outbox").iterdir())) == 1

    # There is nothing to settle, and the run says so, and how to start it again with the same entries.
    ui.open_form("settle", "acme")
    ui.fill("month", text=month)
    ui.choose("channel", option="folder")
    ui.fill("recipient", text="outbox")
    ui.choose("outcome", option="sent")
    ui.submit()
    ui.open_run(f"acme · settle {month}", "Failed", "failed")
    ui.copy_run()
    assert (ui.text_of("month"), ui.text_of("recipient")) == (month, "outbox")
    ui.open_run(f"acme · settle {month}", "Failed", "failed")
    ui.open_artifact("settle-acme", "The ledger has no delivery by folder to this recipient", "Copy to new run")

    ui.open_runs()
    ui.take_picture(pictures / "runs.png")
    assert {file.name for file in pictures.iterdir() if file.stat().st_size > MOST_BYTES} == set()
