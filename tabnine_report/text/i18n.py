"""How the report writes numbers, dates and sentences: one set of formats and one catalog of words for every channel.

Numbers, dates and the names of months are Babel's for the profile's locale, with Latin digits in all of them; the words
stand in `templates/words/en.toml`. Building uses it for the sentences that it composes, rendering for every figure that
it prints, so that all channels show the same.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision

from tabnine_report.model.figure import Figure, State, Unit
from tabnine_report.model.month import Month

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

CATALOG_LANGUAGE = "en"
"""The language of the words, whatever the locale: what a document says its language is."""

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
_ISOLATED = "\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
_DRAWABLE = re.compile("[\0-\u052f]+")
"""Latin, Greek and Cyrillic: what the typeface of the charts has, and what needs no shaping."""
_THOUSAND = 1000
_SHORTENED_FROM = 10_000
_SHORTENED = frozenset(
    {
        Unit.COMPLETIONS,
        Unit.CHARACTERS,
        Unit.KEYSTROKES,
        Unit.LINES,
        Unit.INTERACTIONS,
        Unit.MESSAGES,
        Unit.TOKENS,
    }
)
"""Volumes; people, accounts, seats and the like are exact wherever they stand."""
_STEPS = ((_THOUSAND**3, "number.billion"), (_THOUSAND**2, "number.million"), (_THOUSAND, "number.thousand"))
_ROUNDED_UP = 0.9995
"""What is this much of a step rounds up to it: 1 M, not 1,000 k."""
_WHOLE_MONEY_FROM = 100
"""In sentences and tiles, amounts from here on are told without the currency's small change."""
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Language:
    """Writes for one locale and one time zone.

    Args:
        locale: A locale's name, as `en` or `en_GB`.
        zone: The time zone in which instants are written.
    """

    def __init__(self, locale: str, zone: ZoneInfo) -> None:
        self.locale = Locale.parse(locale)
        self.zone = zone
        self._words = _catalog()

    def translate(self, key: str, /, count: float | None = None, **values: str) -> str:
        """Give a sentence of the catalog with its gaps filled.

        Args:
            key: The sentence's key, as `headline.people`.
            count: Chooses between the forms of a sentence that has several (`one`, `other`), as English does: that is
                the catalog's language, whatever the locale.
            **values: What goes into the gaps, written already; taken as data, never read for gaps itself.

        Raises:
            KeyError: If there is no such sentence, or a gap has no value.
        """
        entry = self._words[key]
        if isinstance(entry, Mapping):
            entry = entry["one" if count is not None and abs(count) == 1 else "other"]
        return _PLACEHOLDER.sub(lambda gap: values[gap[1]], entry)

    def count(self, value: float) -> str:
        """Write a whole number exactly: `1,237`."""
        return self._number(value, "#,##0")

    def short(self, value: float) -> str:
        """Write a large number in few digits, for sentences and tiles: `88 k`; exact below 10,000."""
        if abs(value) < _SHORTENED_FROM:
            return self.count(value)
        step, key = next((step, key) for step, key in _STEPS if abs(value) >= step * _ROUNDED_UP)
        scaled = value / step
        digits = "#,##0" if abs(scaled) >= 100 else "#,##0.#"  # noqa: PLR2004 - three digits say enough
        return f"{self._number(scaled, digits)}{NO_BREAK}{self.translate(key)}"

    def decimal(self, value: float) -> str:
        """Write a number with at most one decimal: `57.3`."""
        return self._number(value, "#,##0.#")

    def percent(self, share: float) -> str:
        """Write a share, 0 to 1, as percent with at most one decimal: `38.8 %`.

        What is not quite nothing or not quite all is not rounded to it: `<0.1 %`, `>99.9 %`.
        """
        text = self.decimal(share * 100)
        if share and text == self.decimal(0):
            text = f"<{self.decimal(0.1)}"
        elif share < 1 and text == self.decimal(100):
            text = f">{self.decimal(99.9)}"
        return f"{text}{NO_BREAK}%"

    def percent_change(self, share: float) -> str:
        """Write a change as a share of its base, with its sign: `+5.9 %`; one that rounds to nothing as `<0.1 %`."""
        text = self.decimal(share * 100)
        if text == self.decimal(0):
            return self.percent(share)
        return self.signed(f"{text}{NO_BREAK}%", share)

    def money(self, amount: float, currency: str, *, short: bool = False) -> str:
        """Write an amount with its currency's code: `EUR 20,280`, `USD 3,139.84`.

        Small change is left out where there is none, and from 100 on where a short form is wanted. What is not quite
        nothing is not rounded to it: `<USD 0.01`.
        """
        precision = get_currency_precision(currency)
        if amount and not round(amount, precision):
            return f"<{self.money(10**-precision, currency)}"
        whole = float(amount).is_integer() or (short and abs(amount) >= _WHOLE_MONEY_FROM)
        digits = "0" if whole or not precision else f"0.{'0' * precision}"
        # The locale says on which side the currency stands; a code wants a space that most patterns for signs lack.
        first = self.locale.currency_formats["standard"].pattern.lstrip("\u200f").startswith("¤")
        pattern = f"¤¤{NO_BREAK}#,##{digits}" if first else f"#,##{digits}{NO_BREAK}¤¤"
        text = format_currency(amount, currency, format=pattern, locale=self.locale, currency_digits=False)
        return str(text).replace("-", MINUS)

    def signed(self, text: str, value: float) -> str:
        """Put the sign of a value before its written form; nothing before a zero."""
        return f"+{text}" if value > 0 else text

    def value(self, figure: Figure, *, short: bool = False) -> str:
        """Write a figure: its number as its unit wants it, or the word for why there is none."""
        if figure.value is None:
            return self.translate(f"state.{figure.state}")
        if figure.unit is Unit.SHARE:
            return self.percent(figure.value)
        if figure.unit is Unit.PER_USER:
            return self.decimal(figure.value)
        if figure.unit is Unit.MONEY:
            return self.money(figure.value, figure.currency, short=short)
        return self.short(figure.value) if short and figure.unit in _SHORTENED else self.count(figure.value)

    def qualified(self, figure: Figure, *, short: bool = False) -> str:
        """Write a figure with the word that must stand beside its value, if any."""
        return " ".join(filter(None, (self.value(figure, short=short), self.qualifier(figure))))

    def prints_alike(self, one: Figure, other: Figure, *, short: bool = False) -> bool:
        """Tell whether two figures are written alike, so that a difference between them has to be said in words."""
        return self.value(one, short=short) == self.value(other, short=short)

    def change(self, absolute: Figure, relative: Figure, *, short: bool = False) -> str:
        """Write a change with sign, number and percent: `+23 (+5.9 %)`, or `unchanged`, or `not compared`.

        Changes of shares are percentage points and have no percent of their own. One that rounds to nothing is `hardly
        changed`.
        """
        if absolute.value is None:
            return self.translate("change.unknown")
        if absolute.value == 0:
            return self.translate("change.none")
        is_share = absolute.unit is Unit.SHARE
        number = self.decimal(absolute.value * 100) if is_share else self.value(absolute, short=short)
        if number == self.decimal(0):
            return self.translate("change.slight")
        text = self.signed(self.translate("change.points", points=number) if is_share else number, absolute.value)
        return text if relative.value is None else f"{text} ({self.percent_change(relative.value)})"

    def qualifier(self, figure: Figure) -> str:
        """Give the word that must stand beside a figure's value: empty unless it is partial."""
        return self.translate("state.partial") if figure.state is State.PARTIAL else ""

    def _day_in(self, pattern: str, day: date) -> str:
        """Write a day in a pattern; from right to left within itself where the locale's script runs so."""
        # Babel's stand-alone names (LLLL) depend on the locales that the process asked before.
        text = format_date(day, pattern.replace("LLLL", "MMMM"), locale=self.locale)
        return _ISOLATED.format(text=text) if self.locale.text_direction == "rtl" else text

    def month(self, month: Month) -> str:
        """Write a month with its year as the locale does: `October 2026`."""
        return self._day_in(self.locale.datetime_skeletons["yMMMM"].pattern, month.first_day)

    def month_name(self, month: Month) -> str:
        """Write a month alone: `October`."""
        return self._day_in("MMMM", month.first_day)

    def month_short(self, month: Month) -> str:
        """Write a month for the axis of a chart: `Oct`; its number where a drawing could not show the name."""
        name = self._day_in("MMM", month.first_day)
        return name if _DRAWABLE.fullmatch(name) else str(month.number)

    def date(self, day: date) -> str:
        """Write a day as the locale does, `2 November 2026`; `en` names no country, so not as in the United States."""
        plain_english = str(self.locale) == "en"
        return self._day_in("d MMMM y" if plain_english else self.locale.date_formats["long"].pattern, day)

    def day_of(self, instant: datetime) -> str:
        """Write the local day of an instant: `2 November 2026`."""
        return self.date(instant.astimezone(self.zone).date())

    def instant(self, instant: datetime) -> str:
        """Write an instant in local time: `2 November 2026, 07:00`."""
        time = format_time(instant, "HH:mm", tzinfo=self.zone, locale=self.locale)
        return f"{self.day_of(instant)}, {time}"

    def country(self, code: str) -> str:
        """Write a country: `DE` as `Germany`, a part of it, `DE-BY`, as `Germany (BY)`."""
        name, _, part = code.partition("-")
        written = str(self.locale.territories.get(name, name))
        return f"{written} ({part})" if part else written

    def _number(self, value: float, pattern: str) -> str:
        text = str(format_decimal(value, format=pattern, locale=self.locale))
        return text.replace("-", MINUS) if text != "-0" else "0"


def wording(key: str) -> str:
    """Give a sentence of the catalog as it stands there, with its gaps; of several forms the one for many."""
    entry = _catalog()[key]
    return str(entry["other"] if isinstance(entry, Mapping) else entry)


@cache
def _catalog() -> Mapping[str, Any]:
    """Read the catalog into one flat mapping, `headline.people` to its sentence or its forms."""
    tables = tomllib.loads((TEMPLATES / "words" / "en.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {f"{table}.{key}": entry for table, words in tables.items() for key, entry in words.items()}
    )
