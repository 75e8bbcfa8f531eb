"""What a report costs: `make bench`, or `make bench ARGS="--rounds 3 --sizes 400x20 --markdown"`.

For each size of organization, round by round: the steps of a report in a fresh process, the whole flow against a
running Prefect server, and a plain script that makes a simpler report. They take turns, so that what slows the machine
down slows down all of them. The API is the sandbox in a process of its own, 50 ms away. One round before the others
warms caches and is not counted.
"""

import argparse
import json
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from resource_usage import watch
from results import Results, print_markdown, print_table
from rich.console import Console
from scenario import LATENCY_SECONDS, MONTH, TOKEN, Size
from servers import HERE, Sandbox, longest_chain, prefect_server, sandbox


def main() -> None:
    """Measure and print."""
    options = _options()
    progress = Console(stderr=True)
    results = {size: Results() for size in options.sizes}
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        prefect = None if options.no_flow else stack.enter_context(prefect_server(home))
        sandboxes = {size: stack.enter_context(sandbox(size)) for size in options.sizes}
        for number in range(options.rounds + 1):
            for size, running in sandboxes.items():
                with progress.status(f"Round {number} of {options.rounds}: {size}"):
                    measured = _measure(running, prefect)
                if number > 0:
                    results[size].add(measured)
    (print_markdown if options.markdown else print_table)(results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure what a report costs.")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured (default: 5)")
    parser.add_argument(
        "--sizes",
        type=Size.parse,
        nargs="+",
        default=[Size(400, 20), Size(20_000, 500)],
        help="organizations as PEOPLExTEAMS (default: 400x20 20000x500)",
    )
    parser.add_argument("--markdown", action="store_true", help="print Markdown, as docs/benchmarks.md has it")
    parser.add_argument("--no-flow", action="store_true", help="leave out the whole run, which needs a Prefect server")
    return parser.parse_args()


def _measure(running: Sandbox, prefect: Mapping[str, str] | None) -> dict[str, float]:
    """Measure everything once; seconds, megabytes and a ratio by their names in `results.METRICS`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        executive, full = (running.write_profile(folder / edition, edition) for edition in ("executive", "full"))
        steps, of_both = _steps(running, executive), _steps(running, full)
        run, both = (_whole_run(profile, prefect) if prefect else {} for profile in (executive, full))
        plain = watch([HERE / "plain_script.py", running.base_url, TOKEN, MONTH, folder])
    ratio = {"ratio": run["run"] / plain.seconds} if run else {}
    script = {"plain": plain.seconds, "plain_cpu": plain.processor_seconds, "plain_mb": plain.peak_mb}
    of_full = {f"full_{key}": value for key, value in (of_both | both).items()}
    return {**steps, **run, **script, **ratio, **of_full}


def _steps(running: Sandbox, profile: Path) -> dict[str, float]:
    running.asked()
    seconds: dict[str, float] = json.loads(watch([HERE / "steps.py", profile]).output)
    chain = longest_chain(running.asked()) * LATENCY_SECONDS
    keeping = seconds["seal"] + seconds["ledger"]
    return {**seconds, "chain": chain, "beyond_chain": seconds["fetch"] - chain, "keeping": keeping}


def _whole_run(profile: Path, prefect: Mapping[str, str]) -> dict[str, float]:
    run = watch([HERE / "whole_run.py", profile], prefect)
    return {
        "run": run.seconds,
        "run_cpu": run.processor_seconds,
        "run_mb": run.peak_mb,
        "pdf_mb": run.child_peak_mb,
        **json.loads(run.output),
    }


if __name__ == "__main__":
    main()
