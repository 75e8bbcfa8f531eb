"""The cells and columns of a sheet, as the sheets of the report define them and `spreadsheet.py` writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Typed:
    """A number, day or local instant without a zone, with its number format.

    Attributes:
        value: The value.
        pattern: The number format.
        estimated: Whether the value is an estimate, which is written in italics.
    """

    value: float | date
    pattern: str
    estimated: bool = False


@dataclass(frozen=True)
class Missing:
    """The word in place of a missing number."""

    word: str


@dataclass(frozen=True)
class Text:
    """A text with emphasis, or one that extends over several columns.

    Attributes:
        text: The text, which can be data.
        look: How it is written: as other text, in bold, as an estimate (in italics), or as a warning.
        span: The number of columns that it extends over; those to its right must be blank.
    """

    text: str
    look: Literal["plain", "bold", "estimate", "warning"] = "plain"
    span: int = 1


Cell: TypeAlias = str | Typed | Missing | Text | None
"""None is a blank cell."""


@dataclass(frozen=True)
class Heading:
    """A row that begins a part of a table; its cells can be the headings of the columns below it."""

    cells: tuple[Cell, ...]


Row: TypeAlias = Sequence[Cell] | Heading


@dataclass(frozen=True)
class Column:
    """A column of a sheet's table.

    Attributes:
        heading: The heading, which can be data.
        width: The width in characters.
        right: Whether the heading and every cell are aligned to the right, as numbers are.
        printed: Whether the column is printed. Columns that are not printed come last.
    """

    heading: str
    width: float
    right: bool = False
    printed: bool = True


TableColumn: TypeAlias = tuple[Column, Sequence[Cell]]
"""A column with its cells, for a table that is composed of columns."""


def rows_of(table: Sequence[TableColumn]) -> list[Row]:
    """Return the rows of a table that is composed of columns."""
    return list(zip(*(cells for _, cells in table), strict=True))


@dataclass(frozen=True)
class Sheet:
    """A sheet with one table.

    Attributes:
        name: Its name, never data.
        sentence: Its main message, above the table.
        columns: The columns of the table.
        rows: The rows, each with at most one cell for each column; missing cells at the end are blank.
        detail: A second sentence, below the first; may be empty.
        fixed: The number of frozen columns.
        filtered: Whether the columns have filters; not for a table with headings among its rows.
    """

    name: str
    sentence: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    detail: str = ""
    fixed: int = 0
    filtered: bool = True
