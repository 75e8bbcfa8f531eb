"""No test file is skipped silently: pytest leaves out folders of some names, `build` and `dist` among them."""

import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent


def test_pytest_collects_every_test_file() -> None:
    collecting = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    listed = subprocess.run(collecting, cwd=ROOT, check=True, capture_output=True, text=True, timeout=100).stdout

    collected = {line.partition("::")[0] for line in listed.splitlines() if "::" in line}
    written = {path.relative_to(ROOT).as_posix() for path in TESTS.rglob("test_*.py")}
    assert written == collected
