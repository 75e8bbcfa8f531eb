"""`tabnine-report check`: checks everything that a run needs."""

import asyncio
from pathlib import Path

from rich.console import Console
from rich.text import Text

from cli.write_shape import writing_shape
from tabnine_report.deliver.channels.channel import Channel
from tabnine_report.deliver.channels.email import email_channel_to
from tabnine_report.profile.profile import Profile
from tabnine_report.runs import clock
from tabnine_report.runs.preflight_checks import WORDS, run_checks, verdict
from tabnine_report.runs.profile_file import profile_path
from tabnine_report.usage_api.shapes.response_shapes import ResponseShapes
from tasks.read_profile import open_profile

_STYLES = {True: "green", False: "bold red", None: "yellow"}
"""The style of a result's word, by `CheckResult.passed`."""


def check(*, profile: str, send_test: str = "", shape: Path | None = None) -> int:
    """Check the settings, token, endpoints, channels, fonts, archive and ledger.

    Sends nothing unless `send_test` is given.

    Args:
        profile: The profile: a name in the profiles folder, or the path of a file.
        send_test: Also send a test email to this address.
        shape: Write the structure of the API's responses, without values, to a new file for the maintainers.
    """
    settings = open_profile(profile)
    channel = email_channel_to(settings, send_test, clock.now) if send_test else None
    if shape is None:
        return asyncio.run(_print_checks(settings, profile_path(profile), channel))
    with writing_shape(shape) as shapes:
        return asyncio.run(_print_checks(settings, profile_path(profile), channel, shapes))


async def _print_checks(
    profile: Profile, file: Path, channel: Channel | None, shapes: ResponseShapes | None = None
) -> int:
    console = Console(soft_wrap=True, highlight=False)
    results = []
    async for result in run_checks(profile, file, channel, shapes):
        results.append(result)
        name = f"{result.name:<27}" if result.detail else result.name
        word = (f"{WORDS[result.passed]:<7}", _STYLES[result.passed])
        console.print(Text.assemble(word, name, result.detail))
    console.print(verdict(results))
    return 1 if any(result.passed is False for result in results) else 0
