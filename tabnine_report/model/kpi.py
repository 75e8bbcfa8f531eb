"""A figure as readers see it: with its name, its change against the previous month, its history and its target."""

from tabnine_report.model.base import Model
from tabnine_report.model.figure import Figure
from tabnine_report.model.series import Series


class Change(Model):
    """The change of a figure against an earlier month.

    Attributes:
        since: The earlier month, `YYYY-MM`.
        absolute: The figure minus the earlier month's, in the figure's unit; for shares, 0.01 is one percentage point.
        relative: The change as a share of the earlier month's figure, 0.05 for 5% more. Unavailable for shares, and on
            a base too small for a percentage.
    """

    since: str
    absolute: Figure
    relative: Figure


class Target(Model):
    """A target that the profile sets for a figure, or for a part or a share of it.

    Attributes:
        value: The value to reach or not to exceed, in its own unit.
        met: Whether the month meets it; None if the month's figure is partial or missing.
        words: The target in words, as in `target 85% met`; also part of the KPI's note.
        line: The value that would have met the target in each month of the history, for charts; None without history.
    """

    value: Figure
    met: bool | None
    words: str
    line: Series | None = None


class Kpi(Model):
    """A key figure of the report.

    Attributes:
        key: Its key in docs/metrics.md, as in `active_users`.
        label: Its name for readers, as in `Active users`.
        figure: The figure of the reported month.
        change: The change against the previous month; None if it is discontinued, or if there is none
            to compare with.
        year_before: The change against the same month of the year before; None in the same cases, and if a method
            change lies between the two.
        note: A remark such as the denominator, the parts or the reason; may be empty.
        history: The figure in each of the last 13 months; None if no month but the reported one has one.
        target: The target that the profile sets; None if it sets none.
    """

    key: str
    label: str
    figure: Figure
    change: Change | None = None
    year_before: Change | None = None
    note: str = ""
    history: Series | None = None
    target: Target | None = None
