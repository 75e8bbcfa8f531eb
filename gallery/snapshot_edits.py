"""Edit a snapshot to imitate other organizations: other names, fewer months, no agents, failed endpoints."""

import json
from collections.abc import Callable, Iterable
from itertools import cycle
from typing import Any

from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.snapshot import Failure, Fetch, Response, Snapshot

Json = dict[str, Any]

_USAGE = (Endpoint.USAGE_V1, Endpoint.USAGE_V2)


def named(snapshot: Snapshot, organization: str, teams: Iterable[str]) -> Snapshot:
    """Rename the organization and its teams, which get the team names in turn."""

    def rename(body: Json) -> None:
        for team, name in zip(body["data"], cycle(teams), strict=False):
            team["name"] = name

    snapshot = _edited(snapshot, Endpoint.ORGANIZATION, lambda body: body.update(name=organization))
    return _edited(snapshot, Endpoint.TEAMS, rename)


def starting_on(snapshot: Snapshot, day: str) -> Snapshot:
    """Remove all usage and accounts before a day `YYYY-MM-DD`."""
    month = Month.parse(day[:7])

    def later(body: Json) -> None:
        usage = body["usage"]
        if usage["granularity"] == "all":
            if body["from"] < day[:7]:
                usage["data"] = []
        else:
            first = day if usage["granularity"] == "daily" else day[:7]
            usage["data"] = [bucket for bucket in usage["data"] if bucket["from"] >= first]

    def later_months(body: list[Json]) -> None:
        body[:] = [row for row in body if Month(row["year"], row["month"] + 1) >= month]

    for endpoint in _USAGE:
        snapshot = _edited(snapshot, endpoint, later)
    return _edited(snapshot, Endpoint.ACCOUNT_UTILIZATIONS, later_months)


def without_agents(snapshot: Snapshot) -> Snapshot:
    """Remove agent usage."""

    def drop(body: Json) -> None:
        for bucket in body["usage"]["data"]:
            bucket.pop("agent", None)

    for endpoint in _USAGE:
        snapshot = _edited(snapshot, endpoint, drop)
    return snapshot


def failed(snapshot: Snapshot, endpoints: Iterable[Endpoint], status: int) -> Snapshot:
    """Replace the responses of endpoints by an HTTP error."""
    failure = Failure(error="ServerError", message=f"{snapshot.host} returned {status}.", status=status)
    return _with(
        snapshot,
        {
            endpoint: snapshot.fetches[endpoint].model_copy(update={"responses": (), "failure": failure})
            for endpoint in endpoints
        },
    )


def _edited(snapshot: Snapshot, endpoint: Endpoint, edit: Callable[[Any], None]) -> Snapshot:
    fetch = snapshot.fetches[endpoint]
    responses = tuple(_edited_response(response, edit) for response in fetch.responses)
    return _with(snapshot, {endpoint: fetch.model_copy(update={"responses": responses})})


def _edited_response(response: Response, edit: Callable[[Any], None]) -> Response:
    body = response.json_body()
    edit(body)
    return response.model_copy(update={"body": json.dumps(body).encode()})


def _with(snapshot: Snapshot, fetches: dict[Endpoint, Fetch]) -> Snapshot:
    changed = {str(endpoint): fetch for endpoint, fetch in fetches.items()}
    return snapshot.model_copy(update={"fetches": {**snapshot.fetches, **changed}})
