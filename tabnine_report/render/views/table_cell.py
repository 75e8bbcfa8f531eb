"""The cell of a table with many numbers: without unit and currency, which the head of its column names."""

from dataclasses import dataclass

from tabnine_report.model.figure import Figure, State, Unit
from tabnine_report.text.i18n import Language


@dataclass(frozen=True)
class Cell:
    """A number in a table.

    Attributes:
        text: The number; a dash if it has no value, nothing if there is no such figure.
        is_partial: Whether it is partial and not a bound, so that it is printed in gray.
    """

    text: str = ""
    is_partial: bool = False


def cell(
    figure: Figure | None, language: Language, *, short: bool = False, whole_money: bool = False, bound: bool = True
) -> Cell:
    """Return the cell of a figure.

    Args:
        figure: The figure; None leaves the cell empty.
        language: The language of the number.
        short: Whether large numbers are shortened.
        whole_money: Whether amounts of money have no decimals.
        bound: Whether a bound is marked as such; not in a column whose head states it.
    """
    if figure is None:
        return Cell()
    if figure.value is None:
        return Cell(language.translate("page.missing"))
    if figure.unit is Unit.SHARE:
        text = language.percent(figure.value, aligned=True)
    elif figure.unit is Unit.PER_USER:
        text = language.decimal(figure.value, aligned=True)
    elif figure.unit is Unit.MONEY:
        text = language.amount(figure.value, figure.currency, whole=whole_money)
    else:
        text = language.compact(figure.value) if short else language.count(figure.value)
    if figure.bound and bound:
        text = language.translate(f"page.{figure.bound}", number=text)
    return Cell(text, is_partial=figure.state is State.PARTIAL and not figure.bound)
