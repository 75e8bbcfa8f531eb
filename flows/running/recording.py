"""Record how a run ended, in limited time."""

import asyncio
import logging
from collections.abc import Callable

RECORD_SECONDS = 120.0
"""How long a run waits for the record of its end: longer than the ledger waits for a lock or a connection."""

_log = logging.getLogger(__name__)


async def record_in_time(record: Callable[..., None], *arguments: object) -> None:
    """Record how a run ended; a ledger that does not respond must not prevent the notice to the admins."""
    try:
        async with asyncio.timeout(RECORD_SECONDS):
            await asyncio.to_thread(record, *arguments)
    except TimeoutError:
        _log.warning("The end of the run was not recorded: the ledger did not respond in %g seconds", RECORD_SECONDS)
