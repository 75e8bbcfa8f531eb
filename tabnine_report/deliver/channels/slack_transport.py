"""What both Slack channels send with: requests within limits, repeated only after a rate limit."""

import asyncio
import re
from collections.abc import Mapping
from http import HTTPStatus

from tabnine_report.deliver.channels.http_post import HttpFailure, HttpPoster, HttpResponse

REQUEST_SECONDS = 30.0
"""The time limit of one request, from connecting to the last byte of the response."""
RATE_LIMIT_RETRIES = 2
LONGEST_WAIT_SECONDS = 60

ERROR_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
"""Slack's error codes, such as `invalid_payload`; any other text may quote the webhook's URL."""


async def post(poster: HttpPoster, url: str, content: bytes, headers: Mapping[str, str]) -> HttpResponse | HttpFailure:
    """Post to Slack, and again after a rate limit: Slack then did not process the request.

    A request whose response was lost is not repeated, because Slack may have processed it.
    """
    for _ in range(RATE_LIMIT_RETRIES):
        response = await poster.post(url, content, headers)
        if not isinstance(response, HttpResponse) or (wait := _requested_wait(response)) is None:
            return response
        await asyncio.sleep(wait)
    return await poster.post(url, content, headers)


def _requested_wait(response: HttpResponse) -> int | None:
    """Return for how many seconds Slack requests to wait; None if it requests no wait, or one that is too long."""
    if response.status != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    delay = response.headers.get("retry-after", "1")
    return int(delay) if re.fullmatch("[0-9]{1,4}", delay) and int(delay) <= LONGEST_WAIT_SECONDS else None
