"""`tabnine-report watch`: detects problems that no run reported, and notifies the admins."""

import subprocess
import time
from typing import TYPE_CHECKING, Annotated, NoReturn

from cyclopts import Parameter, validators

from cli.terminal import PROGRAM, print_error, print_line
from tabnine_report.runs import clock
from tabnine_report.text.counted import counted

if TYPE_CHECKING:
    from flows.watching.watch_round import Watched

_OPEN = 3
_LONGEST_ROUND_SECONDS = 3600.0


def watch(
    *, profile: tuple[str, ...] = (), every: Annotated[int | None, Parameter(validator=validators.Number(gte=1))] = None
) -> int:
    """Detect problems that no run reported, and notify the admins: once a day, and when a problem is solved.

    Run it every ten minutes. Needs only the secrets of the admins' channels and of the ledger.

    Args:
        profile: The profile: a name in the profiles folder, or the path of a file. Repeat the option for several
            profiles; by default, all profiles in the folder, except for the example and the demo.
        every: Run a round whenever this number of minutes has passed, until the command is stopped.
    """
    if every is not None:
        _repeat([str(PROGRAM), "watch", *(f"--profile={name}" for name in profile)], every * 60)
    from flows.watching.watch_round import watch_profiles  # noqa: PLC0415 - repeating needs little memory without it

    results = watch_profiles(profile)
    for result in results:
        _print(result)
    profiles = [result for result in results if result.organization]
    unhealthy = sum(not result.is_healthy for result in profiles)
    print_line(f"{counted(len(profiles), 'profile')} checked, {unhealthy} with open problems.")
    return 0 if all(result.is_healthy for result in results) else _OPEN


def _repeat(command: list[str], seconds: float) -> NoReturn:
    """Run each round in a process of its own, so that no round can end or block the later ones."""
    print_line(f"A round begins every {seconds / 60:.0f} minutes.")
    next_at = time.monotonic()
    while True:
        # The first round waits, too: runs that were late before the worker was started are then not reported.
        now = time.monotonic()
        next_at = max(next_at + seconds, now)
        time.sleep(next_at - now)
        print_line(f"{clock.now():%Y-%m-%d %H:%M} UTC")
        try:
            subprocess.run(command, check=False, timeout=_LONGEST_ROUND_SECONDS)  # noqa: S603 - our own command
        except (OSError, subprocess.TimeoutExpired) as error:
            print_error(f"The round failed ({type(error).__name__}).")


def _print(result: "Watched") -> None:
    for problem in result.problems:
        command = f"\n\n    {problem.command}\n" if problem.command else ""
        print_error(f"{problem.sentence}. {problem.reason} {problem.advice}".strip() + command)
    for failure in result.failures:
        print_error(f"The admins were not notified. {failure}")
    for check, reason in result.unchecked:
        print_line(f"{result.organization}: not checked: {check}. {reason}")
