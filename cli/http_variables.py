"""Check the environment's variables for HTTP, which Prefect's client uses; with wrong ones, it cannot be imported."""

import os
from importlib import import_module

from tabnine_report.model.errors import SettingsError

_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY")


def check_http_variables() -> None:
    """Check that Prefect's HTTP client can be created with the variables of the environment.

    Raises:
        SettingsError: If it cannot; the message names the variables, whose values may contain a password.
    """
    names = [name for name in _VARIABLES if os.environ.get(name) or os.environ.get(name.lower())]
    if not names:
        return
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
        return
    # Raised here, outside the handler: the error may quote a password.
    raise SettingsError("The environment", [problem])
