"""Write an XLSX file: sheets with one table each, with typed cells, frozen headings, filters and print settings.

Text is always written as text, so that data cannot become a formula, a link or a number. The same content produces the
same bytes: the only date in the file is a parameter. This module knows nothing of the report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook

from tabnine_report.render.colors import Palette
from tabnine_report.render.workbook.cells import Cell, Column, Heading, Missing, Row, Sheet, Text, Typed
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
_THIN, _MEDIUM = 1, 2
_MARGINS = {"left": 0.45, "right": 0.45, "top": 0.75, "bottom": 0.65}
"""In inches; narrow, because tables are wide."""
_LINE_POINTS = 15
_MOST_POINTS = 409
_TITLE_POINTS = 24
_HEADING_ROW = 4
"""The rows above it contain the title, the sheet's two sentences and the status."""
_HEADING_LINES = 2
"""The text of a heading is in the upper line, because the filter's button covers the lower one."""


@dataclass(frozen=True)
class SheetHeader:
    """The lines above every sheet, and the header and footer of printed pages.

    Attributes:
        title: What the workbook is; contains data.
        status: Its revision, how complete it is, and its date, in one line.
        warns: Whether the status is a warning.
        running: The header of printed pages.
        page: The word before a page number.
    """

    title: str
    status: str
    warns: bool
    running: str
    page: str


