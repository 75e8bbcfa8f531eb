"""What every measurement is made of: the instant, the month, the token, and an organization's size."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
"""When the schedule would start October's run: 07:00 on the 2nd in Berlin."""

MONTH = "2026-10"
TOKEN = "benchmark-token"  # noqa: S105 - it opens nothing but a synthetic organization
LATENCY_SECONDS = 0.05


@dataclass(frozen=True)
class Size:
    """How large an organization is."""

    users: int
    teams: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `400x20`: people, then teams.

        Raises:
            ValueError: If it is not written so.
        """
        users, _, teams = text.partition("x")
        return cls(int(users), int(teams))

    def __str__(self) -> str:
        """Say it in words."""
        return f"{self.users:,} people, {self.teams:,} teams"
