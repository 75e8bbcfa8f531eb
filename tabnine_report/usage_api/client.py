"""The API's client: puts the questions of one endpoint and gives back all its answers, or one error.

It knows how to ask, not what to ask (endpoints) nor what answers mean (reading). The token is sent to the one host in
the settings and stands in no error, log line or repr.
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

from tabnine_report.model.errors import RequestRejected, TokenRejected, UsageApiError
from tabnine_report.profile.network import secrets_of
from tabnine_report.profile.usage_api_settings import NetworkSettings, UsageApiSettings
from tabnine_report.usage_api import failures, paging, reading
from tabnine_report.usage_api.concurrency import gather_all
from tabnine_report.usage_api.connection import PACKINGS, http_clients
from tabnine_report.usage_api.endpoints import Endpoint, PageSelection, Query
from tabnine_report.usage_api.failures import Asked
from tabnine_report.usage_api.http_date import read_http_date
from tabnine_report.usage_api.retrying import Patience, patiently
from tabnine_report.usage_api.snapshot import Failure, Fetch, Response

LARGEST_ANSWER_BYTES = 64 * 2**20
_LARGEST_REFUSAL_BYTES = 64 * 2**10
_ASKED_TOO_MUCH = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)

_log = logging.getLogger(__name__)


class UsageApi:
    """The Usage Metrics API of one organization; use it as an async context manager.

    Args:
        settings: Host, token and limits.
        network: Certificate authorities and proxy.
        clock: Tells the time, as an aware UTC instant.
        budget_seconds: How long all tries of one endpoint may take together; `settings.timeout_seconds` if not given.
        patience: How one request is retried.
        transport: Takes the place of the network, for tests.

    Raises:
        SettingsError: If the file of certificate authorities cannot be used.
    """

    def __init__(  # noqa: PLR0913 - two tables of the profile, a clock, and seams with defaults
        self,
        settings: UsageApiSettings,
        network: NetworkSettings,
        *,
        clock: Callable[[], datetime],
        budget_seconds: float | None = None,
        patience: Patience | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._network = network
        self._clock = clock
        self._budget_seconds = budget_seconds or settings.timeout_seconds
        self._patience = patience or Patience()
        self._clients = http_clients(settings, network, budget_seconds=self._budget_seconds, transport=transport)
        # Last in, first out: few requests at a time open few connections.
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
        """Put all questions to an endpoint, concurrently, and read the answers once to see that they can be read.

        Args:
            endpoint: The endpoint; its name stands in the fetch and in errors.
            queries: At least one.

        Returns:
            All answers, in the order of the questions and of the pages.

        Raises:
            UsageApiError: If any question could not be answered; the class says why. All tries, waits and pages
                together end within the budget, in `NoResponse`.
        """
        started_at = self._clock()
        try:
            async with asyncio.timeout(self._budget_seconds) as deadline:
                answered = await gather_all(self._answers(endpoint, query, deadline) for query in queries)
        except TimeoutError as error:
            path = queries[0].path
            raise failures.out_of_time(self._settings.host, endpoint, path, self._budget_seconds) from error
        answers = tuple(answer for several in answered for answer in several)
        fetch = Fetch(endpoint=endpoint, started_at=started_at, ended_at=self._clock(), answers=answers)
        reading.check(fetch)
        _log.debug("Fetched %s in %d answers", endpoint, len(answers))
        return fetch

    async def fetch_each(self, endpoint: Endpoint, queries: Sequence[Query]) -> Fetch:
        """Put questions that stand for themselves, concurrently: what one of them does not get, the others keep.

        Args:
            endpoint: The endpoint; its name stands in the fetch and in errors.
            queries: At least one, each with a name of its own.

        Returns:
            The answers in the order of the questions, and for each question without one the failure. What is not
            answered within the budget is such a failure, too.

        Raises:
            UsageApiError: If no question was answered, the first one's error; `TokenRejected` as soon as it comes.
        """
        started_at = self._clock()
        ends_at = asyncio.get_running_loop().time() + self._budget_seconds
        settled = await gather_all(self._settled(endpoint, query, ends_at) for query in queries)
        errors = {q.name: one for q, one in zip(queries, settled, strict=True) if isinstance(one, UsageApiError)}
        answers = tuple(answer for one in settled if not isinstance(one, UsageApiError) for answer in one)
        if not answers:
            raise next(iter(errors.values()))
        _log.debug("Fetched %s: %d answers, %d failures", endpoint, len(answers), len(errors))
        return Fetch(
            endpoint=endpoint,
            started_at=started_at,
            ended_at=self._clock(),
            answers=answers,
            unanswered={name: Failure.of(error) for name, error in errors.items()},
        )

    async def _settled(self, endpoint: Endpoint, query: Query, ends_at: float) -> tuple[Response, ...] | UsageApiError:
        """Give the answers to a question, seen to be readable, or why there are none."""
        now = self._clock()
        try:
            async with asyncio.timeout_at(ends_at) as deadline:
                answers = await self._answers(endpoint, query, deadline)
            reading.check(Fetch(endpoint=endpoint, started_at=now, ended_at=now, answers=answers))
        except TimeoutError:
            return failures.out_of_time(self._settings.host, endpoint, query.path, self._budget_seconds)
        except TokenRejected:
            raise
        except UsageApiError as error:
            return error
        return answers

    async def _answers(self, endpoint: Endpoint, query: Query, deadline: asyncio.Timeout) -> tuple[Response, ...]:
        def remaining_seconds() -> float:
            return (deadline.when() or 0.0) - asyncio.get_running_loop().time()

        async def ask(page: Mapping[str, str]) -> Response:
            params = {**query.params, **page}

            async def once(number: int) -> Response:
                return await self._ask_once(endpoint, query, params, number)

            return await patiently(once, self._patience, remaining_seconds)

        match query.pages:
            case PageSelection.ALL:
                return await paging.whole_list(endpoint, ask)
            case PageSelection.TOTAL:
                return await paging.total_only(endpoint, ask)
            case PageSelection.NONE:
                try:
                    return (await ask({}),)
                except RequestRejected as refusal:
                    if query.instead is None or refusal.status not in _ASKED_TOO_MUCH:
                        raise
                    _log.info("%s refused a question; a smaller one is asked instead", endpoint)
                    return await self._answers(endpoint, query.instead, deadline)

    async def _ask_once(self, endpoint: Endpoint, query: Query, params: Mapping[str, str], number: int) -> Response:
        """Make one request and see that its answer is whole and is JSON."""
        secrets = (self._settings.token.get_secret_value(), *secrets_of(self._network))
        asked = Asked(self._settings.host, endpoint, query.path, secrets)
        seconds = asyncio.get_running_loop().time
        async with self._idle_client() as client:
            begun = seconds()
            response, body = await self._receive(client, asked, params)
            ended = seconds()
        if not response.is_success:
            raise failures.refusal(asked, response, body, self._clock())
        return Response(
            query=query.name,
            path=query.path,
            params=params,
            status=response.status_code,
            received_at=self._clock(),
            dated_at=read_http_date(response.headers.get("date", "")),
            elapsed_seconds=ended - begun,
            tries=number,
            body=_json_text(asked, response, body),
        )

    @asynccontextmanager
    async def _idle_client(self) -> AsyncIterator[httpx.AsyncClient]:
        """Take a client that makes no other request meanwhile, as soon as there is one."""
        client = await self._idle.get()
        try:
            yield client
        finally:
            self._idle.put_nowait(client)

    async def _receive(
        self, client: httpx.AsyncClient, asked: Asked, params: Mapping[str, str]
    ) -> tuple[httpx.Response, bytes]:
        """Send a request and take in its answer up to the largest size."""
        status = None
        try:
            async with client.stream("GET", asked.path, params=dict(params)) as response:
                status = response.status_code
                return response, await _body(asked, response)
        except httpx.RequestError as error:
            failure = failures.no_answer(asked, error) if status is None else failures.cut_short(asked, status, error)
        # Raised here and not above: the library quotes what came instead of an answer, which may repeat the token.
        raise failure


async def _body(asked: Asked, response: httpx.Response) -> bytes:
    """Take in the body; of a refusal only the beginning is of interest."""
    if response.headers.get("content-encoding", "identity").lower() not in PACKINGS:
        if response.is_success:
            raise failures.garbled(asked, response, "is packed in a way that was not asked for")
        return b""
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if not response.is_success and len(body) >= _LARGEST_REFUSAL_BYTES:
            break
        if len(body) > LARGEST_ANSWER_BYTES:
            raise failures.garbled(asked, response, f"is larger than {LARGEST_ANSWER_BYTES // 2**20} MiB")
    return bytes(body)


def _json_text(asked: Asked, response: httpx.Response, body: bytes) -> str:
    try:
        text = body.decode()
        json.loads(text)
    except UnicodeDecodeError as error:
        raise failures.garbled(asked, response, "is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise failures.garbled(asked, response, "is not JSON") from error
    return text
