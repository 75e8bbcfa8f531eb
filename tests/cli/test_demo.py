"""The demo as a new user runs it: one command, real processes, and reproducible documents."""

import os
import re
import subprocess
from email.parser import BytesParser
from email.policy import SMTP
from pathlib import Path
from typing import NamedTuple

import pytest
from measured_processes import COMMAND_WITHOUT_MEASURED_CHILDREN

from cli.main import status
from tabnine_report.archive import Bundle


class Demo(NamedTuple):
    """A finished demo: its folder, process group, exit status and output."""

    folder: Path
    group: int
    status: int
    out: str
    err: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Run the demo in an environment without any of this test run's Prefect settings."""
    folder = tmp_path_factory.mktemp("demo")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    process = subprocess.Popen(
        [*COMMAND_WITHOUT_MEASURED_CHILDREN, "demo", "--output", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    out, err = process.communicate()
    return Demo(folder, process.pid, process.returncode, out, err)


def bundle_of(folder: Path) -> Bundle:
    (manifest,) = folder.glob("reports/demo/*/r1/manifest.json")
    return Bundle(manifest.parent)


def test_the_demo_prints_the_headline_and_the_paths_of_its_files(demo: Demo) -> None:
    assert (demo.status, demo.err) == (0, "")
    headline, empty, *lines = demo.out.splitlines()
    assert headline == bundle_of(demo.folder).report().headline
    assert empty == ""
    paths = dict(re.split(r"\s+", line, maxsplit=1) for line in lines)
    assert list(paths) == ["HTML", "PDF", "Workbook", "Full", "Messages", "Profile"]
    assert all(Path(path).exists() for path in paths.values())
    assert headline in Path(paths["HTML"]).read_text(encoding="utf-8")
    assert Path(paths["PDF"]).read_bytes().startswith(b"%PDF-")


def test_the_message_is_an_email_and_no_process_keeps_running(demo: Demo) -> None:
    (message,) = (demo.folder / "outbox").iterdir()
    email = BytesParser(policy=SMTP).parsebytes((message / "message.eml").read_bytes())
    assert email["Subject"] == bundle_of(demo.folder).report().headline
    with pytest.raises(ProcessLookupError):
        os.killpg(demo.group, 0)


def test_the_documents_are_reproducible_from_the_bundle(demo: Demo, tmp_path: Path) -> None:
    bundle = bundle_of(demo.folder)
    assert status(["render", str(bundle.folder), "--output", str(tmp_path)]) == 0
    rendered = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    sealed = {name: content for name, content in bundle.documents().items() if not name.startswith("inputs/")}
    assert rendered == sealed


def test_the_history_shows_the_delivery(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["history", "--profile", str(demo.folder / "demo.toml")]) == 0
    output = capsys.readouterr().out
    assert re.search(r"20\d\d-\d\d +Sent +r1 +folder +folder +0 +sent +r1 ", output)
