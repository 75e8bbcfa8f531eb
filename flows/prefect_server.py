"""Connect to the Prefect server of PREFECT_API_URL, and state in a sentence why it cannot be used."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.exceptions import PrefectException
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from tabnine_report.model.errors import ReportingError

_TIMEOUT_SECONDS = 30
_LOGIN_REQUIRED = {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}


@contextmanager
def prefect_client() -> Iterator[SyncPrefectClient]:
    """Yield a client of the Prefect server.

    Raises:
        ReportingError: If PREFECT_API_URL names no server that can be used, or if the server fails later.
    """
    if not PREFECT_API_URL.value():
        raise ReportingError(
            "There is no Prefect server, because PREFECT_API_URL is not set. Start one with `make up`, and set its "
            "address, for example:\n\n    export PREFECT_API_URL=http://127.0.0.1:4200/api"
        )
    try:
        with get_client(httpx_settings={"timeout": _TIMEOUT_SECONDS}, sync_client=True) as client:
            _check_server(client)
            yield client
    except httpx.InvalidURL as error:
        raise _no_response(error) from error
    except httpx.HTTPStatusError as error:
        request, status = error.request, error.response.status_code
        if status in _LOGIN_REQUIRED:
            raise ReportingError(
                f"The Prefect server of PREFECT_API_URL requires a login (status {status}). Set PREFECT_API_KEY for "
                "Prefect Cloud, or PREFECT_API_AUTH_STRING for a server of your own."
            ) from error
        raise ReportingError(
            f"The Prefect server rejected {request.method} {request.url.path} with status {status}. If its version is "
            "older than that of this program, update the server."
        ) from error
    except (httpx.HTTPError, PrefectException) as error:
        raise ReportingError(
            f"The Prefect server stopped responding ({type(error).__name__}). Start it, then type the command again; "
            "it continues where it stopped."
        ) from error


def _check_server(client: SyncPrefectClient) -> None:
    try:
        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}):  # a silent server takes one timeout, not six
            response = client.request("GET", "/health")
        is_prefect = response.json() is True
    except httpx.HTTPStatusError as error:
        if error.response.status_code in _LOGIN_REQUIRED:
            raise
        is_prefect = False
    except ValueError:
        is_prefect = False
    except httpx.HTTPError as error:
        raise _no_response(error) from error
    if not is_prefect:
        raise ReportingError(
            "PREFECT_API_URL is not the address of a Prefect API. The address ends with /api, such as "
            "http://127.0.0.1:4200/api."
        )


def _no_response(error: Exception) -> ReportingError:
    return ReportingError(
        f"The Prefect server of PREFECT_API_URL does not respond ({type(error).__name__}). Start it, or correct the "
        "address."
    )
