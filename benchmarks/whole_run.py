"""The whole flow in a process of its own, rehearsed at the set instant: `python benchmarks/whole_run.py PROFILE`.

Prefect finds its server in `PREFECT_API_URL`. Prints as JSON how many seconds the imports and the flow itself took.
"""

import asyncio
import gc
import json
import sys
import time

from scenario import AT


def main(profile: str) -> None:
    """Run the flow and print the seconds."""
    begun = time.perf_counter()
    gc.set_threshold(50_000, 20, 20)  # as `tabnine-report` does
    from flows.monthly_report import monthly_report  # noqa: PLC0415 - importing it is a part of what is measured
    from tabnine_report.runs import clock  # noqa: PLC0415 - see above

    imported = time.perf_counter()
    with clock.rehearse(AT):
        result = asyncio.run(monthly_report(profile))
    seconds = {"imports": imported - begun, "flow": time.perf_counter() - imported}
    if result.status != "sent":
        sys.exit(f"The run ended as {result.status}.")
    print(json.dumps(seconds))
    gc.freeze()  # as `tabnine-report run` ends


if __name__ == "__main__":
    main(sys.argv[1])
