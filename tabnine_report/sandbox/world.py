"""Define the synthetic organization: its teams, people, seats, and their usage over any window.

A world does not know the current time; callers pass the instant. The same seed returns the same world everywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from math import ceil
from typing import Literal

import numpy as np

from tabnine_report.sandbox.activity import Activity, month_activity
from tabnine_report.sandbox.aggregation import Totals, aggregate, no_activity
from tabnine_report.sandbox.calendar import ORGANIZATION_START
from tabnine_report.sandbox.names import Identity, identifiers, identities, team_names
from tabnine_report.sandbox.people import accounts_expected, administrators, draw_invitations, draw_people
from tabnine_report.sandbox.time_conversion import DAY_SECONDS, as_datetime, as_instant, instant, month_at, month_bounds

Granularity = Literal["all", "daily", "weekly", "monthly"]
Role = Literal["Admin", "Manager", "TeamLead", "Member"]

SAAS_CUTOVER = date(2026, 5, 12)
"""The day on which the vendor's own service changed from version 1 to version 2 of usage."""

_SEATS_ABOVE_ACCOUNTS = 1.09
_MANAGERS_PER_ADMIN = 2
_FIRST_RENEWAL_YEAR = 2026
_RENEWAL_MONTH = 2
_MONDAY_BEFORE_1970 = -3 * DAY_SECONDS
_CACHED_MONTHS_OF_ACTIVITY = 4
_CACHED_WINDOWS = 1024  # enough for the days of 13 months in both versions
_ORGANIZATION_SEED, _PEOPLE_SEED, _NAMES_SEED = 1, 2, 3  # small, so that they differ from every month number


@dataclass(frozen=True)
class Team:
    """A team of the organization; `seat_cap` is None if it has no limit of its own."""

    id: str
    name: str
    is_default: bool
    seat_cap: int | None


@dataclass(frozen=True)
class License:
    """A license term: seats bought, and when the term was issued and ends, in UNIX seconds."""

    seats: int
    issued: int
    expires: int


@dataclass(frozen=True)
class AccountCounts:
    """Accounts in one month: registered at any time in it, and the states at its end."""

    registered: int
    deactivated: int
    active: int
    pending: int


