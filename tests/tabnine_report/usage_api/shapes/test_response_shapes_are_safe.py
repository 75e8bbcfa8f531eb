"""The shape of responses contains no value of a tenant: no text, number, date, host, or field name that is data."""

import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import TEAM_ENDPOINTS, Endpoint, queries, team_queries
from tabnine_report.usage_api.exchange import Exchange
from tabnine_report.usage_api.shapes.response_shapes import ResponseShapes

MARKERS = ("zqmarker", "777777")
"""Every value of the tenant contains one of these: texts and names the first, numbers the second."""

letters = st.text(string.ascii_letters, max_size=6)
texts = st.builds("zqmarker{}{}".format, letters, st.sampled_from(["", " 1", "@acme.example", "-x", "/y", "é", "_z"]))
numbers = st.one_of(
    st.integers(0, 999).map(lambda number: int(f"777777{number}")),
    st.integers(0, 999).map(lambda number: -int(f"777777{number}")),
    st.integers(0, 999).map(lambda number: float(f"0.777777{number}")),
    st.integers(0, 999).map(lambda number: float(f"777777.{number}")),
)
times = st.sampled_from(["7777-07-07T00:00:00Z", "7777-07-07T07:07:07.77Z", "7777-07", "7777-07-07"])
values = st.one_of(texts, numbers, st.none(), st.booleans(), times, st.just(""))
maps = st.dictionaries(texts, st.one_of(values, st.lists(values, max_size=3)), max_size=12)
"""Maps whose keys are data, some of which look like the name of a field."""
mixed_maps = st.dictionaries(st.one_of(texts, st.sampled_from(["id", "active", "chat"])), values, max_size=12)
"""Such maps of which some keys are equal to documented names."""


def object_of(*names: str, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return documented fields with values of the tenant, each of which may be absent."""
    return st.fixed_dictionaries({}, optional={**dict.fromkeys(names, values), **parts})


def page_of(row: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"data": st.lists(row, max_size=30), "meta": object_of("count", "total", next=object_of("offset", "limit"))}
    )


model = object_of("model", "messages", "cost", "tokensConsumed")
bucket = object_of(
    "from",
    "to",
    "activeUsers",
    chat=object_of("messages", models=st.lists(model, max_size=4)),
    ides=maps,
    languages=st.one_of(texts, st.lists(texts)),
    modelBreakdown=st.lists(model, max_size=4),
    byUser=mixed_maps,
    details=mixed_maps,
)
documents = st.one_of(
    object_of("id", "name", "publicKey", domains=st.lists(texts), settings=mixed_maps),
    page_of(object_of("id", "name", "usersCount")),
    page_of(object_of("id", "username", "email", team=st.one_of(texts, object_of("id", "name")))),
    object_of(license=object_of("seats", "exp", "audience", features=st.lists(texts), settings=mixed_maps)),
    st.lists(object_of("username", "organizationId"), max_size=30),
    st.lists(object_of("year", "month", "registered", "active"), max_size=14),
    object_of("organizationId", "from", "to", usage=object_of("granularity", data=st.lists(bucket, max_size=5))),
    object_of(
        "error", "message", "status", "requestId", details=mixed_maps, errors=st.one_of(mixed_maps, st.lists(texts))
    ),
    object_of(error=object_of("message", "status", errors=st.lists(object_of("message")))),
    maps,
    st.dictionaries(texts, maps),
    st.lists(maps),
    values,
)
bodies = st.one_of(
    documents.map(lambda document: json.dumps(document).encode()),
    texts.map(str.encode),
    texts.map(lambda text: f"<html><title>{text}</title></html>".encode()),
    st.just(b""),
    st.none(),
)
headers = st.dictionaries(
    st.one_of(st.sampled_from(["content-type", "server", "location", "x-request-id", "set-cookie"]), texts),
    st.one_of(texts, st.just("application/json; charset=zqmarker")),
)


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    endpoint = draw(st.sampled_from(list(Endpoint)))
    month, organization = Month(2031, 7), draw(texts)
    sent = (
        team_queries(endpoint, month, organization, [draw(texts)])
        if endpoint in TEAM_ENDPOINTS
        else queries(endpoint, month, organization, "lists")
    )
    page = draw(st.sampled_from([{"offset": "777777", "limit": "777777"}, {"limit": "1"}]))
    status = draw(st.sampled_from([None, 200, 400, 401, 403, 500]))
    params = {**draw(st.sampled_from(sent)).params, **page}
    return Exchange(endpoint, params, draw(st.floats(0, 90)), status, draw(headers), draw(bodies))


@given(st.lists(exchanges(), max_size=8))
def test_no_value_and_no_key_of_a_free_map_is_in_the_document(found: list[Exchange]) -> None:
    shapes = ResponseShapes()
    for exchange in found:
        shapes.add(exchange)
    text = json.dumps(shapes.document())
    for marker in (*MARKERS, "2031", "2030", "acme"):
        assert marker not in text


def document(endpoint: Endpoint, content: object) -> dict[str, Any]:
    shapes = ResponseShapes()
    shapes.add(Exchange(endpoint, {"offset": "0", "limit": "1000"}, 0.1, 200, {}, json.dumps(content).encode()))
    body: dict[str, Any] = shapes.document()["answers"][0]["responses"][0]["body"]
    return body


@given(st.integers(11, 100), st.integers(11, 100))
def test_lists_of_people_of_similar_length_have_the_same_shape(one: int, other: int) -> None:
    shapes = [
        document(Endpoint.PERMISSIONS, [{"username": f"user{number}"} for number in range(length)])
        for length in (one, other)
    ]
    assert shapes[0] == shapes[1]
    assert shapes[0]["rows"] == 100


@pytest.mark.parametrize("name", ["newField", "new_field", "p95", "byUser"])
def test_an_undocumented_field_of_a_documented_object_is_named(name: str) -> None:
    shape = document(Endpoint.LICENSE, {"license": {"seats": 1, name: {"jsmith": 3, "active": 2}}})
    license_fields = shape["fields"]["license"]["fields"]
    assert list(license_fields[name]["fields"]) == ["active"]
    assert license_fields[name]["unnamed"]["names"] == 10


@pytest.mark.parametrize(
    "content",
    [
        {"license": {"seats": 1, "settings": {"jsmith": 3, "active": 2}}},
        {"license": {"seats": 1, "audience": 2, "a1b2c3d4": 3}},
        {"license": {"seats": 1, "Berlin": 2}},
        {"license": {"seats": 1, "j.smith": 2}},
        {"license": {"seats": 1, "j" * 41: 2}},
        {"license": {"seats": 1, "jsmith": 2, "adoe": 3}},
        {"license": {"seats": 1, "exp": 2, "jsmith": 2, "a.b": 3}},
        {"jsmith": 2},
        {"active": 1, "x": {"jsmith": {"adoe": 2}}},
    ],
    ids=["free-map", "id", "capital", "dot", "long", "many", "beside-a-dot", "undocumented-object", "nested"],
)
def test_a_name_that_may_be_data_is_not_written(content: object) -> None:
    text = json.dumps(document(Endpoint.LICENSE, content))
    for name in ("jsmith", "adoe", "a1b2c3d4", "Berlin", "j.smith", "jjj"):
        assert name not in text
