"""Which channels a profile names, for the report and for the admins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from tabnine_report.deliver.channels.email import EmailChannel
from tabnine_report.deliver.channels.folder import FolderChannel
from tabnine_report.deliver.channels.slack_bot import SlackBotChannel
from tabnine_report.deliver.channels.slack_webhook import SlackChannel
from tabnine_report.deliver.message import Channel
from tabnine_report.model.edition import EDITIONS, Edition
from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.addresses import EmailAddress
from tabnine_report.profile.channel_settings import SlackSettings
from tabnine_report.profile.profile import AdminContacts, Profile
from tabnine_report.profile.usage_api_settings import NetworkSettings

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Route:
    """A channel, and the edition of the report that goes out by it."""

    channel: Channel
    edition: Edition


def report_channels(profile: Profile, clock: Clock) -> list[Route]:
    """Give the ways that the report goes out by; empty where the profile names none.

    No two of them lead to the same recipient.
    """
    routes = [
        Route(_email(profile, recipients, clock), edition)
        for edition in EDITIONS
        if (recipients := profile.email_recipients(edition))
    ]
    if profile.slack is not None:
        routes.append(Route(_slack(profile.slack, profile.network), profile.slack.edition))
    if profile.folder is not None:
        routes.append(Route(FolderChannel(profile.folder.path, clock=clock), profile.folder.edition))
    return routes


def test_channel(profile: Profile, address: str, clock: Clock) -> Channel:
    """Give the profile's way by email, to one address alone.

    Raises:
        SettingsError: If the profile has no relay, or that is no address.
    """
    if profile.email is None:
        raise SettingsError(f"Profile {profile.name}", ["a test message needs the relay of [email]"])
    try:
        checked = TypeAdapter(EmailAddress).validate_python(address)
    except ValidationError as error:
        raise SettingsError(address, ["is not an email address"]) from error
    return _email(profile, (checked,), clock)


def admin_channels(profile: Profile | AdminContacts, clock: Clock) -> list[Channel]:
    """Give the channels that the admins hear by; empty where the profile names none."""
    channels: list[Channel] = []
    if profile.admins.slack_webhook_url is not None:
        channels.append(SlackChannel(profile.admins.slack_webhook_url, profile.network))
    if profile.admins.email:
        channels.append(_email(profile, profile.admins.email, clock))
    return channels


def _slack(slack: SlackSettings, network: NetworkSettings) -> Channel:
    if slack.bot_token is not None and slack.channel is not None:
        return SlackBotChannel(slack.bot_token, slack.channel, network)
    if slack.webhook_url is None:
        raise ValueError("a profile's Slack channel has exactly one way")
    return SlackChannel(slack.webhook_url, network)


def _email(profile: Profile | AdminContacts, recipients: tuple[str, ...], clock: Clock) -> EmailChannel:
    if profile.email is None:
        raise ValueError("a profile whose admins have addresses has a relay")
    return EmailChannel(profile.email, profile.network, recipients, language=profile.language, clock=clock)
