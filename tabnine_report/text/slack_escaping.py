"""Escape text for Slack's markup, for the report's message and for the notices."""


def escape_slack(text: str) -> str:
    """Return a text that Slack displays literally: https://docs.slack.dev/messaging/formatting-message-text#escaping."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
