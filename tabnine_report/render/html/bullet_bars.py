"""Bullet bars: a figure of the month against its target, both from zero on one scale; a template draws them.

Only figures that are what their target is of: a target of a share stands beside the people as well, and one of the
unassigned seats beside the unused ones, but neither could be drawn on one scale with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tabnine_report.model.figure import Figure, State
from tabnine_report.model.kpi import Kpi, Target
from tabnine_report.text.i18n import Language

_HELD = ("adoption_rate", "unassigned_seats", "agent_spend")
"""The measures that are held against a target of their own kind, in the order in which they are drawn."""
_BEYOND = 1.15
"""How far the scale goes beyond the larger of the two, so that neither ends with the bar."""
WIDTH = 220
"""Of a bar, in units of its own."""


@dataclass(frozen=True)
class Bullet:
    """One bar, in units of its own.

    Attributes:
        key: The measure's, which distinguishes the drawing in a document.
        label: What is held against a target; its name.
        figure: What it was in the month.
        words: What the target is, and whether it is met where that is known.
        told: The same in one line: the drawing's text alternative.
        length: How long the bar is; None where the figure has no number, and there is no bar.
        partial: Whether the figure is only a part, and the bar hollow.
        aim: How far from zero the target stands.
    """

    key: str
    label: str
    figure: Figure
    words: str
    told: str
    length: float | None
    partial: bool
    aim: float


def bullets(kpis: Mapping[str, Kpi], language: Language) -> tuple[Bullet, ...]:
    """Lay out a bar for each measure that has a target of its own kind; none where the profile wants nothing."""
    held = [kpis[key] for key in _HELD if key in kpis]
    return tuple(
        _bullet(kpi, target, target.value.value, language)
        for kpi in held
        if (target := kpi.target) is not None and target.value.value is not None
    )


def _bullet(kpi: Kpi, target: Target, aim: float, language: Language) -> Bullet:
    value = kpi.figure.value
    highest = aim if value is None else max(value, aim)
    # A target of none, and none of it, is a scale of nothing: both stand at its beginning.
    unit = WIDTH / (highest * _BEYOND or 1.0)
    return Bullet(
        key=kpi.key,
        label=kpi.label,
        figure=kpi.figure,
        words=target.words,
        told=f"{kpi.label}: {language.qualified(kpi.figure)} · {target.words}",
        length=None if value is None else round(value * unit, 1),
        partial=kpi.figure.state is State.PARTIAL,
        aim=round(aim * unit, 1),
    )
