"""How the API is asked: `[usage_api]`, `[network]` and `[privacy]`."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, PositiveInt, SecretStr, ValidationInfo, field_validator

from tabnine_report.profile.addresses import Secret, WebAddress
from tabnine_report.profile.settings_table import Table, under_folder

People = Literal["counts", "lists"]
"""Whether users are only counted, or listed by name as well; admins are always listed."""


class UsageApiSettings(Table):
    """`[usage_api]`: where the API is and how to ask it.

    Attributes:
        base_url: The console's address, without path.
        token: The admin's API token.
        token_expires: The day that was chosen when the token was made; the admins are reminded of it.
        timeout_seconds: How long all tries of one endpoint together may take.
        max_concurrency: How many requests may be under way at once.
    """

    base_url: WebAddress
    token: Secret
    token_expires: date | None = None
    timeout_seconds: Annotated[float, Field(ge=5, le=3600)] = 60.0
    max_concurrency: Annotated[PositiveInt, Field(le=64)] = 32

    @property
    def host(self) -> str:
        """The host and port that errors and the report name."""
        return urlsplit(self.base_url).netloc


class NetworkSettings(Table):
    """`[network]`: how every connection leaves this network.

    Attributes:
        ca_bundle: A PEM file of certificate authorities trusted instead of the built-in ones.
        proxy: The proxy for HTTP connections.
        no_proxy: Hosts, or domains as `.acme.example`, that are asked without the proxy.
    """

    ca_bundle: Path | None = None
    proxy: SecretStr | None = None
    no_proxy: tuple[str, ...] = ()

    @field_validator("proxy")
    @classmethod
    def _check_proxy(cls, proxy: SecretStr | None) -> SecretStr | None:
        if proxy is not None and not _is_proxy(proxy.get_secret_value()):
            raise ValueError("is not the address of a proxy, like http://proxy.acme.example:3128")
        return proxy

    @field_validator("ca_bundle")
    @classmethod
    def _check_ca_bundle(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        path = under_folder(path, info) if path is not None else None
        if path is not None and not path.is_file():
            raise ValueError("is not a file")
        return path


def _is_proxy(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # its text quotes what it takes for a port, which may be a piece of a password
        return False
    rest = parts.path.removeprefix("/") + parts.query + parts.fragment
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not rest and url.isprintable()


class PrivacySettings(Table):
    """`[privacy]`: whether people are counted, or listed for the admins as well."""

    people: People = "counts"
