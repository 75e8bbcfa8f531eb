"""The report's monthly metrics as one table: 13 months x metrics, for everything that compares months.

Values and states are two aligned frames. In comparisons, cells without a complete month's figure are NaN, never zero.
No comparison crosses a method change.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property

import pandas as pd

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.model.figure import Figure, State
from tabnine_report.model.month import Month
from tabnine_report.model.series import Series


class MonthlyTable:
    """The series of a report side by side: a row for each month, oldest first, and a column for each metric.

    Args:
        series: The series of each metric, by its key. All of them end with the reported month.
    """

    def __init__(self, series: Mapping[str, Series]) -> None:
        self.series = series

    @cached_property
    def values(self) -> pd.DataFrame:
        """The value of each figure in its unit, as float; NaN where the figure has no value."""
        return self._frame(lambda figure: figure.value).astype(float)

    @cached_property
    def states(self) -> pd.DataFrame:
        """The state of each figure, aligned with `values`."""
        return self._frame(lambda figure: figure.state.value)

    @cached_property
    def complete(self) -> pd.DataFrame:
        """The values of complete months; NaN where a figure is partial or missing."""
        return self.values.where(self.states == State.MEASURED.value)

    @cached_property
    def comparable(self) -> pd.DataFrame:
        """The complete values; NaN before the newest method change, where they are measured differently."""
        newest_break = pd.Series({key: max(series.breaks, default="") for key, series in self.series.items()})
        periods = self.complete.index.to_numpy(dtype=object)[:, None]
        return self.complete.where(periods >= newest_break[self.complete.columns].to_numpy(dtype=object)[None, :])

    @cached_property
    def changes(self) -> pd.DataFrame:
        """The change from each month to the next, in the metric's unit; NaN unless both are complete and comparable."""
        is_break = pd.DataFrame({key: self.complete.index.isin(series.breaks) for key, series in self.series.items()})
        return self.complete.diff().mask(is_break.to_numpy())

    @cached_property
    def relative_changes(self) -> pd.DataFrame:
        """The monthly changes as a share of the earlier month, 0.05 for 5% more; NaN if the base is too small."""
        base = self.complete.shift()
        return self.changes / base.where(base >= SMALLEST_BASE)

    def _frame(self, cell: Callable[[Figure], object]) -> pd.DataFrame:
        """Return a frame with what a function returns of each figure; a cell without a figure is NaN."""
        rows: defaultdict[str, dict[str, object]] = defaultdict(dict)
        for key, series in self.series.items():
            for point in series.points:
                rows[point.period][key] = cell(point.figure)
        periods = sorted(rows)
        # One frame of all cells: a series for each metric would take ten times as long.
        return pd.DataFrame([rows[period] for period in periods], periods, list(self.series), dtype=object)

    def typical_change(self, key: str, fewest_changes: int) -> float | None:
        """Return the median size of a metric's monthly changes before the reported month, as a share.

        Args:
            key: The metric.
            fewest_changes: The number of changes that a median needs; the result is None with fewer.
        """
        return median_size(self.relative_changes[key].iloc[:-1], fewest_changes)

    def value(self, key: str, month: Month) -> float | None:
        """Return a month's comparable value; None if there is none, or if the table does not have the month."""
        number = self.comparable[key].get(str(month))
        return None if number is None or pd.isna(number) else float(number)


def median_size(changes: "pd.Series[float]", fewest_changes: int) -> float | None:
    """Return the median of the absolute changes, NaN left out; None with fewer changes than required."""
    sizes = changes.abs().dropna()
    return float(sizes.median()) if len(sizes) >= max(1, fewest_changes) else None
