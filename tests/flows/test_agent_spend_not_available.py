"""A whole run without agent spend in the API: the report is complete without it, and the API is asked once."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from prefect import flow

from flows.monthly_report import monthly_report
from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs import clock
from tabnine_report.runs.patience import Patience
from tabnine_report.runs.status import RunStatus
from tabnine_report.sandbox.server import RunningSandbox
from tasks.fetch import fetch_month
from tasks.read_profile import open_run

if TYPE_CHECKING:
    from tabnine_report.runs.result import RunResult

WriteProfile = Callable[..., str]

pytestmark = pytest.mark.usefixtures("_on_the_2nd")


@flow(name="fetch-and-build", persist_result=False)
async def fetch_and_build(profile: str) -> MonthlyReport:
    """Fetch everything as a run does, and build the report without rendering or sending it."""
    run = open_run(profile, "2026-10", draft=False, at=clock.now())
    snapshot = await fetch_month(run, Patience.of(run.profile.usage_api, clock.now(), scheduled=False))
    return build_report(snapshot, run.profile, revision=1, draft=False)


def states(report: MonthlyReport) -> dict[str, str]:
    lines = {line.endpoint: line.state for line in report.data_quality.data_sources}
    return {endpoint: state for endpoint, state in lines.items() if endpoint.endswith("agent-usage")}


@pytest.mark.parametrize("status", [403, 404])
async def test_the_report_is_complete_and_states_in_one_line_that_agent_spend_is_not_available(
    write_profile: WriteProfile, sandbox: RunningSandbox, status: int
) -> None:
    sandbox.faults.add(f"organization/agent-usage={status}")
    report = await fetch_and_build(write_profile(edition="full"))

    assert report.complete
    assert states(report) == {"agent-usage": "not offered"}
    assert report.seats.agents is not None
    assert f"(HTTP status {status})" in report.seats.agents.title
    assert "agent_spend" not in [tile.key for tile in report.page_one_kpis]
    # At most one request for the month and one for the history; none for the teams.
    assert 1 <= len(sandbox.requests.to("v1/organization/agent-usage")) <= 2
    assert sandbox.requests.to("v1/team/agent-usage") == []


async def test_a_report_without_agent_spend_is_delivered(write_profile: WriteProfile, sandbox: RunningSandbox) -> None:
    sandbox.faults.add("organization/agent-usage=403")
    result: RunResult = await monthly_report(write_profile())

    assert (result.status, result.report.complete) == (RunStatus.SENT, True)


@pytest.mark.parametrize("status", [403, 404])
async def test_without_agent_spend_of_teams_only_its_column_is_missing(
    write_profile: WriteProfile, sandbox: RunningSandbox, status: int
) -> None:
    sandbox.faults.add(f"team/agent-usage={status}")
    report = await fetch_and_build(write_profile(edition="full"))

    assert report.complete
    assert states(report) == {"agent-usage": "answered", "team-agent-usage": "not offered"}
    assert report.teams is not None
    assert {row.agent_spend for row in report.teams.rows} == {None}
    assert len(sandbox.requests.to("v1/team/agent-usage")) == len(sandbox.world.teams)


async def test_one_team_without_agent_spend_leaves_the_report_complete(
    write_profile: WriteProfile, sandbox: RunningSandbox
) -> None:
    sandbox.faults.add("team/agent-usage=403*1")
    report = await fetch_and_build(write_profile(edition="full"))

    assert report.complete
    assert states(report) == {"agent-usage": "answered", "team-agent-usage": "answered"}
    assert report.teams is not None
    assert report.teams.no_team is not None
    assert report.teams.no_team.agent_spend is not None
    assert not report.teams.no_team.agent_spend.known
