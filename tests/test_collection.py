"""pytest collects every test file, and selects those without a make target of their own."""

import subprocess
import sys
from pathlib import Path

from measured_processes import unmeasured

TESTS = Path(__file__).parent
ROOT = TESTS.parent


def collect(*arguments: str) -> set[str]:
    """Return the test files that pytest selects."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *arguments]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=unmeasured()).stdout
    return {line.partition("::")[0] for line in output.splitlines() if "::" in line}


def test_pytest_collects_every_test_file() -> None:
    """By default, it skips folders of some names, such as `build` and `dist`."""
    test_files = {path.relative_to(ROOT).as_posix() for path in TESTS.rglob("test_*.py")}
    assert test_files == collect("-m", "")


def test_what_takes_minutes_is_not_selected_by_default() -> None:
    assert collect("tests/browser", "tests/guide", "tests/test_docs.py") == {"tests/test_docs.py"}
