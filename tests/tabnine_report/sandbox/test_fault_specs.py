"""Faults are parsed, selected by endpoint, and used up."""

import pytest

from tabnine_report.sandbox.fault_injection import corrupt_shape
from tabnine_report.sandbox.faults import Faults, parse_fault


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("license=503", ("license", "status", 503, None, None)),
        ("license=503*2", ("license", "status", 503, None, 2)),
        ("*=429:3", ("*", "status", 429, 3.0, None)),
        ("*=429:3*1", ("*", "status", 429, 3.0, 1)),
        ("organization=html", ("organization", "html", None, None, None)),
        ("organization/users=truncated*1", ("organization/users", "truncated", None, None, 1)),
        ("v1/organization/usage=shape", ("organization/usage", "shape", None, None, None)),
        ("v2/organization/usage=null", ("v2/organization/usage", "null", None, None, None)),
        ("team/{teamId}/users=reset*4", ("team/{teamId}/users", "reset", None, None, 4)),
        ("*=timeout", ("*", "timeout", None, None, None)),
        ("license=slow:0.5*3", ("license", "slow", None, 0.5, 3)),
    ],
)
def test_valid_faults_are_parsed(spec: str, expected: tuple[object, ...]) -> None:
    fault = parse_fault(spec)

    assert expected == (fault.endpoint, fault.kind, fault.status, fault.seconds, fault.remaining)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("license", "Use ENDPOINT=KIND"),
        ("billing=503", "unknown endpoint. Use one of .*license, organization"),
        ("=503", "unknown endpoint"),
        ("license=", "unknown kind"),
        ("license=explode", "unknown kind. Use one of an HTTP status .*slow:SECONDS.*truncated"),
        ("license=200", "unknown kind"),
        ("license=999", "unknown kind"),
        ("license=404:3", "unknown kind"),
        ("license=slow", "unknown kind"),
        ("license=html:3", "unknown kind"),
        ("license=503*", "unknown kind"),
        ("license=503*-1", "unknown kind"),
        ("license=503 ", "unknown kind"),
    ],
)
def test_an_invalid_fault_is_rejected_with_the_accepted_syntax(spec: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_fault(spec)


def test_a_fault_of_version_1_does_not_affect_version_2() -> None:
    faults = Faults(["organization/usage=500"])

    assert faults.take("/api/v2/organization/usage") is None
    assert faults.take("/api/v1/organization/usage") is not None


def test_faults_are_used_in_order_and_as_often_as_their_count() -> None:
    faults = Faults(["license=500*2", "*=503*1"])
    statuses = [
        fault.status if (fault := faults.take(path)) else None
        for path in ("/api/v1/license", "/api/v1/organization", "/api/v1/license", "/api/v1/license", "/docs")
    ]

    assert statuses == [500, 503, 500, None, None]


def test_faults_can_be_added_and_cleared() -> None:
    faults = Faults()
    faults.add("license=500")
    assert faults.take("/api/v1/license") is not None
    faults.clear()
    assert faults.take("/api/v1/license") is None


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ({"id": "x", "name": "n"}, {"id": {"unexpected": "x"}, "name": "n"}),
        ({"license": {"seats": 5, "exp": 1}}, {"license": {"seats": {"unexpected": 5}, "exp": 1}}),
        ([{"year": 2026, "month": 9}], [{"year": 2026, "month": {"unexpected": 9}}]),
        (
            {"data": [{"id": "x"}, {"id": "y"}], "meta": {}},
            {"data": [{"id": {"unexpected": "x"}}, {"id": "y"}], "meta": {}},
        ),
        ({"data": [], "meta": {}}, {"data": {"unexpected": []}, "meta": {}}),
        ({"usage": {"data": [{"activeUsers": 1}]}}, {"usage": {"data": [{"activeUsers": {"unexpected": 1}}]}}),
        ([], {"unexpected": []}),
    ],
)
def test_a_corrupted_response_differs_in_one_required_field(response: object, expected: object) -> None:
    assert expected == corrupt_shape(response)
