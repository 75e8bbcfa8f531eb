"""`check` checks what a run needs, including every endpoint and the month's note, one line each."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cli.main import status
from tabnine_report.model.month import Month
from tabnine_report.runs import clock
from tabnine_report.sandbox.quirks import Quirks
from tabnine_report.sandbox.request_log import LoggedRequest
from tabnine_report.sandbox.server import DEFAULT_TOKEN, serve_sandbox
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api import endpoint_checks
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.snapshot import Response

RELAY = '[email]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nsender = "reports@acme.example"\n'
FOLDER = '[folder]\npath = "outbox"'
WRONG_TOKEN = "wr0ng-token-that-stays-secret"


@pytest.fixture(autouse=True)
def rendering_problems(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the problems that `preflight` reports. It makes a PDF, which takes a second; test_send_test.py does so."""
    problems: list[str] = []
    monkeypatch.setattr("tabnine_report.runs.preflight_checks.preflight", lambda: problems)
    return problems


def check(
    folder: Path,
    faults: Sequence[str] = (),
    more: str = FOLDER,
    token: str = DEFAULT_TOKEN,
    quirks: Quirks | None = None,
) -> tuple[int, list[LoggedRequest]]:
    """Check a profile against a sandbox; return the exit status and the requests."""
    with serve_sandbox(World(users=60, teams=5), now=clock.now, faults=faults, quirks=quirks) as sandbox:
        profile = folder / "acme.toml"
        profile.write_text(
            f'name = "acme"\ntime_zone = "UTC"\n[usage_api]\nbase_url = "{sandbox.base_url}"\n'
            f'token = "{token}"\n{more}\n[archive]\nledger_durable = true\n',
            encoding="utf-8",
        )
        return status(["check", "--profile", str(profile)]), sandbox.requests.entries


def test_the_endpoints_of_teams_are_checked_with_one_team(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exit_status, requests = check(tmp_path, ["v2/team/usage=500", "team/agent-usage=404"])
    assert exit_status == 1
    assert len({entry.params["teamId"] for entry in requests if "teamId" in entry.params}) == 1
    output = capsys.readouterr().out
    assert "ok     team-account-utilizations  1 response for one of 5 teams in " in output
    assert "FAILED team-usage-v2 " in output
    assert "ok     team-agent-usage           Not offered to this organization" in output
    assert "skip   team-usage-v1              Not queried: a report for " in output
    assert "ok     folder, executive edition  1 recipient\n" in output
    assert "ok     note                       for " in output


def test_each_edition_is_checked_with_its_number_of_recipients(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audience = '[[audiences]]\nname = "leads"\nedition = "full"\nrecipients = ["a@acme.example", "b@acme.example"]'
    assert check(tmp_path, more=f'{RELAY}recipients = ["cto@acme.example"]\n{audience}')[0] == 1
    output = capsys.readouterr().out
    assert "FAILED email, executive edition" in output
    assert "FAILED email, full edition" in output


@pytest.mark.parametrize(
    ("faults", "exit_status", "verdict"),
    [
        ([], 0, "ok     token                      accepted; no endpoint rejected it"),
        (
            ["license=403", "organization/users=401"],
            1,
            "FAILED token                      accepted by 10 of 12 endpoints; rejected by license, users. It is ",
        ),
        (
            ["organization=403"],
            1,
            "FAILED token                      accepted by 4 of 5 endpoints; rejected by organization. It is ",
        ),
        (["*=404"], 1, "skip   token                      no endpoint accepted or rejected it"),
    ],
    ids=["valid", "some", "organization", "unknown"],
)
def test_every_endpoint_is_listed_with_its_permission_whatever_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], faults: list[str], exit_status: int, verdict: str
) -> None:
    assert check(tmp_path, faults)[0] == exit_status
    output = capsys.readouterr().out
    for endpoint in Endpoint:
        (line,) = (line for line in output.splitlines() if line[7:].split(" ")[0] == endpoint)
        assert line.endswith(f"Seems to need the permission to {endpoint.spec.permission} (inferred).")
    assert verdict in output


