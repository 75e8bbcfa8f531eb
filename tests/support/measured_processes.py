"""How coverage measures the processes that a test starts. Python is half as fast in a measured process."""

import os
import sys
from collections.abc import Mapping

COVERAGE_SETTINGS = "COVERAGE_PROCESS_CONFIG"
"""The environment variable with coverage's settings; a process without it is not measured."""

COMMAND_WITHOUT_MEASURED_CHILDREN = (
    sys.executable,
    "-c",
    f"import os; os.environ.pop({COVERAGE_SETTINGS!r}, None); from cli.main import main; main()",
)
"""`tabnine-report` as a measured process whose own processes, such as a Prefect server, are not measured."""


def unmeasured(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return an environment for processes that are not measured, because other tests measure the same code."""
    return {name: value for name, value in environment.items() if name != COVERAGE_SETTINGS}
