"""What every part of the report is built from, and how a measure is made of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from reporting.build.accounts import AccountFigures
from reporting.build.agent_cost import AgentFigures
from reporting.build.answers import Answers
from reporting.build.changes import change, no_change
from reporting.build.metrics import COUNTED, METRICS
from reporting.build.notes import beside
from reporting.build.shares import share
from reporting.build.team_figures import TeamFigures
from reporting.build.usage import UsageFigures
from reporting.figure import Figure, State, Unit, ratio
from reporting.inputs import NO_INPUTS, Inputs
from reporting.language import Language
from reporting.measure import Change, Measure, Point, Series
from reporting.month import Month
from reporting.settings.report import SeatPrice
from reporting.settings.targets import TargetSettings

OfMonth = Callable[[Month], Figure]
"""Gives a figure for any month."""


@dataclass(frozen=True)
class Material:
    """The answers, the figures they give, and the language for what is said of them.

    Attributes:
        answers: What the snapshot answers.
        language: Writes every sentence.
        inputs: What other bundles tell.
        price: What a seat costs a month; None where the profile names no price.
        targets: What the month is held against.
    """

    answers: Answers
    language: Language
    inputs: Inputs = NO_INPUTS
    price: SeatPrice | None = None
    targets: TargetSettings = field(default_factory=TargetSettings)

    @property
    def month(self) -> Month:
        """The reported month."""
        return self.answers.month

    @property
    def previous(self) -> Month:
        """The month that it is compared with."""
        return self.month.back(1)

    @cached_property
    def usage(self) -> UsageFigures:
        """The usage figures."""
        return UsageFigures(self.answers, self.language)

    @cached_property
    def accounts(self) -> AccountFigures:
        """The account figures."""
        return AccountFigures(self.answers, self.language)

    @cached_property
    def teams(self) -> TeamFigures:
        """The figures of single teams."""
        return TeamFigures(self.answers, self.usage, self.accounts, self.language)

    @cached_property
    def agents(self) -> AgentFigures:
        """What agents took and cost."""
        return AgentFigures(self.answers, self.usage, self.language)

    def of_month(self, key: str) -> OfMonth:
        """Give what reads a metric of usage or account-utilizations for any month."""
        figures = self.usage if key in COUNTED else self.accounts
        return lambda month: figures.figure(key, month)

    def quotient(self, key: str, part: OfMonth, whole: OfMonth) -> OfMonth:
        """Give what divides two metrics month by month, as the metric of that key; a share is never more than all."""
        unit = METRICS[key].unit

        def of_month(month: Month) -> Figure:
            if unit is Unit.SHARE:
                divided = share(part(month), whole(month), self.language, f"reason.{key}_over")
            else:
                divided = ratio(part(month), whole(month), unit)
            return divided.sourced(METRICS[key].source(str(month), self.usage.serving(month).version))

        return of_month

    def over_time(
        self, key: str, of_month: OfMonth, note: str = "", *, counted: OfMonth | None = None, breaks: bool = False
    ) -> Measure:
        """Make a measure with its change and its 13 months.

        Args:
            key: The metric.
            of_month: Gives its figure for a month.
            note: What stands beside it; the reason stands there instead where there is no figure.
            counted: For a ratio, what its base rests on.
            breaks: Whether version 2 of usage counts something else.
        """
        figure = of_month(self.month)
        return Measure(
            key=key,
            label=self.language.say(f"label.{key}"),
            figure=figure,
            change=None if figure.state is State.DISCONTINUED else self.change(of_month, counted, breaks=breaks),
            note=beside(figure, note),
            history=self.series(key, of_month, breaks=breaks),
        )

    def once(self, key: str, figure: Figure, note: str = "") -> Measure:
        """Make a measure that has neither history nor change: the API tells of now only."""
        return Measure(key=key, label=self.language.say(f"label.{key}"), figure=figure, note=beside(figure, note))

    def series(self, key: str, of_month: OfMonth, *, breaks: bool = False) -> Series:
        """Make the 13 months of a metric."""
        cutover = self.usage.servings.cutover
        return Series(
            label=self.language.say(f"label.{key}"),
            unit=of_month(self.month).unit,
            points=tuple(Point(period=str(month), figure=of_month(month)) for month in self.usage.months),
            breaks=(str(cutover),) if breaks and cutover else (),
        )

    def change(self, of_month: OfMonth, counted: OfMonth | None = None, *, breaks: bool = False) -> Change:
        """Compare the month with the one before; see `over_time`."""
        figure, base = of_month(self.month), of_month(self.previous)
        first = self.usage.beginning
        if first and first.is_partial and first.month in (self.month, self.previous):
            reason = self.language.say("reason.not_compared", why=first.sentence(self.language))
            return no_change(figure, self.previous, reason)
        if breaks and self.month == self.usage.servings.cutover:
            reason = self.language.say("reason.counted_otherwise", month=self.language.month(self.month))
            return no_change(figure, self.previous, reason)
        return change(figure, base, self.previous, self.language, counted(self.previous) if counted else None)
