"""What changed: rules, each with a test and a sentence, and nothing said when nothing changed.

Only whole months are compared, and a movement is told only if it is beyond what is ordinary between two months of this
organization. No rule names a cause.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from reporting.build.changes import SMALLEST_BASE
from reporting.build.material import Material
from reporting.figure import Figure, State
from reporting.measure import Measure, Series
from reporting.sections import Feature, Finding


@dataclass(frozen=True)
class Thresholds:
    """What a movement must pass to be worth a sentence.

    Attributes:
        fewest_movements: Movements between whole months that "ordinary" is learned from, at least.
        beyond_ordinary: How many times the ordinary movement.
        smallest_change_people: In people.
        smallest_change_share: As a share of the base.
        apart_share: By how much the changes of reach and habit must differ, both as shares of their base.
        agents_share: The share of people from which on agents are told to have reached half.
        most: How many findings speak.
    """

    fewest_movements: int = 4
    beyond_ordinary: float = 1.5
    smallest_change_people: int = 5
    smallest_change_share: float = 0.03
    apart_share: float = 0.05
    agents_share: float = 0.5
    most: int = 4


THRESHOLDS = Thresholds()


@dataclass(frozen=True)
class Measured:
    """The measures that the rules look at."""

    people: Measure
    working_day: Measure
    agents: Feature


@dataclass(frozen=True)
class _Weighed:
    weight: int
    finding: Finding


_Rule = Callable[[Material, Measured], _Weighed | None]


def findings(material: Material, measured: Measured) -> tuple[Finding, ...]:
    """Give what the rules find, heaviest first."""
    found = [weighed for rule in _RULES if (weighed := rule(material, measured)) is not None]
    found.sort(key=lambda weighed: -weighed.weight)
    return tuple(weighed.finding for weighed in found[: THRESHOLDS.most])


def ordinary(material: Material, measured: Measured, found: tuple[Finding, ...]) -> str:
    """Give what to say when nothing was found; empty when something was."""
    if found:
        return ""
    figure, change = measured.people.figure, measured.people.change
    moves = [move for move in _moves(measured.people.history) if move is not None]
    if figure.state is not State.MEASURED:
        key = "finding.not_whole"
    elif change is None or not change.absolute.known:
        key = "finding.nothing_to_compare"
    elif _relative(measured.people) is None or len(moves) <= THRESHOLDS.fewest_movements:
        key = "finding.ordinary_unknown"
    else:
        key = "finding.ordinary"
    return material.language.say(key, month=material.language.month_name(material.month))


def _usage_missing(material: Material, measured: Measured) -> _Weighed | None:
    """The month's usage is not known."""
    figure = measured.people.figure
    if figure.known:
        return None
    month = material.language.month_name(material.month)
    sentence = material.language.say("finding.usage_missing", month=month, why=figure.reason)
    return _Weighed(100, Finding(rule="usage_missing", sentence=sentence, figures={"people": figure}))


def _people_moved(material: Material, measured: Measured) -> _Weighed | None:
    """People rose or fell beyond the ordinary movement between two months."""
    people, language = measured.people, material.language
    relative = _relative(people)
    moves = [abs(move) for move in _moves(people.history)[:-1] if move is not None]
    if relative is None or people.change is None or len(moves) < THRESHOLDS.fewest_movements:
        return None
    usual, number = median(moves), abs(people.change.absolute.value or 0)
    if number < THRESHOLDS.smallest_change_people or abs(relative) < max(
        THRESHOLDS.smallest_change_share, THRESHOLDS.beyond_ordinary * usual
    ):
        return None
    finding = Finding(
        rule="people_moved",
        sentence=language.say(
            "finding.people_rose" if relative > 0 else "finding.people_fell",
            count=number,
            number=language.count(number),
            previous=language.month_name(material.previous),
            share=language.percent(abs(relative)),
            usual=language.percent(usual),
        ),
        figures={"people": people.figure, "change": people.change.absolute},
    )
    return _Weighed(80, finding)


