"""Where the seats went: the bar of page one with its braces and labels."""

from dataclasses import dataclass

from markupsafe import Markup

from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import SeatBreakdown, SeatPart
from tabnine_report.render.charts.seat_bar import Part, seat_bar, swatch
from tabnine_report.render.colors import Palette
from tabnine_report.render.page_one_text import seat_money, seats_title
from tabnine_report.text.i18n import Language

_WIDTH = 100.0
_NARROW = 14.5
"""The share of the bar's width, in percent, below which the label of a part does not fit under it."""
_BRACE = 28.0
"""The share of the bar's width, in percent, below which a brace has no percentage."""
_LEAST_BRACE = 18.0
"""The share of the bar's width, in percent, below which there are no braces."""


@dataclass(frozen=True)
class Brace:
    """A brace over the used or the unused parts: its width in percent, its words, and its share."""

    width: float
    words: str
    share: str


@dataclass(frozen=True)
class PartLabel:
    """The label of a part: its key, its width in percent, its sample of the fill, number, words and money."""

    key: str
    width: float
    swatch: Markup
    number: str
    words: str
    money: str


@dataclass(frozen=True)
class SeatUse:
    """Where the seats went.

    Attributes:
        title: The block's title.
        as_of: The date of the seats; may be empty.
        braces: The used and the unused parts; empty if one of them is too narrow for its words.
        bar: The bar.
        parts: The labels of the parts.
        as_key: Whether the labels stand beside each other with samples, because a part is too narrow for its own.
    """

    title: str
    as_of: str
    braces: tuple[Brace, ...]
    bar: Markup
    parts: tuple[PartLabel, ...]
    as_key: bool


def seat_use(report: MonthlyReport, language: Language, colors: Palette) -> SeatUse | None:
    """Return the bar with its labels; None if it is not known where the seats went."""
    breakdown = report.seats.breakdown
    if breakdown is None:
        return None
    whole = sum(part.figure.value or 0 for part in breakdown.parts)
    widths = [_WIDTH * (part.figure.value or 0) / whole for part in breakdown.parts]
    as_key = any(0 < width < _NARROW for width in widths)
    shown = [(part, width) for part, width in zip(breakdown.parts, widths, strict=True) if width]
    translate = language.translate
    return SeatUse(
        title=seats_title(report, language),
        as_of=translate("page_summary.seats_as_of", day=language.day_of(breakdown.total.as_of))
        if breakdown.total.as_of
        else "",
        braces=_braces(breakdown, language),
        bar=seat_bar(
            [Part(part.figure.value or 0, part.key) for part, _ in shown], _summary(breakdown, language), colors
        ),
        parts=tuple(
            PartLabel(
                key=part.key,
                width=width,
                swatch=swatch(part.key, part.label, colors),
                number=_number(part, language),
                words=part.label,
                money=seat_money(part, language),
            )
            for part, width in shown
        ),
        as_key=as_key,
    )


def _braces(breakdown: SeatBreakdown, language: Language) -> tuple[Brace, ...]:
    shares = (breakdown.used_share, breakdown.unused_share)
    widths = [_WIDTH * (share.value or 0) for share in shares]
    if min(widths) < _LEAST_BRACE:
        return ()
    return tuple(
        Brace(
            width=width,
            words=language.translate(f"page_summary.{name}", number=language.value(figure)),
            share=language.percent(share.value or 0, aligned=True) if width >= _BRACE else "",
        )
        for name, figure, share, width in zip(
            ("used", "unused"), (breakdown.used, breakdown.unused), shares, widths, strict=True
        )
    )


def _number(part: SeatPart, language: Language) -> str:
    """Return the number of a part; a lower bound is written short, because the brace states it in words."""
    number = language.count(part.figure.value or 0)
    return language.translate("page_summary.or_more", number=number) if part.figure.at_least else number


def _summary(breakdown: SeatBreakdown, language: Language) -> str:
    """Return the bar in one sentence."""
    parts = [
        language.translate(f"page_summary.bar_{part.key}", count=part.figure.value, number=language.value(part.figure))
        for part in breakdown.parts
    ]
    total = breakdown.total
    key = f"page_summary.bar_{total.unit}"
    return language.translate(key, count=total.value, total=language.value(total), parts=language.listed(parts))
