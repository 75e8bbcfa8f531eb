"""Read records from responses, stored or fresh: validate the JSON and name the wrong field in the error."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from tabnine_report.model.errors import UnexpectedResponse
from tabnine_report.usage_api.record_types import Page, Record, Row
from tabnine_report.usage_api.snapshot import Failure, Fetch, Response

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R", bound=Record)
T = TypeVar("T")

_PROBLEMS = {
    "missing": "is missing",
    "greater_than_equal": "is negative",
    "less_than_equal": "is too large",
    "string_type": "is not a string",
    "string_too_short": "is empty",
    "float_type": "is not a number",
    "finite_number": "is not a number",
    "list_type": "is not a list",
    "tuple_type": "is not a list",
    "model_type": "is not an object",
    "datetime_parsing": "is not a timestamp",
    "datetime_from_date_parsing": "is not a timestamp",
    "timezone_aware": "is a timestamp without an offset",
}
"""What is wrong with a field, by pydantic's error type."""


def read_response(model: type[M], response: Response, endpoint: str) -> M:
    """Return the record in a response.

    Raises:
        UnexpectedResponse: If the response has another shape. Likewise for every function here.
    """
    try:
        return model.model_validate(response.json_body())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        problem = str(first["ctx"]["error"]) if first["type"] == "value_error" else _PROBLEMS.get(first["type"])
        raise unexpected_response(endpoint, response, _path(first["loc"]), problem or "is invalid") from error


def read_single(model: type[M], fetch: Fetch) -> M:
    """Return the record in the only response of a fetch."""
    if not fetch.responses:
        raise UnexpectedResponse(f"{fetch.endpoint}: there is no response.", endpoint=fetch.endpoint)
    return read_response(model, fetch.responses[0], fetch.endpoint)


def responses_to(fetch: Fetch, query: str) -> tuple[Response, ...]:
    """Return the responses to one query of a fetch, at least one."""
    responses = fetch.responses_to(query)
    if not responses:
        raise UnexpectedResponse(f"{fetch.endpoint}: there is no response to {query!r}.", endpoint=fetch.endpoint)
    return responses


def read_rows(model: type[R], responses: Iterable[Response], endpoint: str) -> list[R]:
    """Return the rows of all pages, in the API's order."""
    pages = [read_response(Page[model], response, endpoint) for response in responses]  # type: ignore[valid-type]
    return [row for page in pages for row in page.data]


def read_page(response: Response, endpoint: str) -> Page[Row]:
    """Return one page of any list: the ids of its rows, and its metadata."""
    return read_response(Page[Row], response, endpoint)


def read_by_team(fetch: Fetch, read: Callable[[Response], T]) -> Mapping[str, T | Failure]:
    """Return the result of each team's query, by team id; the query's name is the team's id."""
    results: dict[str, T | Failure] = {failed.query: failed for failed in fetch.failed_queries}
    return results | {response.query: read(response) for response in fetch.responses}


def unexpected_response(endpoint: str, response: Response, path: str, problem: str) -> UnexpectedResponse:
    """Return the error for a response that has another shape.

    Args:
        endpoint: The endpoint's name.
        response: The response.
        path: The path of the wrong field, such as `usage.data[3].activeUsers`.
        problem: What is wrong with it, such as "is missing".
    """
    return UnexpectedResponse(
        f"{endpoint}: {path} {problem}. The format of {response.path} has changed. "
        "Check for a newer version of tabnine-report.",
        endpoint=endpoint,
        status=response.status,
    )


def _path(steps: tuple[int | str, ...]) -> str:
    """Return the path of a field: `usage.data[3].activeUsers`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.lstrip(".") or "the response"
