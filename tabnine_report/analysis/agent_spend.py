"""Compute agent tokens and agent spend by month, by language model, and by team."""

from tabnine_report.analysis.api_data import ApiData
from tabnine_report.analysis.metric_definitions import METRICS
from tabnine_report.analysis.reasons import month_not_fetched, without_data, without_value
from tabnine_report.analysis.usage_figures import UsageFigures
from tabnine_report.model.figure import Figure, Source, Unit
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.base_records import Record
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.agent_usage import COST_CURRENCY, AgentUsageBucket, ModelSpend
from tabnine_report.usage_api.endpoints.teams import Team
from tabnine_report.usage_api.snapshot import Failure

_NOT_REQUESTED = Failure(error="NotFetched", message="The team was not requested.")


class AgentFigures:
    """Agent tokens and spend of each month. The change between the versions of usage does not affect them.

    Args:
        api_data: The API's data.
        usage: The organization's usage, which determines the incomplete months.
        language: Writes the reasons.
    """

    def __init__(self, api_data: ApiData, usage: UsageFigures, language: Language) -> None:
        self._api_data = api_data
        self._usage = usage
        self._language = language

    @property
    def missing(self) -> str:
        """The reason why the API has no agent spend; empty if it has."""
        return self._why_missing(self._api_data.agents, Endpoint.AGENT_USAGE)

    @property
    def has_team_spend(self) -> bool:
        """Whether the agent spend of teams was requested, and the API offers it to this organization."""
        teams = self._api_data.team_agents
        if not isinstance(teams, Failure):
            return True
        requested = Endpoint.TEAM_AGENT_USAGE in self._api_data.snapshot.fetches
        return requested and not teams.is_not_offered

    def figure(self, key: str, month: Month) -> Figure:
        """Return the figure of a metric of `AGENT_METRICS` for a month."""
        bucket = self._bucket(month)
        figure = self._read(key, bucket, month, self.missing or self._gap(month))
        return self._priced(figure, bucket) if key == "agent_spend" else figure

    def team_spend(self, team: Team, month: Month) -> Figure:
        """Return the agent spend of a team in the reported month or the previous one."""
        response = self._team_bucket(team, month)
        missing = self._why_missing(response, Endpoint.TEAM_AGENT_USAGE)
        bucket = None if isinstance(response, Failure) else response
        spend = self._priced(self._read("team_agent_spend", bucket, month, missing), bucket)
        # A team's spend may not be broken down by model, but its models have no other prices than the organization's.
        return self._partly_priced(spend, self._bucket(month))

    def is_unpriced(self, team: Team, month: Month) -> bool:
        """Return whether a team consumed tokens without a price."""
        bucket = self._team_bucket(team, month)
        return isinstance(bucket, AgentUsageBucket) and bucket.is_unpriced

    def reports_no_spend_of(self, team: Team) -> bool:
        """Return whether the API responded for a team and the reported month, without any spend."""
        bucket = self._team_bucket(team, self._api_data.month)
        if bucket is None or isinstance(bucket, Failure):
            return bucket is None
        return bucket.total_cost is None and not bucket.is_unreadable and not bucket.is_invalid("totalCost")

    def users(self, month: Month) -> Figure:
        """Return the agent users of a month as reported with the spend."""
        bucket, source = self._bucket(month), METRICS["agent_users"].source(str(month))
        if bucket is None or bucket.active_users is None:
            return Figure.unavailable(Unit.PEOPLE, without_value(self._language, bucket, "activeUsers", month), source)
        return Figure.measured(bucket.active_users, Unit.PEOPLE, source)

    def agent_users(self, team: Team | None = None) -> int | None:
        """Return the agent users of a team, or of the organization, in the reported month; None if not reported."""
        month = self._api_data.month
        bucket = self._bucket(month) if team is None else self._team_bucket(team, month)
        return bucket.active_users if isinstance(bucket, AgentUsageBucket) else None

    def models(self) -> tuple[ModelSpend, ...] | None:
        """Return tokens and cost of each language model in the reported month; None if not reported."""
        bucket = self._bucket(self._api_data.month)
        return bucket.model_breakdown if bucket else None

    def model_figure(self, model: ModelSpend, unit: Unit, field: str) -> Figure:
        """Build a figure of one language model in the reported month."""
        month = self._api_data.month
        source = Source(endpoint=Endpoint.AGENT_USAGE.path, field=f"modelBreakdown.{field}", period=str(month))
        return self._figure(model, unit, source, month, block="modelBreakdown")

    def model_cost(self, model: ModelSpend) -> Figure:
        """Return the cost of one language model in the reported month; unavailable if it has no price."""
        cost = self.model_figure(model, Unit.MONEY, "cost")
        return self._not_priced(cost) if model.is_unpriced else cost

    def _priced(self, spend: Figure, bucket: AgentUsageBucket | None) -> Figure:
        """Return a spend as the prices allow: unavailable without prices, a lower bound if a model has none."""
        if bucket is not None and bucket.is_unpriced:
            return self._not_priced(spend)
        return self._partly_priced(spend, bucket)

    def _not_priced(self, spend: Figure) -> Figure:
        return Figure.unavailable(spend.unit, self._language.translate("reason.not_priced"), spend.source)

    def _partly_priced(self, spend: Figure, bucket: AgentUsageBucket | None) -> Figure:
        unpriced, models = (bucket.unpriced_models, bucket.model_breakdown or ()) if bucket else ((), ())
        if not unpriced or spend.value is None:
            return spend
        number, count = len(unpriced), self._language.count
        reason = self._language.translate(
            "reason.partly_priced", number, number=count(number), models=count(len(models))
        )
        return spend.raised_to(spend.value, reason)

    def _read(self, key: str, bucket: AgentUsageBucket | None, month: Month, missing: str) -> Figure:
        metric = METRICS[key]
        source = metric.source(str(month))
        if missing:
            return Figure.unavailable(metric.unit, missing, source)
        return self._figure(bucket, metric.unit, source, month)

    def _figure(self, record: Record | None, unit: Unit, source: Source, month: Month, *, block: str = "") -> Figure:
        number = record.model_dump(by_alias=True)[source.field.removeprefix(f"{block}.")] if record else None
        if number is None:
            reason = without_value(self._language, record, source.field, month, block=block)
            return Figure.unavailable(unit, reason, source)
        if unit is Unit.MONEY:
            figure = Figure.money(number, COST_CURRENCY, source)
        else:
            figure = Figure.measured(number, unit, source)
        return self._usage.partial_if_incomplete(figure, month)

    def _bucket(self, month: Month) -> AgentUsageBucket | None:
        """Return a month's bucket. That of the reported month comes from its own request, which includes the models."""
        agents = self._api_data.agents
        if isinstance(agents, Failure):
            return None
        own_request = agents.month if month == self._api_data.month else None
        return own_request or agents.history.get(month)

    def _gap(self, month: Month) -> str:
        """Return the reason if a month is a gap in the API's responses; otherwise an empty text."""
        agents = self._api_data.agents
        if isinstance(agents, Failure) or month not in agents.gaps:
            return ""
        return month_not_fetched(Endpoint.AGENT_USAGE, month, self._language)

    def _team_bucket(self, team: Team, month: Month) -> AgentUsageBucket | Failure | None:
        """Return a team's bucket of a month, or why it could not be fetched; None if the API returned none."""
        teams = self._api_data.team_agents
        months = teams if isinstance(teams, Failure) else teams.get(team.id, _NOT_REQUESTED)
        return months if isinstance(months, Failure) else months.get(month)

    def _why_missing(self, response: object, endpoint: Endpoint) -> str:
        if not isinstance(response, Failure):
            return ""
        if response.status is None and endpoint not in self._api_data.snapshot.fetches:
            return self._language.translate("reason.not_requested")
        return without_data(endpoint, response, self._language)
