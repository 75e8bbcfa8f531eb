"""The context of a report: its figures, its language, and the factory of its KPIs."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from tabnine_report.analysis.account_figures import AccountFigures
from tabnine_report.analysis.agent_spend import AgentFigures
from tabnine_report.analysis.api_data import ApiData
from tabnine_report.analysis.changes import compare, no_change
from tabnine_report.analysis.metric_definitions import METHOD_CHANGE_KEYS, METRICS, MONTHLY_METRICS, USAGE_FIELDS
from tabnine_report.analysis.monthly_figures import MonthlyFigures
from tabnine_report.analysis.monthly_table import MonthlyTable
from tabnine_report.analysis.reasons import note_with_reason
from tabnine_report.analysis.sealed_figures import SealedFigures
from tabnine_report.analysis.team_figures import TeamFigures
from tabnine_report.analysis.usage_figures import UsageFigures
from tabnine_report.analysis.working_days import WorkingDays
from tabnine_report.model.figure import Figure, State
from tabnine_report.model.kpi import Change, Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import NO_PRIOR_REPORTS, PriorReports
from tabnine_report.model.series import Point, Series
from tabnine_report.profile.report_settings import SeatPrice
from tabnine_report.profile.target_settings import TargetSettings
from tabnine_report.text.i18n import Language


@dataclass(frozen=True)
class ReportContext:
    """Everything that the sections of a report are built from.

    Attributes:
        api_data: The API's data.
        language: Writes every sentence.
        working_days: The calendar of working days.
        minimum_group: The number of people below which a group's figures are suppressed.
        prior_reports: The earlier reports that this one refers to.
        price: The monthly price of a seat; None if the profile has none.
        targets: The targets of the profile.
    """

    api_data: ApiData
    language: Language
    working_days: WorkingDays
    minimum_group: int
    prior_reports: PriorReports = NO_PRIOR_REPORTS
    price: SeatPrice | None = None
    targets: TargetSettings = field(default_factory=TargetSettings)

    @property
    def month(self) -> Month:
        """The reported month."""
        return self.api_data.month

    @property
    def previous(self) -> Month:
        """The previous month, which the reported one is compared with."""
        return self.month.back(1)

    @cached_property
    def sealed(self) -> SealedFigures:
        """The figures of earlier months in their sealed reports."""
        return SealedFigures(self.prior_reports.months)

    @cached_property
    def usage(self) -> UsageFigures:
        """The usage figures from the API's current responses."""
        return UsageFigures(self.api_data, self.language, self.working_days, self.sealed.months_with_activity())

    @cached_property
    def accounts(self) -> AccountFigures:
        """The account figures from the API's current responses."""
        return AccountFigures(self.api_data, self.language)

    @cached_property
    def agents(self) -> AgentFigures:
        """The agent figures from the API's current responses."""
        return AgentFigures(self.api_data, self.usage, self.language)

    @cached_property
    def teams(self) -> TeamFigures:
        """The figures of single teams."""
        return TeamFigures(self.api_data, self.usage, self.accounts, self.language)

    @cached_property
    def monthly(self) -> MonthlyFigures:
        """The figures of the monthly metrics, sealed ones included."""
        return MonthlyFigures(
            self.usage,
            self.accounts,
            self.agents,
            sealed=self.sealed,
            minimum_group=self.minimum_group,
            working_days=self.working_days,
            language=self.language,
        )

    @cached_property
    def table(self) -> MonthlyTable:
        """The monthly metrics as a table, for comparisons across months."""
        return MonthlyTable({key: self._series(key, self._monthly_points(key)) for key in MONTHLY_METRICS})

    @cached_property
    def cutover(self) -> Month | None:
        """The first month of version 2 of usage after months of version 1, sealed months included."""
        if self.usage.servings.cutover is not None:
            return self.usage.servings.cutover
        figures = [(month, self.figure("active_users", month)) for month in self.usage.months]
        served = [(month, figure.source.endpoint) for month, figure in figures if figure.known and figure.source]
        return next((month for (_, before), (month, now) in pairwise(served) if before != now), None)

    @cached_property
    def has_no_features(self) -> bool:
        """Whether people used Tabnine in the month, but the API reports nothing about any feature."""
        keys = (key for key in USAGE_FIELDS if key not in ("active_users", "productivity_factor"))
        is_missing = all(self.figure(key).state in (State.UNAVAILABLE, State.DISCONTINUED) for key in keys)
        return is_missing and bool(self.figure("active_users").value)

    def figure(self, key: str, month: Month | None = None) -> Figure:
        """Return the figure of a monthly metric for one of the 13 months; by default, for the reported one."""
        return self.monthly.figure(key, month or self.month)

    def series(self, key: str) -> Series:
        """Return the 13 months of a monthly metric."""
        return self.table.series[key]

    def monthly_kpi(self, key: str, note: str = "") -> Kpi:
        """Build the KPI of a monthly metric.

        Args:
            key: The metric.
            note: A remark on the figure. The reason replaces it if the figure has no value.
        """
        figure = self.figure(key)
        is_compared = figure.state is not State.DISCONTINUED
        is_compared_over_year = is_compared and not self._has_method_change(key, self._year_before)
        return Kpi(
            key=key,
            label=self.language.translate(f"label.{key}"),
            figure=figure,
            change=self._monthly_change(key, figure, self.previous) if is_compared else None,
            year_before=self._monthly_change(key, figure, self._year_before) if is_compared_over_year else None,
            note=note_with_reason(figure, note),
            history=self.series(key),
        )

    def as_of_kpi(self, key: str, figure: Figure, note: str = "") -> Kpi:
        """Build the KPI of a metric that the API reports only as of now; earlier months come from sealed reports.

        Without a sealed figure of the earlier month, it has no change; without any sealed figure, no history.
        """
        is_compared_over_year = not self._has_method_change(key, self._year_before)
        has_history = any(self.sealed.figure(key, month) for month in self.usage.months)
        points = tuple(
            Point(period=str(month), figure=self._as_of_figure(key, month, figure)) for month in self.usage.months
        )
        return Kpi(
            key=key,
            label=self.language.translate(f"label.{key}"),
            figure=figure,
            change=self._as_of_change(key, figure, self.previous),
            year_before=self._as_of_change(key, figure, self._year_before) if is_compared_over_year else None,
            note=note_with_reason(figure, note),
            history=self._series(key, points) if has_history else None,
        )

    def change(
        self, key: str, figure: Figure, base: Figure, base_size: Figure | None = None, since: Month | None = None
    ) -> Change:
        """Compare a monthly figure with an earlier month's.

        Args:
            key: The metric.
            figure: The figure of the reported month.
            base: The figure of the earlier month.
            base_size: The number of people or items behind the base; by default, the base itself.
            since: The earlier month; by default, the previous one.
        """
        since = since or self.previous
        first = self.usage.first_month
        if first and first.is_partial and first.month in (self.month, since):
            reason = self.language.translate("reason.not_compared", why=first.sentence(self.language))
            return no_change(figure, since, reason)
        return self._change_across_methods(key, figure, base, base_size or base, since)

    @property
    def _year_before(self) -> Month:
        return self.month.back(12)

    def _monthly_change(self, key: str, figure: Figure, since: Month) -> Change:
        """Compare a figure of a monthly metric with an earlier month's; a ratio has the base of its denominator."""
        base, denominator = self.figure(key, since), METRICS[key].denominator
        return self.change(key, figure, base, self.figure(denominator[0], since) if denominator else base, since)

    def _as_of_change(self, key: str, figure: Figure, since: Month) -> Change | None:
        """Compare a figure as of now with that of an earlier month's sealed report; None if either has no value."""
        base = self._sealed_as_of(key, since)
        return self._change_across_methods(key, figure, base, base, since) if base and figure.known else None

    def _change_across_methods(self, key: str, figure: Figure, base: Figure, base_size: Figure, since: Month) -> Change:
        """Compare two figures unless a method change lies between them."""
        if self.cutover and self._has_method_change(key, since):
            reason = self.language.translate("reason.method_change", month=self.language.month(self.cutover))
            return no_change(figure, since, reason)
        return compare(figure, base, since, self.language, base_size)

    def _has_method_change(self, key: str, since: Month) -> bool:
        """Return whether a metric is counted differently since a month after an earlier one."""
        return key in METHOD_CHANGE_KEYS and self.cutover is not None and since < self.cutover <= self.month

    def _series(self, key: str, points: tuple[Point, ...]) -> Series:
        return Series(
            label=self.language.translate(f"label.{key}"),
            unit=points[-1].figure.unit,
            points=points,
            breaks=(str(self.cutover),) if self.cutover and key in METHOD_CHANGE_KEYS else (),
        )

    def _monthly_points(self, key: str) -> tuple[Point, ...]:
        return tuple(Point(period=str(month), figure=self.figure(key, month)) for month in self.usage.months)

    def _as_of_figure(self, key: str, month: Month, current: Figure) -> Figure:
        if month == self.month:
            return current
        reason = self.language.translate("reason.not_sealed")
        return self._sealed_as_of(key, month) or Figure.unavailable(
            current.unit, reason, METRICS[key].source(str(month))
        )

    def _sealed_as_of(self, key: str, month: Month) -> Figure | None:
        """Return the sealed figure of a month; an amount in another currency than today's price is unavailable."""
        sealed = self.sealed.figure(key, month)
        if sealed is None or self.price is None or sealed.currency in ("", self.price.currency):
            return sealed
        reason = self.language.translate("reason.other_currency", month=self.language.month(month))
        return Figure.unavailable(sealed.unit, reason, sealed.source)
