"""Each run emits one event with its organization, month and status, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.monthly_report import monthly_report
from flows.running import run_events
from flows.running.run_events import emit_run_event
from tabnine_report.runs.status import RunStatus

WriteProfile = Callable[..., str]
Events = list[tuple[str, dict[str, str], dict[str, str]]]


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> Events:
    """Return the events that are emitted from now on: name, resource, payload."""
    emitted: Events = []

    def record(name: str, *, resource: dict[str, str], payload: dict[str, str]) -> None:
        emitted.append((name, resource, payload))

    monkeypatch.setattr(run_events, "emit_event", record)
    return emitted


@pytest.mark.usefixtures("_on_the_2nd")
@pytest.mark.parametrize(
    ("settings", "parameters", "month", "status"),
    [
        ({}, {}, "2026-10", "sent"),
        ({}, {"delivery": "nobody"}, "2026-10", "archived"),
        ({"report": 'release = "after_approval"'}, {}, "2026-10", "withheld"),
        ({"token": "another-token"}, {}, "2026-10", "failed"),
        ({}, {"month": "October"}, "October", "failed"),
        ({"more": "[targets]\nnonsense = 1"}, {"month": "2026-09"}, "2026-09", "failed"),
    ],
)
async def test_a_run_emits_one_event_however_it_ends(
    *,
    write_profile: WriteProfile,
    events: Events,
    settings: dict[str, str],
    parameters: dict[str, Any],
    month: str,
    status: str,
) -> None:
    await monthly_report(write_profile(**settings), **parameters, return_state=True)

    assert events == [
        (
            f"tabnine-report.{status}",
            {"prefect.resource.id": "tabnine-report.acme", "prefect.resource.name": "acme"},
            {"organization": "acme", "month": month, "status": status},
        )
    ]


@pytest.mark.usefixtures("_on_the_2nd")
async def test_a_run_whose_profile_cannot_be_read_is_named_after_its_file(events: Events) -> None:
    await monthly_report("/nowhere/acme.toml", return_state=True)

    assert [event[2]["organization"] for event in events] == ["acme"]


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:9/api"])
def test_a_temporary_server_receives_no_event(events: Events, url: str | None) -> None:
    with temporary_settings({PREFECT_API_URL: url}):
        emit_run_event("acme", "2026-10", RunStatus.SENT)

    assert len(events) == (1 if url else 0)
