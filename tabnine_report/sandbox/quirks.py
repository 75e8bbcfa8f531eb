"""The differences between installations, licenses and tokens, which the sandbox can have."""

from dataclasses import dataclass
from typing import Literal

from tabnine_report.sandbox.paging import LastPage

AgentPrices = Literal["all", "some", "none"]
AgentUsageVersion = Literal["current", "older"]
LongWindow = Literal["answered", "rejected", "timeout"]


@dataclass(frozen=True)
class Quirks:
    """The differences between installations, licenses and tokens.

    Attributes:
        users_limit: The largest accepted `limit` of the users endpoint; a larger one returns 400.
        teams_limit: The largest accepted `limit` of the teams endpoint; a larger one returns 400.
        last_page: Whether `meta.next` of the last page is null or absent.
        denied: Endpoints for which the token lacks permission; they return 403.
        agent_usage_licensed: Whether the license includes agent usage; if not, its endpoints return 403 with
            `FEATURE_NOT_AVAILABLE`.
        agent_usage_version: The version of the agent usage endpoints. The older one accepts the granularities `all`,
            `day`, `week` and `month`, and does not return agent types.
        agent_prices: Which of the agent's models have a price; "some" means all except the self-hosted one. A model
            without a price costs 0.
        most_days: The largest number of daily buckets in a request. Default: no limit.
        most_months: The largest number of monthly buckets in a request. Default: no limit.
        long_window: What a request above the limit returns: the usage (answered), 400 (rejected) or 504 (timeout).
        long_window_seconds: The delay in seconds before the response to a request above the limit.
    """

    users_limit: int = 1_000
    teams_limit: int = 500
    last_page: LastPage = "null"
    denied: frozenset[str] = frozenset()
    agent_usage_licensed: bool = True
    agent_usage_version: AgentUsageVersion = "current"
    agent_prices: AgentPrices = "all"
    most_days: int | None = None
    most_months: int | None = None
    long_window: LongWindow = "rejected"
    long_window_seconds: float = 0.0
