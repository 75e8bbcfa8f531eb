"""Measure the time and memory of a report: `make bench ARGS="--rounds 3 --sizes 400x20 --markdown"`.

Each round measures, for each size of organization, the steps of a report in a new process, the whole flow with a
running Prefect server, a baseline script that builds a simpler report, and the PDF of the full edition beside Chromium,
where it is installed, which prints the same HTML. They take turns, so that other load of the machine affects all of
them. The API is the sandbox in a separate process with a latency of 50 ms. The first round fills the caches and does
not count.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from resource_usage import measure_command, measure_program
from results import Results, print_markdown, print_table
from rich.console import Console
from scenario import LATENCY_SECONDS, MONTH, TOKEN, Size
from servers import HERE, Sandbox, count_sequential_requests, prefect_server, sandbox


def main() -> None:
    """Measure all sizes and print the results."""
    options = _parse_options()
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


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the time and memory that a report takes.")
    parser.add_argument("--rounds", type=int, default=5, help="number of measurements (default: 5)")
    parser.add_argument(
        "--sizes",
        type=Size.parse,
        nargs="+",
        default=[Size(400, 20), Size(20_000, 500), Size(100_000, 2_000)],
        help="sizes of organizations as USERSxTEAMS (default: 400x20 20000x500 100000x2000)",
    )
    parser.add_argument("--markdown", action="store_true", help="print Markdown, for docs/benchmarks.md")
    parser.add_argument("--no-flow", action="store_true", help="skip the whole run, which needs a Prefect server")
    return parser.parse_args()


def _measure(running: Sandbox, prefect: Mapping[str, str] | None) -> dict[str, float]:
    """Return the values of one round by the keys of `results.METRICS`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        executive, full = (running.write_profile(folder / edition, edition) for edition in ("executive", "full"))
        steps, full_steps = _measure_steps(running, executive, folder), _measure_steps(running, full, folder)
        printed = _measure_printing(folder / "full.html")
        run, full_run = (_measure_run(profile, prefect) if prefect else {} for profile in (executive, full))
        empty = measure_program([HERE / "empty_run.py"], prefect).seconds if prefect else 0.0
        baseline = measure_program([HERE / "baseline_script.py", running.base_url, TOKEN, MONTH, folder])
    return {
        **steps,
        **run,
        **{f"full_{key}": value for key, value in (full_steps | full_run).items()},
        "baseline": baseline.seconds,
        "baseline_cpu": baseline.cpu_seconds,
        "baseline_mb": baseline.peak_mb,
        **printed,
        **({"ratio": run["run"] / baseline.seconds} if run else {}),
        **(_compare_with_floor(full_steps, printed, full_run, empty) if prefect else {}),
    }


def _measure_steps(running: Sandbox, profile: Path, folder: Path) -> dict[str, float]:
    """Return the values of the steps; the document that becomes the PDF is then in the folder, named by the edition."""
    running.take_requests()  # discards the requests of other programs
    html = folder / f"{profile.parent.name}.html"
    seconds: dict[str, float] = json.loads(measure_program([HERE / "steps.py", profile, html]).output)
    sequential = count_sequential_requests(running.take_requests()) * LATENCY_SECONDS
    return {
        **seconds,
        "sequential_requests": sequential,
        "fetch_overhead": seconds["fetch"] - sequential,
        "storage": seconds["seal"] + seconds["ledger"],
    }


def _measure_printing(html: Path) -> dict[str, float]:
    """Return the values of printing a document as the report does and, where it is installed, as Chromium does."""
    pdf = html.with_suffix(".pdf")
    printed = json.loads(measure_program([HERE / "print_pdf.py", html, pdf]).output)
    values = {"print": printed["seconds"], "print_cpu": printed["cpu"], "print_kb": pdf.stat().st_size / 1e3}
    if browser := shutil.which("chromium"):
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        files = [f"--user-data-dir={html.parent / 'browser'}", f"--print-to-pdf={pdf}", html.as_uri()]
        chromium = measure_command([browser, *options, *files])
        values |= {
            "chromium": chromium.seconds,
            "chromium_cpu": chromium.cpu_seconds,
            "chromium_kb": pdf.stat().st_size / 1e3,
            "print_ratio": printed["seconds"] / chromium.seconds,
        }
    return values


def _compare_with_floor(
    steps: Mapping[str, float], printed: Mapping[str, float], run: Mapping[str, float], empty: float
) -> dict[str, float]:
    """Return what both editions take at least, and how much longer the run takes."""
    floor = steps["sequential_requests"] + printed["print"] + empty
    return {
        "empty": empty,
        "floor": floor,
        "floor_ratio": run["run"] / floor,
        "full_per_core_hour": 3600 / run["run_cpu"],
    }


def _measure_run(profile: Path, prefect: Mapping[str, str]) -> dict[str, float]:
    run = measure_program([HERE / "whole_run.py", profile], prefect)
    return {
        "run": run.seconds,
        "run_cpu": run.cpu_seconds,
        "run_mb": run.peak_mb,
        "pdf_mb": run.child_peak_mb,
        **json.loads(run.output),
    }


if __name__ == "__main__":
    main()
