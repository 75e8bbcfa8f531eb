"""The room on the page on money: the height that the other blocks leave to the chart of accounts."""

from collections.abc import Sequence

from tabnine_report.render.charts import svg
from tabnine_report.render.views.agent_spend import Models, SpendHistory
from tabnine_report.render.views.room import PAGE, block, text_height

_HEAD, _TALL_HEAD, _ROW = 6.0, 9.6, 7.6
"""The heights of a table's head, of one with two lines, and of a row, in mm."""
_COLUMNS = 44.1
"""The height of the columns of agent spend and of the gap above them, in mm."""
_LEAD, _FIGURES, _TABLES = 5.5, 24.0, 9.0
"""The heights of the line above the chart, of a row of figures in large type, and of the gap above tables, in mm."""
_NOTE_LENGTH, _NOTE_LINE = 27, 3.85
"""The characters of a line in the note of a figure, and the height of a further line, in mm."""
_TERMS_LINE = 4.1
"""The height of a further line of a target, in mm."""
_TEXT_SIZE, _PADDING = 9.2, 5.5
"""The size of the text in tables, and the room to the left of a column, in points."""
_NAME_LENGTH, _NAME_LINE = 15, 3.9
"""The characters of a line in the name of a language model, and the height of a second line, in mm."""
_TEXT_GAP = 2.5
"""The gap below the text above a table, in mm."""


def room_for_accounts(
    title: str,
    spend: SpendHistory | None,
    models: Models | None,
    notes: Sequence[Sequence[str]],
    tables: float,
) -> float:
    """Return the height that is left to the chart of accounts and the text above it, in mm.

    Args:
        title: The title of the page.
        spend: The months of agent spend; None without them.
        models: The language models; None without them.
        notes: The lines of the note of each unit cost; empty without unit costs.
        tables: The height of the tables at the foot of the page, in mm; 0 without tables.
    """
    taken = text_height("title", title) + _LEAD + max(_spend_height(spend), _models_height(models))
    if notes:
        lines = max(sum(1 + len(line) // _NOTE_LENGTH for line in note) for note in notes)
        taken += _FIGURES + _NOTE_LINE * (max(lines, 1) - 1)
    return PAGE - taken - tables


def tables_height(seat_rows: int, terms: Sequence[tuple[str, str, str]]) -> float:
    """Return the height of the tables of seats and of license and targets, which are beside each other, in mm.

    Args:
        seat_rows: The number of rows of the table of seats.
        terms: The cells of license and targets: label, target and state. A row without a state never wraps. The others
            take two lines if their columns are too narrow for one.
    """
    if not seat_rows and not terms:
        return 0.0
    targets = [row for row in terms if row[-1]]
    widths = [max(map(svg.text_width, column)) for column in zip(*targets, strict=True)]
    wraps = sum(width * _TEXT_SIZE / svg.TEXT_SIZE + _PADDING for width in widths) - _PADDING > svg.HALF
    return _TABLES + _HEAD + max(_ROW * seat_rows, _ROW * len(terms) + (_TERMS_LINE * len(targets) if wraps else 0.0))


def _spend_height(spend: SpendHistory | None) -> float:
    return block(text_height("half-small", spend.sub) + _COLUMNS) if spend is not None else 0.0


def _models_height(models: Models | None) -> float:
    if models is None:
        return 0.0
    lead = text_height("half", models.lead) - text_height("half", "one line")
    text = text_height("half-small", models.sub) + text_height("half-small", models.note)
    long = sum(len(row.name) > _NAME_LENGTH for row in models.rows)
    rows = _ROW * (len(models.rows) + (models.total is not None)) + _NAME_LINE * long
    return block(lead + text + _TEXT_GAP + _TALL_HEAD + rows)
