"""A figure as a reader meets it: with its name, its change against the month before and its history."""

from pydantic import BaseModel, ConfigDict

from tabnine_report.model.figure import Figure, Unit


class Model(BaseModel):
    """A part of the model: never changed once it is built, and nothing in it without a name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(Model):
    """How a figure differs from the month before.

    Attributes:
        since: The month compared with, `YYYY-MM`.
        absolute: Figure minus base, in the figure's unit; for shares in shares, to be printed as points.
        relative: The change as a share of the base; unavailable on a base too small for a percentage.
    """

    since: str
    absolute: Figure
    relative: Figure


class Point(Model):
    """One point of a series.

    Attributes:
        period: A month `YYYY-MM` or a day `YYYY-MM-DD`.
        figure: Its value, or why there is none.
    """

    period: str
    figure: Figure


class Series(Model):
    """A figure over time, oldest first; a period without an answer is there and says so.

    Attributes:
        label: What it counts, in words.
        unit: What its figures count.
        points: A point a period, without gaps in the periods.
        breaks: Periods from which on it is counted in another way; never to be joined by a line over it.
    """

    label: str
    unit: Unit
    points: tuple[Point, ...]
    breaks: tuple[str, ...] = ()


class Target(Model):
    """What a figure, or a part or share of it, is meant to reach or to stay within: set in the profile.

    Attributes:
        value: The target.
        met: Whether it is; None where that is not known for the whole month.
        words: The same beside the figure, as `target 85 % met`; they stand in the measure's note as well.
        line: What the figure would have had to be in each month of its history, to be drawn beside it; None where it
            has no history.
    """

    value: Figure
    met: bool | None
    words: str
    line: Series | None = None


class Kpi(Model):
    """A figure as a reader meets it.

    Attributes:
        key: Its name in docs/metrics.md, as `people`.
        label: Its name for readers, as `People`.
        figure: The figure of the reported month.
        change: Against the month before; None where a change means nothing.
        note: What stands beside it: the denominator, the parts, the reason; may be empty.
        history: The figure over the last 13 months; None where the API has no history.
        target: What it is meant to be; None where the profile sets nothing.
    """

    key: str
    label: str
    figure: Figure
    change: Change | None = None
    note: str = ""
    history: Series | None = None
    target: Target | None = None
