"""Query every endpoint once before a run, and find out what the token may read.

A failed endpoint never stops the others, except those that need its response. The statuses 401 and 403 of all endpoints
together distinguish a bad token from one that lacks permissions.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus

from tabnine_report.model.errors import UsageApiError
from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import People
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.concurrency import gather_all
from tabnine_report.usage_api.endpoints import ORGANIZATION_ENDPOINTS, TEAM_ENDPOINTS, Endpoint, queries, team_queries
from tabnine_report.usage_api.endpoints.organization import ORGANIZATION
from tabnine_report.usage_api.query import Query
from tabnine_report.usage_api.reading_problems import collected_problems
from tabnine_report.usage_api.retrying import SIDE_SECONDS
from tabnine_report.usage_api.snapshot import Failure, Fetch
from tabnine_report.usage_api.team_endpoint_selection import team_endpoints, team_ids

_REJECTIONS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


@dataclass(frozen=True)
class EndpointCheck:
    """The result of querying one endpoint.

    Attributes:
        endpoint: The endpoint.
        fetch: The responses or the failure; None if the endpoint was not queried.
        note: What was queried, as in "for 2026-10"; or why nothing was queried.
    """

    endpoint: Endpoint
    fetch: Fetch | None
    note: str

    @property
    def failure(self) -> Failure | None:
        """Why the endpoint could not be fetched; None if it was fetched or not queried."""
        return self.fetch.failure if self.fetch else None

    @property
    def permission(self) -> str:
        """A sentence on the permission that a token seems to need for the endpoint."""
        return f"Seems to need the permission to {self.endpoint.spec.permission} (inferred)."

    @property
    def unreadable(self) -> str:
        """A sentence on the values that could not be read, which a report shows as missing; empty if there are none."""
        if self.fetch is None or self.failure:
            return ""
        with collected_problems() as problems:
            self.endpoint.spec.check(self.fetch)
        rows = problems.unreadable_rows
        parts = [f"the field {name}" for name in problems.invalid_fields]
        parts += [f"{len(rows)} of {problems.rows} rows, the first because of its {rows[0].field}"] if rows else []
        return f"Unreadable: {', '.join(parts)}." if parts else ""

    @property
    def accepts_token(self) -> bool:
        """Whether the endpoint returned data."""
        return self.fetch is not None and self.failure is None

    @property
    def rejects_token(self) -> bool:
        """Whether the endpoint rejected the token, or did not permit it to read."""
        failure = self.failure
        return failure is not None and failure.status in _REJECTIONS and not failure.is_not_offered


async def check_endpoints(
    api: UsageApi, month: Month, people: People, clock: Callable[[], datetime]
) -> AsyncIterator[EndpointCheck]:
    """Query the endpoints as a run for the month would, but only one team, and yield every endpoint's result.

    If `organization` fails, only the endpoints that do not need the organization's id are queried: with a bad token, at
    most one request to each.

    As in a run, all optional queries together have `SIDE_SECONDS`.
    """
    fetch = partial(_fetch, api, clock, asyncio.get_running_loop().time() + SIDE_SECONDS)
    first = await fetch(Endpoint.ORGANIZATION, queries(Endpoint.ORGANIZATION, month, "", people))
    organization = None if first.failure else ORGANIZATION.read(first)
    yield EndpointCheck(Endpoint.ORGANIZATION, first, f"of {organization.name!r}" if organization else "")
    organization_id = organization.id if organization else ""
    sent = {
        endpoint: queries(endpoint, month, organization_id, people)
        for endpoint in ORGANIZATION_ENDPOINTS
        if endpoint is not Endpoint.ORGANIZATION
    }
    ready = {
        endpoint: endpoint_queries
        for endpoint, endpoint_queries in sent.items()
        if organization_id or not any("organizationId" in query.params for query in endpoint_queries)
    }
    fetched = await gather_all(fetch(endpoint, ready[endpoint]) for endpoint in ready)
    fetches = {Endpoint.ORGANIZATION: first} | dict(zip(ready, fetched, strict=True))
    for endpoint in sent:
        note = f"for {month}" if endpoint in fetches else "needs the id that organization returns"
        yield EndpointCheck(endpoint, fetches.get(endpoint), note)
    async for result in _check_team_endpoints(fetch, month, organization_id, fetches):
        yield result


async def _check_team_endpoints(
    fetch: Callable[[Endpoint, Sequence[Query]], Awaitable[Fetch]],
    month: Month,
    organization_id: str,
    fetches: dict[Endpoint, Fetch],
) -> AsyncIterator[EndpointCheck]:
    teams = team_ids(fetches) if organization_id else ()
    used = team_endpoints(fetches, month) if teams else ()
    for endpoint in TEAM_ENDPOINTS:
        if endpoint in used:
            sent = team_queries(endpoint, month, organization_id, teams[:1])
            note = f"for one of {len(teams)} teams" if len(teams) > 1 else "for the only team"
            yield EndpointCheck(endpoint, await fetch(endpoint, sent), note)
        else:
            yield EndpointCheck(
                endpoint, None, f"a report for {month} does not need it" if teams else "no team is known"
            )


async def _fetch(
    api: UsageApi, clock: Callable[[], datetime], ends_at: float, endpoint: Endpoint, sent: Sequence[Query]
) -> Fetch:
    started_at = clock()
    try:
        return await api.fetch(endpoint, sent, ends_at=ends_at)
    except UsageApiError as error:
        return Fetch(endpoint=endpoint, started_at=started_at, ended_at=clock(), failure=Failure.of(error))


@dataclass(frozen=True)
class TokenCheck:
    """What the endpoints' results together show about the token.

    Attributes:
        accepted: Whether a run can use the token; None if no endpoint accepted or rejected it.
        detail: The explanation, in sentences.
    """

    accepted: bool | None
    detail: str


def check_token(checks: Sequence[EndpointCheck]) -> TokenCheck:
    """Distinguish a valid token, a bad one, and one that lacks permissions."""
    accepting = [check for check in checks if check.accepts_token]
    rejecting = [check for check in checks if check.rejects_token]
    if not rejecting:
        detail = "accepted; no endpoint rejected it" if accepting else "no endpoint accepted or rejected it"
        return TokenCheck(accepted=True if accepting else None, detail=detail)
    names = ", ".join(check.endpoint for check in rejecting)
    if not accepting:
        causes = "wrong, revoked, expired or of another organization, or has no permission (scope) that a report needs"
        return TokenCheck(accepted=False, detail=f"rejected by {names}; accepted by no endpoint. It is {causes}.")
    granted = {check.endpoint.spec.permission for check in accepting}
    needed = dict.fromkeys(check.endpoint.spec.permission for check in rejecting)
    permissions = " and to ".join(name for name in needed if name not in granted)
    count = f"{len(accepting)} of {len(accepting) + len(rejecting)}"
    problem = f"It is valid, but seems to lack the permission (scope) to {permissions} (inferred)."
    if not permissions:
        problem = "It is valid, and other endpoints that seem to need the same permission (scope) accept it (inferred)."
    return TokenCheck(accepted=False, detail=f"accepted by {count} endpoints; rejected by {names}. {problem}")
