"""The kinds of channels that exist; a new kind gets one line here."""

from tabnine_report.deliver.channels.channel import ChannelKind
from tabnine_report.deliver.channels.email import EmailKind
from tabnine_report.deliver.channels.folder import FolderKind
from tabnine_report.deliver.channels.slack import SlackKind

CHANNEL_KINDS: tuple[ChannelKind, ...] = (
    EmailKind(),
    SlackKind(),
    FolderKind(),
)
