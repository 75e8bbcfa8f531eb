"""Check the addresses and secrets of a profile: email addresses, web addresses, tokens."""

import re
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

_ADDRESS = re.compile(r"""[^\s@<>"'(),:;\\\[\]]+@[^\s@<>"'(),:;\\\[\]]+\.[^\s@<>"'(),:;\\\[\].]+|[^\s@<>]+@localhost""")


def _check_email_address(text: str) -> str:
    """Check an email address, with or without a display name."""
    address = parseaddr(text)[1]
    complete = text == address or text.endswith(f"<{address}>")
    if not complete or not _ADDRESS.fullmatch(address) or any(character in text for character in "\r\n\0"):
        raise ValueError("is not an email address")
    return text


def _check_distinct(addresses: tuple[str, ...]) -> tuple[str, ...]:
    mailboxes = [mailbox_of(address) for address in addresses]
    if len(set(mailboxes)) != len(mailboxes):
        raise ValueError("contains the same address twice")
    return addresses


def mailbox_of(address: str) -> str:
    """Return the bare address in lower case, which identifies a mailbox regardless of the display name."""
    return parseaddr(address)[1].lower()


def is_loopback(host: str | None) -> bool:
    """Return whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def check_web_address(url: str) -> str:
    """Check the URL of a service: https, or http on this machine; no user, query or fragment."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError("is not a URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not a URL that begins with https://")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must not contain a user, password, query or fragment")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("must begin with https://, because anyone on the network can read plain http")
    return url.rstrip("/")


def _check_secret_web_address(url: SecretStr) -> SecretStr:
    check_web_address(url.get_secret_value())
    return url


def _check_heartbeat_address(url: SecretStr) -> SecretStr:
    """Check the URL of a monitor; that of Uptime Kuma has a query."""
    check_web_address(url.get_secret_value().partition("?")[0])
    return url


def _check_secret(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text.strip() or any(ord(c) <= 32 or ord(c) == 127 for c in text):  # noqa: PLR2004 - control and space
        raise ValueError("is empty, or contains a space or a control character")
    return secret


EmailAddress = Annotated[str, AfterValidator(_check_email_address)]
EmailAddresses = Annotated[tuple[EmailAddress, ...], AfterValidator(_check_distinct)]
WebAddress = Annotated[str, AfterValidator(check_web_address)]
SecretWebAddress = Annotated[SecretStr, AfterValidator(_check_secret_web_address)]
SecretHeartbeatAddress = Annotated[SecretStr, AfterValidator(_check_heartbeat_address)]
Secret = Annotated[SecretStr, AfterValidator(_check_secret)]
