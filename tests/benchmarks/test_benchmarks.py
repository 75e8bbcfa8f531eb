"""The benchmarks' programs run and say what they measured; how long anything takes is nobody's business here."""

import importlib
import json
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


def test_the_steps_and_the_plain_script_make_their_reports(
    servers: ModuleType, resource_usage: ModuleType, tmp_path: Path
) -> None:
    size = servers.Size.parse("30x3")
    with servers.sandbox(size, latency_seconds=0.0) as running, ThreadPoolExecutor() as pool:
        script = [BENCHMARKS / "plain_script.py", running.base_url, servers.TOKEN, "2026-10", tmp_path]
        scripted = pool.submit(resource_usage.watch, script)
        profile = running.write_profile(tmp_path / "full", "full")
        stepped = pool.submit(resource_usage.watch, [BENCHMARKS / "steps.py", profile])
        scripted.result()
        seconds = json.loads(stepped.result().output)
    assert set(seconds) == {"fetch", "build", "html", "pdf", "seal", "ledger_made", "ledger"}
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


def test_a_program_that_fails_is_not_measured_but_told(resource_usage: ModuleType, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("raise SystemExit('out of paper')", encoding="utf-8")
    with pytest.raises(RuntimeError, match="out of paper"):
        resource_usage.watch([program])


def test_the_chain_is_the_organization_and_the_longest_of_the_rest(servers: ModuleType) -> None:
    asked = [
        ("/organization", "", 200),
        ("/teams", "offset=0&limit=1000", 400),
        ("/license", "", 200),
        ("/usage", "granularity=all", 200),
        ("/usage", "granularity=daily", 200),
        ("/teams", "offset=0&limit=500", 200),
        ("/teams", "offset=500&limit=500", 200),
        ("/teams", "offset=1000&limit=500", 200),
    ]
    assert servers.longest_chain(asked) == 4
    assert servers.longest_chain(asked[:1]) == 1
