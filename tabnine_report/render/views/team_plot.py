"""The dot plot of the teams: its scale, which follows the data, and the row of each team."""

import math
from collections.abc import Sequence

from markupsafe import Markup

from tabnine_report.model.figure import Figure
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import TeamRow
from tabnine_report.render.charts.columns import Labeled
from tabnine_report.render.charts.team_dots import ShareScale, team_dots
from tabnine_report.render.colors import Palette
from tabnine_report.text.i18n import Language

SMALL = 20
"""The number of members below which one person moves a dot by more than 5 points."""
_STEP, _FINE_STEP = 0.2, 0.1
_FINE_UP_TO = 0.3
"""The length of a scale up to which its lines are `_FINE_STEP` apart."""


def share_scale(report: MonthlyReport, rows: Sequence[TeamRow], language: Language) -> ShareScale:
    """Return the scale that fits the dots of all rows and the share of the organization."""
    rate = report.kpis()["adoption_rate"].figure
    shares = [share for row in rows for share in positions(row) if share is not None]
    organization = rate.value if rate.value is not None and rate.value <= 1 else None
    if organization is not None:
        shares.append(organization)
    lowest, highest = min(shares, default=0.0), max(shares, default=1.0)
    step = _FINE_STEP if highest - lowest <= _FINE_UP_TO else _STEP
    low, high = math.floor(round(lowest / step, 6)), math.ceil(round(highest / step, 6))
    if high - low < 2:  # noqa: PLR2004 - one line inside, at least
        low, high = (low - 1, high) if low else (low, high + 1)
    marks = [Labeled(number * step, language.percent(number * step)) for number in range(low, high + 1)]
    return ShareScale(
        low=low * step,
        high=high * step,
        marks=marks,
        organization=Labeled(
            organization, language.translate("page_teams.all", share=language.percent(organization, aligned=True))
        )
        if organization is not None
        else None,
    )


def dots(  # noqa: PLR0913 - each is one element of the row
    report: MonthlyReport, row: TeamRow, scale: ShareScale, language: Language, colors: Palette, *, height: float
) -> Markup:
    """Return the row of a team in the dot plot."""
    before, now = positions(row)
    words = language.translate(
        "page_teams.row",
        people=language.qualified(row.active_users),
        members=language.value(row.members),
        month=language.month(Month.parse(report.month)),
        change=language.change(row.change.absolute, row.change.relative),
        previous=language.month(Month.parse(report.compared_with)),
    )
    return team_dots(before, now, words, colors, scale=scale, small=is_small(row), height=height)


def positions(row: TeamRow) -> tuple[float | None, float | None]:
    """Return where the dots of a team lie: the share of active members in the month before and in the month.

    Small teams have dots, too, though their share is not given as a percentage, which would suggest a precision that
    it does not have.
    """
    change = row.change.absolute.value
    before = None if row.active_users.value is None or change is None else row.active_users.value - change
    return _position(before, row.members), _position(row.active_users.value, row.members)


def is_small(row: TeamRow) -> bool:
    """Return whether a team is so small that one person moves its dot visibly."""
    return (row.members.value or 0) < SMALL


def _position(active_users: float | None, members: Figure) -> float | None:
    if active_users is None or not members.value or active_users > members.value:
        return None
    return active_users / members.value
