"""A number with its unit, state, reason and source.

Every number in a report is a `Figure`. Arithmetic combines the states, so that a missing value never becomes a zero: a
change against an unavailable month is unavailable, and a ratio with a partial part is partial.
"""

import math
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator


class State(StrEnum):
    """The state of a figure."""

    MEASURED = "measured"
    """The API reported it for the whole period, or it is computed from such figures."""
    PARTIAL = "partial"
    """It does not cover the whole period or all users. The reason states what is missing."""
    UNAVAILABLE = "unavailable"
    """It has no value. The reason states why."""
    SUPPRESSED = "suppressed"
    """Its value is withheld because it would reveal the usage of too few people."""
    DISCONTINUED = "discontinued"
    """The vendor no longer reports it."""


class Unit(StrEnum):
    """The unit of a figure. A share of 1 is 100%; an amount of money has its currency in `Figure.currency`."""

    PEOPLE = "people"
    ACCOUNTS = "accounts"
    SEATS = "seats"
    COMPLETIONS = "completions"
    CHARACTERS = "characters"
    KEYSTROKES = "keystrokes"
    LINES = "lines"
    INTERACTIONS = "interactions"
    MESSAGES = "messages"
    TOKENS = "tokens"
    COUNT = "count"
    """Something that only one metric counts, such as teams. Its label states what it counts."""
    MONEY = "money"
    PER_USER = "per user"
    SHARE = "share"


