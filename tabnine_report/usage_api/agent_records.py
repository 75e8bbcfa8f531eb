"""What the API answers about the tokens and the cost of agents, as records; read as leniently as all the others."""

from tabnine_report.usage_api.field_types import Amount, Count
from tabnine_report.usage_api.records import Period, Record

COST_CURRENCY = "USD"
"""The currency of every cost. Inferred, and only here: the answers name none, the vendor's console shows dollars."""


class ModelSpend(Record):
    """What one language model took in a period; its name is often a UUID that the vendor gives no other name."""

    model: str | None = None
    tokens_consumed: Count | None = None
    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cost: Amount | None = None


class AgentUsageBucket(Period):
    """What agents took in one period; not everything is told of every period.

    Attributes:
        active_users: Distinct people who used agents.
        total_tokens_consumed: Tokens in and out.
        total_input_tokens: Tokens in.
        total_output_tokens: Tokens out.
        total_cost: What they cost, in `COST_CURRENCY`.
        model_breakdown: The same by language model; None where the bucket does not speak of them.
    """

    active_users: Count | None = None
    total_tokens_consumed: Count | None = None
    total_input_tokens: Count | None = None
    total_output_tokens: Count | None = None
    total_cost: Amount | None = None
    model_breakdown: tuple[ModelSpend, ...] | None = None
