"""Whole runs in which one answer of the API has an odd value: only the figures of that value are missing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from receivers import Mail
from small_organization import history, kpi

from flows.monthly_report import monthly_report
from tabnine_report.model.figure import State
from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs.result import RunResult, RunStatus
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.query import Query
from tabnine_report.usage_api.snapshot import Response

WriteProfile = Callable[..., str]
Answer = Callable[[str, Endpoint, str], None]

pytestmark = pytest.mark.usefixtures("_on_the_2nd")
ANSWERS = Path(__file__).parent / "odd_answers"


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Replace the answers to one query of an endpoint by the content of a file."""

    def replace(file: str, endpoint: Endpoint, query: str) -> None:
        body, send = (ANSWERS / file).read_text(), UsageApi._send

        async def send_and_replace(
            api: UsageApi, sent_to: Endpoint, sent: Query, params: Mapping[str, str], *rest: Any
        ) -> Response:
            response = await send(api, sent_to, sent, params, *rest)
            is_replaced = (sent_to, sent.name) == (endpoint, query)
            return response.model_copy(update={"body": body}) if is_replaced else response

        monkeypatch.setattr(UsageApi, "_send", send_and_replace)

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
    write_profile: WriteProfile, mail: Mail, answer: Answer
) -> None:
    answer("usage-without-active-users-in-june.json", Endpoint.USAGE_V2, "history")
    report = await run(write_profile(), mail)

    active_users = kpi(report, "active_users")
    missing = {point.period: point.figure for point in history(active_users) if not point.figure.known}
    assert active_users.figure.state is State.MEASURED
    assert list(missing) == ["2026-06"]
    assert missing["2026-06"].reason == "The API returned no activeUsers for June 2026."
    assert {point.period for point in history(kpi(report, "completions")) if not point.figure.known} == set()


@pytest.mark.parametrize("file", ["license-with-seats-unlimited.json", "license-with-seats-minus-one.json"])
async def test_license_without_a_seat_limit(write_profile: WriteProfile, mail: Mail, answer: Answer, file: str) -> None:
    answer(file, Endpoint.LICENSE, "license")
    report = await run(write_profile(report="seat_price = 39\ncurrency = 'USD'"), mail)

    figures = [kpi(report, key).figure for key in ("seats", "seat_utilization", "unassigned_seats", "unused_seats")]
    figures += [kpi.figure for kpi in report.seats.money if kpi.key != "inactive_account_spend"]
    assert {(figure.state, figure.value) for figure in figures} == {(State.UNAVAILABLE, None)}
    assert all("The license has no seat limit." in figure.reason for figure in figures)
    assert report.seats.title == "The license has no seat limit."
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
    write_profile: WriteProfile, mail: Mail, answer: Answer, file: str, expires: str
) -> None:
    answer(file, Endpoint.LICENSE, "license")
    report = await run(write_profile(), mail)

    assert kpi(report, "seats").figure.value == 2311
    assert kpi(report, "unassigned_seats").figure.known
    assert license_facts(report)["License expires"] == expires
    assert not any("expired" in finding.claim for finding in report.findings)
