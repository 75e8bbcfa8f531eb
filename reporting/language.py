"""How the report writes numbers, dates and sentences: one set of formats and one catalogue of words for every channel.

Numbers and dates are Babel's for the profile's locale; the words stand in `templates/words/en.toml`. Building uses it
for the sentences that it composes, rendering for every figure that it prints, so that all channels show the same.
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
from babel.numbers import format_decimal

from reporting.figure import Figure, State, Unit
from reporting.month import Month

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
_THOUSAND = 1000
_SHORTENED_FROM = 10_000
_STEPS = ((_THOUSAND**3, "number.billion"), (_THOUSAND**2, "number.million"), (_THOUSAND, "number.thousand"))
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
        self._words = _catalogue()

    def say(self, key: str, /, count: float | None = None, **values: str) -> str:
        """Give a sentence of the catalogue with its gaps filled.

        Args:
            key: The sentence's key, as `headline.people`.
            count: Chooses between the forms of a sentence that has several (`one`, `other`).
            **values: What goes into the gaps, written already; taken as data, never read for gaps itself.

        Raises:
            KeyError: If there is no such sentence, or a gap has no value.
        """
        entry = self._words[key]
        if isinstance(entry, Mapping):
            entry = entry[self.locale.plural_form(abs(count)) if count is not None else "other"]
        return _PLACEHOLDER.sub(lambda gap: values[gap[1]], entry)

    def count(self, value: float) -> str:
        """Write a whole number exactly: `1,237`."""
        return self._number(value, "#,##0")

    def short(self, value: float) -> str:
        """Write a large number in few digits, for sentences and tiles: `88 k`; exact below 10,000."""
        for step, key in _STEPS:
            if abs(value) >= max(step, _SHORTENED_FROM):
                scaled = value / step
                digits = "#,##0" if abs(scaled) >= 100 else "#,##0.#"  # noqa: PLR2004 - three digits say enough
                return f"{self._number(scaled, digits)}{NO_BREAK}{self.say(key)}"
        return self.count(value)

    def decimal(self, value: float) -> str:
        """Write a number with at most one decimal: `57.3`."""
        return self._number(value, "#,##0.#")

    def percent(self, share: float) -> str:
        """Write a share, 0 to 1, as percent with at most one decimal: `38.8 %`."""
        return f"{self._number(share * 100, '#,##0.#')}{NO_BREAK}%"

    def signed(self, text: str, value: float) -> str:
        """Put the sign of a value before its written form; nothing before a zero."""
        return f"+{text}" if value > 0 else text

    def value(self, figure: Figure, *, short: bool = False) -> str:
        """Write a figure: its number as its unit wants it, or the word for why there is none."""
        if figure.value is None:
            return self.say(f"state.{figure.state}")
        if figure.unit is Unit.SHARE:
            return self.percent(figure.value)
        if figure.unit is Unit.PER_PERSON:
            return self.decimal(figure.value)
        return self.short(figure.value) if short else self.count(figure.value)

    def change(self, absolute: Figure, relative: Figure, *, short: bool = False) -> str:
        """Write a change with sign, number and percent: `+23 (+5.9 %)`, or `unchanged`, or why there is none.

        Changes of shares are percentage points and have no percent of their own.
        """
        if absolute.value is None:
            return self.say(f"state.{absolute.state}")
        if absolute.value == 0:
            return self.say("change.none")
        if absolute.unit is Unit.SHARE:
            points = self.say("change.points", points=self.decimal(absolute.value * 100))
            return self.signed(points, absolute.value)
        text = self.signed(self.value(absolute, short=short), absolute.value)
        if relative.value is None:
            return text
        return f"{text} ({self.signed(self.percent(relative.value), relative.value)})"

    def qualifier(self, figure: Figure) -> str:
        """Give the word that must stand beside a figure's value: empty unless it is partial."""
        return self.say("state.partial") if figure.state is State.PARTIAL else ""

    def month(self, month: Month) -> str:
        """Write a month with its year: `October 2026`."""
        return format_date(month.first_day, "LLLL y", locale=self.locale)

    def month_name(self, month: Month) -> str:
        """Write a month alone: `October`."""
        return format_date(month.first_day, "LLLL", locale=self.locale)

    def month_short(self, month: Month) -> str:
        """Write a month for the axis of a chart: `Oct`."""
        return format_date(month.first_day, "LLL", locale=self.locale)

    def date(self, day: date) -> str:
        """Write a day: `2 November 2026`."""
        return format_date(day, "d MMMM y", locale=self.locale)

    def day_of(self, instant: datetime) -> str:
        """Write the local day of an instant: `2 November 2026`."""
        return self.date(instant.astimezone(self.zone).date())

    def instant(self, instant: datetime) -> str:
        """Write an instant in local time: `2 November 2026, 07:00`."""
        time = format_time(instant, "HH:mm", tzinfo=self.zone, locale=self.locale)
        return f"{self.day_of(instant)}, {time}"

    def _number(self, value: float, pattern: str) -> str:
        text = str(format_decimal(value, format=pattern, locale=self.locale))
        return text.replace("-", MINUS) if text != "-0" else "0"


@cache
def _catalogue() -> Mapping[str, Any]:
    """Read the catalogue into one flat mapping, `headline.people` to its sentence or its forms."""
    tables = tomllib.loads((TEMPLATES / "words" / "en.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {f"{table}.{key}": entry for table, words in tables.items() for key, entry in words.items()}
    )
