"""What the API answers, as records: the fields that a report rests on, and nothing more.

Read leniently: unknown fields are passed over, and what is absent or null is None, never 0. Only what every answer is
certain to hold is required. Field names are the API's own, in snake case; exceptions are described where they stand.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, FailFast, Field, RootModel
from pydantic.alias_generators import to_camel

from tabnine_report.model.month import Month
from tabnine_report.usage_api.field_types import (
    Boundary,
    Count,
    Identifier,
    Instant,
    MonthIndex,
    NameOrObject,
    Setting,
    Share,
    UnixInstant,
    Year,
)

Version = Literal["v1", "v2"]
"""A version of the usage endpoint."""


class Record(BaseModel):
    """The root of all records: frozen, lenient, fields named in camel case on the wire."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,
        coerce_numbers_to_str=True,
    )


class Organization(Record):
    """`organization`: who the token belongs to and how its people sign in.

    A sign-in setting of another shape is not known; this endpoint failing for one would cost the whole month.
    """

    id: Identifier
    name: str
    saml_enabled: Setting = None
    smtp_configured: Setting = None
    username_password_enabled: Setting = None
    oauth_enabled: Setting = None


class Team(Record):
    """One team, as of the moment of asking; the default team may have no users."""

    id: Identifier
    name: str


class TeamAccounts(Record):
    """`team/account-utilizations`: the accounts of one team, as of the moment of asking."""

    registered: Count | None = None


class License(Record):
    """The license, as of the moment of asking.

    Attributes:
        seats: The seats bought (inferred: `seatsCap`, a technical upper bound, can be far larger).
        expires_at: `exp`, when the license ends.
        issued_at: `iat`, when it was made.
    """

    seats: Count | None = None
    expires_at: UnixInstant | None = Field(default=None, alias="exp")
    issued_at: UnixInstant | None = Field(default=None, alias="iat")


class LicenseAnswer(Record):
    """The envelope around the license."""

    license: License


class Admin(Record):
    """One account with the Admin role. Personal data."""

    username: str


class Admins(RootModel[list[Admin]]):
    """The bare array of admins."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class AccountUtilization(Record):
    """The accounts of one month: states at its end, not flows.

    Attributes:
        year: The calendar year.
        month_index: `month` as the API counts it: 0 is January, 11 December.
        registered: Accounts registered at any time in the month.
        active: Most likely accounts still registered at its end (inferred); not people who used the product.
        deactivated: Deactivated accounts.
        pending: Invitations not taken yet.
    """

    year: Year
    month_index: MonthIndex = Field(alias="month")
    registered: Count | None = None
    active: Count | None = None
    deactivated: Count | None = None
    pending: Count | None = None

    @property
    def month(self) -> Month:
        """The calendar month that the row speaks of."""
        return Month(self.year, self.month_index + 1)


class AccountUtilizations(RootModel[list[AccountUtilization]]):
    """The bare array of months."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class CodeCompletions(Record):
    """Completions that were accepted; `automation_factor` (share 0..1) is v1 only."""

    active_users: Count | None = None
    completions: Count | None = None
    chars_completed: Count | None = None
    keystrokes: Count | None = None
    lines: Count | None = None
    automation_factor: Share | None = None


class Chat(Record):
    """Chat. v1 counts interactions, v2 messages: never the same thing."""

    active_users: Count | None = None
    interactions: Count | None = None
    useful_chat_interactions: Count | None = None
    lines: Count | None = None
    chars_completed: Count | None = None
    messages: Count | None = None
    lines_added: Count | None = None


class Agent(Record):
    """Agents. v1 counts interactions, v2 messages: never the same thing."""

    active_users: Count | None = None
    interactions: Count | None = None
    messages: Count | None = None
    lines_added: Count | None = None
    lines_added_accepted: Count | None = None
    lines_removed: Count | None = None
    lines_removed_accepted: Count | None = None


class Instruct(Record):
    """Instructions in the editor; v1 only."""

    accepted_count: Count | None = None


class Period(Record):
    """A period that something is told of.

    Attributes:
        start: `from`, the period's first instant, UTC.
        end: `to`, the first instant after it, UTC.
    """

    start: Boundary = Field(alias="from")
    end: Boundary = Field(alias="to")

    @property
    def month(self) -> Month:
        """The calendar month that the period is of, also where it begins at another zone's midnight."""
        return Month.of(self._inside(timedelta(days=14)))

    @property
    def day(self) -> date:
        """The day that the period is of; likewise, up to twelve hours from UTC."""
        return self._inside(timedelta(hours=12)).date()

    def _inside(self, at_most: timedelta) -> datetime:
        """Give an instant well inside the period: its middle, and no later than that after its start."""
        return self.start + max(timedelta(), min(at_most, (self.end - self.start) / 2))


class UsageBucket(Period):
    """The use made of the product in one period; one shape for both versions of the endpoint.

    Attributes:
        version: Which version of the endpoint answered it.
        active_users: Distinct people with at least one completion or chat interaction in the period.
        productivity_factor: Share 0..1 of characters, v1 only.
        code_completions: None when the bucket does not speak of them; so for the blocks below.
        chat: See `code_completions`.
        agent: See `code_completions`.
        instruct: See `code_completions`.
    """

    version: ClassVar[Version]

    active_users: Count
    productivity_factor: Share | None = None
    code_completions: CodeCompletions | None = None
    chat: Chat | None = None
    agent: Agent | None = None
    instruct: Instruct | None = None

    @property
    def has_activity(self) -> bool:
        """Whether anybody did anything in the period, as far as the bucket tells."""
        counts = [self.active_users]
        if self.code_completions:
            counts += [self.code_completions.completions or 0]
        if self.chat:
            counts += [self.chat.interactions or 0, self.chat.messages or 0]
        if self.agent:
            counts += [self.agent.interactions or 0, self.agent.messages or 0]
        if self.instruct:
            counts += [self.instruct.accepted_count or 0]
        return any(counts)


class UsageBucketV1(UsageBucket):
    """A bucket of the first version, which stopped counting when Tabnine 6.2 came."""

    version: ClassVar[Version] = "v1"


class UsageBucketV2(UsageBucket):
    """A bucket of the second version, which counts since Tabnine 6.2."""

    version: ClassVar[Version] = "v2"


Bucket = TypeVar("Bucket", bound=Period)


class Usage(Record, Generic[Bucket]):
    """The inside of a usage envelope."""

    data: Annotated[tuple[Bucket, ...], FailFast()]


class UsageAnswer(Record, Generic[Bucket]):
    """The envelope around usage.

    Attributes:
        start: `from` of the whole period, UTC; None when it is not repeated in the answer.
        end: `to` of the whole period, UTC; likewise.
        usage: The buckets.
    """

    start: Boundary | None = Field(default=None, alias="from")
    end: Boundary | None = Field(default=None, alias="to")
    usage: Usage[Bucket]


class User(Record):
    """One account, as of the moment of asking. Personal data."""

    id: Identifier
    username: str | None = None
    email: str | None = None
    team: NameOrObject = None
    deactivated_at: Instant | None = None
    updated_at: Instant | None = None
