from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.model.errors import (
    AccessDenied,
    FeatureNotAvailable,
    MalformedResponse,
    NoResponse,
    RequestRejected,
    ServerError,
    TokenRejected,
    UntrustedCertificate,
    UsageApiError,
)
from tabnine_report.profile.usage_api_settings import UsageApiSettings
from tabnine_report.runs.patience import FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS, Patience

AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
DOWN = ServerError("console.example returned 503.", endpoint="usage-v1", status=503)
NO_USE = [RequestRejected, TokenRejected, AccessDenied, FeatureNotAvailable, UntrustedCertificate]


def settings(**more: object) -> UsageApiSettings:
    return UsageApiSettings.model_validate({"base_url": "https://console.example", "token": "x", **more})


def minutes(patience: Patience) -> float:
    return (patience.ends_at - patience.began_at).total_seconds() / 60


def in_minutes(number: float) -> datetime:
    return AT + timedelta(minutes=number)


@pytest.mark.parametrize(("scheduled", "expected"), [(True, 120), (False, 1)])
def test_a_scheduled_run_is_patient_and_a_persons_run_is_not(expected: float, *, scheduled: bool) -> None:
    assert minutes(Patience.of(settings(), AT, scheduled=scheduled)) == expected


@pytest.mark.parametrize("scheduled", [True, False])
@pytest.mark.parametrize("number", [0, 0.5, 30])
def test_the_profile_decides_for_every_run(number: float, *, scheduled: bool) -> None:
    assert minutes(Patience.of(settings(patience_minutes=number), AT, scheduled=scheduled)) == number


@pytest.mark.parametrize("error", NO_USE)
def test_what_cannot_succeed_is_not_waited_for(error: type[UsageApiError]) -> None:
    failed = error("No.", endpoint="usage-v1")
    with pytest.raises(error) as caught:
        Patience(AT, in_minutes(120)).pause(failed, AT)
    assert caught.value is failed


@pytest.mark.parametrize("error", [NoResponse, ServerError, MalformedResponse])
def test_an_outage_is_waited_for(error: type[UsageApiError]) -> None:
    assert Patience(AT, in_minutes(120)).pause(error("Down.", endpoint="usage-v1"), AT) > 0


def test_pauses_grow_up_to_a_maximum() -> None:
    patience = Patience(AT, in_minutes(120), jitter=lambda: 0.5)
    pauses = [patience.pause(DOWN, in_minutes(number)) for number in (0, 0.1, 1, 4, 10, 100)]
    assert pauses == [FIRST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS, 30, 120, MAX_PAUSE_SECONDS, MAX_PAUSE_SECONDS]


@given(now=st.floats(0, 119.99), requested=st.none() | st.floats(0, 7200), jitter=st.floats(0, 1))
def test_a_pause_ends_within_the_patience_and_honors_the_server(
    now: float, requested: float | None, jitter: float
) -> None:
    error = ServerError("Busy.", endpoint="usage-v1", status=429, retry_after_seconds=requested)
    patience = Patience(AT, in_minutes(120), jitter=lambda: jitter)
    remaining = (in_minutes(120) - in_minutes(now)).total_seconds()
    if requested is not None and requested > remaining:
        with pytest.raises(ServerError, match="The wait that the server requests is longer than"):
            patience.pause(error, in_minutes(now))
    else:
        assert (requested or 0) <= patience.pause(error, in_minutes(now)) <= remaining


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "1 minute"), (0.983, "59 seconds"), (1.5, "1.5 minutes"), (120, "120 minutes")]
)
def test_a_requested_wait_over_the_patience_ends_the_waiting_with_a_sentence(minutes: float, words: str) -> None:
    error = ServerError("Busy.", endpoint="usage-v1", status=429, retry_after_seconds=9000, request_id="r-1")
    with pytest.raises(ServerError) as caught:
        Patience(AT, in_minutes(minutes)).pause(error, AT)
    assert str(caught.value) == (
        f"Busy. The wait that the server requests is longer than the {words} that the run still has "
        "(usage_api.patience_minutes), so the run did not wait."
    )
    assert (caught.value.status, caught.value.request_id, caught.value.retry_after_seconds) == (429, "r-1", 9000)


def test_a_run_gives_up_after_its_patience() -> None:
    with pytest.raises(ServerError, match=r"The run gave up after 120 minutes \(usage_api\.patience_minutes\)\.$"):
        Patience(AT, in_minutes(120)).pause(DOWN, in_minutes(120))


def test_a_run_of_a_deployment_waits_two_minutes_in_its_process() -> None:
    patience = Patience.of(settings(), AT, scheduled=True, deployed=True)
    assert not patience.postpones(in_minutes(2))
    assert patience.postpones(in_minutes(2.1))
    assert not Patience.of(settings(), AT, scheduled=True).postpones(in_minutes(100))


def test_the_admins_are_notified_once_after_ten_minutes() -> None:
    patience = Patience(AT, in_minutes(120))
    assert [patience.needs_notice(in_minutes(number)) for number in (0, 9.9, 10, 11)] == [False, False, True, True]
    patience.is_notified = True
    assert not patience.needs_notice(in_minutes(20))


@pytest.mark.parametrize("is_notified", [True, False])
def test_a_continuation_has_the_rest_of_the_patience(*, is_notified: bool) -> None:
    patience = Patience.of(settings(patience_minutes=30), AT, scheduled=True, deployed=True)
    patience.is_notified = is_notified
    continued = Patience.continued({"prefect.flow.id": "x", **patience.labels()}, in_minutes(20))
    assert continued is not None
    assert (continued.began_at, continued.ends_at) == (AT, in_minutes(30))
    assert continued.is_notified is is_notified
    assert (continued.postpones(in_minutes(22)), continued.postpones(in_minutes(23))) == (False, True)


def test_another_run_continues_nothing() -> None:
    assert Patience.continued({"prefect.flow.id": "x"}, AT) is None


def test_a_run_without_patience_reports_the_error_alone() -> None:
    with pytest.raises(ServerError) as caught:
        Patience(AT, AT).pause(DOWN, AT)
    assert caught.value is DOWN
