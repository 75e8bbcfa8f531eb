"""Changes against the previous month, and the reason where there is none."""

from tabnine_report.model.figure import Figure, State, Unit, difference, relative_change
from tabnine_report.model.kpi import Change
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language

SMALLEST_BASE = 20
"""The smallest base, in people or items, on which the report shows a percentage."""


def compare(figure: Figure, base: Figure, since: Month, language: Language, base_size: Figure | None = None) -> Change:
    """Compare a month's figure with an earlier month's.

    Only complete months are compared. A partial or missing one makes the change unavailable, with the reason.

    Args:
        figure: The figure of the reported month.
        base: The figure of the earlier month.
        since: The earlier month.
        language: Writes the reasons.
        base_size: The sample size behind the base, for a ratio; defaults to the base.
    """
    for compared in (figure, base):
        if not compared.known:
            return no_change(figure, since, compared.reason)
        if compared.state is State.PARTIAL:
            return no_change(figure, since, language.translate("reason.not_compared", why=compared.reason))
    # Lower bounds by definition are compared as counted.
    figure, base = figure.as_counted(), base.as_counted()
    relative = _relative(figure, base, language, base_size or base)
    return Change(since=str(since), absolute=difference(figure, base), relative=relative)


def no_change(figure: Figure, since: Month, reason: str) -> Change:
    """Build a change that is unavailable, with the reason."""
    return Change(
        since=str(since),
        absolute=Figure.unavailable(figure.unit, reason),
        relative=Figure.unavailable(Unit.SHARE, reason),
    )


def _relative(figure: Figure, base: Figure, language: Language, base_size: Figure) -> Figure:
    if figure.unit is Unit.SHARE:
        return Figure.unavailable(Unit.SHARE, language.translate("reason.points"))
    if not base_size.known:
        return Figure.unavailable(Unit.SHARE, base_size.reason)
    if base_size.value is not None and abs(base_size.value) < SMALLEST_BASE:
        smallest = language.count(SMALLEST_BASE)
        return Figure.unavailable(Unit.SHARE, language.translate("reason.small_base", smallest=smallest))
    return relative_change(figure, base, if_zero=language.translate("reason.division_by_zero"))
