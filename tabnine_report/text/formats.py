"""Numbers, dates and money as a locale writes them, by the patterns of Unicode's CLDR that Babel carries.

Every channel uses these formats, so that all of them print the same. Digits are Latin in every locale. This module
knows neither the catalog of words nor the report.
"""

import datetime as dt
import re
from copy import copy
from math import floor, log10
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import NumberPattern, format_compact_decimal, get_currency_precision, parse_pattern
from babel.units import format_unit

from tabnine_report.model.month import Month

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

_ISOLATED = "\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
_DIRECTION_MARKS = re.compile("[\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}\N{ARABIC LETTER MARK}]")
_DRAWABLE = re.compile("[\0-\u052f\u2010-\u202f\u2212]+")
"""Latin, Greek, Cyrillic and punctuation: what the typeface of the charts covers and what needs no shaping."""

COMPACT_FROM = 10_000
"""The number from which on numbers are shortened."""
_WHOLE_MONEY_FROM = 100
_MEGABYTE = 1_000_000

# CLDR's currencySpacing: a code, unlike most symbols, is separated from the digits beside it.
_CURRENCY_BEFORE_DIGIT = re.compile("¤(?=[#0])")
_CURRENCY_AFTER_DIGIT = re.compile("(?<=[#0])¤")

_STAND_ALONE_MONTH = re.compile("LLLL?")
_STAND_ALONE_WIDTHS = {"LLLL": "wide", "LLL": "abbreviated"}


