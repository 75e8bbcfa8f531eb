"""A figure over time."""

from tabnine_report.model.base import Model
from tabnine_report.model.figure import Figure, Unit


class Point(Model):
    """One point of a series.

    Attributes:
        period: A month, `YYYY-MM`, or a day, `YYYY-MM-DD`.
        figure: The figure of the period, or the reason why there is none.
    """

    period: str
    figure: Figure


class Series(Model):
    """A figure over consecutive periods, oldest first.

    Attributes:
        label: Its name for readers.
        unit: The unit of its figures.
        points: One point for each period. A period without data has a point whose figure states the reason.
        breaks: The periods in which a method change takes effect. Charts and comparisons never cross one.
    """

    label: str
    unit: Unit
    points: tuple[Point, ...]
    breaks: tuple[str, ...] = ()
