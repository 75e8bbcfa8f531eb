"""The messages of chat channels, as JSON payloads; a new chat channel gets one line here.

Delivery may import this package, but nothing else that reads the report.
"""

from collections.abc import Mapping

from tabnine_report.render.chat.chat_format import ChatFormat
from tabnine_report.render.chat.slack import SlackFormat

CHAT_FORMATS: Mapping[str, ChatFormat] = {"slack": SlackFormat()}
"""The formats by the channel's name. A bundle has the report's payload as `<name>.json`."""
