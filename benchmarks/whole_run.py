"""Run the whole flow at its scheduled time: `python benchmarks/whole_run.py PROFILE`.

`PREFECT_API_URL` is the address of the Prefect server. The program prints the seconds of the imports and of the flow as
JSON.
"""

import asyncio
import gc
import json
import sys
import time

from scenario import SCHEDULED_AT


def main(profile: str) -> None:
    """Run the flow and print the seconds."""
    begun = time.perf_counter()
    gc.set_threshold(50_000, 20, 20)  # as `tabnine-report` does
    from flows.monthly_report import monthly_report  # noqa: PLC0415 - importing it is a part of what is measured
    from tabnine_report.runs import clock  # noqa: PLC0415 - see above

    imported = time.perf_counter()
    with clock.rehearse(SCHEDULED_AT):
        result = asyncio.run(monthly_report(profile))
    seconds = {"imports": imported - begun, "flow": time.perf_counter() - imported}
    if result.status != "sent":
        sys.exit(f"The run ended as {result.status}.")
    print(json.dumps(seconds))
    gc.freeze()  # as at the end of `tabnine-report run`


if __name__ == "__main__":
    main(sys.argv[1])
