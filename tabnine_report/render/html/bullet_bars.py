"""Bullet bars: a figure of the month and its target on one scale from zero, laid out for a template to draw.

Only figures in the unit of their target have a bar. The target of the adoption rate, for one, is also the target of the
active users, but a share and a number of people cannot share a scale.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tabnine_report.model.figure import Figure, State
from tabnine_report.model.kpi import Kpi, Target
from tabnine_report.text.i18n import Language

_KPIS = ("adoption_rate", "unassigned_seats", "agent_spend")
"""The KPIs that can have a bar, in the order in which the bars are drawn."""
_MARGIN = 1.15
"""The length of the scale relative to the larger of value and target, so that neither touches its end."""
WIDTH = 220
"""The width of a bar's scale, in the bar's own units."""


@dataclass(frozen=True)
class BulletBar:
    """One bar, in units of its own.

    Attributes:
        key: The KPI's key, which identifies the bar in the document.
        label: The KPI's label.
        figure: The month's figure.
        target_text: The target, and whether it is met if that is known.
        alt_text: The text alternative of the drawing: label, figure and target in one line.
        value_width: The length of the bar; None if the figure has no value, so that no bar is drawn.
        partial: Whether the figure is partial and the bar hollow.
        target_x: The position of the target.
    """

    key: str
    label: str
    figure: Figure
    target_text: str
    alt_text: str
    value_width: float | None
    partial: bool
    target_x: float


def bullet_bars(kpis: Mapping[str, Kpi], language: Language) -> tuple[BulletBar, ...]:
    """Lay out a bar for each KPI that has a target in its own unit."""
    return tuple(
        _bullet_bar(kpis[key], target, target.value.value, language)
        for key in _KPIS
        if key in kpis and (target := kpis[key].target) is not None and target.value.value is not None
    )


def _bullet_bar(kpi: Kpi, target: Target, target_value: float, language: Language) -> BulletBar:
    value = kpi.figure.value
    highest = target_value if value is None else max(value, target_value)
    # If value and target are both zero, there is no scale: both are drawn at its start.
    unit = WIDTH / (highest * _MARGIN or 1.0)
    return BulletBar(
        key=kpi.key,
        label=kpi.label,
        figure=kpi.figure,
        target_text=target.words,
        alt_text=f"{kpi.label}: {language.qualified(kpi.figure)} · {target.words}",
        value_width=None if value is None else round(value * unit, 1),
        partial=kpi.figure.state is State.PARTIAL,
        target_x=round(target_value * unit, 1),
    )
