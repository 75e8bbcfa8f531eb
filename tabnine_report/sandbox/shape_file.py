"""Read a shape file, which describes the responses of a real installation without their values.

docs/sandbox.md describes the format; `tabnine-report check --shape` writes it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt, ValidationError, model_validator

ABSENT = "absent"

Kind = Literal[
    "absent",
    "null",
    "boolean",
    "integer",
    "negative integer",
    "large integer",
    "negative large integer",
    "number",
    "negative number",
    "large number",
    "negative large number",
    "not finite",
    "text",
    "empty text",
    "digits",
    "uuid",
    "email",
    "month",
    "date",
    "timestamp",
    "timestamp with fraction",
    "timestamp with offset",
    "array",
    "empty array",
    "object",
]
"""A kind of value at a place."""

Format = Literal["json", "html", "text", "empty", "incomplete"]
"""The format of a body."""

ContentType = Literal["application/json", "text/html", "text/plain", "none", "other"]
"""The media type of a body; none without the header."""

Status = Annotated[int, Field(ge=100, le=599)] | None
"""A status; None if no response arrived."""

_MOST_ROWS = 1_000_000


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Unnamed(_Part):
    """Fields whose names are not in the file.

    Attributes:
        names: How many an object has.
        values: The place of all of them.
    """

    names: Annotated[int, Field(gt=0, le=_MOST_ROWS)]
    values: "Place"


class Place(_Part):
    """All values that were found at one place.

    Attributes:
        seen: How often each kind was found.
        fields: The fields of the objects, by name.
        unnamed: Further fields.
        rows: The number of rows of all arrays together.
        items: The rows.
    """

    seen: Mapping[Kind, PositiveInt]
    fields: Mapping[str, "Place"] = {}
    unnamed: Unnamed | None = None
    rows: Annotated[int, Field(ge=0, le=_MOST_ROWS)] = 0
    items: "Place | None" = None


class Run(_Part):
    """Consecutive responses of one status."""

    status: Status
    times: PositiveInt


class Responses(_Part):
    """The responses of one status; see docs/sandbox.md."""

    status: Status
    formats: tuple[Format, ...]
    content_types: tuple[ContentType, ...]
    headers: tuple[str, ...]
    other_headers: bool
    codes: tuple[str, ...]
    bytes: NonNegativeInt
    seconds: float
    body: Place

    @model_validator(mode="after")
    def _check_body(self) -> Self:
        if self.status is not None and not (self.formats and self.content_types):
            raise ValueError("formats and content_types must not be empty")
        if "json" in self.formats and not self.body.seen:
            raise ValueError("body has no kind of value")
        return self


class ShapedRequest(_Part):
    """The responses to one kind of request; see docs/sandbox.md."""

    path: str
    parameters: tuple[str, ...]
    values: Mapping[str, str]
    months: int | None
    statuses: Annotated[tuple[Run, ...], Field(min_length=1)]
    responses: tuple[Responses, ...]

    @model_validator(mode="after")
    def _check_statuses(self) -> Self:
        if {run.status for run in self.statuses} - {response.status for response in self.responses}:
            raise ValueError("statuses has a status that responses does not have")
        return self


class ShapeFile(_Part):
    """A shape file."""

    shape_version: Literal[1]
    program: str
    endpoints: Mapping[str, str]
    answers: tuple[ShapedRequest, ...]


def read_shape_file(path: Path) -> ShapeFile:
    """Return the content of a shape file.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it is not a shape file; the message names the first wrong place.
    """
    try:
        return ShapeFile.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise ValueError(f"{path} is not a shape file: {place}: {first['msg']}") from error