def _agents_began(material: Material, measured: Measured) -> _Weighed | None:
    """The first month with people who used agents."""
    users, language = measured.agents.people, material.language
    if not users.figure.value or users.figure.state is not State.MEASURED or users.history is None:
        return None
    before = [point.figure for point in users.history.points[:-1]]
    # A month before in which agents are simply not told of does not show that nobody used them.
    if any(figure.value for figure in before) or before[-1].value != 0:
        return None
    number = language.value(users.figure)
    sentence = language.say("finding.agents_began", count=users.figure.value, people=number)
    return _Weighed(70, Finding(rule="agents_began", sentence=sentence, figures={"agent_people": users.figure}))


def _agents_rose(material: Material, measured: Measured) -> _Weighed | None:
    """Agents gained more people than in any month before."""
    users, people, language = measured.agents.people, measured.people, material.language
    steps = _steps(users.history)
    if _relative(users) is None or len(steps) <= THRESHOLDS.fewest_movements:
        return None
    rise, before = steps[-1], steps[:-1]
    if rise < THRESHOLDS.smallest_change_people or rise <= max(before):
        return None
    key = "finding.agents_reached_half" if _passed_half(users, people) else "finding.agents_rose"
    finding = Finding(
        rule="agents_rose",
        sentence=language.say(
            key, number=language.count(rise), people=language.value(users.figure), months=language.count(len(steps))
        ),
        figures={"agent_people": users.figure, "people": people.figure},
    )
    return _Weighed(60, finding)


def _habit_apart(material: Material, measured: Measured) -> _Weighed | None:
    """Use on working days and reach moved apart beyond the ordinary."""
    reach, habit = _relative(measured.people), _relative(measured.working_day)
    both = zip(_moves(measured.working_day.history), _moves(measured.people.history), strict=True)
    before = [abs(one - other) for one, other in both if one is not None and other is not None][:-1]
    if reach is None or habit is None or len(before) < THRESHOLDS.fewest_movements:
        return None
    apart, people = abs(habit - reach), abs(habit - reach) * (measured.working_day.figure.value or 0) / (1 + habit)
    if people < THRESHOLDS.smallest_change_people or apart < max(
        THRESHOLDS.apart_share, THRESHOLDS.beyond_ordinary * median(before)
    ):
        return None
    language = material.language
    shares = [language.percent_change(share) for share in (habit, reach)]
    key = "finding.habit_ahead" if habit > reach else "finding.habit_behind"
    finding = Finding(
        rule="habit_apart",
        sentence=language.say(key, habit=shares[0], reach=shares[1]),
        figures={"working_day_people": measured.working_day.figure, "people": measured.people.figure},
    )
    return _Weighed(50, finding)


_RULES: tuple[_Rule, ...] = (_usage_missing, _people_moved, _agents_began, _agents_rose, _habit_apart)


def _relative(measure: Measure) -> float | None:
    """Give a measure's change as a share of its base; None where there is none to tell."""
    return measure.change.relative.value if measure.change else None


def _pairs(history: Series | None) -> list[tuple[float, float] | None]:
    """Give the values of each month and the month after it, oldest first; None where one of the two is not whole."""
    figures: list[Figure] = [point.figure for point in history.points] if history else []
    return [
        (base.value, figure.value)
        if base.state is figure.state is State.MEASURED and base.value is not None and figure.value is not None
        else None
        for base, figure in pairwise(figures)
    ]


def _steps(history: Series | None) -> list[float]:
    """Give the changes from each whole month to the next, oldest first."""
    return [pair[1] - pair[0] for pair in _pairs(history) if pair]


def _moves(history: Series | None) -> list[float | None]:
    """Give the changes as shares of their base, oldest first; None where that is too small, or a month not whole."""
    pairs = _pairs(history)
    return [(pair[1] - pair[0]) / pair[0] if pair and pair[0] >= SMALLEST_BASE else None for pair in pairs]


def _passed_half(users: Measure, people: Measure) -> bool:
    """Tell whether the users are half of the people now, and were not in the month before."""
    if users.history is None or people.history is None:
        return False
    before, now = (_share(users.history.points[n].figure, people.history.points[n].figure) for n in (-2, -1))
    return before is not None and now is not None and before < THRESHOLDS.agents_share <= now


def _share(part: Figure, whole: Figure) -> float | None:
    return part.value / whole.value if part.value is not None and whole.value else None
