"""Every metric of the report by its key: its unit, its source and its formula.

docs/metrics.md describes each metric; a test keeps the two consistent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tabnine_report.model.figure import Source, Unit
from tabnine_report.usage_api.endpoints import TEAM_ENDPOINTS, Endpoint
from tabnine_report.usage_api.endpoints.usage import Version


@dataclass(frozen=True)
class UsageField:
    """A usage metric that is read from one field of the version that serves the month.

    Attributes:
        v1: The field in version 1.
        v2: The field in version 2; None if the vendor discontinued it.
        unit: The unit in version 1.
        v2_unit: The unit in version 2 if it differs. The two are never compared, or connected in a chart.
    """

    v1: str
    v2: str | None
    unit: Unit
    v2_unit: Unit | None = None

    def field(self, version: Version) -> str | None:
        """Return the field in a version; None if the version does not have it."""
        return self.v1 if version == "v1" else self.v2

    def unit_in(self, version: Version) -> Unit:
        """Return the unit in a version."""
        return self.v2_unit or self.unit if version == "v2" else self.unit

    @property
    def has_method_change(self) -> bool:
        """Whether version 2 counts differently from version 1."""
        return self.v1 != self.v2


def _same_in_both(field: str, unit: Unit) -> UsageField:
    return UsageField(field, field, unit)


USAGE_FIELDS: Mapping[str, UsageField] = {
    "active_users": _same_in_both("activeUsers", Unit.PEOPLE),
    "completion_users": _same_in_both("codeCompletions.activeUsers", Unit.PEOPLE),
    "completions": _same_in_both("codeCompletions.completions", Unit.COMPLETIONS),
    "completion_characters": _same_in_both("codeCompletions.charsCompleted", Unit.CHARACTERS),
    "keystrokes": _same_in_both("codeCompletions.keystrokes", Unit.KEYSTROKES),
    "completion_lines": _same_in_both("codeCompletions.lines", Unit.LINES),
    "chat_users": _same_in_both("chat.activeUsers", Unit.PEOPLE),
    "chat_volume": UsageField("chat.interactions", "chat.messages", Unit.INTERACTIONS, Unit.MESSAGES),
    "useful_chat_interactions": UsageField("chat.usefulChatInteractions", None, Unit.INTERACTIONS),
    "chat_lines": UsageField("chat.lines", "chat.linesAdded", Unit.LINES),
    "chat_characters": UsageField("chat.charsCompleted", None, Unit.CHARACTERS),
    "agent_users": _same_in_both("agent.activeUsers", Unit.PEOPLE),
    "agent_volume": UsageField("agent.interactions", "agent.messages", Unit.INTERACTIONS, Unit.MESSAGES),
    "agent_lines_added": _same_in_both("agent.linesAdded", Unit.LINES),
    "agent_lines_added_accepted": _same_in_both("agent.linesAddedAccepted", Unit.LINES),
    "agent_lines_removed": _same_in_both("agent.linesRemoved", Unit.LINES),
    "agent_lines_removed_accepted": _same_in_both("agent.linesRemovedAccepted", Unit.LINES),
    "productivity_factor": UsageField("productivityFactor", None, Unit.SHARE),
}
"""The usage metrics that are read from one field, by key."""


@dataclass(frozen=True)
class Metric:
    """A metric of the report.

    Attributes:
        unit: Its unit; in version 1 of usage if the unit depends on the version.
        endpoints: The endpoints that it comes from. Both versions of usage are listed; one of them serves the month.
        field: The field that it is read from; empty for a computed metric.
        formula: Its formula in keys of metrics and fields of the API; empty for a metric that is read from a field.
        numerator: For a monthly ratio, the key of the metric to divide.
        denominator: For a monthly ratio, the keys of the metrics whose sum to divide by; empty for every other metric.
        per: For a monthly ratio, the denominator unit, for example 1,000,000 for spend per million tokens.
    """

    unit: Unit
    endpoints: tuple[Endpoint, ...]
    field: str = ""
    formula: str = ""
    numerator: str = ""
    denominator: tuple[str, ...] = ()
    per: int = 1

    @property
    def formula_words(self) -> frozenset[str]:
        """The words of its formula, among them the keys of the metrics that it is computed from."""
        return frozenset(re.findall(r"\w+", self.formula))

    def source(self, period: str, version: Version | None = None) -> Source:
        """Return the source of the metric's figure of a period.

        Args:
            period: A month, a day, or `now`.
            version: The version of usage that serves the period; None names both.
        """
        paths = [
            endpoint.path for endpoint in self.endpoints if version is None or endpoint not in _OTHER_VERSION[version]
        ]
        return Source(endpoint=" and ".join(paths), field=self.field, formula=self.formula, period=period)


_OTHER_VERSION: Mapping[Version, frozenset[Endpoint]] = {
    "v1": frozenset({Endpoint.USAGE_V2, Endpoint.TEAM_USAGE_V2}),
    "v2": frozenset({Endpoint.USAGE_V1, Endpoint.TEAM_USAGE_V1}),
}
_USAGE = (Endpoint.USAGE_V1, Endpoint.USAGE_V2)
_ACCOUNTS = (Endpoint.ACCOUNT_UTILIZATIONS,)
_LICENSE = (Endpoint.LICENSE,)
_AGENTS = (Endpoint.AGENT_USAGE,)
_TEAM_ACCOUNTS = (Endpoint.TEAM_ACCOUNT_UTILIZATIONS,)
_TEAM_USAGE = (Endpoint.TEAM_USAGE_V1, Endpoint.TEAM_USAGE_V2)


MILLION = 1_000_000


def _computed(unit: Unit, endpoints: tuple[Endpoint, ...], formula: str) -> Metric:
    return Metric(unit, endpoints, formula=formula)


def _ratio(unit: Unit, endpoints: tuple[Endpoint, ...], numerator: str, *denominator: str, per: int = 1) -> Metric:
    divisor = denominator[0] if len(denominator) == 1 else f"({' + '.join(denominator)})"
    formula = f"{numerator} / {divisor}" if per == 1 else f"{numerator} / {divisor} * {per}"
    return Metric(unit, endpoints, "", formula, numerator, denominator, per)


def _usage_metric(usage_field: UsageField) -> Metric:
    fields = dict.fromkeys(field for field in (usage_field.v1, usage_field.v2) if field)
    return Metric(usage_field.unit, _USAGE, ", from version 2 on ".join(fields))


METRICS: Mapping[str, Metric] = {
    **{key: _usage_metric(usage_field) for key, usage_field in USAGE_FIELDS.items()},
    "average_daily_active_users": _computed(
        Unit.PEOPLE, _USAGE, "mean of the daily activeUsers over the working days, rounded to whole people"
    ),
    "weekly_active_users": _computed(
        Unit.PEOPLE, _USAGE, "mean of the weekly activeUsers over the whole weeks in the month, rounded to whole people"
    ),
    "quarter_active_users": Metric(Unit.PEOPLE, _USAGE, "activeUsers"),
    "stickiness": _ratio(Unit.SHARE, _USAGE, "average_daily_active_users", "active_users"),
    "completions_per_user": _ratio(Unit.PER_USER, _USAGE, "completions", "completion_users"),
    "chat_per_user": _ratio(Unit.PER_USER, _USAGE, "chat_volume", "chat_users"),
    "agent_per_user": _ratio(Unit.PER_USER, _USAGE, "agent_volume", "agent_users"),
    "automation_factor": _ratio(Unit.SHARE, _USAGE, "completion_characters", "completion_characters", "keystrokes"),
    "chat_consumption_rate": _ratio(Unit.SHARE, (Endpoint.USAGE_V1,), "useful_chat_interactions", "chat_volume"),
    "accounts": Metric(Unit.ACCOUNTS, _ACCOUNTS, "active"),
    "registered": Metric(Unit.ACCOUNTS, _ACCOUNTS, "registered"),
    "deactivated": Metric(Unit.ACCOUNTS, _ACCOUNTS, "deactivated"),
    "pending": Metric(Unit.COUNT, _ACCOUNTS, "pending"),
    "adoption_rate": _ratio(Unit.SHARE, (*_USAGE, *_ACCOUNTS), "active_users", "accounts"),
    "seats": Metric(Unit.SEATS, _LICENSE, "license.seats"),
    "seat_utilization": _computed(Unit.SHARE, (*_LICENSE, *_ACCOUNTS), "accounts / seats"),
    "unassigned_seats": _computed(Unit.SEATS, (*_LICENSE, *_ACCOUNTS), "seats - accounts, at least 0"),
    "inactive_accounts": _computed(Unit.ACCOUNTS, (*_USAGE, *_ACCOUNTS), "accounts - active_users (lower bound)"),
    "quarter_inactive_accounts": _computed(
        Unit.ACCOUNTS, (*_USAGE, *_ACCOUNTS), "accounts - quarter_active_users (lower bound)"
    ),
    "unused_seats": _computed(
        Unit.SEATS, (*_LICENSE, *_ACCOUNTS, *_USAGE), "unassigned_seats + inactive_accounts (lower bound)"
    ),
    "seat_spend": _computed(Unit.MONEY, _LICENSE, "seats times report.seat_price"),
    "unassigned_seat_spend": _computed(Unit.MONEY, (*_LICENSE, *_ACCOUNTS), "unassigned_seats times report.seat_price"),
    "inactive_account_spend": _computed(
        Unit.MONEY, (*_USAGE, *_ACCOUNTS), "inactive_accounts times report.seat_price (lower bound)"
    ),
    "agent_spend": Metric(Unit.MONEY, _AGENTS, "totalCost"),
    "agent_tokens": Metric(Unit.TOKENS, _AGENTS, "totalTokensConsumed"),
    "agent_input_tokens": Metric(Unit.TOKENS, _AGENTS, "totalInputTokens"),
    "agent_output_tokens": Metric(Unit.TOKENS, _AGENTS, "totalOutputTokens"),
    "seat_price": _computed(Unit.MONEY, (), "report.seat_price in the profile"),
    "seat_spend_per_active_user": _computed(Unit.MONEY, (*_LICENSE, *_USAGE), "seat_spend / active_users"),
    "agent_spend_per_agent_user": _ratio(Unit.MONEY, (*_AGENTS, *_USAGE), "agent_spend", "agent_users"),
    "agent_spend_per_million_tokens": _ratio(Unit.MONEY, _AGENTS, "agent_spend", "agent_tokens", per=MILLION),
    "teams": Metric(Unit.COUNT, (Endpoint.TEAMS,), "rows"),
    "admins": Metric(Unit.ACCOUNTS, (Endpoint.PERMISSIONS,), "rows for the role Admin"),
    "accounts_without_team": Metric(Unit.ACCOUNTS, (Endpoint.USERS,), "meta.total of teamMember=false and active=true"),
    "deactivated_in_teams": Metric(Unit.ACCOUNTS, (Endpoint.USERS,), "meta.total of teamMember=true and active=false"),
    "team_members": Metric(Unit.ACCOUNTS, _TEAM_ACCOUNTS, "registered"),
    "team_active_users": Metric(Unit.PEOPLE, _TEAM_USAGE, "activeUsers"),
    "team_adoption_rate": _computed(Unit.SHARE, (*_TEAM_USAGE, *_TEAM_ACCOUNTS), "team_active_users / team_members"),
    "team_inactive_accounts": _computed(
        Unit.ACCOUNTS, (*_TEAM_USAGE, *_TEAM_ACCOUNTS), "team_members - team_active_users (lower bound)"
    ),
    "team_inactive_account_spend": _computed(
        Unit.MONEY, (*_TEAM_USAGE, *_TEAM_ACCOUNTS), "team_inactive_accounts times report.seat_price (lower bound)"
    ),
    "team_completions": Metric(Unit.COMPLETIONS, _TEAM_USAGE, "codeCompletions.completions"),
    "team_agent_spend": Metric(Unit.MONEY, (Endpoint.TEAM_AGENT_USAGE,), "totalCost"),
    "team_completions_per_user": _computed(Unit.PER_USER, _TEAM_USAGE, "team_completions / team_active_users"),
}
"""Every metric of the report, by its key; a ratio comes after the metrics that it is computed from."""

ACCOUNT_METRICS = ("accounts", "registered", "deactivated", "pending")
"""The metrics of `account-utilizations`: states at the end of a month, except `registered`."""

AGENT_METRICS = ("agent_spend", "agent_tokens", "agent_input_tokens", "agent_output_tokens")
"""The metrics of `agent-usage`."""

RATIOS = tuple(key for key, metric in METRICS.items() if metric.denominator)
"""The metrics that are computed from two or more metrics of the same month."""

MONTHLY_METRICS = (
    *(*USAGE_FIELDS, *ACCOUNT_METRICS, *AGENT_METRICS),
    *("average_daily_active_users", "weekly_active_users", *RATIOS),
)
"""The metrics that have a figure for each of the 13 months; a ratio comes after the metrics it is computed from."""


def _has_method_change(key: str) -> bool:
    metric = METRICS[key]
    if metric.unit is Unit.PEOPLE:
        return True
    if not metric.formula:
        return key in USAGE_FIELDS and USAGE_FIELDS[key].has_method_change
    # A metric of version 1 alone ends with that version, so nothing is compared across the change.
    in_both_versions = not _OTHER_VERSION["v1"].isdisjoint(metric.endpoints)
    return in_both_versions and any(map(_has_method_change, metric.formula_words & METRICS.keys()))


METHOD_CHANGE_KEYS = frozenset(filter(_has_method_change, METRICS))
"""Metrics that version 2 of usage counts differently, or may: active users, and what is computed from them.

They are never compared, or connected in a chart, across the change from one version to the other.
"""

_FULL_ONLY_ENDPOINTS = frozenset({Endpoint.PERMISSIONS, Endpoint.USERS, *TEAM_ENDPOINTS})
IN_FULL_ONLY = frozenset(
    key for key, metric in METRICS.items() if not _FULL_ONLY_ENDPOINTS.isdisjoint(metric.endpoints)
)
"""Metrics that only the full edition shows: those about admins, single users and single teams."""
