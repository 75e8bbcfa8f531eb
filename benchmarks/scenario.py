"""The inputs of every measurement: time, month, token, latency and size of the organization."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

SCHEDULED_AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
"""The scheduled start of the run for October: 07:00 on November 2 in Berlin."""

MONTH = "2026-10"
TOKEN = "benchmark-token"  # noqa: S105 - only the sandbox accepts it
LATENCY_SECONDS = 0.05

ORGANIZATION = """
name = "{name}"
time_zone = "Europe/Berlin"

[usage_api]
base_url = "{base_url}"
token = "{token}"

[report]
schedule = "none"
when_incomplete = "mark"  # the sandbox's clock stands still
"""
"""The part of a profile that does not depend on the channels, for `str.format`."""


@dataclass(frozen=True)
class Size:
    """The size of an organization."""

    users: int
    teams: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a size such as `400x20`: users, then teams.

        Raises:
            ValueError: If the text has another form.
        """
        users, _, teams = text.partition("x")
        return cls(int(users), int(teams))

    def __str__(self) -> str:
        """Return the heading of the size's table."""
        return f"{self.users:,} users, {self.teams:,} teams"
