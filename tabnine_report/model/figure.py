"""A number that knows how sure it is.

Every number that a report shows is a `Figure`: value, unit, state, reason, where it came from. Arithmetic carries the
state along, so that no path leads from a missing value to a zero: a change against an unavailable month is
unavailable, a ratio with a partial part is partial.
"""

import math
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator


class State(StrEnum):
    """How sure a figure is; the report prints it in these words."""

    MEASURED = "measured"
    """The API's own answer for the whole period, or computed from such answers."""
    PARTIAL = "partial"
    """A number, but not of the whole period or not of everybody: the reason says what is missing."""
    UNAVAILABLE = "unavailable"
    """There is no number: the reason says why."""
    SUPPRESSED = "suppressed"
    """There is a number, but it would say too much of too few people."""
    DISCONTINUED = "discontinued"
    """The vendor no longer makes this number."""


class Unit(StrEnum):
    """What a figure counts. A share lies between 0 and 1; an amount of money names its currency beside it."""

    PEOPLE = "people"
    ACCOUNTS = "accounts"
    SEATS = "seats"
    TEAMS = "teams"
    INVITATIONS = "invitations"
    COMPLETIONS = "completions"
    CHARACTERS = "characters"
    KEYSTROKES = "keystrokes"
    LINES = "lines"
    INTERACTIONS = "interactions"
    MESSAGES = "messages"
    TOKENS = "tokens"
    MONEY = "money"
    PER_USER = "per user"
    SHARE = "share"


class Source(BaseModel):
    """Where a figure came from, in words that somebody can follow in the vendor's console.

    Attributes:
        endpoint: The API's path, or several joined by " and ".
        field: The field's name in the answer, as `codeCompletions.activeUsers`; empty for a computed figure.
        formula: How it was computed, in words; empty for a figure read as it is.
        period: What it covers: a month as `2026-10`, a day, or `now`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: str
    field: str = ""
    formula: str = ""
    period: str = ""


_WITHOUT_VALUE = frozenset({State.UNAVAILABLE, State.SUPPRESSED, State.DISCONTINUED})
# The state of a result is the last of its parts' states in this order: what must not be shown wins over what is not
# there, and what is not there wins over what is uncertain.
_ORDER = [State.MEASURED, State.PARTIAL, State.UNAVAILABLE, State.DISCONTINUED, State.SUPPRESSED]


class Figure(BaseModel):
    """A number with its unit, state, reason and source.

    Attributes:
        value: The number; None exactly in the states unavailable, suppressed and discontinued. Counts are integers.
        unit: What is counted.
        state: How sure it is.
        reason: Why it is not simply measured, in whole sentences; empty when it is.
        as_of: The instant it was asked for, where the API tells only of now; None for a figure of a month.
        source: Where it came from.
        currency: Of an amount of money, the currency by its ISO 4217 code; empty otherwise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: int | float | None
    unit: Unit
    state: State = State.MEASURED
    reason: str = ""
    as_of: datetime | None = None
    source: Source | None = None
    currency: str = ""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if (self.value is None) != (self.state in _WITHOUT_VALUE):
            raise ValueError(f"a figure that is {self.state} with the value {self.value}")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"a figure that is not a number: {self.value}")
        if self.known and bool(self.currency) != (self.unit is Unit.MONEY):
            raise ValueError(f"a figure of {self.unit} {'with' if self.currency else 'without'} a currency")
        if bool(self.reason) != (self.state is not State.MEASURED):
            raise ValueError(f"a figure that is {self.state} {'with' if self.reason else 'without'} a reason")
        return self

    @classmethod
    def measured(cls, value: float, unit: Unit, source: Source, *, as_of: datetime | None = None) -> Self:
        """Make a figure that is simply so."""
        return cls(value=value, unit=unit, source=source, as_of=as_of)

    @classmethod
    def money(cls, value: float, currency: str, source: Source | None = None) -> Self:
        """Make an amount of money that is simply so."""
        return cls(value=value, unit=Unit.MONEY, source=source, currency=currency)

    @classmethod
    def unavailable(cls, unit: Unit, reason: str, source: Source | None = None) -> Self:
        """Make a figure that is not there, with the reason."""
        return cls(value=None, unit=unit, state=State.UNAVAILABLE, reason=reason, source=source)

    @classmethod
    def discontinued(cls, unit: Unit, reason: str, source: Source | None = None) -> Self:
        """Make a figure that the vendor no longer makes, with the reason."""
        return cls(value=None, unit=unit, state=State.DISCONTINUED, reason=reason, source=source)

    @property
    def known(self) -> bool:
        """Whether there is a value: measured or partial."""
        return self.value is not None

    def partial(self, reason: str) -> Self:
        """Give the same figure marked partial; one without a value stays as it is."""
        if not self.known:
            return self
        return self.model_copy(update={"state": State.PARTIAL, "reason": _together([self.reason, reason])})

    def sourced(self, source: Source) -> Self:
        """Give the same figure with another source, for one computed from others."""
        return self.model_copy(update={"source": source})