class Formats:
    """The number, date and money formats of one locale and one time zone.

    Args:
        locale: The name of a locale, such as `en` or `en_GB`.
        zone: The time zone in which instants are written.
    """

    def __init__(self, locale: str, zone: ZoneInfo) -> None:
        self.locale = Locale.parse(locale)
        self.zone = zone
        # A report writes the same few dates hundreds of times, and formatting takes long.
        self._dates: dict[tuple[str, dt.date], str] = {}

    def count(self, value: float) -> str:
        """Return a whole number: `1,237`; `14,37,655` in en_IN."""
        return self._number(value, 0, 0)

    def decimal(self, value: float, *, aligned: bool = False) -> str:
        """Return a number with at most one decimal, `57.3` or `57`; with exactly one if `aligned`."""
        return self._number(value, int(aligned), 1)

    def size(self, number: float) -> str:
        """Return a number of bytes as a size, with at most one decimal and never zero: `1.2 MB`, `40 kB`."""
        unit, divisor = ("megabyte", _MEGABYTE) if number >= _MEGABYTE else ("kilobyte", 1000)
        value = max(round(number / divisor, 1), 0.1)
        return _plain(format_unit(value, f"digital-{unit}", length="short", locale=self.locale))

    def compact(self, value: float, *, least: float = COMPACT_FROM) -> str:
        """Return a large number in few digits, for sentences and tiles: `88.4K`.

        The number is exact below `least`, and where the locale has no abbreviation or one that charts cannot draw.
        """
        if abs(value) < least:
            return self.count(value)
        # Rounded to three digits first, so that 999,950 becomes 1M and not 1,000K.
        rounded = round(value, 2 - floor(log10(abs(value))))
        text = _plain(format_compact_decimal(rounded, locale=self.locale, fraction_digits=1))
        has_abbreviation = any(character.isalpha() for character in text)
        return text if has_abbreviation and _DRAWABLE.fullmatch(text) else self.count(value)

    def percent(self, share: float, *, aligned: bool = False) -> str:
        """Return a share, 0 to 1, in percent: `38.8%`, `38,8 %` in de.

        A share is never rounded to nothing or to all: `<0.1%`, `>99.9%`.

        Args:
            share: The share.
            aligned: Whether it always has one decimal, for columns and lists; otherwise at most one.
        """
        text = self._percent(share, aligned=aligned)
        if share and text == self._percent(0, aligned=aligned):
            return f"<{self._percent(0.001, aligned=aligned)}"
        if share < 1 and text == self._percent(1, aligned=aligned):
            return f">{self._percent(0.999, aligned=aligned)}"
        return text

    def percent_change(self, share: float, *, aligned: bool = False) -> str:
        """Return a change as a share of its base, with its sign: `+5.9%`; `<0.1%` if it rounds to nothing."""
        if self._percent(share) == self._percent(0):
            return self.percent(share, aligned=aligned)
        negative = self._percent(-abs(share), aligned=aligned)
        return with_plus(negative) if share > 0 else negative

    def money(self, amount: float, currency: str, *, short: bool = False, aligned: bool = False) -> str:
        """Return an amount with its currency's ISO code: `EUR 20,280`, `3.139,84 USD` in de.

        An amount is never rounded to nothing: `<USD 0.01`.

        Args:
            amount: The amount.
            currency: The ISO 4217 code.
            short: Whether amounts of 100 and more are rounded to whole units, for sentences and tiles.
            aligned: Whether whole amounts have the currency's decimals, too, for columns.
        """
        precision = get_currency_precision(currency)
        if amount and not round(amount, precision):
            return f"<{self.money(10**-precision, currency)}"
        whole = short and abs(amount) >= _WHOLE_MONEY_FROM
        decimals = 0 if whole or (float(amount).is_integer() and not aligned) else precision
        pattern = _with_decimals(parse_pattern(self.currency_pattern), decimals, decimals)
        return _plain(pattern.apply(amount, self.locale, currency=currency, currency_digits=False))

    def amount(self, value: float, currency: str, *, whole: bool = False) -> str:
        """Return an amount of money without its currency, for a column whose head names it: `1,264.36`, `1,264`.

        An amount is never rounded to nothing: `<0.01`, `<1`.
        """
        decimals = 0 if whole else get_currency_precision(currency)
        if value and not round(value, decimals):
            return f"<{self._number(10**-decimals, decimals, decimals)}"
        return self._number(value, decimals, decimals)

    @property
    def currency_pattern(self) -> str:
        """The locale's pattern for an amount with an ISO code, `¤¤` in CLDR's notation."""
        pattern = self.locale.currency_formats["standard"].pattern
        pattern = _CURRENCY_BEFORE_DIGIT.sub(f"¤¤{NO_BREAK}", pattern)
        pattern = _CURRENCY_AFTER_DIGIT.sub(f"{NO_BREAK}¤¤", pattern)
        return re.sub("(?<!¤)¤(?!¤)", "¤¤", pattern)

    def month(self, month: Month) -> str:
        """Return a month with its year: `October 2026`, `lokakuu 2026` in fi."""
        return self._by_skeleton("yMMMM", month.first_day)

    def month_name(self, month: Month) -> str:
        """Return the name of a month: `October`."""
        return self._date("LLLL", month.first_day)

    def month_short(self, month: Month) -> str:
        """Return a month for the axis of a chart: `Oct`; its number if a chart cannot draw the name."""
        name = self._names("months", "abbreviated")[month.number]
        return name if _DRAWABLE.fullmatch(name) else str(month.number)

    def month_and_year_short(self, month: Month) -> str:
        """Return a month with its year for the axis of a chart: `Oct 2026`; `2026-10` if a chart cannot draw it."""
        text = self._by_skeleton("yMMM", month.first_day)
        return text if _DRAWABLE.fullmatch(text) else str(month)

    def date_short(self, day: dt.date) -> str:
        """Return a day for a chart: `2 Nov 2026`; `2026-11-02` if a chart cannot draw the name of the month."""
        # As in `date`, plain `en` is not American.
        text = self._date("d MMM y", day) if str(self.locale) == "en" else self._by_skeleton("yMMMd", day)
        return text if _DRAWABLE.fullmatch(text) else day.isoformat()

    def weekdays(self) -> list[str]:
        """Return the short names of the weekdays, Monday first."""
        names = self._names("days", "abbreviated")
        return [names[number] for number in range(7)]

    def date(self, day: dt.date) -> str:
        """Return a day: `2 November 2026`, which is also what `en` without a country writes."""
        # CLDR's plain `en` is American, and a report in `en` may be read anywhere.
        plain_english = str(self.locale) == "en"
        return self._date("d MMMM y" if plain_english else self.locale.date_formats["long"].pattern, day)

    def day_and_month(self, day: dt.date) -> str:
        """Return a day without its year: `2 November`, which is also what `en` without a country writes."""
        return self._date("d MMMM", day) if str(self.locale) == "en" else self._by_skeleton("MMMMd", day)

    def day_of(self, instant: dt.datetime) -> str:
        """Return the local day of an instant: `2 November 2026`."""
        return self.date(instant.astimezone(self.zone).date())

    def instant(self, instant: dt.datetime) -> str:
        """Return an instant in local time: `2 November 2026, 07:00`."""
        time = format_time(instant, "HH:mm", tzinfo=self.zone, locale=self.locale)
        return f"{self.day_of(instant)}, {time}"

    def country(self, code: str) -> str:
        """Return the name of a country, `Germany` for `DE`, or of a part of it, `Germany (BY)` for `DE-BY`."""
        country, _, part = code.partition("-")
        name = str(self.locale.territories.get(country, country))
        return f"{name} ({part})" if part else name

    def _number(self, value: float, least: int, most: int) -> str:
        pattern = _with_decimals(self.locale.decimal_formats[None], least, most)
        # Adding zero to a rounded number removes the sign of a negative zero.
        return _plain(pattern.apply(round(value, most) + 0, self.locale))

    def _percent(self, share: float, *, aligned: bool = False) -> str:
        pattern = _with_decimals(self.locale.percent_formats[None], int(aligned), 1)
        return _plain(pattern.apply(round(share, 3) + 0, self.locale))

    def _by_skeleton(self, skeleton: str, day: dt.date) -> str:
        return self._date(self.locale.datetime_skeletons[skeleton].pattern, day)

    def _date(self, pattern: str, day: dt.date) -> str:
        """Return a day in a CLDR pattern; isolated from the text around it if the locale writes right to left."""
        written = (pattern, day)
        if written not in self._dates:
            self._dates[written] = self._format_date(pattern, day)
        return self._dates[written]

    def _format_date(self, pattern: str, day: dt.date) -> str:
        pattern = _STAND_ALONE_MONTH.sub(lambda letters: self._quoted_month(letters[0], day.month), pattern)
        text = _DIRECTION_MARKS.sub("", format_date(day, pattern, locale=self.locale))
        return _ISOLATED.format(text=text) if self.locale.text_direction == "rtl" else text

    def _quoted_month(self, letters: str, number: int) -> str:
        """Return the stand-alone name of a month as literal text of a pattern."""
        name = self._names("months", _STAND_ALONE_WIDTHS[letters])[number].replace("'", "''")
        return f"'{name}'"

    def _names(self, kind: Literal["months", "days"], width: str) -> dict[int, str]:
        """Return the stand-alone names of months or weekdays, in the nominative where a language has cases."""
        # Babel stores a name that a locale inherits in data that it shares with other locales, which then return
        # the first locale's names. Copies keep the shared data as it is.
        return getattr(self.locale, kind).copy()["stand-alone"].copy()[width]  # type: ignore[no-any-return]


def with_plus(negative: str) -> str:
    """Return a negative number as a positive one with a plus sign, which CLDR places where the minus sign is."""
    return negative.replace(MINUS, "+")


def _with_decimals(pattern: NumberPattern, least: int, most: int) -> NumberPattern:
    """Return a locale's pattern with another number of decimals; its grouping and its signs remain."""
    changed = copy(pattern)
    changed.frac_prec = (least, most)
    return changed


def _plain(text: str) -> str:
    """Return a number without invisible direction marks, and with a minus sign instead of a hyphen."""
    return _DIRECTION_MARKS.sub("", text).replace("-", MINUS)
