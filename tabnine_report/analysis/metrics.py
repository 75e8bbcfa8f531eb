"""Every metric of the report by its key: what it counts and where it comes from.

docs/metrics.md describes each of them for people; a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tabnine_report.model.figure import Source, Unit
from tabnine_report.usage_api.endpoints import PATHS, Endpoint
from tabnine_report.usage_api.records import Version


@dataclass(frozen=True)
class Counted:
    """A usage figure that is read as it is, by the version that serves the month.

    Attributes:
        v1: The field in version 1.
        v2: The field in version 2; None where the vendor discontinued it.
        unit: What version 1 counts.
        v2_unit: What version 2 counts, where that is something else: the two are never compared nor joined by a line.
    """

    v1: str
    v2: str | None
    unit: Unit
    v2_unit: Unit | None = None

    def field(self, version: Version) -> str | None:
        """Give the field in a version."""
        return self.v1 if version == "v1" else self.v2

    def unit_in(self, version: Version) -> Unit:
        """Give what is counted in a version."""
        return self.v2_unit or self.unit if version == "v2" else self.unit

    @property
    def breaks(self) -> bool:
        """Whether version 2 counts something else."""
        return self.v1 != self.v2


def _same(field: str, unit: Unit) -> Counted:
    return Counted(field, field, unit)


COUNTED: Mapping[str, Counted] = {
    "active_users": _same("activeUsers", Unit.PEOPLE),
    "completion_users": _same("codeCompletions.activeUsers", Unit.PEOPLE),
    "completions": _same("codeCompletions.completions", Unit.COMPLETIONS),
    "completion_characters": _same("codeCompletions.charsCompleted", Unit.CHARACTERS),
    "keystrokes": _same("codeCompletions.keystrokes", Unit.KEYSTROKES),
    "completion_lines": _same("codeCompletions.lines", Unit.LINES),
    "chat_users": _same("chat.activeUsers", Unit.PEOPLE),
    "chat_volume": Counted("chat.interactions", "chat.messages", Unit.INTERACTIONS, Unit.MESSAGES),
    "useful_chat_interactions": Counted("chat.usefulChatInteractions", None, Unit.INTERACTIONS),
    "chat_lines": Counted("chat.lines", "chat.linesAdded", Unit.LINES),
    "chat_characters": Counted("chat.charsCompleted", None, Unit.CHARACTERS),
    "agent_users": _same("agent.activeUsers", Unit.PEOPLE),
    "agent_volume": Counted("agent.interactions", "agent.messages", Unit.INTERACTIONS, Unit.MESSAGES),
    "agent_lines_added": _same("agent.linesAdded", Unit.LINES),
    "agent_lines_added_accepted": _same("agent.linesAddedAccepted", Unit.LINES),
    "agent_lines_removed": _same("agent.linesRemoved", Unit.LINES),
    "agent_lines_removed_accepted": _same("agent.linesRemovedAccepted", Unit.LINES),
    "productivity_factor": Counted("productivityFactor", None, Unit.SHARE),
}
"""The usage figures that are read as they are."""


@dataclass(frozen=True)
class Metric:
    """A figure of the report.

    Attributes:
        unit: What it counts; for one that breaks, what version 1 counts.
        endpoints: The endpoints it comes from; usage stands for whichever version serves the month.
        field: The field that it is read from; empty for a computed one.
        formula: How it is computed, in the metrics' keys and the API's fields; empty for one read as it is.
    """

    unit: Unit
    endpoints: tuple[Endpoint, ...]
    field: str = ""
    formula: str = ""

    def source(self, period: str, version: Version | None = None) -> Source:
        """Say where its figure of a period came from.

        Args:
            period: A month, a day, or `now`.
            version: The version of usage that served the period; None names both.
        """
        paths = [
            PATHS[endpoint] for endpoint in self.endpoints if version is None or endpoint not in _OTHER_VERSION[version]
        ]
        return Source(endpoint=" and ".join(paths), field=self.field, formula=self.formula, period=period)


_OTHER_VERSION: Mapping[Version, tuple[Endpoint, ...]] = {
    "v1": (Endpoint.USAGE_V2, Endpoint.TEAM_USAGE_V2),
    "v2": (Endpoint.USAGE_V1, Endpoint.TEAM_USAGE_V1),
}
_USAGE = (Endpoint.USAGE_V1, Endpoint.USAGE_V2)
_ACCOUNTS = (Endpoint.ACCOUNT_UTILIZATIONS,)
_LICENSE = (Endpoint.LICENSE,)
_AGENTS = (Endpoint.AGENT_USAGE,)
_TEAM_ACCOUNTS = (Endpoint.TEAM_ACCOUNTS,)
_TEAM_USAGE = (Endpoint.TEAM_USAGE_V1, Endpoint.TEAM_USAGE_V2)


def _computed(unit: Unit, endpoints: tuple[Endpoint, ...], formula: str) -> Metric:
    return Metric(unit, endpoints, formula=formula)


def _of_both(counted: Counted) -> str:
    fields = dict.fromkeys(field for field in (counted.v1, counted.v2) if field)
    return ", from version 2 on ".join(fields)


METRICS: Mapping[str, Metric] = {
    **{key: Metric(counted.unit, _USAGE, _of_both(counted)) for key, counted in COUNTED.items()},
    "average_daily_active_users": _computed(
        Unit.PEOPLE, _USAGE, "mean of the daily activeUsers over the working days, rounded to whole people"
    ),
    "stickiness": _computed(Unit.SHARE, _USAGE, "average_daily_active_users / active_users"),
    "completions_per_user": _computed(Unit.PER_USER, _USAGE, "completions / completion_users"),
    "chat_per_user": _computed(Unit.PER_USER, _USAGE, "chat_volume / chat_users"),
    "agent_per_user": _computed(Unit.PER_USER, _USAGE, "agent_volume / agent_users"),
    "automation_factor": _computed(
        Unit.SHARE,
        _USAGE,
        "codeCompletions.charsCompleted / (codeCompletions.charsCompleted + codeCompletions.keystrokes)",
    ),
    "chat_consumption_rate": _computed(
        Unit.SHARE, (Endpoint.USAGE_V1,), "chat.usefulChatInteractions / chat.interactions"
    ),
    "accounts": Metric(Unit.ACCOUNTS, _ACCOUNTS, "active"),
    "registered": Metric(Unit.ACCOUNTS, _ACCOUNTS, "registered"),
    "deactivated": Metric(Unit.ACCOUNTS, _ACCOUNTS, "deactivated"),
    "pending": Metric(Unit.INVITATIONS, _ACCOUNTS, "pending"),
    "adoption_rate": _computed(Unit.SHARE, (*_USAGE, *_ACCOUNTS), "active_users / accounts"),
    "seats": Metric(Unit.SEATS, _LICENSE, "license.seats"),
    "seat_utilization": _computed(Unit.SHARE, (*_LICENSE, *_ACCOUNTS), "registered / seats"),
    "unassigned_seats": _computed(Unit.SEATS, (*_LICENSE, *_ACCOUNTS), "seats - accounts"),
    "inactive_accounts": _computed(Unit.ACCOUNTS, (*_USAGE, *_ACCOUNTS), "accounts - active_users, at least"),
    "unused_seats": _computed(
        Unit.SEATS, (*_LICENSE, *_ACCOUNTS, *_USAGE), "unassigned_seats + inactive_accounts, at least"
    ),
    "seat_spend": _computed(Unit.MONEY, _LICENSE, "seats times report.seat_price"),
    "unassigned_seat_spend": _computed(Unit.MONEY, (*_LICENSE, *_ACCOUNTS), "unassigned_seats times report.seat_price"),
    "inactive_account_spend": _computed(
        Unit.MONEY, (*_USAGE, *_ACCOUNTS), "inactive_accounts times report.seat_price, at least"
    ),
    "agent_spend": Metric(Unit.MONEY, _AGENTS, "totalCost"),
    "agent_tokens": Metric(Unit.TOKENS, _AGENTS, "totalTokensConsumed"),
    "agent_input_tokens": Metric(Unit.TOKENS, _AGENTS, "totalInputTokens"),
    "agent_output_tokens": Metric(Unit.TOKENS, _AGENTS, "totalOutputTokens"),
    "teams": Metric(Unit.TEAMS, (Endpoint.TEAMS,), "rows"),
    "admins": Metric(Unit.ACCOUNTS, (Endpoint.PERMISSIONS,), "rows for the role Admin"),
    "accounts_without_team": Metric(Unit.ACCOUNTS, (Endpoint.USERS,), "meta.total of teamMember=false and active=true"),
    "deactivated_in_teams": Metric(Unit.ACCOUNTS, (Endpoint.USERS,), "meta.total of teamMember=true and active=false"),
    "team_members": Metric(Unit.ACCOUNTS, _TEAM_ACCOUNTS, "registered"),
    "team_active_users": Metric(Unit.PEOPLE, _TEAM_USAGE, "activeUsers"),
    "team_adoption_rate": _computed(Unit.SHARE, (*_TEAM_USAGE, *_TEAM_ACCOUNTS), "team_active_users / team_members"),
    "team_completions": Metric(Unit.COMPLETIONS, _TEAM_USAGE, "codeCompletions.completions"),
    "team_agent_spend": Metric(Unit.MONEY, (Endpoint.TEAM_AGENT_USAGE,), "totalCost"),
    "team_completions_per_user": _computed(Unit.PER_USER, _TEAM_USAGE, "team_completions / team_active_users"),
}
"""Every figure of the report, by its key."""

METHOD_CHANGE_KEYS = frozenset(
    {
        *(key for key, counted in COUNTED.items() if counted.breaks or counted.unit is Unit.PEOPLE),
        *(
            "average_daily_active_users",
            "stickiness",
            "adoption_rate",
            "inactive_accounts",
            "unused_seats",
            "inactive_account_spend",
        ),
        *("completions_per_user", "chat_per_user", "agent_per_user"),
        *("team_active_users", "team_adoption_rate", "team_completions_per_user"),
    }
)
"""Figures that version 2 of usage counts in another way, or may: those of people, and what is computed from them.

They are never compared across the border of the two versions, nor joined by a line over it.
"""

IN_FULL_ONLY = frozenset(
    {"admins", "accounts_without_team", "deactivated_in_teams", *(key for key in METRICS if key.startswith("team_"))}
)
"""Figures that stand in the full edition only."""
