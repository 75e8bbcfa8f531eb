"""Wait in a way that ends when the client closes the connection."""

import asyncio

from starlette.types import Receive


async def wait_for_disconnect(receive: Receive, timeout_seconds: float | None = None) -> None:
    """Wait until the client has closed the connection, or the timeout expires."""

    async def disconnect() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(disconnect(), timeout_seconds)
    except TimeoutError:
        return
