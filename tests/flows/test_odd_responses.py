"""Whole runs in which some responses of the API are odd: only what rests on them is missing, marked or withheld."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from receivers import Mail, Webhook
from small_organization import history, kpi

from flows.monthly_report import monthly_report
from tabnine_report.model.figure import State
from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs.result import DeliveryIncomplete, RunResult
from tabnine_report.runs.status import RunStatus
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.query import Query
from tabnine_report.usage_api.snapshot import Response

WriteProfile = Callable[..., str]
Respond = Callable[[str, Endpoint, str], None]
ChangeResponses = Callable[..., None]

pytestmark = pytest.mark.usefixtures("_on_the_2nd")
RESPONSES = Path(__file__).parent / "odd_responses"


@pytest.fixture
def change_responses(monkeypatch: pytest.MonkeyPatch) -> ChangeResponses:
    """Replace the responses to all queries of an endpoint, or to one of them, by what a function makes of them."""

    def replace(endpoint: Endpoint, change: Callable[[Any], Any], query: str = "") -> None:
        send = UsageApi._send

        async def send_and_replace(
            api: UsageApi, sent_to: Endpoint, sent: Query, params: Mapping[str, str], *rest: Any
        ) -> Response:
            response = await send(api, sent_to, sent, params, *rest)
            if sent_to is not endpoint or query not in ("", sent.name):
                return response
            return response.model_copy(update={"body": json.dumps(change(response.json_body())).encode()})

        monkeypatch.setattr(UsageApi, "_send", send_and_replace)

    return replace


@pytest.fixture
def respond(change_responses: ChangeResponses) -> Respond:
    """Replace the responses to one query of an endpoint by the content of a file."""

    def replace(file: str, endpoint: Endpoint, query: str) -> None:
        content = json.loads((RESPONSES / file).read_text())
        change_responses(endpoint, lambda _: content, query)

    return replace


async def run(profile: str, mail: Mail) -> MonthlyReport:
    result: RunResult = await monthly_report(profile)
    assert result.status is RunStatus.SENT
    assert mail.messages
    assert result.report.complete
    assert {line.state for line in result.report.data_quality.data_sources} == {"answered"}
    return result.report


def license_facts(report: MonthlyReport) -> dict[str, str]:
    return {fact.label: fact.text for fact in report.seats.license}


async def test_null_in_an_old_month_costs_one_figure_of_that_month(
    write_profile: WriteProfile, mail: Mail, respond: Respond
) -> None:
    respond("usage-without-active-users-in-june.json", Endpoint.USAGE_V2, "history")
    report = await run(write_profile(), mail)

    active_users = kpi(report, "active_users")
    missing = {point.period: point.figure for point in history(active_users) if not point.figure.known}
    assert active_users.figure.state is State.MEASURED
    assert list(missing) == ["2026-06"]
    assert missing["2026-06"].reason == "The API returned no activeUsers for June 2026."
    assert {point.period for point in history(kpi(report, "completions")) if not point.figure.known} == set()


@pytest.mark.parametrize("file", ["license-with-seats-unlimited.json", "license-with-seats-minus-one.json"])
async def test_license_without_a_seat_limit(
    write_profile: WriteProfile, mail: Mail, respond: Respond, file: str
) -> None:
    respond(file, Endpoint.LICENSE, "license")
    report = await run(write_profile(report="seat_price = 39\ncurrency = 'USD'"), mail)

    figures = [kpi(report, key).figure for key in ("seats", "seat_utilization", "unassigned_seats", "unused_seats")]
    figures += [kpi.figure for kpi in report.seats.money if kpi.key != "inactive_account_spend"]
    assert {(figure.state, figure.value) for figure in figures} == {(State.UNAVAILABLE, None)}
    assert all("The license has no seat limit." in figure.reason for figure in figures)
    assert report.seats.title.startswith("The license has no seat limit; agent spend was ")
    assert license_facts(report)["License expires"] == "29 January 2027"
    assert not any("seat" in finding.text for finding in report.findings)


@pytest.mark.parametrize(
    ("file", "expires"),
    [
        ("license-with-end-9999.json", "never"),
        ("license-with-end-milliseconds.json", "29 January 2027"),
        ("license-with-end-zero.json", "The API returned an invalid value for license.exp."),
    ],
)
async def test_license_without_an_ordinary_end(
    write_profile: WriteProfile, mail: Mail, respond: Respond, file: str, expires: str
) -> None:
    respond(file, Endpoint.LICENSE, "license")
    report = await run(write_profile(), mail)

    assert kpi(report, "seats").figure.value == 2311
    assert kpi(report, "unassigned_seats").figure.known
    assert license_facts(report)["License expires"] == expires
    assert not any("expired" in finding.claim for finding in report.findings)


async def test_days_that_the_api_does_not_have_yet_are_missing_and_not_zero(
    write_profile: WriteProfile, mail: Mail, admins: Webhook, change_responses: ChangeResponses
) -> None:
    def without_the_last_days(body: Any) -> Any:
        body["usage"]["data"] = [bucket for bucket in body["usage"]["data"] if bucket["from"] < "2026-10-29"]
        return body

    change_responses(Endpoint.USAGE_V2, without_the_last_days, "days")
    result: RunResult = await monthly_report(write_profile())
    report = result.report
    daily = kpi(report, "average_daily_active_users")
    days = {point.period: point.figure for point in report.adoption.daily.points}

    assert result.status is RunStatus.SENT
    assert (daily.figure.state, daily.change and daily.change.absolute.known) == (State.PARTIAL, False)
    assert "28 October 2026" in daily.figure.reason
    assert [days[f"2026-10-{day}"].value for day in (29, 30, 31)] == [None] * 3
    assert not any("average_daily_active_users" in finding.figures for finding in report.findings)
    # Page one, every message and the admins' notice state it.
    (failed,) = report.data_quality.page_one_failures
    assert "30 October 2026" in failed.sentence
    assert failed.sentence in report.data_quality.summary
    assert all("A cross-check failed" in str(message) for _, message in mail.messages)
    assert failed.sentence in admins.text()


async def test_answers_about_one_team_are_withheld(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook, change_responses: ChangeResponses
) -> None:
    """With few permissions of the token, the API may respond for one team, as if that were the organization."""

    def of_one_team(body: Any) -> Any:
        return [row | {"registered": 24, "active": 22, "deactivated": 2, "pending": 0} for row in body]

    def used_by_one_team(body: Any) -> Any:
        body["usage"]["data"] = [bucket | {"activeUsers": 19} for bucket in body["usage"]["data"]]
        return body

    change_responses(Endpoint.ACCOUNT_UTILIZATIONS, of_one_team)
    change_responses(Endpoint.USAGE_V2, used_by_one_team)
    with pytest.raises(DeliveryIncomplete) as incomplete:
        await monthly_report(write_profile())
    result = incomplete.value.result
    (failed,) = (check for check in result.report.data_quality.failed_checks if check.holds)

    assert result.status is RunStatus.WITHHELD
    assert set(mail.recipients()) == {"it-tools@acme.example"}
    assert not channel.payloads
    assert not kpi(result.report, "unassigned_seats").figure.known
    assert failed.sentence in result.report.data_quality.summary
    assert failed.sentence in admins.text()


async def test_teams_with_hostile_ids_cost_only_themselves(
    write_profile: WriteProfile, mail: Mail, change_responses: ChangeResponses, caplog: pytest.LogCaptureFixture
) -> None:
    def rename(body: Any) -> Any:
        hostile = ("x" * 70_000, "a\x1b[2J\nFAKE", "\ud800")
        renamed = [{**team, "id": team_id} for team, team_id in zip(body["data"], hostile, strict=False)]
        return {**body, "data": [*renamed, *body["data"][len(renamed) :]]}

    change_responses(Endpoint.TEAMS, rename)
    result: RunResult = await monthly_report(write_profile(edition="full"))

    assert result.status is RunStatus.SENT
    assert mail.messages
    assert result.report.teams is not None
    assert result.report.teams.rows
    assert max(len(record.getMessage()) for record in caplog.records) < 2000
    assert "\x1b" not in caplog.text
