"""Slack: which of its two channels a profile uses."""

from tabnine_report.deliver.channels.channel import Channel, ChannelKind, Clock, Route
from tabnine_report.deliver.channels.slack_bot import SlackBotChannel
from tabnine_report.deliver.channels.slack_webhook import SlackWebhookChannel
from tabnine_report.profile.channel_settings import SlackSettings
from tabnine_report.profile.profile import AdminContacts, Profile
from tabnine_report.profile.usage_api_settings import NetworkSettings


class SlackKind(ChannelKind):
    """The Slack channel of `[slack]`, and the admins' webhook."""

    name = SlackWebhookChannel.name

    def report_routes(self, profile: Profile, clock: Clock) -> list[Route]:  # noqa: ARG002 - a payload has no date
        """Return the route to the Slack channel, if the profile has one."""
        if profile.slack is None:
            return []
        return [Route(_channel(profile.slack, profile.network), profile.slack.edition)]

    def admin_channels(self, profile: Profile | AdminContacts, clock: Clock) -> list[Channel]:  # noqa: ARG002 - as above
        """Return the admins' webhook, if the profile has one."""
        url = profile.admins.slack_webhook_url
        return [] if url is None else [SlackWebhookChannel(url, profile.network)]


def _channel(settings: SlackSettings, network: NetworkSettings) -> Channel:
    if settings.bot_token is not None and settings.channel is not None:
        return SlackBotChannel(settings.bot_token, settings.channel, network)
    if settings.webhook_url is None:
        raise ValueError("SlackSettings has either a webhook or a bot")
    return SlackWebhookChannel(settings.webhook_url, network)
