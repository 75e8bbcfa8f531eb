"""Text from others with our secrets taken out: who refuses a login or a request may quote what it came with."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote

_REDACTED = "[secret]"
_SHORTEST_ENCODED_FORM = 6
"""Characters of a written form below which it would be found in innocent words, too."""


def redact(text: str, secrets: Iterable[str]) -> str:
    """Give a text with `[secret]` in the place of every secret, however it is written.

    Args:
        text: What another program said.
        secrets: What must not be told; found as it is, percent-encoded, in hexadecimal and in Base64, there also inside
            of a longer text as a login is. An empty one is none.
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
    """Give the characters that are the content's alone, for each place that it can have among groups of three bytes."""
    for before in range(3):
        characters = b64encode(b"\0" * before + content).decode()
        own = characters[-(-before * 8 // 6) : (before + len(content)) * 8 // 6]
        yield own
        yield own.translate(_URL_SAFE)


_URL_SAFE = str.maketrans("+/", "-_")
