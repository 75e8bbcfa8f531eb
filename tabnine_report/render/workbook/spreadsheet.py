"""Write an XLSX file: sheets with one table each, with typed cells, frozen headings, filters and print settings.

Text is always written as text, so that data cannot become a formula, a link or a number. The same content gives the
same bytes: the only date in the file is a parameter. This module knows nothing of the report.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, Final, TypeAlias

from xlsxwriter import Workbook

from tabnine_report.text.sanitizing import display_width, sanitize

_OPTIONS: Final = {
    "in_memory": True,  # also sets the same fixed date for every part of the file
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# A cell is limited to 32,767 UTF-16 units and a header or footer to 255. A character outside the basic plane takes two
# units, and so does an ampersand in a header.
_CELL_LENGTH = 32_767 // 2
_HEADER_LENGTH = 100
_A4 = 9
_RULE = {"bottom": 7, "bottom_color": "#8c93a3"}
"""A hairline below each row of a table, also in print."""
_MARGINS = {"left": 0.45, "right": 0.45, "top": 0.75, "bottom": 0.65}
"""In inches; narrow, because tables are wide."""
_PAGE_WIDTH = 170
"""The number of characters across a page that are still legible."""
_FILTER_BUTTON = " " * 3
_LINE_POINTS = 15
_MOST_POINTS = 409
_CHART_ROWS, _ROW_PIXELS = 16, 20
_HEADING_ROW = 4
"""The rows above it contain the owner, the status, the sheet's sentence, and a blank row."""


@dataclass(frozen=True)
class Typed:
    """A number, day or local instant without a zone, with its number format."""

    value: float | date
    pattern: str


@dataclass(frozen=True)
class Missing:
    """The word in place of a missing number."""

    word: str


Cell: TypeAlias = str | Typed | Missing | None
"""None is a blank cell."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet's table.

    Attributes:
        heading: The heading, which can be data.
        width: The width in characters.
        hidden: Whether the column only serves a chart.
        printed: Whether the column is printed. Columns that are not printed come last.
        wrapped: Whether longer text is wrapped; otherwise it extends over the blank cells to the right.
    """

    heading: str
    width: float
    hidden: bool = False
    printed: bool = True
    wrapped: bool = True


@dataclass(frozen=True)
class SheetHeader:
    """The lines above every sheet, and the header and footer of printed pages.

    Attributes:
        owner: The name of the organization, which is data.
        status: What the workbook is and how complete, in one line.
        warns: Whether the status is a warning.
        warning: The color of warnings, as `#rrggbb`.
        running: The header of printed pages.
        page: The word before a page number.
    """

    owner: str
    status: str
    warns: bool
    warning: str
    running: str
    page: str


