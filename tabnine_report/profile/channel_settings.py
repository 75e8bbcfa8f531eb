"""Whom the report reaches, and how: `[email]`, `[slack]`, `[folder]` and `[admins]`."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, PositiveFloat, SecretStr, ValidationInfo, field_validator, model_validator

from tabnine_report.model.edition import Edition
from tabnine_report.profile.addresses import EmailAddress, EmailAddresses, Secret, SecretWebAddress, is_loopback
from tabnine_report.profile.settings_table import Table, under_folder


class EmailSettings(Table):
    """`[email]`: the relay, and who gets the report by email.

    Attributes:
        host: The SMTP server.
        port: Its port.
        security: `starttls`, `tls` from the first byte, or `none`; said, never guessed.
        username: With `password`, the login; a relay may want none.
        password: See `username`.
        sender: The From address.
        recipients: The executives; each gets a message of their own, in the executive edition.
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


class SlackSettings(Table):
    """`[slack]`: the channel that gets the report, by exactly one way.

    Attributes:
        webhook_url: Its incoming webhook, which takes messages only.
        bot_token: The token of a bot, which uploads the PDF as well.
        channel: With `bot_token`, the channel's id.
        edition: Which edition it gets.
    """

    webhook_url: SecretWebAddress | None = None
    bot_token: Secret | None = None
    channel: Annotated[str, Field(pattern=r"^[CG][A-Z0-9]+$")] | None = None
    edition: Edition = "executive"

    @model_validator(mode="after")
    def _one_route(self) -> Self:
        by_bot = self.bot_token is not None and self.channel is not None
        nothing_of_a_bot = self.bot_token is None and self.channel is None
        if not (nothing_of_a_bot if self.webhook_url is not None else by_bot):
            raise ValueError("needs exactly one way: webhook_url, or bot_token and channel")
        return self


class FolderSettings(Table):
    """`[folder]`: a folder where each message is written as a file.

    Attributes:
        path: The folder.
        edition: Which edition it gets.
    """

    path: Path
    edition: Edition = "executive"

    @field_validator("path")
    @classmethod
    def _relative_to_profile(cls, path: Path, info: ValidationInfo) -> Path:
        return under_folder(path, info)


class AudienceSettings(Table):
    """`[[audiences]]`: further readers, by email; those of `[email]` are the first audience, the executives.

    Attributes:
        name: What they are called, in problems of the profile.
        edition: Which edition they get; who is in two audiences gets the fuller one, once.
        recipients: Addresses, served by the relay in `[email]`.
    """

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"\S")]
    edition: Edition
    recipients: Annotated[EmailAddresses, Field(min_length=1)]


class AdminSettings(Table):
    """`[admins]`: who hears that the report went out, or why not.

    Attributes:
        slack_webhook_url: The admins' own channel.
        email: Addresses, served by the relay in `[email]`.
    """

    slack_webhook_url: SecretWebAddress | None = None
    email: EmailAddresses = ()

    @property
    def has_channel(self) -> bool:
        """Whether any channel reaches the admins."""
        return any(value for _, value in self)


class ChannelTables(Table):
    """The profile's channels. A channel whose table is missing is None and not used."""

    email: EmailSettings | None = None
    slack: SlackSettings | None = None
    folder: FolderSettings | None = None

    def channel_editions(self) -> set[Edition]:
        """Return the editions that the channels send, except email, whose editions follow from its audiences."""
        tables = (getattr(self, name) for name in ChannelTables.model_fields)
        return {table.edition for table in tables if hasattr(table, "edition")}
