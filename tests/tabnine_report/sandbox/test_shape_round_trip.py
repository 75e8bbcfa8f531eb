"""Responses that are served from a shape have that shape again, whichever the original responses were."""

import json
from datetime import UTC, datetime
from typing import Any, get_args

from hypothesis import example, given
from hypothesis import strategies as st

from tabnine_report.sandbox.shape_file import Kind, ShapeFile
from tabnine_report.sandbox.shaped_values import Query, shaped_value
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.exchange import Exchange
from tabnine_report.usage_api.shapes.response_shapes import ResponseShapes

QUERY = Query.read({}, datetime(2026, 11, 22, tzinfo=UTC))

NAMES = """
    from to year month id organizationId exp data meta settings granularity error message newField jsmith a.b -
"""
names = st.sampled_from(NAMES.split())
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.floats(),
    st.sampled_from(["", "12", "x", "a@b", "2026-10", "2026-10-01", "2026-10-01T00:00:00Z", "2026-10-01T00:00:00.1Z"]),
    st.uuids().map(str),
)
documents = st.recursive(
    leaves,
    lambda parts: st.one_of(st.lists(parts, max_size=12), st.dictionaries(names, parts, max_size=6)),
    max_leaves=60,
)


def shape_of(document: object) -> dict[str, Any]:
    shapes = ResponseShapes()
    shapes.add(Exchange(Endpoint.LICENSE, {}, 0.1, 200, {}, json.dumps(document).encode()))
    return shapes.document()


def served_again(shape: dict[str, Any]) -> Any:
    (shaped,) = ShapeFile.model_validate_json(json.dumps(shape)).answers
    return shaped_value(shaped.responses[0], QUERY)


@given(documents)
@example([None, None, None, [], [None], [None, {"from": None, "to": None}]])
def test_a_served_response_has_the_same_shape(document: object) -> None:
    shape = shape_of(document)
    assert (
        shape_of(served_again(shape))["answers"][0]["responses"][0]["body"]
        == (shape["answers"][0]["responses"][0]["body"])
    )


def test_a_deep_response_has_the_same_shape() -> None:
    document: object = [1]
    for _ in range(20):
        document = {"data": document}
    body = shape_of(document)["answers"][0]["responses"][0]["body"]
    assert shape_of(served_again(shape_of(document)))["answers"][0]["responses"][0]["body"] == body


def test_every_kind_of_the_sandbox_is_one_that_a_file_contains() -> None:
    kinds = {"absent", "array"}
    others: list[object] = [None, True, 1, -1, 2**60, -(2**60), 0.5, -0.5, 1e300, -1e300, float("nan"), [], {}]
    for value in others:
        kinds |= shape_of(value)["answers"][0]["responses"][0]["body"]["seen"].keys()
    texts = ["", "x", "1", "a@b", "2026-10", "2026-10-01", "2026-10-01T00:00:00Z", "2026-10-01T00:00:00.1Z"]
    for text in [*texts, "2026-10-01T00:00:00+02:00", "8d5f1c2e-0b1a-4c3d-9e8f-001122334455"]:
        kinds |= shape_of(text)["answers"][0]["responses"][0]["body"]["seen"].keys()
    assert kinds == set(get_args(Kind))
