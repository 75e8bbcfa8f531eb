"""`tabnine-report sandbox` passes its options to the server and reports wrong ones."""

from datetime import date
from typing import Any

import pytest

from cli.main import status
from tabnine_report.sandbox.quirks import Quirks
from tabnine_report.sandbox.world import SAAS_CUTOVER


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The arguments that the server is started with."""
    arguments: dict[str, Any] = {}
    monkeypatch.setattr("cli.sandbox.run_forever", lambda world, **rest: arguments.update(rest, world=world))
    return arguments


def test_without_options_the_sandbox_is_the_vendors_own_service(served: dict[str, Any]) -> None:
    assert status(["sandbox"]) == 0
    assert (served["quirks"], served["faults"], served["world"].cutover) == (Quirks(), (), SAAS_CUTOVER)


@pytest.mark.parametrize(
    ("options", "quirks"),
    [
        ("--denied license --denied organization/users", Quirks(denied=frozenset({"license", "organization/users"}))),
        ("--no-agent-usage-licensed", Quirks(agent_usage_licensed=False)),
        ("--agent-usage-version older --agent-prices none", Quirks(agent_usage_version="older", agent_prices="none")),
        ("--most-days 31 --long-window timeout", Quirks(most_days=31, long_window="timeout")),
        ("--most-months 12 --long-window-seconds 2.5", Quirks(most_months=12, long_window_seconds=2.5)),
        ("--users-limit 40 --teams-limit 10", Quirks(users_limit=40, teams_limit=10)),
        ("--last-page absent", Quirks(last_page="absent")),
    ],
)
def test_options_set_how_the_installation_differs(options: str, quirks: Quirks, served: dict[str, Any]) -> None:
    assert status(["sandbox", *options.split()]) == 0
    assert served["quirks"] == quirks


@pytest.mark.parametrize(("text", "cutover"), [("never", None), ("2026-03-01", date(2026, 3, 1))])
def test_the_cutover_is_a_day_or_never(text: str, cutover: date | None, served: dict[str, Any]) -> None:
    assert status(["sandbox", "--cutover", text]) == 0
    assert served["world"].cutover == cutover


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--cutover soon", "--cutover: is neither a day as YYYY-MM-DD nor never"),
        ("--users 0", "The sandbox: Invalid world: users=0 must be at least 1"),
        ("--denied billing", "The sandbox: No endpoint has the name billing. Use instance/permissions, license, "),
        ("--fault billing=503", "The sandbox: The fault 'billing=503' has an unknown endpoint. Use one of instance/"),
        ("--long-window never", 'Invalid value "never" for --long-window. Choose from: "answered", "rejected"'),
    ],
)
def test_a_wrong_option_is_reported(options: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["sandbox", "--port", "0", *options.split()]) == 2
    assert message in capsys.readouterr().err
