"""Send requests whose URL is a secret: without logs, redirects or environment proxies, and within limits."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx

from tabnine_report.profile.network import http_proxy, secrets_of, tls_context
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.text.redaction import redact
from tabnine_report.text.sanitizing import sanitize

MAX_RESPONSE_BYTES = 1_000_000
"""The maximum size of a response that is read: the services that are posted to return at most some kilobytes."""

REQUEST_SECONDS = 30.0
"""The time limit of one message, from connecting to the last byte of the response."""
RATE_LIMIT_RETRIES = 2
LONGEST_WAIT_SECONDS = 60

_CONNECT_SECONDS = 10.0
_REASON_LENGTH = 300


@dataclass(frozen=True)
class HttpResponse:
    """A complete response."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class HttpFailure:
    """Why there is no response.

    Attributes:
        reason: The reason, without secrets.
        may_have_arrived: Whether any part of the request was sent.
    """

    reason: str
    may_have_arrived: bool


@dataclass
class HttpPoster:
    """Sends requests, each over a connection of its own.

    It uses the transport of httpx without its client, because the client logs each URL.

    Args:
        network: Certificate authorities and proxy.
        seconds: The time limit of a whole request, from connecting to the last byte of the response.
        secrets: What no reason may contain, apart from the URL, which is a secret in any case.

    Raises:
        SettingsError: If the file of certificate authorities cannot be used.
    """

    network: NetworkSettings
    seconds: float
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        self._tls = tls_context(self.network)

    async def get(self, url: str) -> HttpResponse | HttpFailure:
        """Send a GET request once, and return its response; see `post`."""
        return await self._send("GET", url, b"", {})

    async def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> HttpResponse | HttpFailure:
        """Send a POST request, and again after a rate limit, when the server did not process it; return the response.

        A request whose response was lost is not repeated, because the server may have processed it. A failure is
        returned instead of raised: an error raised from that of httpx would carry the URL along.
        """
        for _ in range(RATE_LIMIT_RETRIES):
            response = await self._send("POST", url, content, headers)
            if not isinstance(response, HttpResponse) or (wait := _requested_wait(response)) is None:
                return response
            await asyncio.sleep(wait)
        return await self._send("POST", url, content, headers)

    async def _send(
        self, method: str, url: str, content: bytes, headers: Mapping[str, str]
    ) -> HttpResponse | HttpFailure:
        # Encoding an invalid URL would send the message, and the secret, elsewhere.
        if not url.isascii() or not url.isprintable() or " " in url:
            return HttpFailure("the URL is not valid", may_have_arrived=False)
        sent: list[str] = []

        async def trace(event: str, details: Mapping[str, object]) -> None:
            # A proxy receives a CONNECT request first.
            request = details.get("request")
            if event.endswith("send_request_headers.started") and getattr(request, "method", b"") == method.encode():
                sent.append(event)

        try:
            async with asyncio.timeout(self.seconds):
                request = httpx.Request(
                    method,
                    url,
                    content=content,
                    headers=headers,
                    extensions={"timeout": {"connect": min(_CONNECT_SECONDS, self.seconds)}, "trace": trace},
                )
                return await self._response(request)
        except TimeoutError:
            reason = f"no complete response within {self.seconds:g} seconds"
        except Exception as error:  # noqa: BLE001 - any exception may contain the URL
            reason = self._reason(error, url)
        return HttpFailure(reason, may_have_arrived=bool(sent))

    async def _response(self, request: httpx.Request) -> HttpResponse | HttpFailure:
        proxy = http_proxy(str(request.url), self.network, self._tls)
        async with httpx.AsyncHTTPTransport(verify=self._tls, proxy=proxy, trust_env=False) as transport:
            response = await transport.handle_async_request(request)
            body = bytearray()
            try:
                async for part in response.aiter_raw():
                    body += part
                    if len(body) > MAX_RESPONSE_BYTES:
                        reason = f"the response is larger than {MAX_RESPONSE_BYTES // 1000} kB"
                        return HttpFailure(reason, may_have_arrived=True)
            finally:
                await response.aclose()
            return HttpResponse(response.status_code, response.headers, body.decode(errors="replace"))

    def _reason(self, error: Exception, url: str) -> str:
        """Return the text of the first cause that has one, which names the problem best."""
        texts = [str(cause) for cause in _causes(error) if str(cause)]
        reason = texts[-1] if texts else type(error).__name__
        return sanitize(redact(reason, (url, *self.secrets, *secrets_of(self.network))), _REASON_LENGTH)


def _requested_wait(response: HttpResponse) -> int | None:
    """Return for how many seconds a server requests to wait; None if it requests no wait, or one that is too long."""
    if response.status != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    delay = response.headers.get("retry-after", "1")
    return int(delay) if re.fullmatch("[0-9]{1,4}", delay) and int(delay) <= LONGEST_WAIT_SECONDS else None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
