"""The benchmark programs run and report what they measured. The tests do not check how long anything takes."""

import importlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("servers")


@pytest.fixture
def resource_usage(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("resource_usage")


def test_the_steps_and_the_baseline_script_build_their_reports(
    servers: ModuleType, resource_usage: ModuleType, tmp_path: Path
) -> None:
    size = servers.Size.parse("30x3")
    with servers.sandbox(size, latency_seconds=0.0) as sandbox, ThreadPoolExecutor() as pool:
        script = [BENCHMARKS / "baseline_script.py", sandbox.base_url, servers.TOKEN, "2026-10", tmp_path]
        baseline = pool.submit(resource_usage.measure_program, script)
        profile = sandbox.write_profile(tmp_path / "full", "full")
        steps = pool.submit(resource_usage.measure_program, [BENCHMARKS / "steps.py", profile, tmp_path / "full.html"])
        baseline.result()
        seconds = json.loads(steps.result().output)
    assert set(seconds) == {"fetch", "build", "html", "pdf", "seal", "ledger_setup", "ledger"}
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


BUSY = """
import sys, time
while time.process_time() < 0.6:
    pass
print("done", flush=True)
sys.stdin.read()
"""
"""A program that uses 0.6 s of processor time: the kernel counts it in steps, so the tests expect half of it."""


def test_the_load_of_a_process_includes_its_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    load_of = importlib.import_module("process_load").ProcessLoad
    child = f"b = b'x' * 50_000_000\n{BUSY}"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        load = load_of(process.pid)
        load.sample()
        assert load.megabytes > 50
        assert load.cpu_seconds() > 0.3
        process.communicate()
    assert load.cpu_seconds() == 0


def test_a_document_is_printed_and_measured(resource_usage: ModuleType, tmp_path: Path) -> None:
    page, pdf = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text('<html lang="en"><title>A page</title><p>Printed</p></html>', encoding="utf-8")

    measured = json.loads(resource_usage.measure_program([BENCHMARKS / "print_pdf.py", page, pdf]).output)

    assert set(measured) == {"seconds", "cpu"}
    assert pdf.read_bytes().startswith(b"%PDF")


NOT_WAITING = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {BUSY!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
time.sleep(0.5)
"""


def test_the_processor_time_includes_child_processes_that_the_program_does_not_wait_for(
    resource_usage: ModuleType,
) -> None:
    assert resource_usage.measure_command([sys.executable, "-c", NOT_WAITING]).cpu_seconds > 0.3


def test_a_failing_program_raises_its_error_output(resource_usage: ModuleType, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("raise SystemExit('out of paper')", encoding="utf-8")
    with pytest.raises(RuntimeError, match="out of paper"):
        resource_usage.measure_program([program])


def test_sequential_requests_are_the_organization_and_the_longest_sequence_of_another_query(
    servers: ModuleType,
) -> None:
    requests = [
        ("/organization", "", 200),
        ("/teams", "offset=0&limit=1000", 400),
        ("/license", "", 200),
        ("/usage", "granularity=all", 200),
        ("/usage", "granularity=daily", 200),
        ("/teams", "offset=0&limit=500", 200),
        ("/teams", "offset=500&limit=500", 200),
        ("/teams", "offset=1000&limit=500", 200),
    ]
    assert servers.count_sequential_requests(requests) == 4
    assert servers.count_sequential_requests(requests[:1]) == 1
