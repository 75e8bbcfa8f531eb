"""The figures of earlier months as their reports were sealed: they outlive what the API still tells of them."""

from tabnine_report.model.figure import Figure, State
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import SealedMonth


class SealedFigures:
    """What the sealed reports of earlier months tell.

    Args:
        months: The months that there are sealed reports of.
    """

    def __init__(self, months: tuple[SealedMonth, ...]) -> None:
        self._by_month = {one.month: one.figures for one in months}

    def figure(self, key: str, month: Month) -> Figure | None:
        """Give a month's figure as it was sealed; None where no sealed report knows it."""
        sealed = self._by_month.get(str(month), {}).get(key)
        return sealed if sealed is not None and sealed.known else None

    def preferred(self, key: str, month: Month, today: Figure) -> Figure:
        """Choose between a month's figure as it was sealed and as the API tells it today.

        The sealed one, unless the API knows more by now, or counts the month in another unit than then.
        """
        sealed = self.figure(key, month)
        if sealed is None or (today.known and today.unit is not sealed.unit):
            return today
        return today if today.state is State.MEASURED and sealed.state is not State.MEASURED else sealed

    def months_with_activity(self) -> tuple[Month, ...]:
        """Give the months in which somebody used it."""
        months = map(Month.parse, self._by_month)
        return tuple(month for month in months if (people := self.figure("active_users", month)) and people.value)
