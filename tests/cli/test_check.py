"""`check` checks what a run needs, including the requests for teams and the month's note, one line each."""

from pathlib import Path

import pytest

from cli.main import status
from tabnine_report.runs import clock
from tabnine_report.sandbox.server import serve_sandbox
from tabnine_report.sandbox.world import World

RELAY = '[email]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nsender = "reports@acme.example"\n'


def check(folder: Path, faults: list[str], more: str = "", note: str = "") -> int:
    with serve_sandbox(World(users=60, teams=5), now=clock.now, faults=faults) as sandbox:
        profile = folder / "acme.toml"
        profile.write_text(
            f'name = "acme"\ntime_zone = "UTC"\n[usage_api]\nbase_url = "{sandbox.base_url}"\n'
            f'token = "sandbox-token"\n{more}\n[archive]\nledger_durable = true\n',
            encoding="utf-8",
        )
        if note:
            (folder / "notes").mkdir()
            (folder / f"notes/{clock.now():%Y-%m}.md").write_text(note, encoding="utf-8")
        exit_code = status(["check", "--profile", str(profile)])
        teams = [entry.params["teamId"] for entry in sandbox.requests.entries if "teamId" in entry.params]
        assert len(set(teams)) == 1
        return exit_code


def test_the_endpoints_of_teams_are_checked_with_one_team(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, ["v2/team/usage=500", "team/agent-usage=403"], '[folder]\npath = "outbox"') == 1
    output = capsys.readouterr().out
    assert "ok     team-account-utilizations  1 response for one of 5 teams in " in output
    assert "FAILED team-usage-v2 " in output
    assert "ok     team-agent-usage           not offered to this organization" in output
    assert "ok     folder, executive edition  1 recipient\n" in output
    assert "ok     note                       for " in output


def test_each_edition_is_checked_with_its_number_of_recipients(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audience = '[[audiences]]\nname = "leads"\nedition = "full"\nrecipients = ["a@acme.example", "b@acme.example"]'
    assert check(tmp_path, [], f'{RELAY}recipients = ["cto@acme.example"]\n{audience}') == 1
    output = capsys.readouterr().out
    assert "FAILED email, executive edition" in output
    assert "FAILED email, full edition" in output
