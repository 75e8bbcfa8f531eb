"""Define how the API is accessed: `[usage_api]`, `[network]` and `[privacy]`."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import httpx
from pydantic import Field, PositiveInt, SecretStr, ValidationInfo, field_validator

from tabnine_report.model.regular_file import is_regular
from tabnine_report.profile.addresses import Secret, WebAddress
from tabnine_report.profile.base_table import SettingsTable, resolve_path

People = Literal["counts", "lists"]
"""Whether users are only counted, or also listed by name. Admins are always listed."""


class UsageApiSettings(SettingsTable):
    """`[usage_api]`: the API's address, token and limits.

    Attributes:
        base_url: The URL of the console, without a path.
        token: The API token: a Personal Access Token of any user, with the permissions that a report needs.
        token_expires: The token's expiry date, as chosen when it was created. Admins are reminded of it.
        timeout_seconds: The time limit of one attempt of one request.
        patience_minutes: How long a run waits until the API responds again; None for the default of its kind of run.
        max_concurrency: The maximum number of concurrent requests.
    """

    base_url: WebAddress
    token: Secret
    token_expires: date | None = None
    timeout_seconds: Annotated[float, Field(ge=5, le=3600)] = 60.0
    patience_minutes: Annotated[float, Field(ge=0, le=1440)] | None = None
    max_concurrency: Annotated[PositiveInt, Field(le=64)] = 32

    @property
    def host(self) -> str:
        """The host and port, for error messages and the report."""
        return urlsplit(self.base_url).netloc


class NetworkSettings(SettingsTable):
    """`[network]`: how connections leave the network.

    Attributes:
        ca_bundle: A PEM file of certificate authorities to trust instead of the built-in ones.
        proxy: The URL of the proxy for HTTP connections.
        no_proxy: Hosts, or domains such as `.acme.example`, that are reached without the proxy.
    """

    ca_bundle: Path | None = None
    proxy: SecretStr | None = None
    no_proxy: tuple[str, ...] = ()

    @field_validator("proxy")
    @classmethod
    def _check_proxy(cls, proxy: SecretStr | None) -> SecretStr | None:
        if proxy is not None and not _is_proxy(proxy.get_secret_value()):
            raise ValueError("is not the URL of a proxy such as http://proxy.acme.example:3128")
        return proxy

    @field_validator("ca_bundle")
    @classmethod
    def _check_ca_bundle(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        path = resolve_path(path, info) if path is not None else None
        if path is not None and not is_regular(path):
            raise ValueError("is not a file")
        return path


def _is_proxy(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port, httpx.URL(url).host
    except (ValueError, httpx.InvalidURL):  # never show its text: it may quote a piece of the password as the port
        return False
    rest = parts.path.removeprefix("/") + parts.query + parts.fragment
    is_one_word = url.isascii() and url.isprintable() and " " not in url
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not rest and is_one_word


class PrivacySettings(SettingsTable):
    """`[privacy]`: whether users are only counted, or also listed for the admins."""

    people: People = "counts"
