"""Remove secrets from the text of other programs, which can quote a login or request that they reject."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote

_REDACTED = "[secret]"
_SHORTEST_ENCODED_FORM = 6
"""The number of characters below which an encoded form would also match harmless words."""


def redact(text: str, secrets: Iterable[str]) -> str:
    """Return a text in which `[secret]` replaces every secret and every encoded form of it.

    Args:
        text: The text of another program.
        secrets: The secrets, which are found as they are, percent-encoded, in hexadecimal, and in Base64, there also
            within a longer encoded text such as a login. Empty secrets are ignored.
    """
    for secret in filter(None, secrets):
        forms = sorted({secret, *_encoded_forms(secret)}, key=len, reverse=True)
        text = re.sub("|".join(map(re.escape, forms)), _REDACTED, text, flags=re.IGNORECASE)
    return text


def _encoded_forms(secret: str) -> Iterator[str]:
    content = secret.encode(errors="surrogatepass")
    forms = [quote(content), quote(content, safe=""), content.hex(), *_base64_forms(content)]
    yield from (form for form in forms if len(form) >= _SHORTEST_ENCODED_FORM)


def _base64_forms(content: bytes) -> Iterator[str]:
    """Yield the characters that depend on the content alone, for each position within a group of three bytes."""
    for offset in range(3):
        characters = b64encode(b"\0" * offset + content).decode()
        form = characters[-(-offset * 8 // 6) : (offset + len(content)) * 8 // 6]
        yield form
        yield form.translate(_URL_SAFE)


_URL_SAFE = str.maketrans("+/", "-_")
