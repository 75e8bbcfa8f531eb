"""A small organization with responses written by hand, and functions that find KPIs in its report."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tabnine_report.model.kpi import Change, Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.series import Point
from tabnine_report.usage_api.endpoints import ORGANIZATION_ENDPOINTS, TEAM_ENDPOINTS, Endpoint, queries, team_queries
from tabnine_report.usage_api.query import TOTAL_PAGE, PageSelection, Query
from tabnine_report.usage_api.snapshot import FailedQuery, Failure, Fetch, Response, Snapshot

Json = dict[str, Any]
Build = Callable[..., MonthlyReport]
"""Builds the report of an organization; keywords such as `draft` and `minimum_group` are settings of the profile."""

PEOPLE = (30, 31, 30, 31, 32, 31, 32, 33, 32, 33, 34, 36, 40)
"""Active users from October 2025 to October 2026."""


def bucket(month: Month, people: int, block: Json | None = None) -> Json:
    return {"from": f"{month.start:%Y-%m-%dT%H:%M:%SZ}", "to": f"{month.end:%Y-%m-%dT%H:%M:%SZ}"} | (
        {"activeUsers": people} | (block or {})
    )


def week(first: date, people: int, block: Json | None = None) -> Json:
    start, end = f"{first}T00:00:00Z", f"{first + timedelta(days=7)}T00:00:00Z"
    return {"from": start, "to": end, "activeUsers": people} | (block or {})


@dataclass
class Usage:
    """The usage from one version of the endpoint: active users and blocks, by month and by day."""

    people: dict[str, int] = field(default_factory=dict)
    blocks: dict[str, Json] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    day_blocks: dict[str, Json] = field(default_factory=dict)
    weeks: list[Json] | None = None
    quarter: int | None = None
    quarter_block: Json = field(default_factory=dict)
    quarter_envelope: Json = field(default_factory=dict)

    def buckets(self, reported: Month) -> dict[str, list[Json]]:
        months = [bucket(Month.parse(name), people, self.blocks.get(name)) for name, people in self.people.items()]
        end = f"{reported.end:%Y-%m-%dT%H:%M:%SZ}"
        alone = self.people.get(str(reported), 0)
        # As in the vendor's example, the single bucket has a wrong period.
        whole = bucket(reported, alone, self.blocks.get(str(reported))) | {"from": end, "to": end}
        days = [
            {"from": f"{day}T00:00:00Z", "to": f"{day}T23:59:59Z", "activeUsers": people} | self.day_blocks.get(day, {})
            for day, people in self.days.items()
        ]
        name = str(reported.back(1))
        before = bucket(reported.back(1), self.people.get(name, 0), self.blocks.get(name))
        return {
            "month": [whole],
            "previous": [before] if name in self.people else [],
            "history": months,
            "days": days,
            "weeks": self._weeks(reported) if self.weeks is None else self.weeks,
            "quarter": [self._quarter(reported)],
        }

    def _weeks(self, reported: Month) -> list[Json]:
        """Return the weeks from Monday with daily users: five more people than on the busiest day, if there are any."""
        weeks = []
        for month in reported.last(13):
            for monday in (day for day in month.days if day.weekday() == 0):
                days = [monday + timedelta(days=number) for number in range(7)]
                busiest = max(self.days.get(str(day), 0) for day in days)
                if busiest:
                    people = min(busiest + 5, max(busiest, self.people.get(str(month), 0)))
                    weeks.append(week(monday, people))
        return weeks

    def _quarter(self, reported: Month) -> Json:
        """Return the bucket of three months; by default, two more people used Tabnine than in the busiest month."""
        busiest = max(self.people.get(str(month), 0) for month in reported.last(3))
        people = busiest + 2 if self.quarter is None and busiest else self.quarter or 0
        return bucket(reported, people, self.quarter_block)


@dataclass
class TeamUse:
    """One team: current members; active users, completions and users of features in September and October 2026.

    A number that is None is omitted from the response, and so is a month with None active users.
    """

    members: int | None = 10
    people: tuple[int | None, int | None] = (8, 8)
    completions: tuple[int | None, int | None] = (80, 80)
    agents: int | None = None
    completion_users: int | None = None

    def buckets(self, reported: Month) -> list[Json]:
        users = {} if self.completion_users is None else {"activeUsers": self.completion_users}
        months = zip(reported.last(2), self.people, self.completions, strict=True)
        agents = {} if self.agents is None else {"agent": {"activeUsers": self.agents}}
        return [
            bucket(month, people, agents | ({} if done is None else {"codeCompletions": users | {"completions": done}}))
            for month, people, done in months
            if people is not None
        ]


@dataclass
class AgentUse:
    """Agent usage: cost by month; for the reported month also cost by model, and users and cost by team.

    A number that is None is omitted from the response, and so is a missing team.
    """

    cost: dict[str, float | None] = field(default_factory=lambda: {"2026-09": 800.0, "2026-10": 1000.0})
    models: dict[str, float | None] = field(default_factory=lambda: {"5b0c1f0e-6c58": 750.0, "sonnet": 250.0})
    users: int | None = 30
    teams: dict[str, tuple[int | None, float | None]] = field(default_factory=dict)

    def bucket(self, month: Month, users: int | None, cost: float | None, models: list[Json] | None = None) -> Json:
        whole = bucket(month, 0) | {"activeUsers": users, "totalCost": cost, "modelBreakdown": models}
        tokens = {"totalTokensConsumed": 1000, "totalInputTokens": 900, "totalOutputTokens": 100}
        return {name: value for name, value in (whole | tokens).items() if value is not None}

    def buckets(self, reported: Month) -> dict[str, list[Json]]:
        models = [{"model": name, "tokensConsumed": 500, "cost": cost} for name, cost in self.models.items()]
        alone = self.bucket(reported, self.users, self.cost.get(str(reported)), models)
        months = [self.bucket(Month.parse(name), self.users, cost) for name, cost in self.cost.items()]
        return {"month": [alone], "history": months}

    def team_buckets(self, team_id: str, reported: Month) -> list[Json]:
        return [self.bucket(reported, *self.teams[team_id])] if team_id in self.teams else []


@dataclass
class Organization:
    """The data that the API returns for an organization in a month; each test changes the part that it tests.

    By default 40 active users in October 2026, 4 more than in September, 20 on each working day; 60 seats and 50
    accounts at the month's end; an installation with version 1 only and without agent usage.
    """

    month: str = "2026-10"
    now: datetime = datetime(2026, 11, 2, 6, tzinfo=UTC)
    license: Json = field(
        default_factory=lambda: {"seats": 60, "seatsCap": 10_000, "iat": 1769904000, "exp": 1801440000}
    )
    teams: list[Json] = field(default_factory=lambda: [{"id": "t1", "name": "One"}, {"id": "t2", "name": "Two"}])
    sign_in: Json = field(default_factory=lambda: {"samlEnabled": True, "usernamePasswordEnabled": False})
    admins: int = 3
    accounts: dict[str, Json] = field(default_factory=dict)
    users: tuple[int, int, int, int] = (46, 4, 3, 0)
    v1: Usage = field(default_factory=Usage)
    v2: Usage | None = None
    failed: dict[str, int] = field(default_factory=dict)
    late: dict[str, timedelta] = field(default_factory=dict)
    gaps: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """The months that failed, by endpoint and query; the others were answered in pieces."""
    team_use: dict[str, TeamUse] = field(default_factory=dict)
    team_failures: dict[str, tuple[str, ...]] = field(default_factory=dict)
    agents: AgentUse | None = None

    def with_teams(self, **teams: TeamUse) -> "Organization":
        """Set the teams and their data by id; each team's name is its id in capitals."""
        self.teams = [{"id": key, "name": key.upper()} for key in teams]
        self.team_use = teams
        return self

    def with_accounts(self, number: int) -> "Organization":
        """Set the accounts at the end of the month, the newest one, and the same number of users in teams."""
        self.accounts = {month: row for month, row in self.accounts.items() if month < self.month}
        self.accounts[self.month] = accounts_of(Month.parse(self.month), number)
        self.users = (number, 0, *self.users[2:])
        return self

    def snapshot(self) -> Snapshot:
        fetches = {str(endpoint): self._fetch(endpoint) for endpoint in ORGANIZATION_ENDPOINTS}
        if self.team_use:
            unused_version = Endpoint.TEAM_USAGE_V2 if self.v2 is None else Endpoint.TEAM_USAGE_V1
            omitted = {unused_version} if self.agents else {unused_version, Endpoint.TEAM_AGENT_USAGE}
            fetches |= {
                str(endpoint): self._fetch_teams(endpoint) for endpoint in TEAM_ENDPOINTS if endpoint not in omitted
            }
        return Snapshot(month=self.month, host="console.example", fetches=fetches)

    def _fetch(self, endpoint: Endpoint) -> Fetch:
        at = self.now + self.late.get(endpoint, timedelta())
        absent = (endpoint is Endpoint.USAGE_V2 and self.v2 is None) or (
            endpoint is Endpoint.AGENT_USAGE and self.agents is None
        )
        if endpoint in self.failed or absent:
            status = self.failed.get(endpoint, 404)
            return Fetch(endpoint=endpoint, started_at=at, ended_at=at, failure=failure_with(status, endpoint))
        bodies = self._bodies(endpoint)
        sent = queries(endpoint, Month.parse(self.month), "org-1", "counts")
        return self._responses(endpoint, sent, at, bodies.__getitem__)

    def _responses(
        self, endpoint: Endpoint, sent: Sequence[Query], at: datetime, body_of: Callable[[str], Any]
    ) -> Fetch:
        """Return the responses to the queries, and those that failed: a team, or the months in `gaps`."""
        pieces = [piece for query in sent for piece in self._pieces(endpoint, query)]
        failed_teams = self.team_failures.get(endpoint, ())
        failed = [
            piece
            for piece in pieces
            if piece.name in failed_teams or piece.params.get("from", "")[:7] in self._gaps(endpoint, piece)
        ]
        status = 503 if failed_teams else 504
        problem = {"error": "ServerError", "message": f"console.example returned {status}.", "status": status}
        return Fetch(
            endpoint=endpoint,
            started_at=at,
            ended_at=at,
            responses=tuple(
                Response(
                    query=piece.name,
                    path=endpoint.path,
                    params={**piece.params, **(TOTAL_PAGE if piece.pages is PageSelection.TOTAL else {})},
                    status=200,
                    received_at=at,
                    elapsed_seconds=0.1,
                    body=json.dumps(_within(piece, body_of(piece.name))),
                )
                for piece in pieces
                if piece not in failed
            ),
            failed_queries=tuple(
                FailedQuery.model_validate({**problem, "query": piece.name, "params": piece.params}) for piece in failed
            ),
        )

    def _gaps(self, endpoint: Endpoint, query: Query) -> tuple[str, ...]:
        return self.gaps.get(endpoint, {}).get(query.name, ())

    def _pieces(self, endpoint: Endpoint, query: Query) -> list[Query]:
        """Return the query, or its pieces of one month each if some of them failed."""
        if not self._gaps(endpoint, query) or not query.pieces:
            return [query]
        return [single for piece in query.pieces for single in (piece.pieces or (piece,))]

    def _fetch_teams(self, endpoint: Endpoint) -> Fetch:
        at = self.now + self.late.get(endpoint, timedelta())
        if endpoint in self.failed:
            failure = failure_with(self.failed[endpoint], endpoint)
            return Fetch(endpoint=endpoint, started_at=at, ended_at=at, failure=failure)
        reported = Month.parse(self.month)
        sent = team_queries(endpoint, reported, "org-1", tuple(self.team_use))
        return self._responses(endpoint, sent, at, lambda team: self._team_body(endpoint, team, reported))

    def _team_body(self, endpoint: Endpoint, team_id: str, reported: Month) -> Json:
        if endpoint is Endpoint.TEAM_ACCOUNT_UTILIZATIONS:
            return {"registered": self.team_use[team_id].members}
        if endpoint is Endpoint.TEAM_AGENT_USAGE and self.agents is not None:
            return {"usage": {"data": self.agents.team_buckets(team_id, reported)}}
        return {"usage": {"data": self.team_use[team_id].buckets(reported)}}

    def _bodies(self, endpoint: Endpoint) -> dict[str, Any]:
        """Return the body of the response to each query."""
        reported = Month.parse(self.month)
        if endpoint in (Endpoint.USAGE_V1, Endpoint.USAGE_V2):
            usage = self.v2 if endpoint is Endpoint.USAGE_V2 and self.v2 else self.v1
            period = {"from": f"{reported.start:%Y-%m-%dT%H:%M:%SZ}", "to": f"{reported.end:%Y-%m-%dT%H:%M:%SZ}"}
            bodies = {name: {"usage": {"data": data}} for name, data in usage.buckets(reported).items()}
            start = {"from": f"{reported.back(2).start:%Y-%m-%dT%H:%M:%SZ}"}
            return bodies | {
                "month": bodies["month"] | period,
                "quarter": bodies["quarter"] | period | start | usage.quarter_envelope,
            }
        if endpoint is Endpoint.AGENT_USAGE and self.agents is not None:
            return {name: {"usage": {"data": data}} for name, data in self.agents.buckets(reported).items()}
        if endpoint is Endpoint.USERS:
            names = [query.name for query in queries(endpoint, reported, "", "counts")]
            return {name: {"data": [], "meta": {"total": total}} for name, total in zip(names, self.users, strict=True)}
        return {
            "organization": {"id": "org-1", "name": "<ACME>"} | self.sign_in,
            "license": {"license": self.license},
            "teams": {"data": self.teams, "meta": {"count": len(self.teams), "total": len(self.teams)}},
            "admins": [{"username": f"a{n}", "organizationId": "org-1"} for n in range(self.admins)],
            "months": list(self.accounts.values()),
        }


