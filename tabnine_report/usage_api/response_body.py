"""Receive the body of a response, up to the limits of a run, and check that it is JSON."""

from collections.abc import Callable, Iterable

import httpx

from tabnine_report.usage_api import request_errors
from tabnine_report.usage_api.http_connections import CONTENT_ENCODINGS
from tabnine_report.usage_api.request_errors import RequestTarget
from tabnine_report.usage_api.response_memory import MAX_RESPONSE_BYTES
from tabnine_report.usage_api.snapshot import parse_json

_MAX_ERROR_BYTES = 64 * 2**10
_SHORTEST_SECRET = 16
"""The number of characters below which a secret could also be a harmless part of a body."""


async def receive_body(target: RequestTarget, response: httpx.Response, has_room_for: Callable[[int], bool]) -> bytes:
    """Return the body, without our secrets; of an error only the beginning.

    Args:
        target: The target of the request.
        response: The response, whose head has arrived.
        has_room_for: Counts the bytes of a success as they arrive, and returns whether there is room for them.

    Raises:
        MalformedResponse: If its encoding was not requested.
        ResponseTooLarge: If it is larger than the limits.
        httpx.RequestError: If it does not arrive.
    """
    if response.headers.get("content-encoding", "identity").lower() not in CONTENT_ENCODINGS:
        if response.is_success:
            raise request_errors.malformed(target, response, "has an encoding that was not requested")
        return b""
    body = bytearray()
    if not response.is_success:
        async for part in response.aiter_bytes():
            body += part
            if len(body) >= _MAX_ERROR_BYTES:
                break
        return bytes(body)
    async for part in response.aiter_bytes():
        if len(body) + len(part) > MAX_RESPONSE_BYTES:
            raise request_errors.too_large(target, response)
        if not has_room_for(len(part)):
            raise request_errors.too_much(target)
        body += part
    return _without_secrets(bytes(body), target.secrets)


def _without_secrets(body: bytes, secrets: Iterable[str]) -> bytes:
    """Return a body without our secrets, which a server may repeat: bodies are archived, and names in them printed."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            body = body.replace(secret.encode(errors="surrogatepass"), b"[secret]")
    return body


def check_json(target: RequestTarget, response: httpx.Response, body: bytes) -> None:
    """Check that the body of a response is JSON.

    Raises:
        MalformedResponse: If it is not.
    """
    try:
        parse_json(body)
    except UnicodeDecodeError as error:
        raise request_errors.malformed(target, response, "is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        content = body.removeprefix(b"\xef\xbb\xbf").lstrip()
        problem = "is not JSON" if content else "is empty"
        if content.startswith(b"<"):
            problem = "is a web page instead of an API response"
        raise request_errors.malformed(target, response, problem) from error
