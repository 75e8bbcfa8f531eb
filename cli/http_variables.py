"""Check the environment's variables for HTTP, which Prefect's client uses; with wrong ones, it cannot be imported."""

import os
from importlib import import_module

from tabnine_report.model.errors import SettingsError

_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY")


def remove_unusable_http_variables() -> SettingsError | None:
    """Return why Prefect's HTTP client cannot be created with the variables of the environment; None if it can.

    The variables are then removed, so that a command can still notify the admins: their channels do not use them. The
    error names the variables, whose values may contain a password.
    """
    names = [name for name in _VARIABLES if os.environ.get(name) or os.environ.get(name.lower())]
    if not names:
        return None
    # Imported only here, because this takes longer than many a command.
    httpx = import_module("httpx")
    try:
        httpx.Client().close()
    except (httpx.InvalidURL, ImportError, OSError, ValueError):
        problem = (
            f"Prefect cannot connect with {' or '.join(names)}: certificates must be in a file that can be read, and a "
            "proxy needs a URL such as http://proxy.acme.example:3128, not of SOCKS"
        )
    else:
        return None
    for name in names:
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)
    return SettingsError("The environment", [problem])
