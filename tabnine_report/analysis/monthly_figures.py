"""The figure of every monthly metric for each of the 13 months.

A month that has a sealed report keeps the figure of that report, unless the API now returns more complete data.
"""

from collections.abc import Iterator
from datetime import date

from tabnine_report.analysis.account_figures import AccountFigures
from tabnine_report.analysis.agent_spend import AgentFigures
from tabnine_report.analysis.few_users import FEATURE_USERS, features_of, is_of_few, suppressed
from tabnine_report.analysis.metric_definitions import AGENT_METRICS, METRICS, MONTHLY_METRICS, USAGE_FIELDS
from tabnine_report.analysis.sealed_figures import SealedFigures
from tabnine_report.analysis.shares import share
from tabnine_report.analysis.usage_figures import UsageFigures
from tabnine_report.analysis.weeks import weekly_active_users
from tabnine_report.analysis.working_days import WorkingDays
from tabnine_report.model.figure import Figure, Unit, ratio, times, total
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language


class MonthlyFigures:
    """The figures of `MONTHLY_METRICS`.

    Args:
        usage: The usage figures of the API.
        accounts: The account figures of the API.
        agents: The agent figures of the API.
        sealed: The figures of earlier reports.
        minimum_group: The number of users of a feature below which its volumes and cost are suppressed.
        working_days: The calendar that average daily active users count by.
        language: Writes the reasons.
    """

    def __init__(  # noqa: PLR0913 - one argument for each source of figures
        self,
        usage: UsageFigures,
        accounts: AccountFigures,
        agents: AgentFigures,
        *,
        sealed: SealedFigures,
        minimum_group: int,
        working_days: WorkingDays,
        language: Language,
    ) -> None:
        self._usage = usage
        self._accounts = accounts
        self._agents = agents
        self._sealed = sealed
        self._minimum_group = minimum_group
        self._working_days = working_days
        self._language = language
        self._from_api: dict[str, dict[Month, Figure]] = {}
        self._figures: dict[str, dict[Month, Figure]] = {}
        for key in MONTHLY_METRICS:
            today = {month: self._protected(key, month, self._compute(key, month)) for month in usage.months}
            self._from_api[key] = today
            self._figures[key] = {
                month: figure if preferred is figure else self._protected(key, month, preferred)
                for month, figure in today.items()
                for preferred in [sealed.preferred(key, month, figure)]
            }

    def figure(self, key: str, month: Month) -> Figure:
        """Return the figure of a metric for one of the 13 months."""
        return self._figures[key][month]

    def from_api(self, key: str, month: Month) -> Figure:
        """Return the figure from the API's current responses, ignoring sealed reports."""
        return self._from_api[key][month]

    def _protected(self, key: str, month: Month, figure: Figure) -> Figure:
        """Return a figure, suppressed if it is a volume or a cost of a feature that too few people used."""
        for feature in features_of(key):
            if is_of_few(self._users(feature, month), self._minimum_group, figure):
                figure = suppressed(figure, feature, month, self._minimum_group, self._language)
        return figure

    def _users(self, feature: str, month: Month) -> Iterator[Figure]:
        """Yield the users of a feature by each way of counting; all active users if none is known."""
        counts = [self.figure(FEATURE_USERS[feature], month)]
        if feature == "agent":
            counts.append(self._agents.users(month))
        yield from counts if any(count.known for count in counts) else [self.figure("active_users", month)]

    def _compute(self, key: str, month: Month) -> Figure:
        if METRICS[key].denominator:
            return self._ratio(key, month)
        if key == "average_daily_active_users":
            return self._average_daily_active_users(month)
        if key == "weekly_active_users":
            return weekly_active_users(self._usage, month, self._language)
        if key in AGENT_METRICS:
            return self._agents.figure(key, month)
        return self._usage.figure(key, month) if key in USAGE_FIELDS else self._accounts.figure(key, month)

    def _ratio(self, key: str, month: Month) -> Figure:
        metric = METRICS[key]
        part = self.figure(metric.numerator, month)
        first, *others = (self.figure(name, month) for name in metric.denominator)
        whole = total([first, *(other.model_copy(update={"unit": first.unit}) for other in others)])
        if metric.unit is Unit.SHARE:
            quotient = share(part, whole, self._language, f"reason.{key}_over")
        else:
            if_zero = self._language.translate("reason.division_by_zero")
            quotient = times(ratio(part, whole, metric.unit, if_zero=if_zero), metric.per)
        if implausible := self._usage.implausible_factor(key, month):
            quotient = quotient.partial(implausible)
        return quotient.sourced(metric.source(str(month), self._usage.serving(month).version))

    def _average_daily_active_users(self, month: Month) -> Figure:
        """Return the mean of daily active users over a month's working days, in whole people.

        Only days that are complete, not before the organization's start, and not late count. The mean is rounded half
        up, so that readers can recompute from the printed number what is computed from it.
        """
        metric, usage = METRICS["average_daily_active_users"], self._usage
        source = metric.source(str(month), usage.serving(month).version)
        days = [day for day in self._working_days.of(month) if self._counts(day, month)]
        if not days:
            return Figure.unavailable(metric.unit, self._language.translate("reason.day_not_over"), source)
        summed = total(usage.active_users_on(day) for day in days).sourced(source)
        if summed.value is None:
            return summed
        mean = summed.with_value(int(summed.value / len(days) + 0.5))
        return usage.partial_if_incomplete(mean, month)

    def _counts(self, day: date, month: Month) -> bool:
        first = self._usage.first_month
        is_before_start = first is not None and first.month == month and first.starts_after(day)
        is_known = day <= self._usage.last_complete_day and day not in self._usage.late_days
        return is_known and not is_before_start