class Spreadsheet:
    """An XLSX file that is being written.

    Args:
        head: The lines above every sheet.
        title: The document's title.
        author: The document's author.
        created: The instant in the document's properties, with a time zone.
    """

    def __init__(self, head: SheetHeader, *, title: str, author: str, created: datetime) -> None:
        self._file = BytesIO()
        self._book = Workbook(self._file, _OPTIONS)
        self._head = head
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._sheets: dict[str, Any] = {}
        self._last_printed: dict[str, int] = {}
        self._book.set_properties(
            {
                "title": sanitize(title),
                "author": sanitize(author),
                "created": created.astimezone(UTC).replace(tzinfo=None),
            }
        )

    def add(  # noqa: PLR0913 - the parts of a sheet
        self,
        name: str,
        sentence: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        *,
        fixed: int = 0,
        wide: bool = False,
    ) -> None:
        """Add a sheet with one table.

        Args:
            name: The sheet's name, never data.
            sentence: The sentence above the table.
            columns: The columns of the table.
            rows: The rows, each with one cell for each column.
            fixed: The number of frozen columns.
            wide: Whether the table is printed across several pages, each with the frozen columns; otherwise it is
                scaled to the width of one page.
        """
        sheet = self._sheets[name] = self._book.add_worksheet(name)
        self._add_head(sheet, sentence)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width, None, {"hidden": column.hidden})
            self._write(sheet, _HEADING_ROW, at, column.heading, bold=True, bg_color="#f0f2f6", **_RULE)
        headings = [f"{column.heading}{_FILTER_BUTTON}" for column in columns]
        sheet.set_row(_HEADING_ROW, _height(headings, columns))
        for down, row in enumerate(rows, start=_HEADING_ROW + 1):
            sheet.set_row(down, _height(row, columns))
            for across, (cell, column) in enumerate(zip(row, columns, strict=True)):
                self._write(sheet, down, across, cell, **_RULE, **({} if column.wrapped else {"text_wrap": False}))
        sheet.autofilter(_HEADING_ROW, 0, _HEADING_ROW + len(rows), len(columns) - 1)
        sheet.freeze_panes(_HEADING_ROW + 1, fixed)
        width = sum(column.width for column in columns if column.printed and not column.hidden)
        self._set_up_print(sheet, fixed if wide else 0, math.ceil(width / _PAGE_WIDTH) if wide else 1)
        self._last_printed[name] = sum(column.printed for column in columns) - 1
        sheet.print_area(0, 0, _HEADING_ROW + len(rows), self._last_printed[name])

    def draw_lines(self, name: str, title: str, *, rows: int, days: int, lines: Sequence[int]) -> None:
        """Draw a line chart below the table of a sheet; blank cells are gaps in the line.

        Args:
            name: The name of the sheet.
            title: The title of the chart, never data.
            rows: The number of rows of the table.
            days: The column of the dates.
            lines: The columns of the numbers, one line each.
        """
        first, last = _HEADING_ROW + 1, _HEADING_ROW + rows
        chart = self._book.add_chart({"type": "line"})
        for column in lines:
            chart.add_series(
                {
                    "categories": [name, first, days, last, days],
                    "values": [name, first, column, last, column],
                    "line": {"color": "#1a1d26", "width": 2},
                    "marker": {"type": "circle", "size": 5, "fill": {"color": "#1a1d26"}, "border": {"none": True}},
                }
            )
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_x_axis({"date_axis": True, "num_format": "mmm yy", "major_unit": 1, "major_unit_type": "months"})
        chart.set_y_axis({"min": 0, "major_gridlines": {"visible": True, "line": {"width": 0.5}}})
        chart.show_blanks_as("gap")
        chart.show_hidden_data()
        chart.set_size({"width": 760, "height": _CHART_ROWS * _ROW_PIXELS})
        self._sheets[name].insert_chart(last + 2, 1, chart, {"description": title})
        self._sheets[name].print_area(0, 0, last + 2 + _CHART_ROWS, self._last_printed[name])

    def content(self) -> bytes:
        """Close the file and return its bytes."""
        self._book.close()
        return self._file.getvalue()

    def _add_head(self, sheet: Any, sentence: str) -> None:  # noqa: ANN401 - xlsxwriter has no types
        warns = {"font_color": self._head.warning, "bold": True} if self._head.warns else {}
        for row, text, look in (
            (0, self._head.owner, {"bold": True, "font_size": 14}),
            (1, self._head.status, warns),
            (2, sentence, {"font_size": 12}),
        ):
            self._write(sheet, row, 0, text, text_wrap=False, indent=0, **look)

    def _write(self, sheet: Any, row: int, column: int, cell: Cell, **look: object) -> None:  # noqa: ANN401 - as above
        match cell:
            case None | "":
                sheet.write_blank(row, column, None, self._format(**look))
            case str():
                look = {"text_wrap": True, "align": "left", "indent": 1, **look}
                sheet.write_string(row, column, sanitize(cell, _CELL_LENGTH), self._format(**look))
            case Missing():
                look = {"text_wrap": True, "align": "right", "font_color": self._head.warning, **look}
                sheet.write_string(row, column, sanitize(cell.word, _CELL_LENGTH), self._format(**look))
            case Typed(value=date() as day):
                look = {"num_format": cell.pattern, "align": "left", "indent": 1, **look}
                sheet.write_datetime(row, column, day, self._format(**look))
            case Typed():
                sheet.write_number(row, column, cell.value, self._format(num_format=cell.pattern, **look))

    def _format(self, **look: object) -> Any:  # noqa: ANN401 - as above
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"valign": "top", **look})
        return self._formats[key]

    def _set_up_print(self, sheet: Any, repeated: int, pages: int) -> None:  # noqa: ANN401 - as above
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(**_MARGINS)
        sheet.repeat_rows(0, _HEADING_ROW)
        if repeated:
            sheet.repeat_columns(0, repeated - 1)
        sheet.fit_to_pages(pages, 0)
        # An ampersand begins a command in a header; a doubled one is printed.
        sheet.set_header(f"&L{sanitize(self._head.running, _HEADER_LENGTH).replace('&', '&&')}")
        sheet.set_footer(f"&L&A&R{self._head.page} &P / &N")


def _height(cells: Sequence[Cell], columns: Sequence[Column]) -> float:
    """Return the height in points of a row with wrapped text, which not every program computes itself."""
    lines = [1]
    for cell, column in zip(cells, columns, strict=True):
        text = cell.word if isinstance(cell, Missing) else cell
        if isinstance(text, str) and column.wrapped:
            lines.append(_lines(sanitize(text, _CELL_LENGTH), column.width))
    return min(max(lines) * _LINE_POINTS, _MOST_POINTS)


def _lines(text: str, width: float) -> int:
    """Return the number of lines of a text that is wrapped between words."""
    lines, used = 1, 0.0
    for word in text.split(" "):
        length = display_width(word)
        if used and used + 1 + length > width:
            lines, used = lines + 1, 0.0
        used += length + (1 if used else 0)
        while used > width:  # a word longer than a line
            lines, used = lines + 1, used - width
    return lines
