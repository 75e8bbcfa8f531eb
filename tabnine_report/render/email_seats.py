"""Lay out the email's bar of the seats as table cells, which every mail program shows, also without images."""

from dataclasses import dataclass

from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import SeatPart
from tabnine_report.render.colors import Palette
from tabnine_report.text.i18n import Language

_LEAST_SHARE = 0.14
"""The share of the bar below which a part is too narrow for a label below it on a phone."""


@dataclass(frozen=True)
class SeatCell:
    """A cell of the bar with its label.

    Attributes:
        width: Its width in percent.
        fill: Its color, as `#rrggbb`.
        outlined: Whether it has an outline: the parts without use.
        number: The number of its label; a lower bound is written short.
        words: The words of its label.
    """

    width: int
    fill: str
    outlined: bool
    number: str
    words: str


@dataclass(frozen=True)
class SeatBar:
    """The bar of the seats.

    Attributes:
        title: What it shows.
        cells: Its cells, from left to right.
        as_list: Whether the labels are a list, because a part is too narrow for its own.
    """

    title: str
    cells: tuple[SeatCell, ...]
    as_list: bool


def seat_bar(report: MonthlyReport, language: Language, colors: Palette) -> SeatBar | None:
    """Return the bar; None if it is not known where the seats went."""
    breakdown = report.seats.breakdown
    if breakdown is None:
        return None
    fills = {"daily": colors.accent, "monthly": colors.light, "inactive": colors.rule, "unassigned": "#ffffff"}
    shown = [part for part in breakdown.parts if part.figure.value]
    shares = [part.share.value or 0 for part in shown]
    cells = tuple(
        SeatCell(
            width=round(100 * share),
            fill=fills[part.key],
            outlined=part.key in ("inactive", "unassigned"),
            number=_number(part, language),
            words=part.label,
        )
        for part, share in zip(shown, shares, strict=True)
    )
    total = language.value(breakdown.total)
    title = language.translate(f"email.bar_{breakdown.total.unit}", number=total)
    return SeatBar(title, cells, as_list=min(shares, default=0) < _LEAST_SHARE)


def _number(part: SeatPart, language: Language) -> str:
    number = language.value(part.figure.as_counted())
    return language.translate("email.or_more", number=number) if part.figure.at_least else number
