"""Build many reports in one process and print what grows: `make soak ARGS="--reports 100"`.

Memory, open files and threads are printed after each tenth of the reports. What still grows after the first tenth,
which fills caches, is a leak. Each report is of another organization, in the same archive and ledger, with both
editions.
"""

import argparse
import asyncio
import ctypes
import gc
import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from resource_usage import measure_program
from scenario import SCHEDULED_AT, Size
from servers import prefect_server, sandbox

GROWTH_MB = 20.0
"""How much the memory may grow after the first tenth of the reports."""

IDLE_THREADS = 1
"""How many threads of Prefect may be idle at the moment of a sample."""


def main() -> int:
    """Run the reports in a process of their own, print the table, and return 1 if something grew."""
    parser = argparse.ArgumentParser(description="Build many reports in one process.")
    parser.add_argument("--reports", type=int, default=100, help="number of reports (default: 100)")
    reports = parser.parse_args().reports
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, sandbox(Size(400, 20), 0.0) as running:
        home = Path(name)
        profile = running.write_profile(home / "full", "full")
        with prefect_server(home) as environment:
            output = measure_program([__file__, "--run", profile, str(reports)], environment).output
    samples = [json.loads(line) for line in output.splitlines()]
    print("| reports | memory | open files | threads |\n| ---: | ---: | ---: | ---: |")
    for sample in samples:
        print(f"| {sample['reports']} | {sample['mb']:.0f} MB | {sample['files']} | {sample['threads']} |")
    first, last = samples[0], samples[-1]
    grown = ["open files"] if last["files"] > first["files"] else []
    grown += ["threads"] if last["threads"] > first["threads"] + IDLE_THREADS else []
    grown += ["memory"] if last["mb"] - first["mb"] > GROWTH_MB else []
    print(f"Grown after the first tenth: {', '.join(grown) or 'nothing'}.")
    return bool(grown)


def run(profile: Path, reports: int) -> None:
    """Run the flow for one organization after another, and print the samples."""
    for number, sample in enumerate(_samples(profile, reports), start=1):
        if number % max(reports // 10, 1) == 0:
            print(json.dumps({"reports": number, **sample}), flush=True)


def _samples(profile: Path, reports: int) -> Iterator[dict[str, float]]:
    from flows.monthly_report import monthly_report  # noqa: PLC0415 - the parent process does not need it
    from tabnine_report.runs import clock  # noqa: PLC0415 - see above

    text = profile.read_text(encoding="utf-8")
    for number in range(reports):
        one = profile.with_name(f"{number}.toml")
        one.write_text(text.replace('name = "benchmark"', f'name = "organization-{number}"'), encoding="utf-8")
        with clock.rehearse(SCHEDULED_AT):
            result = asyncio.run(monthly_report(str(one)))
        if result.status != "sent":
            sys.exit(f"Report {number} ended as {result.status}.")
        del result
        gc.collect()
        # What the C library keeps of the memory that the program has freed is no leak.
        ctypes.CDLL(None).malloc_trim(0)
        yield {
            "mb": _resident_mb(),
            "files": len(list(Path("/proc/self/fd").iterdir())),
            "threads": threading.active_count(),
        }


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    if "--run" in sys.argv:
        run(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main())
