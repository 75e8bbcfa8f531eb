"""The HTTP client of the API: sends the queries of one endpoint and returns their responses and errors.

It does not know which queries a report needs (see `endpoints`), nor what the data means. The token is sent only to the
host in the settings and appears in no error, log line or repr.
"""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

import httpx

from tabnine_report.model.errors import FeatureNotAvailable, ResponseTooLarge, ServerError, TokenRejected, UsageApiError
from tabnine_report.profile.network import secrets_of
from tabnine_report.profile.usage_api_settings import NetworkSettings, UsageApiSettings
from tabnine_report.usage_api import request_errors
from tabnine_report.usage_api.concurrency import gather_all
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.exchange import Exchange
from tabnine_report.usage_api.http_connections import HttpConnection, http_connections
from tabnine_report.usage_api.http_date import read_http_date
from tabnine_report.usage_api.paging import PagedList
from tabnine_report.usage_api.parsing_thread import ParsingThread
from tabnine_report.usage_api.query import PageSelection, Query
from tabnine_report.usage_api.request_errors import RequestTarget
from tabnine_report.usage_api.response_body import check_json, receive_body
from tabnine_report.usage_api.response_memory import ResponseMemory
from tabnine_report.usage_api.retrying import RetryPolicy, with_retries
from tabnine_report.usage_api.snapshot import FailedQuery, Failure, Fetch, Response

_MISUNDERSTOOD = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
"""The statuses after which another spelling may succeed."""
_TOO_LARGE = (*_MISUNDERSTOOD, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_URI_TOO_LONG)
"""The statuses after which smaller queries may succeed."""
_ATTEMPTS_IN_PIECES = 2
"""The attempts of a query that can be sent in pieces, and of each piece."""
_SHARE_OF_A_LARGE_QUERY = 5
"""One attempt of a query that can be sent in pieces takes at most this part of the remaining time."""

_QUERIES_FOR_EACH_CONNECTION = 2
"""How many queries are in progress; the others of a thousand teams take hardly any memory until it is their turn."""

_log = logging.getLogger(__name__)


