"""The channels that a profile configures, for the report and for the admins."""

from tabnine_report.deliver.channels.channel import Channel, Clock, Route
from tabnine_report.deliver.channels.registry import CHANNEL_KINDS
from tabnine_report.profile.profile import AdminsAlone, Profile


def report_routes(profile: Profile, clock: Clock) -> list[Route]:
    """Return the routes by which the report is sent; empty if the profile configures none.

    No two routes share a recipient.
    """
    return [route for kind in CHANNEL_KINDS for route in kind.report_routes(profile, clock)]


def admin_channels(profile: Profile | AdminsAlone, clock: Clock) -> list[Channel]:
    """Return the channels that reach the admins; empty if the profile configures none."""
    return [channel for kind in CHANNEL_KINDS for channel in kind.admin_channels(profile, clock)]
