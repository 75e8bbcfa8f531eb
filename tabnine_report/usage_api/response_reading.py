"""Read records from responses, stored or fresh.

An invalid field or row affects no other; see `record_types` and `reading_problems`. A response whose outer shape is
not the API's is an error, which names the wrong field.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError

from tabnine_report.model.errors import UnexpectedResponse
from tabnine_report.usage_api.base_records import Page, Record, Row
from tabnine_report.usage_api.reading_problems import UnreadableRow, current_problems
from tabnine_report.usage_api.snapshot import Failure, Fetch, Response

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R", bound=Record)
RowT = TypeVar("RowT", bound=Row)
T = TypeVar("T")

_PROBLEMS = {
    "missing": "is missing",
    "string_type": "is not a string",
    "list_type": "is not a list",
    "tuple_type": "is not a list",
    "model_type": "is not an object",
}
"""What is wrong with a field, by pydantic's error type."""


class Rows(list[R]):
    """The rows of a list that could be read.

    Attributes:
        unreadable: The other rows.
    """

    def __init__(self, rows: Iterable[R] = (), unreadable: Sequence[UnreadableRow] = ()) -> None:
        super().__init__(rows)
        self.unreadable = tuple(unreadable)


class _Array(RootModel[list[Any]]):
    """A response that is a bare array."""

    model_config = ConfigDict(hide_input_in_errors=True)


def read_response(model: type[M], response: Response, endpoint: str) -> M:
    """Return the record in a response.

    Raises:
        UnexpectedResponse: If the response has another shape. Likewise for every function here.
    """
    try:
        record = model.model_validate(response.json_body())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        problem = str(first["ctx"]["error"]) if first["type"] == "value_error" else _PROBLEMS.get(first["type"])
        raise unexpected_response(endpoint, response, _path(first["loc"]), problem or "is invalid") from error
    if isinstance(record, Record):
        current_problems().add_fields(record.invalid_fields())
    return record


def read_single(model: type[M], fetch: Fetch) -> M:
    """Return the record in the only response of a fetch."""
    return read_response(model, _only_response(fetch), fetch.endpoint)


def read_array(model: type[R], fetch: Fetch) -> Rows[R]:
    """Return the rows of the only response of a fetch, which is a bare array, in the API's order."""
    response = _only_response(fetch)
    rows = read_each(model, read_response(_Array, response, fetch.endpoint).root)
    current_problems().add_list(response, len(rows) + len(rows.unreadable), rows.unreadable)
    return rows


def responses_to(fetch: Fetch, query: str) -> tuple[Response, ...]:
    """Return the responses to one query of a fetch, at least one."""
    responses = fetch.responses_to(query)
    if not responses:
        raise UnexpectedResponse(f"{fetch.endpoint}: there is no response to {query!r}.", endpoint=fetch.endpoint)
    return responses


def read_page(response: Response, endpoint: str) -> Page:
    """Return one page of any list: its rows as they are, and its metadata."""
    return read_response(Page, response, endpoint)


class PageSize(NamedTuple):
    """How many rows a page has, and how many the whole list has; None if the server does not count them."""

    rows: int
    total: int | None


def read_page_size(response: Response, endpoint: str) -> PageSize:
    """Return the size of one page of any list, which takes far less memory than its rows."""
    page = read_page(response, endpoint)
    return PageSize(len(page.data), page.total)


def counts_rows_of_page(pages: Iterable[PageSize]) -> bool:
    """Return whether the total of a list in several pages is only the number of rows in each page."""
    with_rows = [page for page in pages if page.rows]
    return len(with_rows) > 1 and all(page.total == page.rows for page in with_rows)


def read_rows(model: type[RowT], responses: Iterable[Response], endpoint: str) -> Rows[RowT]:
    """Return the rows of all pages, in the API's order. Of the rows with the same id, only the first can be read."""
    by_id: dict[str, RowT] = {}
    unreadable: list[UnreadableRow] = []
    for response in responses:
        page = read_page(response, endpoint)
        rows = read_each(model, page.data)
        repeated = [UnreadableRow("id", "repeated") for row in rows if by_id.setdefault(row.id, row) is not row]
        current_problems().add_list(response, len(page.data), [*rows.unreadable, *repeated])
        unreadable += [*rows.unreadable, *repeated]
    return Rows(by_id.values(), unreadable)


def read_each(model: type[R], values: Iterable[object]) -> Rows[R]:
    """Return the records of a list, in its order."""
    records, unreadable = [], []
    for value in values:
        try:
            record = model.model_validate(value)
        except ValidationError as error:
            unreadable.append(_unreadable_row(error))
        else:
            records.append(record)
            current_problems().add_fields(record.invalid_fields())
    return Rows(records, unreadable)


def read_by_team(fetch: Fetch, read: Callable[[Response], T]) -> Mapping[str, T | Failure]:
    """Return the result of each team's query, by team id; the query's name is the team's id."""
    results: dict[str, T | Failure] = {failed.query: failed for failed in fetch.failed_queries}
    return results | {response.query: read(response) for response in fetch.responses}


def unexpected_response(endpoint: str, response: Response, path: str, problem: str) -> UnexpectedResponse:
    """Return the error for a response that does not come from the API.

    Args:
        endpoint: The endpoint's name.
        response: The response.
        path: The path of the wrong field, such as `usage.data`.
        problem: What is wrong with it, such as "is missing".
    """
    return UnexpectedResponse(
        f"{endpoint}: {path} {problem}, so the response to {response.path} is not the API's. "
        "Check for a proxy or sign-in page in between, or for a newer version of tabnine-report.",
        endpoint=endpoint,
        status=response.status,
    )


def _only_response(fetch: Fetch) -> Response:
    if not fetch.responses:
        raise UnexpectedResponse(f"{fetch.endpoint}: there is no response.", endpoint=fetch.endpoint)
    return fetch.responses[0]


def _unreadable_row(error: ValidationError) -> UnreadableRow:
    first = error.errors(include_url=False)[0]
    field = str(first["loc"][0]) if first["loc"] else "object"
    missing = first["type"] == "missing" or first["input"] in (None, "")
    return _row_problem(field, "missing" if missing else "invalid")


@lru_cache(maxsize=1000)
def _row_problem(field: str, problem: Literal["missing", "invalid"]) -> UnreadableRow:
    """Return the same object for the same problem: a list may have millions of them."""
    return UnreadableRow(field, problem)


def _path(steps: tuple[int | str, ...]) -> str:
    """Return the path of a field: `usage.data`."""
    return ".".join(map(str, steps)) or "the response"
