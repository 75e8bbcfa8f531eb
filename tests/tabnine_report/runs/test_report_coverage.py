"""`check` states whether the report of the month would exist, be complete, and agree with itself."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tabnine_report.model.month import Month
from tabnine_report.profile.profile import Profile
from tabnine_report.runs.report_coverage import report_coverage
from tabnine_report.sandbox.server import serve_sandbox
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoint_checks import EndpointCheck, check_endpoints
from tabnine_report.usage_api.endpoints import Endpoint

AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
OCTOBER = Month(2026, 10)


async def checks_of(profile_of: dict[str, Any], *faults: str) -> tuple[Profile, list[EndpointCheck]]:
    with serve_sandbox(World(users=60, teams=3), now=lambda: AT, faults=faults) as sandbox:
        api = {"base_url": sandbox.base_url, "token": sandbox.token}
        profile = Profile.model_validate(
            {"name": "acme", "time_zone": "UTC", "usage_api": api, "archive": {}} | profile_of
        )
        async with UsageApi(profile.usage_api, profile.network, clock=lambda: AT) as client:
            return profile, [one async for one in check_endpoints(client, OCTOBER, "counts", lambda: AT)]


async def test_without_the_organization_there_is_no_report() -> None:
    profile, checks = await checks_of({}, "organization=403")
    passed, detail = report_coverage(profile, OCTOBER, checks)

    assert passed is None
    assert detail.startswith("for 2026-10: none. ")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [("organization/teams=403", "Not fetched: teams."), ("v2/organization/usage=422*9", "Not fetched: usage-v2.")],
)
async def test_every_endpoint_that_makes_the_report_incomplete_is_named(fault: str, sentence: str) -> None:
    profile, checks = await checks_of({}, fault)
    passed, detail = report_coverage(profile, OCTOBER, checks)

    assert passed is False
    assert detail.startswith(f"for 2026-10: incomplete. {sentence}")


async def test_answers_that_contradict_each_other_are_doubtful() -> None:
    profile, checks = await checks_of({})
    users = next(check for check in checks if check.endpoint is Endpoint.USERS)
    assert users.fetch is not None
    responses = tuple(
        response.model_copy(update={"body": b'{"data": [], "meta": {"total": 900}}'})
        for response in users.fetch.responses
    )
    other = EndpointCheck(Endpoint.USERS, users.fetch.model_copy(update={"responses": responses}), users.note)
    passed, detail = report_coverage(profile, OCTOBER, [other if one is users else one for one in checks])

    assert report_coverage(profile, OCTOBER, checks)[0] is True
    assert passed is False
    assert detail.startswith("for 2026-10: doubtful. ")