class Spreadsheet:
    """An XLSX file that is being written.

    Args:
        head: The lines above every sheet.
        colors: The colors of headings, hairlines and warnings.
        author: The document's author.
        created: The instant in the document's properties, with a time zone.
    """

    def __init__(self, head: SheetHeader, colors: Palette, *, author: str, created: datetime) -> None:
        self._file = BytesIO()
        self._book = Workbook(self._file, _OPTIONS)
        self._head = head
        self._colors = colors
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._book.set_properties(
            {
                "title": sanitize(head.title),
                "author": sanitize(author),
                "created": created.astimezone(UTC).replace(tzinfo=None),
            }
        )

    def add(self, sheet: Sheet) -> None:
        """Add a sheet."""
        written = self._book.add_worksheet(sheet.name)
        self._add_head(written, sheet)
        for at, column in enumerate(sheet.columns):
            written.set_column(at, at, column.width)
            self._write(written, _HEADING_ROW, at, column.heading, column, bold=True, **self._line(_MEDIUM))
        headings = _height([column.heading for column in sheet.columns], sheet.columns)
        written.set_row(_HEADING_ROW, max(headings, _HEADING_LINES * _LINE_POINTS) if sheet.filtered else headings)
        for down, row in enumerate(sheet.rows, start=_HEADING_ROW + 1):
            self._add_row(written, down, row, sheet.columns)
        last = _HEADING_ROW + len(sheet.rows)
        if sheet.filtered:
            written.autofilter(_HEADING_ROW, 0, last, len(sheet.columns) - 1)
        written.freeze_panes(_HEADING_ROW + 1, sheet.fixed)
        self._set_up_print(written)
        written.print_area(0, 0, last, sum(column.printed for column in sheet.columns) - 1)

    def content(self) -> bytes:
        """Close the file and return its bytes."""
        self._book.close()
        return self._file.getvalue()

    def _add_head(self, written: Any, sheet: Sheet) -> None:  # noqa: ANN401 - xlsxwriter has no types
        warns = {"font_color": self._colors.warning, "bold": True} if self._head.warns else {}
        written.set_row(0, _TITLE_POINTS)
        for row, text, look in (
            (0, self._head.title, {"bold": True, "font_size": 16}),
            (1, sheet.sentence, {"font_size": 12}),
            (2, sheet.detail, {"font_color": self._colors.quiet}),
            (3, self._head.status, {"font_color": self._colors.quiet, **warns}),
        ):
            self._write(written, row, 0, text, Column("", 0), text_wrap=False, **look)

    def _add_row(self, written: Any, down: int, row: Row, columns: Sequence[Column]) -> None:  # noqa: ANN401 - as above
        heading = isinstance(row, Heading)
        cells = row.cells if isinstance(row, Heading) else row
        look = {"bold": True, "valign": "bottom", **self._line(_THIN)} if heading else self._line(_THIN)
        written.set_row(down, _height(cells, columns) + (_LINE_POINTS if heading else 0))
        for across, column in enumerate(columns):
            cell = cells[across] if across < len(cells) else None
            accent = {"font_color": self._colors.accent} if heading and across == 0 else {}
            self._write(written, down, across, cell, column, **look, **accent)

    def _write(self, written: Any, row: int, at: int, cell: Cell, column: Column, **look: object) -> None:  # noqa: ANN401 - xlsxwriter has no types; a cell's place, content and look
        look = {"align": "right", **look} if column.right else {"align": "left", "indent": 1, **look}
        wrapped = {"text_wrap": True, **look}
        match cell:
            case None | "":
                written.write_blank(row, at, None, self._format(**look))
            case str():
                written.write_string(row, at, sanitize(cell, _CELL_LENGTH), self._format(**wrapped))
            case Missing():
                warning = {**wrapped, "font_color": self._colors.warning}
                written.write_string(row, at, sanitize(cell.word, _CELL_LENGTH), self._format(**warning))
            case Text():
                self._write_text(written, row, at, cell, wrapped)
            case Typed():
                look = {"num_format": cell.pattern, **look, **({"italic": True} if cell.estimated else {})}
                write = written.write_datetime if isinstance(cell.value, date) else written.write_number
                write(row, at, cell.value, self._format(**look))

    def _write_text(self, written: Any, row: int, at: int, cell: Text, look: dict[str, object]) -> None:  # noqa: ANN401 - as above
        looks: dict[str, dict[str, object]] = {
            "plain": {},
            "bold": {"bold": True},
            "estimate": {"italic": True},
            "warning": {"font_color": self._colors.warning, "bold": True},
        }
        look |= looks[cell.look]
        text = sanitize(cell.text, _CELL_LENGTH)
        if cell.span == 1:
            written.write_string(row, at, text, self._format(**look))
            return
        look |= {"align": "left", "indent": 1}
        written.merge_range(row, at, row, at + cell.span - 1, "", self._format(**look))
        written.write_string(row, at, text, self._format(**look))

    def _line(self, width: int) -> dict[str, object]:
        """Return the line below a row, also in print."""
        return {"bottom": width, "bottom_color": self._colors.ink if width == _MEDIUM else self._colors.rule}

    def _format(self, **look: object) -> Any:  # noqa: ANN401 - as above
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"valign": "top", **look})
        return self._formats[key]

    def _set_up_print(self, written: Any) -> None:  # noqa: ANN401 - as above
        written.set_landscape()
        written.set_paper(_A4)
        written.set_margins(**_MARGINS)
        written.repeat_rows(0, _HEADING_ROW)
        written.fit_to_pages(1, 0)
        # An ampersand begins a command in a header; a doubled one is printed.
        written.set_header(f"&L{sanitize(self._head.running, _HEADER_LENGTH).replace('&', '&&')}")
        written.set_footer(f"&L&A&R{self._head.page} &P / &N")


def _height(cells: Sequence[Cell], columns: Sequence[Column]) -> float:
    """Return the height in points of a row with wrapped text, which not every program computes itself."""
    lines = [1]
    for at, cell in enumerate(cells):
        match cell:
            case str():
                lines.append(_lines(sanitize(cell, _CELL_LENGTH), columns[at].width))
            case Missing():
                lines.append(_lines(sanitize(cell.word, _CELL_LENGTH), columns[at].width))
            case Text():
                width = sum(column.width for column in columns[at : at + cell.span])
                lines.append(_lines(sanitize(cell.text, _CELL_LENGTH), width))
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
