"""Each chat format belongs to a channel."""

from tabnine_report.deliver.channels.registry import CHANNEL_KINDS
from tabnine_report.render.chat import CHAT_FORMATS


def test_each_format_has_the_name_of_a_channel() -> None:
    assert CHAT_FORMATS.keys() <= {kind.name for kind in CHANNEL_KINDS}
