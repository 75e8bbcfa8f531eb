"""What the routes answer from: a world, seen at an instant, in an installation with its quirks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tabnine_report.sandbox import account_answers
from tabnine_report.sandbox import error_bodies as refusals
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
    """Where installations differ.

    Attributes:
        users_limit: The largest `limit` accepted for users; above it 400.
        teams_limit: The largest `limit` accepted for teams; above it 400.
        last_page: Whether the last page's `next` is null or absent.
        agent_usage_licensed: Whether the agent's tokens and cost are answered; otherwise 403.
    """

    users_limit: int = 1_000
    teams_limit: int = 500
    last_page: LastPage = "null"
    agent_usage_licensed: bool = True


@dataclass(frozen=True)
class Service:
    """What the routes answer from: a world, seen at the instant that `now` gives."""

    world: World
    token: str
    now: Callable[[], datetime]
    quirks: Quirks

    @property
    def at(self) -> int:
        """This instant, as a UNIX second."""
        return as_instant(self.now())

    def usage(self, query: UsageQuery | AgentUsageQuery, buckets: Buckets, team_id: str | None = None) -> Json:
        """An envelope for the organization or one team. Usage is known up to the last full minute."""
        if query.organization_id != self.world.id:
            raise refusals.invalid_organization()
        if query.start >= query.end:
            raise refusals.bad_request("from: must be before to")
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
        """The group of a team, or 404."""
        group = self.world.team_group(team_id)
        if group is None:
            raise refusals.not_found("Team")
        return group

    def users_page(self, people: Sequence[int], query: PageQuery) -> Json:
        """A page of users, or 400 for too large a limit."""
        require_limit(query.limit, self.quirks.users_limit)
        return page(
            people,
            query.offset,
            query.limit,
            lambda chosen: account_answers.user_rows(self.world, chosen, self.at),
            self.quirks.last_page,
        )


def require_limit(limit: int, largest: int) -> None:
    """Refuse a page size above the largest with 400."""
    if limit > largest:
        raise refusals.bad_request(f"limit: must be at most {largest}")