def test_the_missing_permissions_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check(tmp_path, quirks=Quirks(denied=frozenset({"license", "organization/users"})))
    assert (
        "seems to lack the permission (scope) to read the license and to list users (inferred).\n"
        in capsys.readouterr().out
    )


def test_no_permission_is_called_missing_that_another_endpoint_proves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check(tmp_path, quirks=Quirks(denied=frozenset({"v2/organization/usage"})))
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("FAILED token "))
    assert line.endswith(
        "It is valid, and other endpoints that seem to need the same permission (scope) accept it (inferred)."
    )


def test_an_endpoint_without_some_of_its_data_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, quirks=Quirks(most_days=1))[0] == 1
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("FAILED usage-v2 "))
    assert " s. The query 'days' failed. 127.0.0.1:" in line
    assert line.count("failed.") == 1


def test_a_server_that_hangs_costs_only_the_time_for_what_a_report_can_do_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No time at all is left for optional requests: the required ones are still sent."""
    monkeypatch.setattr(endpoint_checks, "SIDE_SECONDS", 0.0)
    slow_windows = Quirks(most_days=31, long_window="answered", long_window_seconds=20)
    assert check(tmp_path, ["license=timeout"], quirks=slow_windows)[0] == 1
    output = capsys.readouterr().out
    late = ": the 2 minutes for all optional requests were used up. Try again"
    (line,) = (line for line in output.splitlines() if line.startswith("FAILED license "))
    assert late in line
    assert "ok     account-utilizations       1 response for " in output
    (line,) = (line for line in output.splitlines() if line.startswith("FAILED usage-v2 "))
    assert "1 response for " in line
    assert "The query 'previous' failed." in line
    assert late in line


def test_the_report_of_the_last_final_month_is_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The endpoint answers, but without the reported month: no line of an endpoint could show it."""
    assert check(tmp_path)[0] == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("ok     report "))
    assert line.endswith(": every figure of page one is available")

    month, send = Month.last_final(clock.now(), ZoneInfo("UTC"), 1), UsageApi._send

    async def send_without_month(api: UsageApi, endpoint: Endpoint, *rest: Any) -> Response:
        response = await send(api, endpoint, *rest)
        if endpoint is not Endpoint.ACCOUNT_UTILIZATIONS:
            return response
        rows = [row for row in response.json_body() if (row["year"], row["month"] + 1) != (month.year, month.number)]
        return response.model_copy(update={"body": json.dumps(rows).encode()})

    monkeypatch.setattr(UsageApi, "_send", send_without_month)
    assert check(tmp_path)[0] == 1
    output = capsys.readouterr().out
    (line,) = (line for line in output.splitlines() if line.startswith("FAILED report "))
    assert f"for {month}: incomplete. Unavailable: " in line
    assert "Accounts at the month's end. The API returned no " in line
    assert "ok     account-utilizations" in output
    consequence = "A run would fail, or its report would be incomplete, doubtful, or not delivered to everyone."
    assert f"1 check failed. {consequence}" in output


def test_values_that_cannot_be_read_fail_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, ["license=shape"])[0] == 1
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("FAILED license "))
    assert " s. Unreadable: the field license.seats. Seems to need" in line


def test_problems_of_rendering_fail_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rendering_problems: list[str]
) -> None:
    rendering_problems += ["HarfBuzz-Subset is missing.", "A font is missing."]
    assert check(tmp_path)[0] == 1
    assert (
        "FAILED fonts and libraries        HarfBuzz-Subset is missing.; A font is missing.\n" in capsys.readouterr().out
    )


def test_a_bad_token_costs_few_requests_and_is_never_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exit_status, requests = check(tmp_path, token=WRONG_TOKEN)
    output = capsys.readouterr().out
    assert exit_status == 1
    assert len(requests) == len({entry.path for entry in requests}) == 5
    assert "FAILED token                      rejected by organization, teams, license, " in output
    assert "skip   usage-v2                   Not queried: needs the id that organization returns. Seems to" in output
    assert WRONG_TOKEN not in output
