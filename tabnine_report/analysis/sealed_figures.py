"""The figures of earlier months in their sealed reports, which are kept after the API stops reporting these months."""

from tabnine_report.model.figure import Figure, State
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import SealedMonth


class SealedFigures:
    """The figures of the sealed reports of earlier months.

    Args:
        months: The months that have a sealed report.
    """

    def __init__(self, months: tuple[SealedMonth, ...]) -> None:
        self._by_month = {month.month: month.figures for month in months}

    def figure(self, key: str, month: Month) -> Figure | None:
        """Return the sealed figure of a metric for a month; None if there is none with a value."""
        sealed = self._by_month.get(str(month), {}).get(key)
        return sealed if sealed is not None and sealed.known else None

    def preferred(self, key: str, month: Month, current: Figure) -> Figure:
        """Return the sealed figure of a metric for a month, or the current one of the API.

        The sealed one is preferred unless it is partial and the current one is measured, or the current one has
        another unit.
        """
        sealed = self.figure(key, month)
        if sealed is None or (current.known and current.unit is not sealed.unit):
            return current
        return current if current.state is State.MEASURED and sealed.state is not State.MEASURED else sealed

    def months_with_activity(self) -> tuple[Month, ...]:
        """Return the months with active users."""
        months = map(Month.parse, self._by_month)
        return tuple(month for month in months if (users := self.figure("active_users", month)) and users.value)
