"""Escape text for the markup of each service that displays messages, reports or notices."""

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~&-])")


def escape_slack(text: str) -> str:
    """Return a text that Slack displays literally: https://docs.slack.dev/messaging/formatting-message-text#escaping."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_markdown(text: str) -> str:
    """Return a text on one line that Markdown displays literally."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
