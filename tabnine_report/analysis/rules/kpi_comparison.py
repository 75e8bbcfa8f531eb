"""Check whether a single figure or month is complete or comparable, and how it changed; the rules use this.

Comparisons across several months are in `monthly_table`.
"""

from tabnine_report.model.figure import Figure, State
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.month import Month

HOLIDAY_MONTHS = frozenset({8, 12})
"""August and December. A change into or out of one of them counts only if the same month a year ago confirms it."""


def relative(kpi: Kpi) -> float | None:
    """Return a KPI's change as a share of the previous month; None if there is none."""
    return kpi.change.relative.value if kpi.change else None


def base_of(kpi: Kpi) -> float:
    """Return the previous month's value, which a KPI's change refers to; 0 if there is no change."""
    absolute = kpi.change.absolute.value if kpi.change else None
    return 0 if absolute is None or kpi.figure.value is None else kpi.figure.value - absolute


def whole(figure: Figure) -> float | None:
    """Return the value of a complete month; None if the figure is partial or missing."""
    return figure.value if figure.state is State.MEASURED else None


def at_least(figure: Figure) -> float | None:
    """Return the value of a complete month, or a lower bound of it; None if the figure is partial or missing."""
    return figure.value if figure.state is State.MEASURED or figure.at_least else None


def has_method_change(kpi: Kpi, month: Month) -> bool:
    """Return whether a method change of a KPI takes effect in a month."""
    return kpi.history is not None and str(month) in kpi.history.breaks


def crosses_holidays(month: Month) -> bool:
    """Return whether a month or the previous one is a month of holidays, which change usage by themselves."""
    return bool(HOLIDAY_MONTHS & {month.number, month.back(1).number})