class UsageApi:
    """The Usage Metrics API of one organization; use it as an async context manager.

    Args:
        settings: Host, token and limits.
        network: Certificate authorities and proxy.
        clock: Returns the current time as an aware UTC datetime.
        attempt_seconds: The time for one attempt; `settings.timeout_seconds` if not given.
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
        attempt_seconds: float | None = None,
        retry_policy: RetryPolicy | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        observe: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._settings = settings
        self._network = network
        self._clock = clock
        self._attempt_seconds = attempt_seconds or settings.timeout_seconds
        self._retry_policy = retry_policy or RetryPolicy()
        self._observe = observe or (lambda _: None)
        self._memory = ResponseMemory()
        self._parsing = ParsingThread()
        self._connections = http_connections(settings, network, transport=transport)
        # Last in, first out, so that few concurrent requests open few connections.
        self._idle: asyncio.LifoQueue[HttpConnection] = asyncio.LifoQueue()
        self._turns = asyncio.Semaphore(_QUERIES_FOR_EACH_CONNECTION * settings.max_concurrency)

    async def __aenter__(self) -> Self:
        for connection in self._connections:
            await connection.transport.__aenter__()
            self._idle.put_nowait(connection)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self._connections:
            await connection.transport.__aexit__(kind, error, trace)
        self._parsing.close()

    async def fetch(self, endpoint: Endpoint, queries: Sequence[Query], *, ends_at: float | None = None) -> Fetch:
        """Send queries to an endpoint concurrently, and validate the responses.

        A query that fails does not affect the others, unless the endpoint requires it.

        Args:
            endpoint: The endpoint.
            queries: At least one; their names are unique.
            ends_at: When to give up optional queries, on the event loop's clock. None, and any other query: no limit
                but those of the attempts.

        Returns:
            The responses, in the order of the queries and of the pages, and the queries that failed.

        Raises:
            UsageApiError: If a required query failed, or every query of an endpoint that requires none; its class
                states why. `TokenRejected` in any case.
        """
        started_at = self._clock()
        by_query = await gather_all(
            self._ask(endpoint, query, None if endpoint.spec.is_essential(query.name) else ends_at) for query in queries
        )
        results = [result for of_query in by_query for result in of_query]
        errors = [result for result in results if isinstance(result, _FailedPiece)]
        responses = tuple(result for result in results if isinstance(result, Response))
        needed = [failed for failed in errors if endpoint.spec.requires(failed.query.name)]
        if not needed and not responses and not endpoint.spec.required:
            needed = errors
        if needed:
            # One response may mean "not offered" because a team no longer exists, so any other error is preferred.
            raise min((failed.error for failed in needed), key=lambda error: isinstance(error, FeatureNotAvailable))
        _log.debug("Fetched %s: %d responses, %d failures", endpoint, len(responses), len(errors))
        return Fetch(
            endpoint=endpoint,
            started_at=started_at,
            ended_at=self._clock(),
            responses=responses,
            failed_queries=tuple(failed.as_failed_query() for failed in errors),
        )

    async def _ask(
        self, endpoint: Endpoint, query: Query, ends_at: float | None
    ) -> "Sequence[Response | _FailedPiece]":
        """Return the validated responses to a query, in pieces if necessary, and the pieces that failed."""
        try:
            async with self._turns:
                return await self._validated_responses(endpoint, query, ends_at)
        except TokenRejected:
            raise
        except UsageApiError as error:
            failure = error
        if query.respelled and failure.status in _MISUNDERSTOOD:
            _log.info("%s rejected the query %r; sending other spellings", endpoint, query.name)
            respelled = replace(query, params={**query.params, **query.respelled}, respelled={})
            return await self._ask(endpoint, respelled, ends_at)
        if query.pieces and _may_succeed_in_pieces(failure) and _seconds_until(ends_at) > 0:
            _log.info("%s did not respond to the query %r; sending it in pieces", endpoint, query.name)
            pieces = (replace(piece, is_piece=True) for piece in query.pieces)
            by_piece = await gather_all(self._ask(endpoint, piece, ends_at) for piece in pieces)
            return [result for of_piece in by_piece for result in of_piece]
        return [_FailedPiece(query, failure)]

    async def _validated_responses(
        self, endpoint: Endpoint, query: Query, ends_at: float | None
    ) -> tuple[Response, ...]:
        now = self._clock()
        if _seconds_until(ends_at) <= 0:
            raise request_errors.out_of_time(self._settings.host, endpoint, sent=False)
        try:
            async with asyncio.timeout_at(ends_at):
                responses = await self._responses(endpoint, query, ends_at)
        except TimeoutError as error:
            raise request_errors.out_of_time(self._settings.host, endpoint, sent=True) from error
        fetch = Fetch(endpoint=endpoint, started_at=now, ended_at=now, responses=responses)
        size = sum(len(response.body) for response in responses)
        await self._parsing.run(size, lambda: endpoint.spec.check(fetch))
        return responses

    async def _responses(self, endpoint: Endpoint, query: Query, ends_at: float | None) -> tuple[Response, ...]:
        policy = self._retry_policy
        attempt_seconds = self._attempt_seconds
        if query.pieces or query.is_piece or query.name in endpoint.spec.additional:
            policy = replace(policy, attempts=min(policy.attempts, _ATTEMPTS_IN_PIECES))
        if query.pieces:
            # Keep enough time for the pieces.
            attempt_seconds = min(attempt_seconds, _seconds_until(ends_at) / _SHARE_OF_A_LARGE_QUERY)

        async def fetch_page(page: Mapping[str, str]) -> Response:
            params = {**query.params, **page}
            gives_up_at = _now() + policy.chain_seconds if ends_at is None else ends_at

            async def send(attempt: int) -> Response:
                return await self._send(endpoint, query, params, attempt, attempt_seconds)

            return await with_retries(send, policy, lambda: _seconds_until(gives_up_at))

        match query.pages:
            case PageSelection.ALL:
                return await PagedList(endpoint, fetch_page, self._parsing).all_pages()
            case PageSelection.ALL_IF_POSSIBLE:
                return await PagedList(endpoint, fetch_page, self._parsing).all_pages_or_total()
            case PageSelection.TOTAL:
                return await PagedList(endpoint, fetch_page, self._parsing).total()
            case PageSelection.NONE:
                return (await fetch_page({}),)

    async def _send(
        self, endpoint: Endpoint, query: Query, params: Mapping[str, str], attempt: int, seconds: float
    ) -> Response:
        """Send one request; check that its response is complete JSON and arrives within the time of one attempt."""
        secrets = (self._settings.token.get_secret_value(), *secrets_of(self._network))
        target = RequestTarget(self._settings.host, endpoint, secrets)
        with self._memory.receiving(endpoint) as has_room_for:
            async with self._idle_connection() as connection:
                started = _now()
                try:
                    response, body = await self._receive_in_time(connection, target, params, seconds, has_room_for)
                except UsageApiError as error:
                    self._observe(Exchange(endpoint, params, _now() - started, error.status))
                    raise
                ended = _now()
            self._observe(Exchange(endpoint, params, ended - started, response.status_code, response.headers, body))
            if not response.is_success:
                raise request_errors.error_status(target, response, body, self._clock())
            await self._parsing.run(len(body), lambda: check_json(target, response, body))
        kept = Response(
            query=query.name,
            path=endpoint.path,
            params=params,
            status=response.status_code,
            received_at=self._clock(),
            server_time=read_http_date(response.headers.get("date", "")),
            elapsed_seconds=ended - started,
            attempts=attempt,
            body=body,
        )
        self._memory.keep(endpoint, kept)
        return kept

    @asynccontextmanager
    async def _idle_connection(self) -> AsyncIterator[HttpConnection]:
        """Yield a connection that sends no other request, as soon as one is idle."""
        connection = await self._idle.get()
        try:
            yield connection
        finally:
            self._idle.put_nowait(connection)

    async def _receive_in_time(
        self,
        connection: HttpConnection,
        target: RequestTarget,
        params: Mapping[str, str],
        seconds: float,
        has_room_for: Callable[[int], bool],
    ) -> tuple[httpx.Response, bytes]:
        """Send a request and return its response, if it is complete within the time."""
        try:
            async with asyncio.timeout(seconds):
                return await self._receive(connection, target, params, has_room_for)
        except TimeoutError as error:
            raise request_errors.timed_out(target, seconds, limit=self._attempt_seconds) from error

    async def _receive(
        self,
        connection: HttpConnection,
        target: RequestTarget,
        params: Mapping[str, str],
        has_room_for: Callable[[int], bool],
    ) -> tuple[httpx.Response, bytes]:
        """Send a request and return its response, up to the maximum size."""
        status = None
        try:
            async with connection.get(target.endpoint.path, params) as response:
                status = response.status_code
                return response, await receive_body(target, response, has_room_for)
        except httpx.RequestError as error:
            failure = (
                request_errors.no_response(target, error)
                if status is None
                else request_errors.incomplete(target, status)
            )
        # Raised here and not above: httpx quotes what the server sent, which may repeat the token.
        raise failure


@dataclass(frozen=True)
class _FailedPiece:
    """A query, or a piece of one, with its error."""

    query: Query
    error: UsageApiError

    def as_failed_query(self) -> FailedQuery:
        return FailedQuery(**Failure.of(self.error).model_dump(), query=self.query.name, params=self.query.params)


def _now() -> float:
    """Return the time of the event loop's clock."""
    return asyncio.get_running_loop().time()


def _seconds_until(instant: float | None) -> float:
    return math.inf if instant is None else instant - _now()


def _may_succeed_in_pieces(error: UsageApiError) -> bool:
    """Return whether a query may have failed because it is too large."""
    if isinstance(error, ServerError):
        return error.status != HTTPStatus.TOO_MANY_REQUESTS
    return error.retryable or isinstance(error, ResponseTooLarge) or error.status in _TOO_LARGE
