"""The HTTP client of the API: sends the queries of one endpoint and returns all responses, or one error.

It does not know which queries a report needs (see `endpoints`), nor what the data means. The token is sent only to the
host in the settings and appears in no error, log line or repr.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

import httpx

from tabnine_report.model.errors import FeatureNotAvailable, RequestRejected, TokenRejected, UsageApiError
from tabnine_report.profile.network import secrets_of
from tabnine_report.profile.usage_api_settings import NetworkSettings, UsageApiSettings
from tabnine_report.usage_api import failures
from tabnine_report.usage_api.concurrency import gather_all
from tabnine_report.usage_api.connection import CONTENT_ENCODINGS, http_clients
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.exchange import Exchange
from tabnine_report.usage_api.failures import RequestTarget
from tabnine_report.usage_api.http_date import read_http_date
from tabnine_report.usage_api.paging import fetch_all_pages, fetch_total
from tabnine_report.usage_api.query import PageSelection, Query
from tabnine_report.usage_api.retrying import RetryPolicy, with_retries
from tabnine_report.usage_api.snapshot import Failure, Fetch, Response

MAX_RESPONSE_BYTES = 64 * 2**20
_MAX_ERROR_BYTES = 64 * 2**10
_REQUEST_TOO_LARGE = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)

_log = logging.getLogger(__name__)


class UsageApi:
    """The Usage Metrics API of one organization; use it as an async context manager.

    Args:
        settings: Host, token and limits.
        network: Certificate authorities and proxy.
        clock: Returns the current time as an aware UTC datetime.
        budget_seconds: The time for all attempts of one endpoint; `settings.timeout_seconds` if not given.
        retry_policy: How a request is retried.
        transport: Replaces the network in tests.
        observe: Called with every attempt of a request and what came back.

    Raises:
        SettingsError: If the file of certificate authorities is invalid.
    """

    def __init__(  # noqa: PLR0913 - two tables of the profile, a clock, and seams with defaults
        self,
        settings: UsageApiSettings,
        network: NetworkSettings,
        *,
        clock: Callable[[], datetime],
        budget_seconds: float | None = None,
        retry_policy: RetryPolicy | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        observe: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._settings = settings
        self._network = network
        self._clock = clock
        self._budget_seconds = budget_seconds or settings.timeout_seconds
        self._retry_policy = retry_policy or RetryPolicy()
        self._observe = observe or (lambda _: None)
        self._clients = http_clients(settings, network, budget_seconds=self._budget_seconds, transport=transport)
        # Last in, first out, so that few concurrent requests open few connections.
        self._idle: asyncio.LifoQueue[httpx.AsyncClient] = asyncio.LifoQueue()

    async def __aenter__(self) -> Self:
        for client in self._clients:
            await client.__aenter__()
            self._idle.put_nowait(client)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients:
            await client.__aexit__(kind, error, trace)

    async def fetch(self, endpoint: Endpoint, queries: Sequence[Query]) -> Fetch:
        """Send all queries to an endpoint concurrently, and validate the responses.

        Args:
            endpoint: The endpoint.
            queries: At least one.

        Returns:
            All responses, in the order of the queries and of the pages.

        Raises:
            UsageApiError: If any query failed; its class states why. `NoResponse` if all attempts, waits and pages
                together exceed the budget.
        """
        started_at = self._clock()
        try:
            async with asyncio.timeout(self._budget_seconds) as deadline:
                by_query = await gather_all(self._responses(endpoint, query, deadline) for query in queries)
        except TimeoutError as error:
            raise failures.budget_exceeded(self._settings.host, endpoint, self._budget_seconds) from error
        responses = tuple(response for responses in by_query for response in responses)
        fetch = Fetch(endpoint=endpoint, started_at=started_at, ended_at=self._clock(), responses=responses)
        endpoint.spec.check(fetch)
        _log.debug("Fetched %s: %d responses", endpoint, len(responses))
        return fetch

    async def fetch_each(self, endpoint: Endpoint, queries: Sequence[Query]) -> Fetch:
        """Send independent queries to an endpoint concurrently: a query may fail without the others.

        Args:
            endpoint: The endpoint.
            queries: At least one; their names are unique.

        Returns:
            The responses in the order of the queries, and a failure for each query that failed or exceeded the budget.

        Raises:
            UsageApiError: The first error, if every query failed, preferably not `FeatureNotAvailable`; `TokenRejected`
                immediately.
        """
        started_at = self._clock()
        ends_at = asyncio.get_running_loop().time() + self._budget_seconds
        results = await gather_all(self._responses_or_error(endpoint, query, ends_at) for query in queries)
        by_name = {query.name: result for query, result in zip(queries, results, strict=True)}
        errors = {name: result for name, result in by_name.items() if isinstance(result, UsageApiError)}
        responses = tuple(
            response for result in results if not isinstance(result, UsageApiError) for response in result
        )
        if not responses:
            # A response for one team may mean "not offered" because the team is gone, so any other error is preferred.
            raise min(errors.values(), key=lambda error: isinstance(error, FeatureNotAvailable))
        _log.debug("Fetched %s: %d responses, %d failures", endpoint, len(responses), len(errors))
        return Fetch(
            endpoint=endpoint,
            started_at=started_at,
            ended_at=self._clock(),
            responses=responses,
            failed_queries={name: Failure.of(error) for name, error in errors.items()},
        )

    async def _responses_or_error(
        self, endpoint: Endpoint, query: Query, ends_at: float
    ) -> tuple[Response, ...] | UsageApiError:
        """Return the validated responses to a query, or its error."""
        now = self._clock()
        try:
            async with asyncio.timeout_at(ends_at) as deadline:
                responses = await self._responses(endpoint, query, deadline)
            endpoint.spec.check(Fetch(endpoint=endpoint, started_at=now, ended_at=now, responses=responses))
        except TimeoutError:
            return failures.budget_exceeded(self._settings.host, endpoint, self._budget_seconds)
        except TokenRejected:
            raise
        except UsageApiError as error:
            return error
        return responses

    async def _responses(self, endpoint: Endpoint, query: Query, deadline: asyncio.Timeout) -> tuple[Response, ...]:
        def remaining_seconds() -> float:
            return (deadline.when() or 0.0) - asyncio.get_running_loop().time()

        async def fetch_page(page: Mapping[str, str]) -> Response:
            params = {**query.params, **page}

            async def send(attempt: int) -> Response:
                return await self._send(endpoint, query, params, attempt)

            return await with_retries(send, self._retry_policy, remaining_seconds)

        match query.pages:
            case PageSelection.ALL:
                return await fetch_all_pages(endpoint, fetch_page)
            case PageSelection.TOTAL:
                return await fetch_total(endpoint, fetch_page)
            case PageSelection.NONE:
                try:
                    return (await fetch_page({}),)
                except RequestRejected as rejection:
                    if query.fallback is None or rejection.status not in _REQUEST_TOO_LARGE:
                        raise
                    _log.info("%s rejected the query %r; sending a smaller one", endpoint, query.name)
                    return await self._responses(endpoint, query.fallback, deadline)

    async def _send(self, endpoint: Endpoint, query: Query, params: Mapping[str, str], attempt: int) -> Response:
        """Send one request; check that its response is complete JSON."""
        secrets = (self._settings.token.get_secret_value(), *secrets_of(self._network))
        target = RequestTarget(self._settings.host, endpoint, secrets)
        seconds = asyncio.get_running_loop().time
        async with self._idle_client() as client:
            started = seconds()
            try:
                response, body = await self._receive(client, target, params)
            except UsageApiError as error:
                self._observe(Exchange(endpoint, params, seconds() - started, error.status))
                raise
            ended = seconds()
        self._observe(Exchange(endpoint, params, ended - started, response.status_code, response.headers, body))
        if not response.is_success:
            raise failures.error_status(target, response, body, self._clock())
        return Response(
            query=query.name,
            path=endpoint.path,
            params=params,
            status=response.status_code,
            received_at=self._clock(),
            server_time=read_http_date(response.headers.get("date", "")),
            elapsed_seconds=ended - started,
            attempts=attempt,
            body=_json_text(target, response, body),
        )

    @asynccontextmanager
    async def _idle_client(self) -> AsyncIterator[httpx.AsyncClient]:
        """Yield an HTTP client that sends no other request, as soon as one is idle."""
        client = await self._idle.get()
        try:
            yield client
        finally:
            self._idle.put_nowait(client)

    async def _receive(
        self, client: httpx.AsyncClient, target: RequestTarget, params: Mapping[str, str]
    ) -> tuple[httpx.Response, bytes]:
        """Send a request and return its response, up to the maximum size."""
        status = None
        try:
            async with client.stream("GET", target.endpoint.path, params=dict(params)) as response:
                status = response.status_code
                return response, await _body(target, response)
        except httpx.RequestError as error:
            failure = (
                failures.no_response(target, error) if status is None else failures.incomplete(target, status, error)
            )
        # Raised here and not above: httpx quotes what the server sent, which may repeat the token.
        raise failure


async def _body(target: RequestTarget, response: httpx.Response) -> bytes:
    """Return the body; of an error only the beginning."""
    if response.headers.get("content-encoding", "identity").lower() not in CONTENT_ENCODINGS:
        if response.is_success:
            raise failures.malformed(target, response, "has an encoding that was not requested")
        return b""
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if not response.is_success and len(body) >= _MAX_ERROR_BYTES:
            break
        if len(body) > MAX_RESPONSE_BYTES:
            raise failures.malformed(target, response, f"is larger than {MAX_RESPONSE_BYTES // 2**20} MiB")
    return bytes(body)


def _json_text(target: RequestTarget, response: httpx.Response, body: bytes) -> str:
    try:
        text = body.decode()
        json.loads(text)
    except UnicodeDecodeError as error:
        raise failures.malformed(target, response, "is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise failures.malformed(target, response, "is not JSON") from error
    return text
