"""Return the address of the run's page in Prefect."""

import os

from prefect import runtime


def run_url() -> str:
    """Return the address; empty for a temporary server, which ends with the run."""
    return str(runtime.flow_run.ui_url or "") if os.environ.get("PREFECT_API_URL") else ""
