"""Check the environment's variables for HTTP, which Prefect's client uses; with wrong ones, it cannot be imported."""

import os
from importlib import import_module

from cli.prefect_defaults import PROXY_VARIABLES
from tabnine_report.model.errors import SettingsError

_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", *PROXY_VARIABLES, "NO_PROXY")


def remove_unusable_http_variables() -> SettingsError | None:
    """Return why Prefect's HTTP client cannot be created with the variables of the environment; None if it can.

    The variables that prevent it are then removed, so that a command can still notify the admins, whose channels do not
    use them. The error names the variables, whose values may contain a password.
    """
    variables = {name: value for name, value in os.environ.items() if name.upper() in _VARIABLES and value}
    if not variables or _is_usable():
        return None
    for name in variables:
        del os.environ[name]
    unusable = []
    for name, value in variables.items():
        os.environ[name] = value
        if not _is_usable():
            unusable.append(name)
            del os.environ[name]
    problem = (
        f"Prefect cannot connect with {' or '.join(unusable)}: certificates must be in a file that can be read, a "
        "proxy needs a URL such as http://proxy.acme.example:3128, not of SOCKS, and no_proxy needs names of hosts"
    )
    return SettingsError("The environment", [problem])


def _is_usable() -> bool:
    # Imported only here, because this takes longer than many a command.
    httpx = import_module("httpx")
    try:
        httpx.Client().close()
    except (httpx.InvalidURL, ImportError, OSError, ValueError):
        return False
    return True