class Source(BaseModel):
    """The source of a figure.

    Attributes:
        endpoint: The path of the API endpoint, or several joined by " and ".
        field: The name of the field in the response, as in `codeCompletions.activeUsers`; empty for a computed figure.
        formula: The formula of a computed figure; empty for a figure that is read from a field.
        period: The period that it covers: a month, as in `2026-10`, a day, as in `2026-10-31`, several of them, as in
            `2026-08 to 2026-10` or `weeks of 2026-10`, or `now`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: str
    field: str = ""
    formula: str = ""
    period: str = ""


_WITHOUT_VALUE = frozenset({State.UNAVAILABLE, State.SUPPRESSED, State.DISCONTINUED})
# The state of a result is the last of its parts' states in this order: a suppressed part must not be derivable from the
# result, and a missing part leaves no value that could be partial.
_ORDER = [State.MEASURED, State.PARTIAL, State.UNAVAILABLE, State.DISCONTINUED, State.SUPPRESSED]


class Figure(BaseModel):
    """A number with its unit, state, reason and source.

    Attributes:
        value: The number in its unit; None exactly if the state is unavailable, suppressed or discontinued. Counts are
            integers.
        unit: The unit.
        state: The state.
        reason: The reason for a state other than measured, in full sentences; empty for a measured figure.
        as_of: The instant of the request if the API reports the figure only as of now; None for a figure of a period.
        source: The source; None for a figure without one, such as a target.
        currency: The ISO 4217 code of an amount of money; empty for every other unit.
        at_least: Whether the value is a lower bound: the true number is this or higher. A partial figure is one if the
            API counts too few; a measured one only by its definition, as inactive accounts are.
        at_most: Whether the value is an upper bound, likewise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: int | float | None
    unit: Unit
    state: State = State.MEASURED
    reason: str = ""
    as_of: datetime | None = None
    source: Source | None = None
    currency: str = ""
    at_least: bool = False
    at_most: bool = False

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        if (self.value is None) != (self.state in _WITHOUT_VALUE):
            raise ValueError(f"A figure that is {self.state} has the value {self.value}.")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"A figure has a value that is not finite: {self.value}.")
        if self.known and bool(self.currency) != (self.unit is Unit.MONEY):
            raise ValueError(f"A figure of {self.unit} has {'a' if self.currency else 'no'} currency.")
        if bool(self.reason) != (self.state is not State.MEASURED):
            raise ValueError(f"A figure that is {self.state} has {'a' if self.reason else 'no'} reason.")
        if self.bound and not self.known:
            raise ValueError(f"A figure that is {self.state} is a bound.")
        if self.at_least and self.at_most:
            raise ValueError("A figure is both a lower and an upper bound.")
        return self

    @classmethod
    def measured(cls, value: float, unit: Unit, source: Source, *, as_of: datetime | None = None) -> Self:
        """Build a measured figure."""
        return cls(value=value, unit=unit, source=source, as_of=as_of)

    @classmethod
    def money(cls, value: float, currency: str, source: Source | None = None) -> Self:
        """Build a measured amount of money."""
        return cls(value=value, unit=Unit.MONEY, source=source, currency=currency)

    @classmethod
    def unavailable(cls, unit: Unit, reason: str, source: Source | None = None) -> Self:
        """Build an unavailable figure."""
        return cls(value=None, unit=unit, state=State.UNAVAILABLE, reason=reason, source=source)

    @classmethod
    def discontinued(cls, unit: Unit, reason: str, source: Source | None = None) -> Self:
        """Build a figure that the vendor no longer reports."""
        return cls(value=None, unit=unit, state=State.DISCONTINUED, reason=reason, source=source)

    @property
    def known(self) -> bool:
        """Whether it has a value, because it is measured or partial."""
        return self.value is not None

    @property
    def bound(self) -> Literal["", "at_least", "at_most"]:
        """Whether its value is a lower or an upper bound; empty for neither."""
        if self.at_most:
            return "at_most"
        return "at_least" if self.at_least else ""

    def partial(self, reason: str) -> Self:
        """Return the figure marked as partial; unchanged if it has no value."""
        if not self.known:
            return self
        return self.model_copy(update={"state": State.PARTIAL, "reason": _join([self.reason, reason])})

    def suppressed(self, reason: str) -> Self:
        """Return the figure without its value, because it would reveal the usage of too few people."""
        lost = {"value": None, "currency": "", "at_least": False, "at_most": False}
        return self.model_copy(update={**lost, "state": State.SUPPRESSED, "reason": reason})

    def raised_to(self, value: float, reason: str) -> Self:
        """Return the figure with a higher value that is a lower bound of the true number, marked as partial."""
        return self.partial(reason).model_copy(update={"at_least": True}).with_value(value)

    def with_value(self, value: float) -> Self:
        """Return the figure with another value; unavailable if it is "at least 0", which states nothing."""
        if self.at_least and not value and self.reason:
            lost = {"value": None, "state": State.UNAVAILABLE, "at_least": False, "currency": ""}
            return self.model_copy(update=lost)
        return self.model_copy(update={"value": value})

    def as_lower_bound(self) -> Self:
        """Return the figure as a lower bound by its definition; unchanged if it has no value or is zero."""
        return self.model_copy(update={"at_least": True}) if self.value else self

    def as_counted(self) -> Self:
        """Return the figure without its bound: the number that was counted."""
        return self.model_copy(update={"at_least": False, "at_most": False})

    def sourced(self, source: Source) -> Self:
        """Return the figure with another source."""
        return self.model_copy(update={"source": source})


def total(parts: Iterable[Figure]) -> Figure:
    """Return the sum of figures of one unit; without a value if a part has none.

    Raises:
        ValueError: If there are no parts, or their units or currencies differ.
    """
    figures = list(parts)
    if len({figure.unit for figure in figures}) != 1:
        raise ValueError("A sum needs figures of one unit.")
    return _computed(figures, figures[0].unit, lambda *values: sum(values))


def difference(figure: Figure, base: Figure) -> Figure:
    """Return `figure - base`, in the unit of the first; an upper bound if the base is a lower bound."""
    return _computed([figure, base], figure.unit, lambda a, b: a - b, falls_with_last=True)