class World:
    """An organization of `users` people in `teams` teams, drawn from `seed`.

    Args:
        seed: Determines every name and number.
        users: Accounts in May 2026; fewer before, more after.
        teams: The number of teams, including the empty default team.
        cutover: The day (UTC) from which usage is counted by version 2 of the API instead of version 1; None for an
            installation without version 2.
    """

    name = "ACME"

    def __init__(
        self, *, seed: int = 2026, users: int = 400, teams: int = 20, cutover: date | None = SAAS_CUTOVER
    ) -> None:
        if users < 1 or teams < 0 or seed < 0:
            raise ValueError(f"Invalid world: {users=} must be at least 1, {teams=} and {seed=} at least 0.")
        self.seed, self.users, self.cutover = seed, users, cutover
        random = np.random.default_rng([seed, _ORGANIZATION_SEED])
        self.id, *team_ids = identifiers(random, teams + 1)
        self.teams = [
            Team(identifier, name, is_default=index == 0, seat_cap=self._seat_cap(index))
            for index, (identifier, name) in enumerate(zip(team_ids, team_names(teams), strict=True))
        ]
        self._team_index = {team.id: index for index, team in enumerate(self.teams)}
        random = np.random.default_rng([seed, _PEOPLE_SEED])
        self.people = draw_people(random, users=users, teams=teams)
        self.invitations = draw_invitations(random, self.people, teams=teams)
        self._no_activity = no_activity(self.people.team, teams + 1)
        self._activity = lru_cache(_CACHED_MONTHS_OF_ACTIVITY)(self._draw_activity)
        self._usage_within_month = lru_cache(_CACHED_WINDOWS)(self._aggregate_within_month)
        self._usage = lru_cache(_CACHED_WINDOWS)(self._aggregate)

    def _seat_cap(self, team: int) -> int | None:
        """Return a team's limit. Every third team has one, above its share of the people."""
        return None if team % 3 else 10 * ceil(self.users / 10)

    @cached_property
    def identities(self) -> list[Identity]:
        """The names and addresses, aligned with `people`; generated on first use."""
        return identities(np.random.default_rng([self.seed, _NAMES_SEED]), len(self.people))

    @cached_property
    def roles(self) -> list[Role]:
        """The role of each person: first the admins, then the managers. The first other person of a team leads it."""
        admins, managers = self.administrators, _MANAGERS_PER_ADMIN * self.administrators
        roles: list[Role] = ["Member" for _ in range(len(self.people))]
        led_teams = {self.no_team}
        for person, team in enumerate(self.people.team.tolist()):
            if person < admins:
                roles[person] = "Admin"
            elif person < admins + managers:
                roles[person] = "Manager"
            elif team not in led_teams:
                roles[person] = "TeamLead"
                led_teams.add(team)
        return roles

    @property
    def no_team(self) -> int:
        """The group of the people in no team."""
        return len(self.teams)

    @property
    def administrators(self) -> int:
        """The number of administrators, who are the first people."""
        return min(administrators(self.users), len(self.people))

    @property
    def cutover_instant(self) -> int | None:
        """The first UNIX second of the cutover day; None without a cutover."""
        return None if self.cutover is None else as_instant(datetime.combine(self.cutover, datetime.min.time(), UTC))

    def team_group(self, team_id: str) -> int | None:
        """Return the group of a team's people; None for an unknown team."""
        return self._team_index.get(team_id)

    def license(self, at: int) -> License:
        """Return the license term at an instant: until February 2026, then one year each, with more seats each time."""
        renewal = max(as_datetime(at).year, _FIRST_RENEWAL_YEAR)
        if at >= instant(renewal, _RENEWAL_MONTH):
            renewal += 1
        issued = ORGANIZATION_START if renewal == _FIRST_RENEWAL_YEAR else instant(renewal - 1, _RENEWAL_MONTH)
        expires = instant(renewal, _RENEWAL_MONTH)
        seats = 10 * ceil(_SEATS_ABOVE_ACCOUNTS * accounts_expected(self.users, expires) / 10)
        return License(seats, issued, expires)

    def accounts(self, month: int, at: int) -> AccountCounts:
        """Return the accounts in a month as known at an instant; an unfinished month counts until then."""
        start, end = month_bounds(month)
        # The last second of the month: a deactivation at midnight belongs to the next month.
        known = min(end - 1, at)
        registered = (self.people.joined <= known) & (self.people.deactivated >= start)
        return AccountCounts(
            registered=int(registered.sum()),
            deactivated=int(self.people.without_account(known).sum()),
            active=int(self.people.with_account(known).sum()),
            pending=int(self.invitations.pending(known).sum()),
        )

    def usage(self, start: int, end: int) -> Totals:
        """Return the activity from `start` (included) to `end` (excluded), in UNIX seconds."""
        start = max(start, ORGANIZATION_START)
        return self._usage(start, end) if start < end else self._no_activity

    def _aggregate(self, start: int, end: int) -> Totals:
        months = [self._usage_within_month(*window) for window in buckets(start, end, "monthly")]
        return sum(months, self._no_activity)

    def _aggregate_within_month(self, start: int, end: int) -> Totals:
        activity = self._activity(month_at(start))
        return aggregate(activity, self.people.team, len(self.teams) + 1, start, end)

    def _draw_activity(self, month: int) -> Activity:
        return month_activity(self.people, self.seed, month)


def buckets(start: int, end: int, granularity: Granularity) -> list[tuple[int, int]]:
    """Return a window split into UTC days, weeks from Monday or calendar months; the first and last may be partial."""
    return list(_split(start, end, granularity))


def _split(start: int, end: int, granularity: Granularity) -> Iterator[tuple[int, int]]:
    while start < end:
        until = min(_end_of_bucket(start, granularity), end) if granularity != "all" else end
        yield start, until
        start = until


def _end_of_bucket(at: int, granularity: Granularity) -> int:
    if granularity == "monthly":
        return month_bounds(month_at(at))[1]
    length = DAY_SECONDS if granularity == "daily" else 7 * DAY_SECONDS
    since_monday = (at - _MONDAY_BEFORE_1970) % length
    return at - since_monday + length
