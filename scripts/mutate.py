"""Change the code in small ways and check that a test fails each time: `make mutate ARGS="small-groups"`.

Cosmic Ray makes the changes in a copy of the project. The program prints the score of each group of modules, and every
change that no test noticed. docs/mutation.md has the last scores, and explains such changes.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TIMEOUT_SECONDS = 600


@dataclass(frozen=True)
class Group:
    """Modules to change, and the tests that have to notice it; both are paths in the project."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


_ANALYSIS, _LEDGER = "tabnine_report/analysis", "tabnine_report/deliver/ledger"
_DELIVER = "tests/tabnine_report/deliver"
GROUPS: Mapping[str, Group] = {
    "few-users": Group((f"{_ANALYSIS}/few_users.py",), (f"tests/{_ANALYSIS}/test_few_users.py",)),
    "small-groups": Group((f"{_ANALYSIS}/small_groups.py",), (f"tests/{_ANALYSIS}/test_small_groups.py",)),
    "figures": Group(("tabnine_report/model/figure.py",), ("tests/tabnine_report/model/test_figure.py",)),
    "shares": Group((f"{_ANALYSIS}/shares.py",), (f"tests/{_ANALYSIS}",)),
    "send-decision": Group(
        ("tabnine_report/deliver/send_decision.py",),
        (f"{_DELIVER}/test_send_decision.py", f"{_DELIVER}/test_delivery.py", f"tests/{_LEDGER}/test_ledger.py"),
    ),
    "ledger": Group((f"{_LEDGER}/ledger.py",), (f"tests/{_LEDGER}/test_ledger.py",)),
}

_EXCLUDED = (
    # Identity instead of equality behaves alike for small numbers.
    "core/ReplaceComparisonOperator_.*_(Is|IsNot)",
    # Operators between types in annotations; others fail with these types, as a shift of a float does.
    "core/ReplaceBinaryOperator_(BitOr|BitAnd)_(?!BitAnd|BitOr|Sub).*",
    "core/ReplaceBinaryOperator_(Add_(?!Sub)|Sub_(?!Add)|Mul_(?!Div)|Div_(?!Mul)).*",
    "core/RemoveDecorator",
)


def main() -> int:
    """Try the selected groups, all by default; return 1 if a change was not noticed."""
    parser = argparse.ArgumentParser(description="Change the code in small ways, and run the tests.")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"one of {', '.join(GROUPS)} (default: all)")
    chosen = parser.parse_args().groups or list(GROUPS)
    if unknown := [name for name in chosen if name not in GROUPS]:
        parser.error(f"unknown: {', '.join(unknown)}. Choose from {', '.join(GROUPS)}")
    survived = 0
    for name in chosen:
        with tempfile.TemporaryDirectory() as folder:
            outcomes = list(_outcomes(GROUPS[name], _copy(Path(folder))))
        survivors = [diff for killed, diff in outcomes if not killed]
        print(f"{name}: {len(outcomes) - len(survivors)} of {len(outcomes)} changes were noticed", flush=True)
        print(*survivors, sep="\n")
        survived += len(survivors)
    return bool(survived)


def _copy(folder: Path) -> Path:
    """Copy the files that Git knows, so that an interrupted run leaves no change in the project."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


def _outcomes(group: Group, folder: Path) -> Iterator[tuple[bool, str]]:
    """Yield for each change whether a test noticed it, and the change itself."""
    tests = f"{sys.executable} -m pytest -q -x -n0 -p no:cacheprovider {' '.join(group.tests)}"
    settings = {"module-path": list(group.modules), "timeout": TIMEOUT_SECONDS, "test-command": tests}
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    (folder / "mutate.toml").write_text(
        "\n".join(
            [
                "[cosmic-ray]",
                *lines,
                "excluded-modules = []",
                '[cosmic-ray.distributor]\nname = "local"',
                "[cosmic-ray.filters.operators-filter]",
                f"exclude-operators = {json.dumps(_EXCLUDED)}",
            ]
        ),
        encoding="utf-8",
    )
    programs = Path(sys.executable).parent
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(program: str, *arguments: str) -> str:
        command = [str(programs / program), *arguments]
        return subprocess.check_output(command, cwd=folder, env=environment, text=True)

    run("cosmic-ray", "baseline", "mutate.toml")
    run("cosmic-ray", "init", "mutate.toml", "changes.sqlite")
    run("cr-filter-operators", "changes.sqlite", "mutate.toml")
    run("cosmic-ray", "exec", "mutate.toml", "changes.sqlite")
    for line in run("cosmic-ray", "dump", "changes.sqlite").splitlines():
        _, result = json.loads(line)
        if result is not None and result["worker_outcome"] != "skipped":
            yield result["test_outcome"] != "survived", result["diff"]


if __name__ == "__main__":
    sys.exit(main())