def failure_with(status: int, endpoint: Endpoint) -> Failure:
    """Return the failure of an endpoint that responded with a status and no error code."""
    error = "FeatureNotAvailable" if endpoint.spec.is_not_offered(status, None) else "UsageApiError"
    return Failure(error=error, message=f"console.example returned {status}.", status=status)


def _within(query: Query, body: Any) -> Any:
    """Return the part of a response that a query asked for."""
    if query.params.get("granularity", "all") == "all":
        return body
    start, end = query.params["from"], query.params["to"]
    return body | {"usage": {"data": [each for each in body["usage"]["data"] if start <= each["from"] < end]}}


def accounts_of(month: Month, active: int) -> Json:
    return {
        "year": month.year,
        "month": month.number - 1,
        "registered": active + 2,
        "active": active,
        "deactivated": 3,
        "pending": 2,
    }


def all_measures(report: MonthlyReport) -> list[Kpi]:
    """Return every KPI of a report; those of page one twice."""
    return [
        *report.page_one_kpis,
        *report.adoption.kpis,
        *(kpi for feature in report.feature_usage.features for kpi in feature.kpis),
        *report.feature_usage.factors,
        *report.seats.kpis,
        *report.seats.money,
        *report.seats.unit_costs,
        *(report.seats.agents.kpis if report.seats.agents else ()),
        *report.seats.accounts,
        *(fact.kpi for fact in (report.governance.accounts if report.governance else ()) if fact.kpi),
    ]


def kpi(report: MonthlyReport, key: str) -> Kpi:
    """Return a KPI from anywhere in a report."""
    return next(kpi for kpi in all_measures(report) if kpi.key == key)


def change(kpi: Kpi) -> Change:
    """Return the change of a KPI, which must exist."""
    assert kpi.change is not None
    return kpi.change


def history(kpi: Kpi) -> tuple[Point, ...]:
    """Return the 13 months of a KPI, which must exist."""
    assert kpi.history is not None
    return kpi.history.points
