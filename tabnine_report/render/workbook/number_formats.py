"""Number formats of cells in Excel's notation, made from the locale's own CLDR patterns.

A format defines where percent sign, currency and sign are and how digits are grouped. Excel chooses the characters that
separate groups and decimals, by the settings of the reader's computer. The currency is left out where a column of
its own names it.
"""

import re

from babel.numbers import get_currency_precision

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.text.formats import NO_BREAK
from tabnine_report.text.i18n import Language

_NUMBER = re.compile(r"[#0][#0,.]*")
_DIRECTION_MARKS = re.compile("[\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}\N{ARABIC LETTER MARK}]")
_THOUSANDS = (3, 3)


def count_format(value: float, language: Language) -> str:
    """Return the format of a whole number."""
    return _digits(value, 0, language)


def figure_format(figure: Figure, language: Language, *, currency: bool = True) -> str:
    """Return the format of a figure's value, which its unit determines; a bound has words before it."""
    positive = _positive_and_negative(figure, language, currency=currency)[0]
    return f'"{language.translate(f"state.{figure.bound}", value="")}"{positive}' if figure.bound else positive


def change_format(change: Figure, language: Language, *, currency: bool = True) -> str:
    """Return the format of a change, which always has its sign; the change of a share is in points."""
    positive, negative = _positive_and_negative(change, language, currency=currency)
    points = ' "points"' if change.unit is Unit.SHARE else ""
    return ";".join(f"{part}{points}" for part in (negative.replace("-", "+"), negative, positive))


def percent_change_format(language: Language) -> str:
    """Return the format of a change as a share of its base, which always has its sign."""
    return change_format(Figure(value=0, unit=Unit.SHARE), language).replace(' "points"', "")


def _positive_and_negative(figure: Figure, language: Language, *, currency: bool) -> tuple[str, str]:
    value, decimals = figure.value or 0.0, 0
    pattern = language.locale.decimal_formats[None].pattern
    if figure.unit is Unit.SHARE:
        value, decimals = value * 100, 1
        pattern = language.locale.percent_formats[None].pattern
    elif figure.unit is Unit.PER_USER:
        decimals = 1
    elif figure.unit is Unit.MONEY:
        decimals = get_currency_precision(figure.currency)
        if currency:
            pattern = language.currency_pattern.replace("¤¤", f"[${figure.currency}]")
    # A backslash makes Excel take the next character literally.
    pattern = _DIRECTION_MARKS.sub("", pattern).replace(NO_BREAK, f"\\{NO_BREAK}")
    positive, _, negative = pattern.partition(";")
    digits = _digits(value, decimals, language)
    # A function as replacement, because the digits can contain backslashes.
    positive, negative = (_NUMBER.sub(lambda _: digits, part) for part in (positive, negative or f"-{positive}"))
    return positive, negative


def _digits(value: float, decimals: int, language: Language) -> str:
    """Return the placeholders of the digits, with as many groups as the value needs.

    Excel's own group separator always separates thousands. Where a locale groups otherwise, as those of India do, the
    separators are literal.
    """
    first, others = map(int, language.locale.decimal_formats[None].grouping)
    fraction = f".{'0' * decimals}" if decimals else ""
    length = len(str(round(abs(value))))
    if (first, others) == _THOUSANDS or length <= first:
        return f"#,##0{fraction}"
    groups = -(-(length - first) // others)
    return f"{'#' * others}\\," * groups + f"{'#' * (first - 1)}0{fraction}"
