"""The settings that one organization's report depends on, as tables of its profile.

Every default stands here and nowhere else; docs/configuration.md describes each key.
"""

import os
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    ValidationInfo,
    field_validator,
)

from reporting.addresses import (
    EmailAddress,
    EmailAddresses,
    Secret,
    SecretWebAddress,
    WebAddress,
    check_web_address,
    is_loopback,
)
from reporting.language import Language

People = Literal["counts", "lists"]
"""Whether users are only counted, or listed by name as well; admins are always listed."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a time zone of the IANA list, like Europe/Berlin") from None
    return name


def _locale(name: str) -> str:
    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        raise ValueError("is not a locale, like en or en_GB") from None
    return name


class UsageApiSettings(_Table):
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
    max_concurrency: Annotated[PositiveInt, Field(le=64)] = 16

    @property
    def host(self) -> str:
        """The host and port that errors and the report name."""
        return urlsplit(self.base_url).netloc


class NetworkSettings(_Table):
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
        if proxy is not None:
            parts = urlsplit(proxy.get_secret_value())
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError("is not the address of a proxy, like http://proxy.acme.example:3128")
        return proxy

    @field_validator("ca_bundle")
    @classmethod
    def _check_ca_bundle(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        path = _under_folder(path, info) if path is not None else None
        if path is not None and not path.is_file():
            raise ValueError("is not a file")
        return path


class ReportSettings(_Table):
    """`[report]`: what the report says and when it may go out.

    Attributes:
        title: What the report calls itself.
        accent: The colour of the reported month, `#rrggbb`.
        locale: How numbers and dates are written, as `en` or `en_GB`.
        minimum_group: The fewest people of a team that may be shown on its own.
        settle_days: How many whole local days after a month's end its figures are taken as final.
        when_incomplete: Whether a report with missing figures is delivered and marked, or held back.
        release: Whether a report goes out by itself; the only way there is so far.
    """

    title: Annotated[str, Field(min_length=1, max_length=80)] = "Tabnine usage"
    accent: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#3b4cca"
    locale: Annotated[str, AfterValidator(_locale)] = "en"
    minimum_group: Annotated[PositiveInt, Field(le=1000)] = 5
    settle_days: Annotated[int, Field(ge=0, le=28)] = 1
    when_incomplete: Literal["mark", "hold"] = "mark"
    release: Literal["automatic"] = "automatic"


class EmailSettings(_Table):
    """`[email]`: the relay, and who gets the report by email.

    Attributes:
        host: The SMTP server.
        port: Its port.
        security: `starttls`, `tls` from the first byte, or `none`; said, never guessed.
        username: With `password`, the login; a relay may want none.
        password: See `username`.
        sender: The From address.
        recipients: The executives; each gets a message of their own.
        reply_to: Where answers go, if not to the sender.
        envelope_from: Where bounces go, if not to the sender.
        attach: Whether the PDF is attached.
        attachment_limit_mb: The largest message in megabytes (10^6 bytes); above, the PDF stays out and the
            mail says so.
    """

    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)]
    security: Literal["starttls", "tls", "none"]
    username: Annotated[str, Field(min_length=1)] | None = None
    password: SecretStr | None = None
    sender: EmailAddress
    recipients: EmailAddresses = ()
    reply_to: EmailAddress | None = None
    envelope_from: EmailAddress | None = None
    attach: bool = True
    attachment_limit_mb: PositiveFloat = 10.0

    @field_validator("password")
    @classmethod
    def _login(cls, password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if "username" in info.data and (info.data["username"] is None) != (password is None):
            raise ValueError("and email.username go together: give both or neither")
        if password is not None and info.data.get("security") == "none" and not is_loopback(info.data.get("host")):
            raise ValueError('would be sent in clear: email.security must be "starttls" or "tls"')
        return password


class SlackSettings(_Table):
    """`[slack]`: the channel that gets the report."""

    webhook_url: SecretWebAddress


class FolderSettings(_Table):
    """`[folder]`: a folder where each message is written as a file."""

    path: Path

    @field_validator("path")
    @classmethod
    def _relative_to_profile(cls, path: Path, info: ValidationInfo) -> Path:
        return _under_folder(path, info)


class AdminSettings(_Table):
    """`[admins]`: who hears that the report went out, or why not.

    Attributes:
        slack_webhook_url: The admins' own channel.
        email: Addresses, served by the relay in `[email]`.
    """

    slack_webhook_url: SecretWebAddress | None = None
    email: EmailAddresses = ()


class PrivacySettings(_Table):
    """`[privacy]`: whether people are counted, or listed for the admins as well."""

    people: People = "counts"


class ArchiveSettings(_Table):
    """`[archive]`: where reports are kept.

    Attributes:
        location: The folder of all bundles.
        ledger: The database that knows what was sent, as an SQLAlchemy URL: an SQLite file, or PostgreSQL.
        durable: Whether the ledger's file outlasts the container that runs the program; asked only in one.
        link_base: Where the archive can be read in a browser; empty when it cannot.
    """

    location: str = "reports"
    ledger: SecretStr = SecretStr("sqlite:///reports/ledger.db")
    durable: bool = False
    link_base: str = ""

    @field_validator("location")
    @classmethod
    def _local(cls, location: str, info: ValidationInfo) -> str:
        if "://" in location:
            raise ValueError("must be a folder of this machine; other places are not supported yet")
        return str(_under_folder(Path(location), info))

    @field_validator("ledger")
    @classmethod
    def _database(cls, ledger: SecretStr, info: ValidationInfo) -> SecretStr:
        url = ledger.get_secret_value()
        if url.startswith("postgresql+psycopg://"):
            return ledger
        path = url.removeprefix("sqlite:///")
        if path in (url, ""):
            raise ValueError("must be sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE")
        return SecretStr(f"sqlite:///{_under_folder(Path(path), info)}")

    @property
    def ledger_file(self) -> Path | None:
        """The ledger's file, or None where the ledger is a server's."""
        scheme, _, path = self.ledger.get_secret_value().partition(":///")
        return Path(path) if scheme == "sqlite" else None

    @field_validator("link_base")
    @classmethod
    def _link(cls, link_base: str) -> str:
        return check_web_address(link_base) if link_base else link_base


class Profile(_Table):
    """One organization's settings; see docs/configuration.md for every key.

    A channel's table that is not there is None, and the channel is not used.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
    time_zone: Annotated[str, AfterValidator(_zone)]
    usage_api: UsageApiSettings
    report: ReportSettings = ReportSettings()
    email: EmailSettings | None = None
    slack: SlackSettings | None = None
    folder: FolderSettings | None = None
    admins: AdminSettings = AdminSettings()
    network: NetworkSettings = NetworkSettings()
    privacy: PrivacySettings = PrivacySettings()
    archive: ArchiveSettings

    @field_validator("admins")
    @classmethod
    def _admins_need_a_relay(cls, admins: AdminSettings, info: ValidationInfo) -> AdminSettings:
        if admins.email and "email" in info.data and info.data["email"] is None:
            raise ValueError("names email addresses, which need the relay of [email]")
        return admins

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which months become final and times are written."""
        return ZoneInfo(self.time_zone)

    @property
    def language(self) -> Language:
        """How numbers and dates are written."""
        return Language(self.report.locale, self.zone)

    def without_secrets(self) -> dict[str, Any]:
        """Give the profile as plain data, each secret replaced by asterisks: what a manifest may keep."""
        return self.model_dump(mode="json", exclude_none=True)


def _under_folder(path: Path, info: ValidationInfo) -> Path:
    """Make a path absolute, relative to the profile's folder."""
    folder: Path = (info.context or {}).get("folder", Path())
    return Path(os.path.normpath(folder / path.expanduser()))
