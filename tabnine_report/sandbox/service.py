"""Provide the data for the routes: a world at an instant, with an installation's quirks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tabnine_report.sandbox import account_answers, error_bodies
from tabnine_report.sandbox.calendar import as_instant
from tabnine_report.sandbox.paging import LastPage, page
from tabnine_report.sandbox.query_parameters import AgentUsageQuery, PageQuery, UsageQuery
from tabnine_report.sandbox.usage_answers import Window, instant_text
from tabnine_report.sandbox.world import Granularity, World

Json = dict[str, Any]
Buckets = Callable[[World, Window, Granularity, int | None, int], list[Json]]

_USAGE_LAGS_SECONDS = 60


@dataclass(frozen=True)
class Quirks:
    """The differences between installations.

    Attributes:
        users_limit: The largest accepted `limit` for users; above it 400.
        teams_limit: The largest accepted `limit` for teams; above it 400.
        last_page: Whether the last page's `next` is null or absent.
        agent_usage_licensed: Whether agent usage is answered; otherwise 403.
    """

    users_limit: int = 1_000
    teams_limit: int = 500
    last_page: LastPage = "null"
    agent_usage_licensed: bool = True


@dataclass(frozen=True)
class Service:
    """The data for the routes: a world at the instant that `now` returns."""

    world: World
    token: str
    now: Callable[[], datetime]
    quirks: Quirks

    @property
    def at(self) -> int:
        """The current instant, as a UNIX second."""
        return as_instant(self.now())

    def usage(self, query: UsageQuery | AgentUsageQuery, buckets: Buckets, team_id: str | None = None) -> Json:
        """Return the usage of the organization or one team, known up to the last full minute."""
        if query.organization_id != self.world.id:
            raise error_bodies.invalid_organization()
        if query.start >= query.end:
            raise error_bodies.bad_request("from: must be before to")
        group = None if team_id is None else self.team(team_id)
        known_until = self.at // _USAGE_LAGS_SECONDS * _USAGE_LAGS_SECONDS
        data = buckets(self.world, query.window, query.granularity, group, known_until)
        return {
            "organizationId": self.world.id,
            **({} if team_id is None else {"teamId": team_id}),
            "from": instant_text(query.start),
            "to": instant_text(query.end),
            "usage": {"granularity": query.granularity, "data": data},
        }

    def team(self, team_id: str) -> int:
        """Return the group of a team, or raise 404."""
        group = self.world.team_group(team_id)
        if group is None:
            raise error_bodies.not_found("Team")
        return group

    def users_page(self, people: Sequence[int], query: PageQuery) -> Json:
        """Return a page of users, or raise 400 for too large a limit."""
        require_limit(query.limit, self.quirks.users_limit)
        return page(
            people,
            query.offset,
            query.limit,
            lambda rows: account_answers.user_rows(self.world, rows, self.at),
            self.quirks.last_page,
        )


def require_limit(limit: int, largest: int) -> None:
    """Raise 400 for a page size above the largest."""
    if limit > largest:
        raise error_bodies.bad_request(f"limit: must be at most {largest}")