def total(parts: Iterable[Figure]) -> Figure:
    """Add figures of one unit up; a sum with a missing part is missing.

    Raises:
        ValueError: If there are no parts or their units differ; for every computation, if their currencies do.
    """
    figures = list(parts)
    if len({figure.unit for figure in figures}) != 1:
        raise ValueError("a sum takes figures of one unit")
    return _computed(figures, figures[0].unit, lambda *values: sum(values))


def difference(figure: Figure, base: Figure) -> Figure:
    """Subtract figures: `figure - base`, in the unit of the first."""
    return _computed([figure, base], figure.unit, lambda a, b: a - b)


def priced(figure: Figure, price: float, currency: str) -> Figure:
    """Give what so many of something cost at a price for each, exactly: 3 at 19.9 are 59.7, not 59.699999999999996."""
    return _computed([figure], Unit.MONEY, lambda number: float(Decimal(str(price)) * Decimal(str(number))), currency)


def ratio(part: Figure, whole: Figure, unit: Unit = Unit.SHARE) -> Figure:
    """Divide figures: `part / whole`, a share from 0 to 1 unless said otherwise.

    A whole of zero gives no number: the result is unavailable and says so.
    """
    if whole.value == 0 and part.known:
        return Figure(
            value=None,
            unit=unit,
            state=State.UNAVAILABLE,
            reason=f"There were no {whole.unit} to divide by.",
            as_of=_as_of([part, whole]),
        )
    return _computed([part, whole], unit, lambda a, b: a / b)


def relative_change(figure: Figure, base: Figure) -> Figure:
    """Give `(figure - base) / base` as a share of the base, 0.05 for five percent more."""
    return ratio(difference(figure, base), base)


def _computed(parts: list[Figure], unit: Unit, compute: Callable[..., int | float], currency: str = "") -> Figure:
    currencies = {part.currency for part in parts if part.currency}
    if len(currencies) > 1:
        raise ValueError("amounts of two currencies are never computed with")
    state = max((part.state for part in parts), key=_ORDER.index)
    values = [part.value for part in parts if part.value is not None]
    return Figure(
        value=None if state in _WITHOUT_VALUE else compute(*values),
        unit=unit,
        state=state,
        # The reasons of the deciding state only: why a missing figure's other part is partial is of no interest.
        reason=_together(part.reason for part in parts if part.state is state),
        as_of=_as_of(parts),
        currency=(currency or "".join(currencies)) if unit is Unit.MONEY else "",
    )


def _together(reasons: Iterable[str]) -> str:
    """Put reasons one after the other, none of them twice, also where it stands within another one."""
    said: list[str] = []
    for reason in reasons:
        if not any(reason in other for other in said):
            said = [*(other for other in said if other not in reason), reason]
    return " ".join(filter(None, said))


def _as_of(parts: list[Figure]) -> datetime | None:
    """Give the oldest instant that any of the parts stands for: the result is no newer than that."""
    return min((part.as_of for part in parts if part.as_of is not None), default=None)
