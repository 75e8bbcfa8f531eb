"""pytest collects every test file. By default, it skips folders of some names, such as `build` and `dist`."""

import subprocess
import sys
from pathlib import Path

from measured_processes import unmeasured

TESTS = Path(__file__).parent
ROOT = TESTS.parent


def test_pytest_collects_every_test_file() -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=unmeasured()).stdout

    collected = {line.partition("::")[0] for line in output.splitlines() if "::" in line}
    test_files = {path.relative_to(ROOT).as_posix() for path in TESTS.rglob("test_*.py")}
    assert test_files == collected
