"""What a rule may use: the figures and facts of the month, taken from the context of the report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tabnine_report.analysis.monthly_table import MonthlyTable
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.model.estimate import Estimate
from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.sections import SeatOutlook, Seats, TeamRow
from tabnine_report.text.i18n import Language

NOTICE_DAYS = 10
"""The least number of days between the day on which a report is made and the due date of an action."""


@dataclass(frozen=True)
class RuleContext:
    """What rules may use: KPIs and facts of the month, never the clock.

    Attributes:
        month: The reported month.
        language: Formats the numbers and names in the sentences.
        kpis: Every KPI of the report, by its key.
        table: The monthly metrics, for comparisons across months.
        as_of: The local day of the newest data, on which the report is made. Only due dates depend on it.
        previous_figures: The figures of the previous month's sealed report, by key; empty without one.
        teams: The teams that the report shows.
        license_ends: The day on which the license ends; None if it is unknown for the month.
        token_expires: The day on which the API token expires; None if the profile does not have it.
        notice_by: The notice deadline of the license; None if the profile does not have it.
        outlook: The seats at the license's end, as an estimate; None if there is none.
        forecast: The next month's agent spend, as an estimate; None if there is none.
    """

    month: Month
    language: Language
    kpis: Mapping[str, Kpi]
    table: MonthlyTable
    as_of: date
    previous_figures: Mapping[str, Figure] = field(default_factory=dict)
    teams: tuple[TeamRow, ...] = ()
    license_ends: date | None = None
    token_expires: date | None = None
    notice_by: date | None = None
    outlook: SeatOutlook | None = None
    forecast: Estimate | None = None

    @property
    def previous(self) -> Month:
        """The previous month."""
        return self.month.back(1)

    @property
    def default_due(self) -> date:
        """The default due date of an action: the last day of the month after the reported one, in a late run later."""
        month_after_ends = self.month.back(-2).first_day - timedelta(days=1)
        return max(month_after_ends, self.as_of + timedelta(days=NOTICE_DAYS))

    def figure(self, key: str) -> Figure:
        """Return the figure of a KPI."""
        return self.kpis[key].figure


def build_rule_context(
    context: ReportContext, kpis: Iterable[Kpi], teams: tuple[TeamRow, ...], seats: Seats, token_expires: date | None
) -> RuleContext:
    """Build the context of the rules.

    Args:
        context: The context of the report.
        kpis: Every KPI of the report.
        teams: The teams that the report shows.
        seats: The section on seats, which has the estimates.
        token_expires: The day on which the API token expires; None if the profile does not have it.
    """
    return RuleContext(
        month=context.month,
        language=context.language,
        kpis={kpi.key: kpi for kpi in kpis},
        table=context.table,
        as_of=context.api_data.snapshot.ended_at.astimezone(context.language.zone).date(),
        previous_figures=_previous_figures(context),
        teams=teams,
        license_ends=context.accounts.license_ends(),
        token_expires=token_expires,
        notice_by=context.targets.notice_by,
        outlook=seats.outlook,
        forecast=seats.agents.forecast if seats.agents else None,
    )


def _previous_figures(context: ReportContext) -> Mapping[str, Figure]:
    """Return the figures of the previous month's sealed report."""
    months = {month.month: month.figures for month in context.prior_reports.months}
    return months.get(str(context.previous), {})
