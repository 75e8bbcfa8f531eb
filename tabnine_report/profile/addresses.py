"""Check the addresses and secrets of a profile: email addresses, web addresses, tokens.

`parse_mailbox` is the only code that reads an email address: the address that is checked is the one that is used.
"""

import re
from email.headerregistry import Address
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

import httpx
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from pydantic import AfterValidator, SecretStr

from tabnine_report.text.sanitizing import sanitize

# Private networks use domains that the library rejects, such as acme.local.
SPECIAL_USE_DOMAIN_NAMES.clear()

# A name without quotes contains none of the characters that separate addresses, so that a list of addresses is not read
# as one address with a name.
_MAILBOX = re.compile(
    r"""(?:"(?P<quoted>(?:[^"\\]|\\.)*)"[ ]*|(?P<name>[^"(),:;<>@\[\\\]]*))<(?P<address>[^<>]+)>|(?P<bare>[^<>]+)"""
)
_MAX_NAME_LENGTH = 200


def parse_mailbox(text: str) -> Address:
    """Return an email address with or without a display name; an international domain in its DNS form (IDNA 2008).

    Raises:
        ValueError: If it is not one email address. The message completes a sentence about the address.
    """
    match = _MAILBOX.fullmatch(text)
    if match is None:
        raise ValueError("is not an email address")
    try:
        email = validate_email(
            match["address"] or match["bare"], check_deliverability=False, globally_deliverable=False, strict=True
        )
    except EmailNotValidError:
        raise ValueError("is not an email address") from None
    if "." not in email.ascii_domain and email.ascii_domain != "localhost":
        raise ValueError("is not an email address")
    quoted = match["quoted"] and re.sub(r"\\(.)", r"\1", match["quoted"])
    name = re.sub(" +", " ", quoted or match["name"] or "").strip(" ")
    if sanitize(name, _MAX_NAME_LENGTH) != name:
        raise ValueError("has a display name that is too long or contains characters that cannot be displayed")
    return Address(name, email.local_part, email.ascii_domain)


def mailbox_of(address: str) -> str:
    """Return the bare address in lower case, which identifies a mailbox regardless of the display name."""
    return parse_mailbox(address).addr_spec.lower()


def is_allowed(address: str, domains: tuple[str, ...]) -> bool:
    """Return whether the domain of an email address is in a list of domains; an empty list contains every domain."""
    domain = parse_mailbox(address).domain
    return not domains or any(is_in_domain(domain, entry) for entry in domains)


def check_domains(addresses: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    """Check that every address is in one of the allowed domains."""
    for number, address in enumerate(addresses, start=1):
        if not is_allowed(address, allowed):
            raise ValueError(f"contains an address outside of email.allowed_domains, number {number}")


def is_in_domain(domain: str, entry: str) -> bool:
    """Return whether a domain is an entry of a list, or a subdomain of an entry such as `.acme.example`."""
    domain, entry = domain.lower(), entry.lower()
    return domain == entry.removeprefix(".") or (entry.startswith(".") and domain.endswith(entry))


def _check_email_address(text: str) -> str:
    parse_mailbox(text)
    return text


def _check_distinct(addresses: tuple[str, ...]) -> tuple[str, ...]:
    mailboxes = [mailbox_of(address) for address in addresses]
    if len(set(mailboxes)) != len(mailboxes):
        raise ValueError("contains the same address twice")
    return addresses


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
    if _parts(url).query:
        raise ValueError("must not contain a query")
    return url.rstrip("/")


def _parts(url: str) -> SplitResult:
    if not url.isprintable() or " " in url:
        raise ValueError("is not a URL")  # urlsplit would ignore a line break, which the request would contain
    try:
        parts = urlsplit(url)
        _ = parts.port, httpx.URL(url).host
    except (ValueError, httpx.InvalidURL):
        raise ValueError("is not a URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not a URL that begins with https://")
    if parts.username or parts.password or parts.fragment:
        raise ValueError("must not contain a user, password or fragment")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("must begin with https://, because anyone on the network can read plain http")
    return parts


def check_secret(secret: SecretStr) -> SecretStr:
    """Check a secret that is sent as it is: visible characters only."""
    text = secret.get_secret_value()
    if not text or not text.isprintable() or " " in text:
        raise ValueError("is empty, or contains a space or a control character")
    return secret


def _check_login(text: str) -> str:
    """Check a user name or a password: visible characters, and spaces between them."""
    if not text or not text.isprintable() or text != text.strip():
        raise ValueError("is empty, contains a control character, or begins or ends with a space")
    return text


def _check_password(secret: SecretStr) -> SecretStr:
    _check_login(secret.get_secret_value())
    return secret


def _check_domain(entry: str) -> str:
    """Check a domain, or a domain that includes its subdomains, such as `.acme.example`; return it in its DNS form."""
    domain = entry.removeprefix(".")
    try:
        checked = parse_mailbox(f"postmaster@{domain}").domain
    except ValueError:
        raise ValueError("is not a domain such as acme.example or .acme.example") from None
    return entry.replace(domain, checked)


def _check_secret_web_address(url: SecretStr) -> SecretStr:
    """Check a URL that is a secret; that of a workflow of Teams or of a monitor may have a query."""
    if not url.get_secret_value().isascii():
        raise ValueError("is not a URL")
    _parts(url.get_secret_value())
    return url


EmailAddress = Annotated[str, AfterValidator(_check_email_address)]
EmailAddresses = Annotated[tuple[EmailAddress, ...], AfterValidator(_check_distinct)]
WebAddress = Annotated[str, AfterValidator(check_web_address)]
Secret = Annotated[SecretStr, AfterValidator(check_secret)]
SecretWebAddress = Annotated[Secret, AfterValidator(_check_secret_web_address)]
UserName = Annotated[str, AfterValidator(_check_login)]
Password = Annotated[SecretStr, AfterValidator(_check_password)]
Domain = Annotated[str, AfterValidator(_check_domain)]
