"""Define who receives the report and how: `[email]`, `[slack]`, `[folder]`, `[[audiences]]` and `[admins]`."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator

from tabnine_report.model.edition import Edition
from tabnine_report.profile.addresses import (
    Domain,
    EmailAddress,
    EmailAddresses,
    Password,
    Secret,
    SecretWebAddress,
    UserName,
    check_domains,
    is_loopback,
)
from tabnine_report.profile.base_table import SettingsTable, resolve_path


class EmailSettings(SettingsTable):
    """`[email]`: the mail relay and the executive recipients.

    Attributes:
        host: The SMTP server.
        port: Its port.
        security: `starttls`, `tls` from the first byte, or `none`. There is no automatic choice.
        username: The login, together with `password`; optional.
        password: The password of `username`.
        sender: The From address.
        allowed_domains: The domains that may receive messages; empty for all. `.acme.example` includes subdomains.
        recipients: The executives. Each receives a separate message with the executive edition.
        reply_to: The address for replies; defaults to the sender.
        envelope_from: The address for bounces; defaults to the sender.
        ehlo_name: The name with which this machine greets the server; defaults to the sender's domain.
        patience_minutes: For how long a message that the server does not accept at the moment is sent again.
        attach: Whether PDF and workbook are attached.
        attachment_limit_mb: The largest message in megabytes (10^6 bytes). Larger messages are sent without the
            attachments and state this.
    """

    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)]
    security: Literal["starttls", "tls", "none"]
    username: UserName | None = None
    password: Password | None = None
    sender: EmailAddress
    allowed_domains: tuple[Domain, ...] = ()
    recipients: EmailAddresses = ()
    reply_to: EmailAddress | None = None
    envelope_from: EmailAddress | None = None
    ehlo_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:\[\]-]{1,255}$")] | None = None
    patience_minutes: Annotated[float, Field(ge=0, le=120)] = 30.0
    attach: bool = True
    attachment_limit_mb: Annotated[float, Field(gt=0, le=1000)] = 10.0

    @field_validator("recipients")
    @classmethod
    def _check_recipients(cls, recipients: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        check_domains(recipients, info.data.get("allowed_domains", ()))
        return recipients

    @field_validator("password")
    @classmethod
    def _check_login(cls, password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if "username" in info.data and (info.data["username"] is None) != (password is None):
            raise ValueError("and email.username must be set together")
        if password is not None and info.data.get("security") == "none" and not is_loopback(info.data.get("host")):
            raise ValueError('would be sent unencrypted: email.security must be "starttls" or "tls"')
        return password


class SlackSettings(SettingsTable):
    """`[slack]`: the channel that receives the report, through a webhook or a bot.

    Attributes:
        webhook_url: The channel's incoming webhook, which receives the message only.
        bot_token: The token of a bot, which uploads the PDF as well.
        channel: The channel's ID, together with `bot_token`.
        edition: The edition that it receives.
    """

    webhook_url: SecretWebAddress | None = None
    bot_token: Secret | None = None
    channel: Annotated[str, Field(pattern=r"^[CG][A-Z0-9]+$")] | None = None
    edition: Edition = "executive"

    @model_validator(mode="after")
    def _check_route(self) -> Self:
        by_bot = self.bot_token is not None and self.channel is not None
        without_bot = self.bot_token is None and self.channel is None
        if not (without_bot if self.webhook_url is not None else by_bot):
            raise ValueError("needs either webhook_url, or bot_token and channel")
        return self


class FolderSettings(SettingsTable):
    """`[folder]`: a folder to which each message is written as a file.

    Attributes:
        path: The folder.
        edition: The edition that it receives.
    """

    path: Path
    edition: Edition = "executive"

    @field_validator("path")
    @classmethod
    def _resolve_path(cls, path: Path, info: ValidationInfo) -> Path:
        return resolve_path(path, info)


class AudienceSettings(SettingsTable):
    """`[[audiences]]`: additional readers by email. The recipients of `[email]` are the first audience, the executives.

    Attributes:
        name: The audience's name in error messages about the profile.
        edition: The edition of this audience. A reader in two audiences receives the fuller one, once.
        recipients: Email addresses, reached through the relay of `[email]`.
    """

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"\S")]
    edition: Edition
    recipients: Annotated[EmailAddresses, Field(min_length=1)]


_NO_ADDRESSES = frozenset({"due_day", "warn_days", "heartbeat_url"})
"""The fields of `AdminSettings` that reach no admin."""


class AdminSettings(SettingsTable):
    """`[admins]`: who is notified about runs and about problems that the watchdog finds.

    Attributes:
        slack_webhook_url: The webhook of the admins' channel.
        email: Email addresses, reached through the relay of `[email]`.
        due_day: The day of the following month from which the watchdog reports a month that was not sent.
        warn_days: How many days before the token or the license ends the admins are reminded.
        heartbeat_url: The address of a monitor that expects signals from runs and from the watchdog.
    """

    slack_webhook_url: SecretWebAddress | None = None
    email: EmailAddresses = ()
    due_day: Annotated[int, Field(ge=1, le=28)] = 5
    warn_days: Annotated[int, Field(ge=0, le=365)] = 30
    heartbeat_url: SecretWebAddress | None = None

    @property
    def addresses(self) -> frozenset[tuple[str, str | SecretStr]]:
        """What identifies the admins: profiles with the same addresses, each with its field, have the same admins.

        Every field is an address, or several, except for the settings in `_NO_ADDRESSES`: a field that is added is not
        forgotten.
        """
        fields = {name: getattr(self, name) for name in type(self).model_fields.keys() - _NO_ADDRESSES}
        return frozenset(
            (name, address)
            for name, value in fields.items()
            for address in (value if isinstance(value, tuple) else (value,))
            if address is not None
        )

    @property
    def has_channel(self) -> bool:
        """Whether any channel reaches the admins."""
        return bool(self.addresses)


class ChannelTables(SettingsTable):
    """The profile's channels. A channel whose table is missing is None and not used."""

    email: EmailSettings | None = None
    slack: SlackSettings | None = None
    folder: FolderSettings | None = None

    def channel_editions(self) -> set[Edition]:
        """Return the editions that the channels send, except email, whose editions follow from its audiences."""
        tables = (getattr(self, name) for name in ChannelTables.model_fields)
        return {table.edition for table in tables if hasattr(table, "edition")}
