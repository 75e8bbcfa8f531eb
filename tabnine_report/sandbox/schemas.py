"""Define the schemas of all answers, which the server validates and `/openapi.json` shows.

Only fields that the API guarantees are required. All others may be absent, and absent is not zero.
"""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from tabnine_report.sandbox.world import Granularity

Row = TypeVar("Row")


class Answer(BaseModel):
    """Base of all answers: camelCase names, no other fields."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Organization(Answer):
    """The organization; `id` feeds the other calls."""

    id: str
    name: str
    plan_type: str | None = None
    domains: list[str] | None = None
    saml_enabled: bool | None = None
    smtp_configured: bool | None = None
    username_password_enabled: bool | None = None
    oauth_enabled: bool | None = None
    public_key: str | None = None


class NextPage(Answer):
    """The parameters of the next page."""

    limit: int
    offset: int


class PageMeta(Answer):
    """Rows on this page, rows in total, and the next page: null or absent on the last one."""

    count: int
    total: int
    next: NextPage | None = None


class Page(Answer, Generic[Row]):
    """One page of a list."""

    data: list[Row]
    meta: PageMeta


class Team(Answer):
    """A team as of now."""

    id: str
    name: str
    users_count: int | None = None
    is_default_team: bool | None = None
    seat_cap: int | None = None
    pending_invitations_count: int | None = None


class TeamOfUser(Answer):
    """A user's team. The schema is inferred, because the vendor documents only the field's name."""

    id: str
    name: str


class User(Answer):
    """An account; its times have zero, one or two digits after the second."""

    id: str
    username: str
    email: str
    role: str
    verified: bool
    team: TeamOfUser | None = None
    deactivated_at: str | None = None
    updated_at: str | None = None


class LicenseTerms(Answer):
    """The license in force; `exp` and `iat` are UNIX seconds, `seats` is the number bought."""

    seats: int
    seats_cap: int
    exp: int
    iat: int
    audience: str
    features: list[str]
    settings: dict[str, object]


class License(Answer):
    """The license's envelope."""

    license: LicenseTerms


class Permission(Answer):
    """One administrator of the account."""

    username: str
    organization_id: str


class AccountUtilization(Answer):
    """Accounts in one month; `month` counts from 0 (January) to 11."""

    year: int
    month: int = Field(ge=0, le=11)
    registered: int
    deactivated: int
    active: int
    pending: int


class TeamAccountUtilization(Answer):
    """A team's accounts as of now."""

    registered: int
    deactivated: int
    invited: int


class Period(Answer):
    """The first instant of a bucket and the first one after it, UTC."""

    from_: str = Field(alias="from")
    to: str


class Instruct(Answer):
    """Instructions whose result was accepted."""

    accepted_count: int


class CodeCompletions(Answer):
    """Accepted completions; `automationFactor` in version 1 only."""

    active_users: int
    completions: int
    chars_completed: int
    keystrokes: int
    lines: int
    automation_factor: float | None = None


class ChatV1(Answer):
    """Chat in version 1."""

    active_users: int
    interactions: int
    useful_chat_interactions: int
    lines: int
    chars_completed: int
    chat_consumption_rate: float | None = None


class AgentLines(Answer):
    """The agent's users and lines, the same in both versions."""

    active_users: int
    lines_added: int
    lines_added_accepted: int
    lines_removed: int
    lines_removed_accepted: int


class AgentV1(AgentLines):
    """The agent in version 1."""

    interactions: int


class BucketV1(Period):
    """Usage in one bucket, version 1."""

    active_users: int
    productivity_factor: float | None = None
    instruct: Instruct | None = None
    code_completions: CodeCompletions | None = None
    chat: ChatV1 | None = None
    agent: AgentV1 | None = None


class ModelUsage(Answer):
    """Usage of one model; only with `granularity=all`."""

    model: str
    messages: int
    unique_users: int
    input_tokens: int
    output_tokens: int


class ChatV2(Answer):
    """Chat in version 2."""

    active_users: int
    messages: int
    lines_added: int
    models: list[ModelUsage] | None = None


class AgentV2(AgentLines):
    """The agent in version 2."""

    messages: int
    models: list[ModelUsage] | None = None


class BucketV2(Period):
    """Usage in one bucket, version 2."""

    active_users: int
    code_completions: CodeCompletions | None = None
    chat: ChatV2 | None = None
    agent: AgentV2 | None = None


class ModelSpend(Answer):
    """Tokens and cost of one of the agent's models."""

    model: str
    tokens_consumed: int
    input_tokens: int
    output_tokens: int
    cost: float


class AgentUsageBucket(Period):
    """The agent's tokens and cost in one bucket; the currency is not named."""

    active_users: int
    total_tokens_consumed: int
    total_input_tokens: int
    total_output_tokens: int
    total_cost: float
    model_breakdown: list[ModelSpend]


class Usage(Answer, Generic[Row]):
    """The buckets of a window."""

    granularity: Granularity
    data: list[Row]


class UsageEnvelope(Period, Generic[Row]):
    """The requested window and its buckets; `teamId` if a team was requested."""

    organization_id: str
    team_id: str | None = None
    usage: Usage[Row]
