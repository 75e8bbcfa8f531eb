"""What agents took and cost: of the organization by month and by language model, and of single teams."""

from collections.abc import Mapping

from tabnine_report.analysis.answers import Answers
from tabnine_report.analysis.metrics import METRICS
from tabnine_report.analysis.reasons import not_fetched
from tabnine_report.analysis.usage_figures import UsageFigures
from tabnine_report.model.figure import Figure, Source, Unit
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.agent_records import COST_CURRENCY, AgentUsageBucket, ModelSpend
from tabnine_report.usage_api.endpoints import PATHS, Endpoint, is_not_offered
from tabnine_report.usage_api.records import Team
from tabnine_report.usage_api.snapshot import Failure

_ATTRIBUTES: Mapping[str, str] = {
    "agent_spend": "total_cost",
    "agent_tokens": "total_tokens_consumed",
    "agent_input_tokens": "total_input_tokens",
    "agent_output_tokens": "total_output_tokens",
    "team_agent_spend": "total_cost",
}
"""The metrics that are read as they are, and where each stands in a bucket."""


class AgentFigures:
    """What agents took in each month; the cutover from one version of usage to the other does not concern it.

    Args:
        answers: What the snapshot answers.
        usage: The organization's usage, which knows the months that are not whole.
        language: Writes the reasons.
    """

    def __init__(self, answers: Answers, usage: UsageFigures, language: Language) -> None:
        self._answers = answers
        self._usage = usage
        self._language = language

    @property
    def missing(self) -> str:
        """Why the API tells nothing of what agents cost; empty where it does."""
        return self._why(self._answers.agents, Endpoint.AGENT_USAGE)

    @property
    def told_of_teams(self) -> bool:
        """Whether the API was asked what agents cost in each team, and tells it to this organization."""
        told = self._answers.team_agents
        if not isinstance(told, Failure):
            return True
        asked = Endpoint.TEAM_AGENT_USAGE in self._answers.snapshot.fetches
        return asked and not is_not_offered(Endpoint.TEAM_AGENT_USAGE, told.status)

    def figure(self, key: str, month: Month) -> Figure:
        """Give a figure of the organization for any month."""
        return self._read(key, self._bucket(month), month, self.missing)

    def of_team(self, team: Team, month: Month) -> Figure:
        """Give what a team's agents cost in the month or the one before."""
        told = self._of_team(team)
        missing = self._why(told, Endpoint.TEAM_AGENT_USAGE)
        bucket = None if isinstance(told, Failure) else told.get(month)
        return self._read("team_agent_spend", bucket, month, missing)

    def answered_of(self, team: Team) -> bool:
        """Tell whether the API answered about a team, whatever it told."""
        return not isinstance(self._of_team(team), Failure)

    def users(self, team: Team | None = None) -> int | None:
        """Give how many people of a team, or of the organization, used agents in the month; None if not told."""
        if team is None:
            bucket = self._bucket(self._answers.month)
        else:
            told = self._of_team(team)
            bucket = None if isinstance(told, Failure) else told.get(self._answers.month)
        return bucket.active_users if bucket else None

    def models(self) -> tuple[ModelSpend, ...] | None:
        """Give what each language model took in the month; None where the API does not tell."""
        bucket = self._bucket(self._answers.month)
        return bucket.model_breakdown if bucket else None

    def of_model(self, number: float | None, unit: Unit, field: str) -> Figure:
        """Make a figure of one model in the month."""
        month = self._answers.month
        source = Source(endpoint=PATHS[Endpoint.AGENT_USAGE], field=f"modelBreakdown.{field}", period=str(month))
        return self._usage.cut_short(self._made(number, unit, source, month), month)

    def _read(self, key: str, bucket: AgentUsageBucket | None, month: Month, missing: str) -> Figure:
        metric = METRICS[key]
        source = metric.source(str(month))
        if missing:
            return Figure.unavailable(metric.unit, missing, source)
        number = getattr(bucket, _ATTRIBUTES[key]) if bucket else None
        return self._usage.cut_short(self._made(number, metric.unit, source, month), month)

    def _made(self, number: float | None, unit: Unit, source: Source, month: Month) -> Figure:
        if number is None:
            name = self._language.month(month)
            return Figure.unavailable(
                unit, self._language.translate("reason.field_absent", field=source.field, month=name), source
            )
        return (
            Figure.money(number, COST_CURRENCY, source) if unit is Unit.MONEY else Figure.measured(number, unit, source)
        )

    def _bucket(self, month: Month) -> AgentUsageBucket | None:
        """Give a month's bucket: the reported one's from the question about it alone, which knows the models."""
        agents = self._answers.agents
        if isinstance(agents, Failure):
            return None
        alone = agents.month if month == self._answers.month else None
        return alone or agents.history.get(month)

    def _of_team(self, team: Team) -> Mapping[Month, AgentUsageBucket] | Failure:
        told = self._answers.team_agents
        not_asked = Failure(error="NotFetched", message="It was not asked about.")
        return told if isinstance(told, Failure) else told.get(team.id, not_asked)

    def _why(self, told: object, endpoint: Endpoint) -> str:
        if not isinstance(told, Failure):
            return ""
        if told.status is None and endpoint not in self._answers.snapshot.fetches:
            return self._language.translate("reason.not_requested")
        if is_not_offered(endpoint, told.status):
            return self._language.translate("reason.cost_not_offered", status=str(told.status))
        return not_fetched(endpoint, self._language)
