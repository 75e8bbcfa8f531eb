"""Addresses that a profile may name: email addresses, web addresses and secrets, each checked when it is read."""

import re
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

_ADDRESS = re.compile(r"""[^\s@<>"'(),:;\\\[\]]+@[^\s@<>"'(),:;\\\[\]]+\.[^\s@<>"'(),:;\\\[\].]+|[^\s@<>]+@localhost""")


def _address(text: str) -> str:
    """Check one email address, with or without a display name."""
    address = parseaddr(text)[1]
    whole = text == address or text.endswith(f"<{address}>")
    if not whole or not _ADDRESS.fullmatch(address) or any(character in text for character in "\r\n\0"):
        raise ValueError("is not an email address")
    return text


def _distinct(addresses: tuple[str, ...]) -> tuple[str, ...]:
    seen = [mailbox_of(address) for address in addresses]
    if len(set(seen)) != len(seen):
        raise ValueError("names an address twice")
    return addresses


def mailbox_of(address: str) -> str:
    """Give what tells one mailbox from another: the bare address in small letters, whatever name stands before it."""
    return parseaddr(address)[1].lower()


def is_loopback(host: str | None) -> bool:
    """Tell whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def check_web_address(url: str) -> str:
    """Check the address of a service: https, or http on this machine; no user, query or fragment."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError("is not a web address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not a web address that begins with https://")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must hold no user, password, query or fragment")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("must begin with https://: over plain http everybody on the way could read what is sent")
    return url.rstrip("/")


def _check_secret_web_address(url: SecretStr) -> SecretStr:
    check_web_address(url.get_secret_value())
    return url


def _filled(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text.strip() or any(ord(c) <= 32 or ord(c) == 127 for c in text):  # noqa: PLR2004 - control and space
        raise ValueError("is empty or holds a space or a control character")
    return secret


EmailAddress = Annotated[str, AfterValidator(_address)]
EmailAddresses = Annotated[tuple[EmailAddress, ...], AfterValidator(_distinct)]
WebAddress = Annotated[str, AfterValidator(check_web_address)]
SecretWebAddress = Annotated[SecretStr, AfterValidator(_check_secret_web_address)]
Secret = Annotated[SecretStr, AfterValidator(_filled)]
