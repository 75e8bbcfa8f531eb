"""Escaping for Slack's markup, used by the report's message and by the notices."""


def escape_slack(text: str) -> str:
    """Return a text that Slack displays literally: https://docs.slack.dev/messaging/formatting-message-text#escaping."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
