"""One odd value in an API response affects its own figures, and never an endpoint or the report."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sandbox_snapshot import snapshot_of
from small_organization import all_measures

from tabnine_report.analysis.metric_definitions import METRICS
from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.model.figure import Figure
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.profile import Profile
from tabnine_report.sandbox.server import serve_sandbox
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.snapshot import Response, Snapshot

Path = tuple[str | int, ...]
Place = tuple[int, Path]
"""The number of a response, and the path of a field in it."""

PROFILE = Profile.model_validate(
    {
        "name": "acme",
        "time_zone": "Europe/Berlin",
        "usage_api": {"base_url": "https://console.example", "token": "t0ken"},
        "archive": {},
    }
)

NOW = datetime(2026, 11, 2, 6, tzinfo=UTC)
REMOVED = object()
DAMAGE: list[Any] = [None, float("nan"), -1, "x", [], {}, 10**30, "0001-01-01T00:00:00Z", "9999-12-31", REMOVED]
ENVELOPES = {("license",), ("usage",), ("usage", "data"), ("data",)}
"""The paths that identify a response as one of the API."""

READS_ALSO = {
    "active_users": {"codeCompletions.activeUsers", "chat.activeUsers", "agent.activeUsers"},
    "agent_spend": {"totalTokensConsumed", "modelBreakdown"},
    "accounts": {"meta.total"},
    "admins": {"organizationId"},
}
"""The fields that a figure is checked against."""


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    with serve_sandbox(World(users=60, teams=4), now=lambda: NOW) as sandbox:
        return asyncio.run(snapshot_of(Month(2026, 10), sandbox, NOW))


@pytest.fixture(scope="module")
def paths(snapshot: Snapshot) -> dict[str, dict[str, list[Place]]]:
    """Return every place of every field, by endpoint and by query and field."""
    found: dict[str, dict[str, list[Place]]] = {}
    for name, fetch in snapshot.fetches.items():
        places = found[name] = defaultdict(list)
        for number, response in enumerate(fetch.responses):
            for path in fields_of(response.json_body()):
                places[f"{response.query}: {len(path)} {field_of(path)}"].append((number, path))
    return found


def fields_of(value: object, path: Path = ()) -> Iterator[Path]:
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*path, name)
        yield from fields_of(inner, (*path, name))


def damaged(value: Any, path: Path, odd: object) -> Any:
    name, *rest = path
    copy = value.copy()
    if rest:
        copy[name] = damaged(value[name], tuple(rest), odd)
    elif odd is REMOVED:
        del copy[name]
    else:
        copy[name] = odd
    return copy


def with_damage(snapshot: Snapshot, endpoint: str, number: int, path: Path, odd: object) -> Snapshot:
    fetch = snapshot.fetches[endpoint]
    responses = list(fetch.responses)
    body = json.dumps(damaged(responses[number].json_body(), path, odd))
    responses[number] = Response(**{**dict(responses[number]), "body": body})
    fetches = {**snapshot.fetches, endpoint: fetch.model_copy(update={"responses": tuple(responses)})}
    return snapshot.model_copy(update={"fetches": fetches})


def figures(report: MonthlyReport) -> dict[tuple[str, str], Figure]:
    """Return every figure by its metric and its month."""
    found = {(kpi.key, ""): kpi.figure for kpi in all_measures(report)}
    for kpi in all_measures(report):
        found |= {(kpi.key, p.period): p.figure for p in (kpi.history.points if kpi.history else ())}
    return found


def reads(key: str, endpoint: str, field: str) -> bool:
    """Return whether a metric is read from a field of an endpoint, or computed from a metric that is."""
    if field in READS_ALSO.get(key, ()) or (field == "modelBreakdown" and key == "agent_spend"):
        return True
    metric = METRICS[key]
    if metric.formula:
        words = metric.formula.replace("(", " ").replace(")", " ").replace(",", " ").split()
        return any(reads(word, endpoint, field) for word in words if word in METRICS) or endpoint in metric.endpoints
    if endpoint not in metric.endpoints:
        return False
    read = metric.field.replace("license.", "").replace(", from version 2 on ", " ").split()
    names = {name for path in read for name in (path, path.split(".", maxsplit=1)[0])}
    is_row = not field or field in ("id", "name", "username", "year", "month", "from", "to", "usage", "meta", "total")
    return is_row or field in names or not set(read) <= COUNTED


COUNTED = {
    word for metric in METRICS.values() for word in metric.field.replace("license.", "").split() if word != "rows"
}


def field_of(path: Path) -> str:
    """Return a path without the envelope and the numbers of rows, as in `chat.activeUsers`; empty for a row."""
    names = [name for name in path if isinstance(name, str) and name not in ("usage", "data", "license", "meta")]
    return ".".join(names)


@pytest.fixture(scope="module")
def before(snapshot: Snapshot) -> MonthlyReport:
    return build_report(snapshot, PROFILE, revision=1, draft=False)


@given(st.data())
@settings(max_examples=30)
def test_an_odd_value_costs_only_its_own_figures(
    snapshot: Snapshot, before: MonthlyReport, paths: dict[str, dict[str, list[Place]]], data: st.DataObject
) -> None:
    endpoint = data.draw(st.sampled_from(sorted(paths)))
    number, path = data.draw(st.sampled_from(paths[endpoint][data.draw(st.sampled_from(sorted(paths[endpoint])))]))
    odd = data.draw(st.sampled_from(DAMAGE))
    assume(path not in ENVELOPES and (endpoint, path) != ("organization", ("id",)))
    # A response with another id of a team is rejected as a whole.
    assume(path != ("teamId",))
    assume(odd is not REMOVED or isinstance(path[-1], str))

    after = build_report(with_damage(snapshot, endpoint, number, path, odd), PROFILE, revision=1, draft=False)

    states_before, states = ({s.endpoint: s.state for s in r.data_quality.data_sources} for r in (before, after))
    assert states == states_before
    shown, field = figures(before), field_of(path)
    for (key, period), figure in figures(after).items():
        old = shown[key, period]
        if figure.value != old.value:
            assert reads(key, endpoint, field), f"{key} {period} changed: {figure}"
            # An admin with another id is one of another organization.
            is_other = (key, field) == ("admins", "organizationId")
            assert is_other or figure.value is None or figure.state != "measured", f"{key} {period} is {figure}"


def test_every_endpoint_has_fields_to_damage(paths: dict[str, dict[str, list[Place]]]) -> None:
    assert set(paths) == set(Endpoint) - {"team-usage-v1"}
    assert all(paths.values())