def priced(figure: Figure, price: float, currency: str) -> Figure:
    """Return the price of a number of items in decimal arithmetic: 3 at 19.9 are 59.7, not 59.699999999999996."""
    return _computed([figure], Unit.MONEY, lambda number: float(Decimal(str(price)) * Decimal(str(number))), currency)


def times(figure: Figure, number: int) -> Figure:
    """Return a multiple of a figure, as in the spend for a million tokens."""
    return figure if figure.value is None else figure.with_value(figure.value * number)


def ratio(part: Figure, whole: Figure, unit: Unit = Unit.SHARE, *, if_zero: str) -> Figure:
    """Return `part / whole`, by default as a share; an upper bound if the whole is a lower bound.

    Unavailable if the whole is zero, or if a bound of the whole says nothing because the part is negative.

    Args:
        part: The part.
        whole: The whole.
        unit: The unit of the result.
        if_zero: The reason for a whole of zero, in full sentences.
    """
    if part.known and whole.value == 0:
        return _unavailable([part, whole], unit, if_zero)
    if part.value is not None and part.value < 0 and whole.bound:
        return _unavailable([part, whole], unit, whole.reason)
    quotient = _computed([part, whole], unit, lambda a, b: a / b, falls_with_last=True)
    return quotient if part.value or part.bound else quotient.as_counted()


def relative_change(figure: Figure, base: Figure, *, if_zero: str) -> Figure:
    """Return `(figure - base) / base`, 0.05 for 5% more; `if_zero` is the reason for a base of zero."""
    return ratio(difference(figure, base), base, if_zero=if_zero)


def _unavailable(parts: list[Figure], unit: Unit, reason: str) -> Figure:
    return Figure.unavailable(unit, reason).model_copy(update={"as_of": _as_of(parts)})


def _computed(
    parts: list[Figure],
    unit: Unit,
    compute: Callable[..., int | float],
    currency: str = "",
    *,
    falls_with_last: bool = False,
) -> Figure:
    """Compute a figure from others, whose states, reasons and bounds it has.

    Args:
        parts: The figures.
        unit: The unit of the result.
        compute: Computes the value from those of the parts.
        currency: The currency of the result; by default, that of the parts.
        falls_with_last: Whether the result falls as the last part rises, so that a lower bound of this part makes it an
            upper bound. If other parts make it a lower bound, nothing is known about the result.
    """
    currencies = {part.currency for part in parts if part.currency}
    if len(currencies) > 1:
        raise ValueError("A computation needs amounts in one currency.")
    state = max((part.state for part in parts), key=_ORDER.index)
    rising, falling = (parts[:-1], parts[-1:]) if falls_with_last else (parts, [])
    at_least = any(part.at_least for part in rising) or any(part.at_most for part in falling)
    at_most = any(part.at_most for part in rising) or any(part.at_least for part in falling)
    # Only the reasons of the resulting state: why another part is partial does not explain a missing result.
    reason = _join(part.reason for part in parts if part.state is state)
    value = None if state in _WITHOUT_VALUE else compute(*(part.value for part in parts))
    if value is not None and reason and at_least and (at_most or not value):
        value, state = None, State.UNAVAILABLE
    known = value is not None
    return Figure(
        value=value,
        unit=unit,
        state=state,
        reason=reason,
        as_of=_as_of(parts),
        currency=(currency or "".join(currencies)) if unit is Unit.MONEY else "",
        at_least=at_least and bool(value),
        at_most=at_most and known,
    )


def _join(reasons: Iterable[str]) -> str:
    """Join reasons, each of them once, and none that another one contains."""
    joined: list[str] = []
    for reason in reasons:
        if not any(reason in other for other in joined):
            joined = [*(other for other in joined if other not in reason), reason]
    return " ".join(filter(None, joined))


def _as_of(parts: list[Figure]) -> datetime | None:
    """Return the earliest instant of the parts; None if none has one."""
    return min((part.as_of for part in parts if part.as_of is not None), default=None)
