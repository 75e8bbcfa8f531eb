"""Generate the organization's people: when they were invited, joined and left, their team, and how they work.

Every array has one row per person. The people of all years exist from the start, and an instant decides who is
visible, so responses about the past never depend on the time of the request.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tabnine_report.sandbox.calendar import AGENT_LAUNCH, ORGANIZATION_START
from tabnine_report.sandbox.time_conversion import DAY_SECONDS, instant

NEVER = np.iinfo(np.int64).max
"""An instant after every other."""

MODELS_PER_FEATURE = 3

_LEAVERS_PER_DAY = 0.008 / 30.4
_MEAN_DAYS_FROM_INVITATION = 7.0
_UNANSWERED_INVITATIONS_SHARE = 0.2
_INVITATION_DAYS = 120
_WITHOUT_TEAM_SHARE = 0.04
_DORMANT_SHARE = 0.175
_OCCASIONAL_SHARE = 0.09
_COMPLETING_SHARE = 0.60
_CHATTING_SHARE = 0.96
_AGENT_CEILING = 0.88
_AGENT_MIDPOINT = instant(2026, 10, 4)
_AGENT_TAKE_UP_SECONDS = 62 * DAY_SECONDS

# Accounts as a share of the chosen number of users, by months since the start: quick roll-out, then steady growth.
_GROWTH_MONTHS = (0.0, 0.2, 1.0, 3.0, 6.0, 12.0, 18.0, 24.0, 30.0, 42.0, 60.0, 86.0)
_GROWTH_SHARES = (0.0, 0.22, 0.42, 0.54, 0.66, 0.83, 1.0, 1.14, 1.25, 1.4, 1.55, 1.65)
_MEAN_MONTH_DAYS = 30.4


@dataclass(frozen=True)
class People:
    """All people, in the order of joining. Instants are UNIX seconds, shares 0 to 1.

    Attributes:
        joined: When the account was registered, ascending.
        last_seen: When activity ends; at or before `deactivated`.
        deactivated: When the account was deactivated, or `NEVER`.
        team: The index of the team. The number of teams means "no team".
        presence: The probability of using the product on a typical working day.
        volume: The amount of work on such a day, 1 being ordinary.
        completes: The probability of accepting completions on a day of use.
        chats: The probability of chatting on a day of use.
        agent_from: When the person starts to use the agent, or `NEVER`.
        characters: Characters in one of the person's completions.
        typing: Keystrokes per character written by completions.
        usefulness: The share of chat answers that are copied, inserted or applied.
        favorite_model: The model of a feature that the person mostly uses.
    """

    joined: NDArray[np.int64]
    last_seen: NDArray[np.int64]
    deactivated: NDArray[np.int64]
    team: NDArray[np.int64]
    presence: NDArray[np.float64]
    volume: NDArray[np.float64]
    completes: NDArray[np.float64]
    chats: NDArray[np.float64]
    agent_from: NDArray[np.int64]
    characters: NDArray[np.float64]
    typing: NDArray[np.float64]
    usefulness: NDArray[np.float64]
    favorite_model: NDArray[np.int8]

    def __len__(self) -> int:
        """Return the number of people of all years."""
        return len(self.joined)

    def with_account(self, at: int) -> NDArray[np.bool_]:
        """Return who has an account at an instant: joined by then, and not deactivated."""
        return (self.joined <= at) & (at < self.deactivated)

    def without_account(self, at: int) -> NDArray[np.bool_]:
        """Return whose account was deactivated by an instant."""
        return self.deactivated <= at


@dataclass(frozen=True)
class Invitations:
    """Invitations, one row each: pending from `sent` until `settled` (accepted or withdrawn), into `team`."""

    sent: NDArray[np.int64]
    settled: NDArray[np.int64]
    team: NDArray[np.int64]

    def pending(self, at: int) -> NDArray[np.bool_]:
        """Return which invitations are pending at an instant."""
        return (self.sent <= at) & (at < self.settled)


def accounts_expected(users: int, at: int) -> float:
    """Return the number of accounts on the growth curve at an instant, before randomness."""
    months = (at - ORGANIZATION_START) / DAY_SECONDS / _MEAN_MONTH_DAYS
    return users * float(np.interp(months, _GROWTH_MONTHS, _GROWTH_SHARES))


def administrators(users: int) -> int:
    """Return how many of the first people are administrators: four, and one more per 2,000 users."""
    return 4 + users // 2_000


def draw_people(random: np.random.Generator, *, users: int, teams: int) -> People:
    """Draw everyone who ever joins. About `users` of them have an account a year and a half after the start."""
    joined = _joining_instants(random, users)
    count = len(joined)
    deactivated, last_seen = _leaving_instants(random, joined, staying=administrators(users))
    team, team_presence, team_volume = _team_membership(random, count, teams)
    kind = random.random(count)
    presence = np.where(kind < _DORMANT_SHARE + _OCCASIONAL_SHARE, 0.045, random.beta(6.5, 2.4, count) * team_presence)
    presence[kind < _DORMANT_SHARE] = 0.002
    return People(
        joined=joined,
        last_seen=last_seen,
        deactivated=deactivated,
        team=team,
        presence=presence,
        volume=random.lognormal(-0.18, 0.6, count) * team_volume,
        completes=np.where(random.random(count) < _COMPLETING_SHARE, 0.78, 0.02),
        chats=np.where(random.random(count) < _CHATTING_SHARE, 0.86, 0.03),
        agent_from=_agent_starts(random, count),
        characters=random.normal(86.0, 14.0, count).clip(40.0, 140.0),
        typing=random.normal(1.38, 0.25, count).clip(0.6, 2.4),
        usefulness=random.beta(11.0, 9.0, count),
        favorite_model=random.integers(0, MODELS_PER_FEATURE, count).astype(np.int8),
    )


def draw_invitations(random: np.random.Generator, people: People, *, teams: int) -> Invitations:
    """Return one accepted invitation per person, and some unanswered ones that lapse after four months."""
    waiting = random.exponential(_MEAN_DAYS_FROM_INVITATION * DAY_SECONDS, len(people)).astype(np.int64)
    unanswered = int(len(people) * _UNANSWERED_INVITATIONS_SHARE)
    sent = random.integers(ORGANIZATION_START, max(int(people.joined[-1]), ORGANIZATION_START + 1), unanswered)
    invited_to = random.integers(min(1, teams), teams + 1, unanswered)
    return Invitations(
        sent=np.concatenate([people.joined - waiting, sent]),
        settled=np.concatenate([people.joined, sent + _INVITATION_DAYS * DAY_SECONDS]),
        team=np.concatenate([people.team, invited_to]),
    )


def _joining_instants(random: np.random.Generator, users: int) -> NDArray[np.int64]:
    days = np.arange(int(_GROWTH_MONTHS[-1] * _MEAN_MONTH_DAYS))
    accounts = users * np.interp(days / _MEAN_MONTH_DAYS, _GROWTH_MONTHS, _GROWTH_SHARES)
    # Leavers are replaced, so the accounts follow the curve.
    ever_joined = accounts + np.cumsum(accounts) * _LEAVERS_PER_DAY
    count = max(int(ever_joined[-1]), 1)
    day = np.interp(np.arange(count) + 0.5, ever_joined, days).astype(np.int64)
    weekday = (day + ORGANIZATION_START // DAY_SECONDS + 3) % 7
    day += np.where(weekday >= 5, 7 - weekday, 0)  # noqa: PLR2004 - Saturday is 5; accounts are made on working days
    second = random.integers(7 * 3600, 16 * 3600, count)
    return np.sort(ORGANIZATION_START + day * DAY_SECONDS + second)


def _leaving_instants(
    random: np.random.Generator, joined: NDArray[np.int64], *, staying: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    count = len(joined)
    stay = 14 + random.exponential(1 / _LEAVERS_PER_DAY, count)
    deactivated = joined + (stay * DAY_SECONDS).astype(np.int64)
    silent = np.minimum(random.exponential(9.0, count), stay / 2)
    last_seen = deactivated - (silent * DAY_SECONDS).astype(np.int64)
    deactivated[:staying] = last_seen[:staying] = NEVER
    return deactivated, last_seen


def _team_membership(
    random: np.random.Generator, count: int, teams: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return each person's team, with the team's effect on presence and volume."""
    presence = np.append(random.normal(1.0, 0.10, teams).clip(0.72, 1.22), 1.0)
    volume = np.append(random.lognormal(0.0, 0.3, teams), 1.0)
    team = np.full(count, teams)
    joinable = teams - 1
    if joinable > 0:
        rank = np.arange(1, joinable + 1)
        size = rank**-0.75 * random.lognormal(0.0, 0.25, joinable) * np.where(rank > 0.85 * joinable, 0.35, 1.0)
        drawn = 1 + random.choice(joinable, size=count, p=size / size.sum())
        team = np.where(random.random(count) < _WITHOUT_TEAM_SHARE, teams, drawn)
    return team.astype(np.int64), presence[team], volume[team]


def _agent_starts(random: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Return when each person starts to use the agent: an S-shaped curve that does not reach everyone."""
    rank = random.random(count)
    adopts = rank < _AGENT_CEILING
    share = np.where(adopts, rank, _AGENT_CEILING / 2) / _AGENT_CEILING
    starts = _AGENT_MIDPOINT + _AGENT_TAKE_UP_SECONDS * np.log(share / (1 - share))
    return np.where(adopts, np.maximum(starts, AGENT_LAUNCH).astype(np.int64), NEVER)
