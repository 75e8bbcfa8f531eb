"""What every part of the report is built from, and how a measure is made of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from tabnine_report.analysis.accounts import AccountFigures
from tabnine_report.analysis.agent_spend import AgentFigures
from tabnine_report.analysis.answers import Answers
from tabnine_report.analysis.changes import change, no_change
from tabnine_report.analysis.metrics import COUNTED, METHOD_CHANGE_KEYS, METRICS
from tabnine_report.analysis.reasons import note_with_reason
from tabnine_report.analysis.sealed_figures import SealedFigures
from tabnine_report.analysis.shares import share
from tabnine_report.analysis.team_figures import TeamFigures
from tabnine_report.analysis.usage_figures import UsageFigures
from tabnine_report.analysis.working_days import WorkingDays
from tabnine_report.model.figure import Figure, State, Unit, ratio
from tabnine_report.model.kpi import Change, Kpi, Point, Series
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import NO_INPUTS, PriorReports
from tabnine_report.profile.report_settings import SeatPrice
from tabnine_report.profile.target_settings import TargetSettings
from tabnine_report.text.i18n import Language

OfMonth = Callable[[Month], Figure]
"""Gives a figure for any month."""


@dataclass(frozen=True)
class ReportContext:
    """The answers, the figures they give, and the language for what is said of them.

    Attributes:
        answers: What the snapshot answers.
        language: Writes every sentence.
        working_days: Tells which days are working days.
        prior_reports: What other bundles tell.
        price: What a seat costs a month; None where the profile names no price.
        targets: What the month is held against.
    """

    answers: Answers
    language: Language
    working_days: WorkingDays
    prior_reports: PriorReports = NO_INPUTS
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
    def sealed(self) -> SealedFigures:
        """The figures of earlier months as they were sealed."""
        return SealedFigures(self.prior_reports.months)

    @cached_property
    def usage(self) -> UsageFigures:
        """The usage figures, as the API tells them today."""
        return UsageFigures(self.answers, self.language, self.sealed.months_with_activity())

    @cached_property
    def accounts(self) -> AccountFigures:
        """The account figures, as the API tells them today."""
        return AccountFigures(self.answers, self.language)

    @cached_property
    def teams(self) -> TeamFigures:
        """The figures of single teams."""
        return TeamFigures(self.answers, self.usage, self.accounts, self.language)

    @cached_property
    def cutover(self) -> Month | None:
        """The first month of version 2 of usage after months of version 1, those included that only bundles tell of."""
        if self.usage.servings.cutover is not None:
            return self.usage.servings.cutover
        people = self.of_month("active_users")
        served = [(month, source.endpoint) for month in self.usage.months if (source := people(month).source)]
        told = [(month, endpoint) for month, endpoint in served if people(month).known]
        return next((month for (_, before), (month, now) in pairwise(told) if before != now), None)

    @cached_property
    def agents(self) -> AgentFigures:
        """What agents took and cost."""
        return AgentFigures(self.answers, self.usage, self.language)

    def of_month(self, key: str) -> OfMonth:
        """Give what reads a metric of usage or account-utilizations for any month, as it was sealed where it was."""
        return self.remembered(key, self.today(key))

    def today(self, key: str) -> OfMonth:
        """Give what reads the same as the API tells it today, whatever was sealed."""
        figures = self.usage if key in COUNTED else self.accounts
        return lambda month: figures.figure(key, month)

    def remembered(self, key: str, of_month: OfMonth) -> OfMonth:
        """Give what prefers a month's sealed figure to the one that can be had today."""
        return lambda month: self.sealed.preferred(key, month, of_month(month))

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

    def over_time(self, key: str, of_month: OfMonth, note: str = "", *, counted: OfMonth | None = None) -> Kpi:
        """Make a measure with its change and its 13 months.

        Args:
            key: The metric.
            of_month: Gives its figure for a month.
            note: What stands beside it; the reason stands there instead where there is no figure.
            counted: For a ratio, what its base rests on.
        """
        of_month = self.remembered(key, of_month)
        figure = of_month(self.month)
        return Kpi(
            key=key,
            label=self.language.translate(f"label.{key}"),
            figure=figure,
            change=None if figure.state is State.DISCONTINUED else self.change(key, of_month, counted),
            note=note_with_reason(figure, note),
            history=self.series(key, of_month),
        )

    def once(self, key: str, figure: Figure, note: str = "") -> Kpi:
        """Make a measure that the API tells of now only: compared with what the bundle of the month before has.

        Where there is none, it has no change, and without any earlier bundle no history.
        """
        base = self.sealed.figure(key, self.previous)
        known = [month for month in self.usage.months if self.sealed.figure(key, month)]
        return Kpi(
            key=key,
            label=self.language.translate(f"label.{key}"),
            figure=figure,
            change=self._change_since_sealed(key, figure, base) if base and figure.known else None,
            note=note_with_reason(figure, note),
            history=self.series(key, lambda month: self._then(key, month, figure)) if known else None,
        )

    def _then(self, key: str, month: Month, now: Figure) -> Figure:
        """Give a figure of now for any month: of an earlier one only as it was sealed then."""
        if month == self.month:
            return now
        unknown = Figure.unavailable(
            now.unit, self.language.translate("reason.not_sealed"), METRICS[key].source(str(month))
        )
        return self.sealed.figure(key, month) or unknown

    def series(self, key: str, of_month: OfMonth) -> Series:
        """Make the 13 months of a metric."""
        cutover = self.cutover
        return Series(
            label=self.language.translate(f"label.{key}"),
            unit=of_month(self.month).unit,
            points=tuple(Point(period=str(month), figure=of_month(month)) for month in self.usage.months),
            breaks=(str(cutover),) if cutover and key in METHOD_CHANGE_KEYS else (),
        )

    def change(self, key: str, of_month: OfMonth, counted: OfMonth | None = None) -> Change:
        """Compare the month with the one before; see `over_time`."""
        figure, base = of_month(self.month), of_month(self.previous)
        first = self.usage.first_month
        if first and first.is_partial and first.month in (self.month, self.previous):
            reason = self.language.translate("reason.not_compared", why=first.sentence(self.language))
            return no_change(figure, self.previous, reason)
        if reason := self._why_counted_anew(key):
            return no_change(figure, self.previous, reason)
        return change(figure, base, self.previous, self.language, counted(self.previous) if counted else None)

    def _why_counted_anew(self, key: str) -> str:
        """Say why a metric of the month is not that of the month before; empty where it is counted alike."""
        if key not in METHOD_CHANGE_KEYS or self.month != self.cutover:
            return ""
        return self.language.translate("reason.method_change", month=self.language.month(self.month))

    def _change_since_sealed(self, key: str, figure: Figure, base: Figure) -> Change:
        if reason := self._why_counted_anew(key):
            return no_change(figure, self.previous, reason)
        return change(figure, base, self.previous, self.language)
