"""The catalog of words, `templates/words/en.toml`, and the language in which a report is written.

A language is the catalog's words, which are English, with the formats of the profile's locale. The analysis composes
its sentences with it, and the renderers print every figure with it, so that all channels show the same.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from tabnine_report.model.figure import Figure, State, Unit
from tabnine_report.text.formats import Formats, with_plus

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

CATALOG_LANGUAGE = "en"
"""The language of the words, regardless of the locale; documents declare it as theirs."""

_COMPACT_UNITS = frozenset(
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
"""Volumes may be shortened; people, accounts and seats are always exact."""
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Language(Formats):
    """The words of the catalog with the formats of one locale and one time zone.

    Args:
        locale: The name of a locale, such as `en` or `en_GB`.
        zone: The time zone in which instants are written.
    """

    def __init__(self, locale: str, zone: ZoneInfo) -> None:
        super().__init__(locale, zone)
        self._catalog = _catalog()

    def translate(self, key: str, /, count: float | None = None, **values: str) -> str:
        """Return a sentence of the catalog with its placeholders filled.

        Args:
            key: The sentence's key, such as `headline.whole`.
            count: The number that selects the form, `one` or `other`, of a sentence that has both. The rule is that of
                English, the catalog's language, regardless of the locale.
            **values: The formatted value of each placeholder. A value is data: placeholders in it are not filled.

        Raises:
            KeyError: If the catalog has no such sentence, or a placeholder has no value.
        """
        entry = self._catalog[key]
        if isinstance(entry, Mapping):
            entry = entry["one" if count is not None and abs(count) == 1 else "other"]
        return _PLACEHOLDER.sub(lambda placeholder: values[placeholder[1]], entry)

    def listed(self, parts: Sequence[str]) -> str:
        """Return parts as a list in words: `Web, Mobile and Platform`."""
        *first, last = parts
        return self.translate("list.pair", first=", ".join(first), last=last) if first else last

    def value(self, figure: Figure, *, short: bool = False, aligned: bool = False) -> str:
        """Return a figure in the format of its unit, or why it has no value; a bound as in `at least 105`.

        Args:
            figure: The figure.
            short: Whether volumes and amounts are shortened, for sentences and tiles.
            aligned: Whether all figures of one unit have the same number of decimals, for columns and lists.
        """
        if figure.value is None:
            return self.translate(f"state.{figure.state}")
        if figure.unit is Unit.SHARE:
            value = self.percent(figure.value, aligned=aligned)
        elif figure.unit is Unit.PER_USER:
            value = self.decimal(figure.value, aligned=aligned)
        elif figure.unit is Unit.MONEY:
            value = self.money(figure.value, figure.currency, short=short, aligned=aligned)
        else:
            value = self.compact(figure.value) if short and figure.unit in _COMPACT_UNITS else self.count(figure.value)
        return self.translate(f"state.{figure.bound}", value=value) if figure.bound else value

    def qualified(self, figure: Figure, *, short: bool = False, aligned: bool = False) -> str:
        """Return a figure followed by its qualifier, if it has one."""
        value = self.value(figure, short=short, aligned=aligned)
        return " ".join(filter(None, (value, self.qualifier(figure))))

    def qualifier(self, figure: Figure) -> str:
        """Return the word `partial` for a partial figure that is not written as a bound, otherwise nothing."""
        return self.translate("state.partial") if figure.state is State.PARTIAL and not figure.bound else ""

    def prints_alike(self, figure: Figure, other: Figure, *, short: bool = False) -> bool:
        """Return whether two figures look the same in print, so that a sentence has to explain their difference."""
        return self.value(figure, short=short) == self.value(other, short=short)

    def change(self, absolute: Figure, relative: Figure, *, short: bool = False) -> str:
        """Return a change with its sign, number and percent, `+23 (+5.9%)`, or the words for no change.

        The change of a share is in percentage points and has no percent of its own. Changes are printed in columns
        and lists, so those of one unit all have the same number of decimals.
        """
        if absolute.value is None:
            return self.translate("change.unknown")
        if absolute.value == 0:
            return self.translate("change.none")
        negative = absolute.model_copy(update={"value": -abs(absolute.value)})
        if absolute.unit is Unit.SHARE:
            number = self.decimal(-abs(absolute.value) * 100, aligned=True)
        else:
            number = self.value(negative, short=short, aligned=True)
        if number in (self.decimal(0), self.decimal(0, aligned=True)):
            return self.translate("change.slight")
        if absolute.value > 0:
            number = with_plus(number)
        text = self.translate("change.points", points=number) if absolute.unit is Unit.SHARE else number
        return text if relative.value is None else f"{text} ({self.percent_change(relative.value, aligned=True)})"


def wording(key: str) -> str:
    """Return a sentence of the catalog with its placeholders, in its plural form if it has two."""
    entry = _catalog()[key]
    return str(entry["other"] if isinstance(entry, Mapping) else entry)


@cache
def _catalog() -> Mapping[str, Any]:
    """Read the catalog into one flat mapping of keys, such as `headline.whole`, to sentences or their forms."""
    tables = tomllib.loads((TEMPLATES / "words" / "en.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {f"{table}.{key}": entry for table, words in tables.items() for key, entry in words.items()}
    )
