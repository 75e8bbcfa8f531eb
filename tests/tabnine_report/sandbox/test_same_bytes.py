"""The same seed returns the same bytes in every process."""

import subprocess
import sys

PROGRAM = """
import asyncio
from datetime import UTC, datetime

import httpx

from tabnine_report.sandbox.app import create_app
from tabnine_report.sandbox.endpoints import ENDPOINTS
from tabnine_report.sandbox.world import World

world = World(seed=11, users=60, teams=5)
app = create_app(world, token="t", now=lambda: datetime(2026, 11, 22, tzinfo=UTC))
team = world.teams[1].id
# Every endpoint ignores the parameters of the others.
params = {
    "organizationId": world.id, "teamId": team, "from": "2026-03-01T00:00:00Z", "to": "2026-11-01T00:00:00Z",
    "role": "Admin", "offset": 0, "limit": 60, "teamMember": "true", "active": "true", "startDate": "2026-01",
}


async def main():
    transport, headers = httpx.ASGITransport(app), {"Authorization": "Bearer t"}
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox/api/", headers=headers) as client:
        for name in ENDPOINTS:
            path = (name if name.startswith("v2/") else f"v1/{name}").replace("{teamId}", team)
            for granularity in ("all", "daily", "weekly", "monthly"):
                response = await client.get(path, params={**params, "granularity": granularity})
                print(path, response.raise_for_status().text)


asyncio.run(main())
"""


def test_the_same_seed_returns_the_same_bytes_in_every_process() -> None:
    responses = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={"PYTHONHASHSEED": hash_seed, "TZ": zone},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo"))
    }

    assert len(responses) == 1
