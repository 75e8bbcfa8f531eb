"""Faults of the API at one endpoint, and what they cost a report."""

import asyncio
import functools
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from misbehaving_server import Behavior, answering, encrypted, refusing, reset, serve, silent
from profile_file import write_profile
from sandbox_snapshot import snapshot_of

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.model.errors import BuildError, UsageApiError
from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import NetworkSettings, UsageApiSettings
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.release import decide_release
from tabnine_report.sandbox.server import serve_sandbox
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import Endpoint, queries, team_queries
from tabnine_report.usage_api.retrying import RetryPolicy
from tabnine_report.usage_api.snapshot import Failure, Fetch, Snapshot
from tabnine_report.usage_api.team_endpoint_selection import team_ids
from tasks.read_profile import open_run

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
MONTH = Month(2026, 10)
ATTEMPT_SECONDS = 0.5
ELSEWHERE = "elsewhere"


def _response(status: str, body: bytes = b"{}", *headers: str) -> Behavior:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers])
    return answering(f"{head}\r\n\r\n".encode() + body)


_ENDLESS = answering(b"HTTP/1.1 200 OK\r\n\r\n[", *[b" " * 2**20] * 20)
_SLOW = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", *[b" "] * 900, pause_seconds=0.05)

FAULTS: Mapping[str, Behavior] = {
    "no connection": refusing,
    "silence": silent,
    "connection reset": reset,
    "500": _response("500 Internal Server Error"),
    "503": _response("503 Service Unavailable"),
    "429": _response("429 Too Many Requests"),
    "401": _response("401 Unauthorized"),
    "403": _response("403 Forbidden"),
    "404": _response("404 Not Found"),
    "a web page": _response("200 OK", b"<html><title>Sign in</title></html>"),
    "truncated JSON": _response("200 OK", b'{"data": [{"id": "1", '),
    "JSON of another shape": _response("200 OK", b'{"status": "ok"}'),
    "a response that is cut off": answering(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"),
    "more than 16 MiB": _ENDLESS,
    "one byte at a time": _SLOW,
    "a redirect to another host": _response("302 Found", b"", f"Location: http://{ELSEWHERE}/api"),
    "a certificate that is not trusted": encrypted,
}

COSTS: Mapping[str, str] = {
    "teams": "partial",
    "license": "partial",
    "permissions": "partial",
    "account-utilizations": "withheld",
    "usage-v1": "partial",
    "usage-v2": "withheld",
    "users": "partial",
    "agent-usage": "partial",
    "team-account-utilizations": "partial",
    "team-usage-v2": "partial",
    "team-agent-usage": "partial",
}
NOT_OFFERED = frozenset({("agent-usage", "404"), ("team-agent-usage", "404")})
ENDPOINTS = ("organization", *COSTS)


async def observe(name: str, fault: str) -> str:
    """Return the effect of a fault at an endpoint on the report: "no report", "withheld", "partial" or "complete"."""
    complete, run = await asyncio.to_thread(_complete)
    endpoint = next(endpoint for endpoint in Endpoint if endpoint == name)
    fetch = await _fetch(endpoint, fault, _teams(complete))
    snapshot = complete.model_copy(update={"fetches": {**complete.fetches, name: fetch}})
    try:
        report = build_report(snapshot, run.profile, revision=1, draft=False)
    except BuildError:
        return "no report"
    if decide_release(run, report, None).reason:
        return "withheld"
    return "complete" if report.complete else "partial"


def _teams(snapshot: Snapshot) -> tuple[str, ...]:
    return tuple(team_ids({each: snapshot.fetches[each] for each in Endpoint if each in snapshot.fetches}))


async def _fetch(endpoint: Endpoint, fault: str, teams: tuple[str, ...]) -> Fetch:
    sent = (
        team_queries(endpoint, MONTH, "org-1", teams)
        if endpoint.spec.per_team
        else queries(endpoint, MONTH, "org-1", "counts")
    )
    scheme = "https" if fault == "a certificate that is not trusted" else "http"
    with serve(FAULTS[fault]) as port:
        settings = UsageApiSettings(base_url=f"{scheme}://127.0.0.1:{port}", token="t0ken", max_concurrency=8)
        policy = RetryPolicy(attempts=2, first_wait_seconds=0.001, max_wait_seconds=0.002, jitter_seconds=0)
        api = UsageApi(
            settings, NetworkSettings(), clock=lambda: AT, attempt_seconds=ATTEMPT_SECONDS, retry_policy=policy
        )
        try:
            async with api:
                return await api.fetch(endpoint, sent, ends_at=asyncio.get_running_loop().time() + 3)
        except UsageApiError as error:
            return Fetch(endpoint=endpoint, started_at=AT, ended_at=AT, failure=Failure.of(error))


@functools.cache
def _complete() -> tuple[Snapshot, RunContext]:
    """Return a snapshot in which every endpoint responded, and the run that it is of."""
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    run = open_run(write_profile(folder), str(MONTH), draft=False, at=AT)
    with serve_sandbox(World(users=60, teams=4), now=lambda: AT) as sandbox:
        return asyncio.run(snapshot_of(MONTH, sandbox, AT)), run
