"""Set Prefect's defaults for the command line, before Prefect is imported."""

import os
import warnings

PROXY_VARIABLES = ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY")


def configure_prefect(*, debug: bool) -> None:
    """Set Prefect's defaults for the command line; variables that the environment sets keep their values.

    Call this before Prefect is imported. Prefect's own output is hidden, because a failing run would print several
    tracebacks. Its server on this machine is reached without a proxy.

    Args:
        debug: Whether to show Prefect's own output.
    """
    if not debug:
        os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
        os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "CRITICAL")
        # Prefect's background workers use loggers of their own.
        os.environ.setdefault("PREFECT_LOGGING_ROOT_LEVEL", "CRITICAL")
        os.environ.setdefault("PREFECT_LOGGING_INTERNAL_LEVEL", "CRITICAL")
        # Prefect repeats this warning about twenty times. A command that needs the folder reports it as an error.
        warnings.filterwarnings("ignore", "Failed to create the Prefect home directory")
    # Prefect's client uses the proxy of the environment, even to reach a server on this machine. It reads no_proxy, and
    # NO_PROXY only without it.
    if any(os.environ.get(name) or os.environ.get(name.lower()) for name in PROXY_VARIABLES):
        without_proxy = [os.environ.get("no_proxy"), os.environ.get("NO_PROXY"), "127.0.0.1", "localhost", "::1"]
        os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(filter(None, dict.fromkeys(without_proxy)))
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    # The watchdog recognizes a killed run by its silence.
    os.environ.setdefault("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", "30")
    # A temporary server takes about ten seconds to start, and longer on a busy machine.
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
