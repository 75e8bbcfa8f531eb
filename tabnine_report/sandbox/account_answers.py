"""Build the API's answers about teams, users, accounts and the license."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tabnine_report.sandbox.calendar import ORGANIZATION_START, month_at
from tabnine_report.sandbox.names import MAIL_DOMAIN
from tabnine_report.sandbox.people import NEVER
from tabnine_report.sandbox.world import World

Json = dict[str, Any]

_SEATS_CAP = 100_000
_DEFAULT_MONTHS_OF_HISTORY = 12
_FRACTION_DIGITS = 3  # none, one or two
_HUNDREDTHS = 100
# Every seventh user has no `updatedAt`.
_UNDATED_EVERY = 7


def organization(world: World) -> Json:
    """Return the organization and its sign-in methods."""
    return {
        "id": world.id,
        "name": world.name,
        "planType": "enterprise",
        "domains": [MAIL_DOMAIN],
        "samlEnabled": True,
        "smtpConfigured": True,
        "usernamePasswordEnabled": True,
        "oauthEnabled": False,
        "publicKey": "-----BEGIN PUBLIC KEY-----\nc2FuZGJveA==\n-----END PUBLIC KEY-----\n",
    }


def license_answer(world: World, at: int) -> Json:
    """Return the license in force: `seats` bought, with a technical `seatsCap` far above."""
    term = world.license(at)
    return {
        "license": {
            "seats": term.seats,
            "seatsCap": _SEATS_CAP + term.seats,
            "exp": term.expires,
            "iat": term.issued,
            "audience": world.name,
            "features": ["code-completions", "chat", "agent", "usage-api"],
            "settings": {"telemetry": True},
        }
    }


def permissions(world: World) -> list[Json]:
    """Return the account's administrators."""
    return [
        {"username": person.email, "organizationId": world.id} for person in world.identities[: world.administrators]
    ]


def account_utilizations(world: World, first_month: int | None, at: int) -> list[Json]:
    """Return accounts by month up to the current one; `month` counts from 0.

    Without a first month, return the last 12. A first month before the organization's start is moved to the start.
    """
    this_month = month_at(at)
    first = this_month - _DEFAULT_MONTHS_OF_HISTORY + 1 if first_month is None else first_month
    return [
        {
            "year": month // 12,
            "month": month % 12,
            "registered": counts.registered,
            "deactivated": counts.deactivated,
            "active": counts.active,
            "pending": counts.pending,
        }
        for month in range(max(first, month_at(ORGANIZATION_START)), this_month + 1)
        for counts in [world.accounts(month, at)]
    ]


def teams(world: World, at: int) -> list[Json]:
    """Return all teams with their current members. The default team is first and empty."""
    members = _by_team(world, world.people.team[world.people.with_account(at)])
    pending = _by_team(world, world.invitations.team[world.invitations.pending(at)])
    return [
        {
            "id": team.id,
            "name": team.name,
            "usersCount": int(members[index]),
            "isDefaultTeam": team.is_default,
            "pendingInvitationsCount": int(pending[index]),
        }
        | ({} if team.seat_cap is None else {"seatCap": team.seat_cap})
        for index, team in enumerate(world.teams)
    ]


def team_account_utilizations(world: World, team: int, at: int) -> Json:
    """Return a team's accounts now."""
    members = world.people.team == team
    return {
        "registered": int((members & world.people.with_account(at)).sum()),
        "deactivated": int((members & world.people.without_account(at)).sum()),
        "invited": int(((world.invitations.team == team) & world.invitations.pending(at)).sum()),
    }


def organization_users(world: World, at: int, *, in_team: bool, active: bool) -> NDArray[np.int64]:
    """Return the indices of users in any team or in none, active or deactivated, in the order of joining."""
    matching = world.people.with_account(at) if active else world.people.without_account(at)
    return np.flatnonzero(matching & ((world.people.team != world.no_team) == in_team))


def team_users(world: World, team: int, at: int) -> NDArray[np.int64]:
    """Return the indices of a team's active members, in the order of joining."""
    return np.flatnonzero(world.people.with_account(at) & (world.people.team == team))


def user_rows(world: World, people: Iterable[int], at: int) -> list[Json]:
    """Return users as rows. `deactivatedAt` is included only if it happened, and `team` only if there is one."""
    return [_user_row(world, int(person), at) for person in people]


def _user_row(world: World, person: int, at: int) -> Json:
    identity = world.identities[person]
    team = int(world.people.team[person])
    deactivated = int(world.people.deactivated[person])
    row: Json = {
        "id": identity.id,
        "username": identity.username,
        "email": identity.email,
        "role": _role(world, person),
        "verified": True,
    }
    if team != world.no_team:
        row["team"] = {"id": world.teams[team].id, "name": world.teams[team].name}
    left = deactivated != NEVER and deactivated <= at
    if left:
        row["deactivatedAt"] = _fractional_text(deactivated, person)
    if person % _UNDATED_EVERY:
        row["updatedAt"] = _fractional_text(deactivated if left else int(world.people.joined[person]), person)
    return row


def _role(world: World, person: int) -> Literal["Admin", "Manager", "Member"]:
    if person < world.administrators:
        return "Admin"
    return "Manager" if person < 3 * world.administrators else "Member"


def _fractional_text(second: int, person: int) -> str:
    """Return a time with zero, one or two digits after the second, all of which the service uses."""
    digits = f"{person % _HUNDREDTHS:02d}"[: person % _FRACTION_DIGITS]
    moment = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{moment}.{digits}Z" if digits else f"{moment}Z"


def _by_team(world: World, team: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.bincount(team, minlength=len(world.teams) + 1)
