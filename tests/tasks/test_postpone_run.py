"""The continuation of a postponed run keeps what the first run was asked for, and until when it waits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext

from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import UsageApiSettings
from tabnine_report.runs import clock
from tabnine_report.runs.patience import UNATTENDED, Patience
from tasks import postpone_run as module
from tasks.check_release import release_request
from tasks.postpone_run import open_patience, postpone_run

AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
SETTINGS = UsageApiSettings.model_validate({"base_url": "https://console.example", "token": "x"})


def run_with(**attributes: Any) -> FlowRunContext:
    # Only the flow run of the context matters here.
    return FlowRunContext.model_construct(flow_run=FlowRun(flow_id=uuid4(), **attributes))  # type: ignore[call-arg]


def minutes(patience: Patience) -> float:
    return (patience.ends_at - patience.began_at).total_seconds() / 60


class FakeClient:
    """Records the continuations."""

    def __init__(self) -> None:
        self.created: list[dict[str, Any]] = []

    async def create_flow_run_from_deployment(self, deployment_id: object, **options: Any) -> None:
        self.created.append({"deployment_id": deployment_id, **options})


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> FakeClient:
    fake = FakeClient()

    @asynccontextmanager
    async def get_client() -> AsyncIterator[FakeClient]:
        yield fake

    monkeypatch.setattr(module, "get_client", get_client)
    return fake


@pytest.mark.parametrize("scheduled", [True, False])
async def test_the_continuation_has_the_parameters_and_the_rest_of_the_patience(
    client: FakeClient, *, scheduled: bool
) -> None:
    deployment_id, until = uuid4(), clock.now() + timedelta(minutes=5)
    parameters = {"profile": "acme", "month": "last complete month", "delivery": "revised"}
    attributes = {"created": AT, "auto_scheduled": scheduled, "job_variables": {"env": {}}}
    with run_with(deployment_id=deployment_id, parameters=parameters, **attributes) as context:
        patience = open_patience(SETTINGS)
        await postpone_run.fn(Month(2026, 10), patience, until)
        await postpone_run.fn(Month(2026, 10), patience, until)
    first, second = client.created
    assert first["deployment_id"] == deployment_id
    assert first["parameters"] == {**parameters, "month": "2026-10"}
    assert first["job_variables"] == {"env": {}}
    assert first["state"].state_details.scheduled_time == until
    assert context.flow_run is not None
    assert first["idempotency_key"] == second["idempotency_key"] == f"continuation of {context.flow_run.id}"

    continuation = FlowRun(flow_id=uuid4(), deployment_id=deployment_id, labels=first["labels"], created=until)
    with FlowRunContext.model_construct(flow_run=continuation):  # type: ignore[call-arg]
        continued = open_patience(SETTINGS)
    assert (continued.began_at, continued.ends_at) == (patience.began_at, patience.ends_at)
    request = release_request(continuation, until)
    assert request == release_request(context.flow_run, AT)
    assert (request.at, request.is_automatic) == (AT, scheduled)


async def test_a_run_without_a_deployment_cannot_be_postponed(client: FakeClient) -> None:
    with run_with(), pytest.raises(RuntimeError, match="only a run of a deployment"):
        await postpone_run.fn(Month(2026, 10), Patience(AT, AT), AT)
    assert client.created == []


@pytest.mark.parametrize(
    ("attributes", "expected", "postpones"),
    [
        ({}, 1, False),
        ({"deployment_id": uuid4()}, 1, True),
        ({"deployment_id": uuid4(), "auto_scheduled": True}, 120, True),
        ({"deployment_id": uuid4(), "labels": {UNATTENDED: True}}, 120, True),
        # Labels of a run without a deployment are not from a postponed run.
        ({"labels": Patience(AT, AT + timedelta(minutes=30)).labels()}, 1, False),
    ],
)
def test_the_patience_follows_from_who_started_the_run(
    attributes: dict[str, Any], expected: float, *, postpones: bool
) -> None:
    with run_with(**attributes):
        patience = open_patience(SETTINGS)
    assert minutes(patience) == expected
    assert patience.postpones(patience.began_at + timedelta(hours=1)) is postpones


def test_a_run_outside_prefect_is_not_scheduled() -> None:
    assert minutes(open_patience(SETTINGS)) == 1
