"""Changes against the month before, and when there is none to tell."""

from tabnine_report.model.figure import Figure, State, Unit, difference, relative_change
from tabnine_report.model.kpi import Change
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language

SMALLEST_BASE = 20
"""No percentage is given on fewer."""


def change(figure: Figure, base: Figure, since: Month, language: Language, counted: Figure | None = None) -> Change:
    """Compare a month's figure with that of the month before.

    Only whole months are compared: against a partial month the change is unavailable and says why.

    Args:
        figure: The reported month's.
        base: The other month's.
        since: The other month.
        language: Writes the reasons.
        counted: How many the base rests on, where it is itself a ratio; the base is meant otherwise.
    """
    for one in (figure, base):
        if not one.known:
            return no_change(figure, since, one.reason)
        if one.state is State.PARTIAL:
            return no_change(figure, since, language.translate("reason.not_compared", why=one.reason))
    relative = _relative(figure, base, language, counted or base)
    return Change(since=str(since), absolute=difference(figure, base), relative=relative)


def _relative(figure: Figure, base: Figure, language: Language, counted: Figure) -> Figure:
    if figure.unit is Unit.SHARE:
        return Figure.unavailable(Unit.SHARE, language.translate("reason.points"))
    if not counted.known:
        return Figure.unavailable(Unit.SHARE, counted.reason)
    if counted.value is not None and abs(counted.value) < SMALLEST_BASE:
        smallest = language.count(SMALLEST_BASE)
        return Figure.unavailable(Unit.SHARE, language.translate("reason.small_base", smallest=smallest))
    return relative_change(figure, base)


def no_change(figure: Figure, since: Month, reason: str) -> Change:
    """Say why there is no change to tell."""
    return Change(
        since=str(since),
        absolute=Figure.unavailable(figure.unit, reason),
        relative=Figure.unavailable(Unit.SHARE, reason),
    )
