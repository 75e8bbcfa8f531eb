"""An estimate of a figure in the future, with the results of such estimates in the past."""

from tabnine_report.model.base import Model
from tabnine_report.model.figure import Figure


class Estimate(Model):
    """An estimate of a figure, as a range.

    Its figures are available only if such estimates were correct often enough in the past. Otherwise their reason
    states how often such estimates were tested, and how often they were correct.

    Attributes:
        key: Its key, such as `accounts`.
        label: Its name for readers.
        period: The month, `YYYY-MM`, or the day, `YYYY-MM-DD`, that it is about.
        low: The lowest value.
        high: The highest value; equal to the lowest one for a single value.
        lowest_change: The lowest change from one month to the next that it rests on.
        highest_change: The highest change, likewise.
        method: How it is computed, in one sentence.
        record: How often such estimates were correct in the past, in one sentence.
        tries: The number of past months for which such an estimate can be compared with the actual value.
        held: The number of these for which the value was within the range.
    """

    key: str
    label: str
    period: str
    low: Figure
    high: Figure
    lowest_change: Figure
    highest_change: Figure
    method: str
    record: str
    tries: int
    held: int

    @property
    def known(self) -> bool:
        """Whether its figures are available, because such estimates were correct often enough."""
        return self.low.known and self.high.known
