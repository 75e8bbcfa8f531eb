"""`tabnine-report watch`: detects problems that no run reported, and notifies the admins."""

import multiprocessing
import signal
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Annotated, NoReturn

from cyclopts import Parameter, validators

from cli.terminal import print_error, print_line
from tabnine_report.runs import clock
from tabnine_report.text.counted import counted

if TYPE_CHECKING:
    from flows.watching.watch_round import Watched

Secrets = dict[str, str]
"""The value of each Secret block that is known, by its name."""
Work = Callable[[Sequence[str], Secrets], Secrets]
"""Watches profiles with the secrets that are known, and returns those that are known then."""

_OPEN = 3
_LONGEST_ROUND_SECONDS = 3600.0
_EXIT_SECONDS = 30.0
"""How long a round that has ended has to end its threads."""


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
        _repeat(profile, every * 60)
    # Imported only where a round runs: between the rounds, the command needs little memory without it.
    from flows.watching.watch_round import watch_profiles  # noqa: PLC0415 - see above

    results = watch_profiles(profile)
    _print_results(results)
    return 0 if all(result.is_healthy for result in results) else _OPEN


def _repeat(profiles: Sequence[str], seconds: float) -> NoReturn:
    """Run each round in a process of its own, so that no round can end or block the later ones.

    This process keeps the secrets that the Prefect server returned, so that the admins are notified when it is down.
    """
    print_line(f"A round begins every {seconds / 60:.0f} minutes.")
    next_at = time.monotonic()
    # The first round waits, too: runs that were late before the worker was started are then not reported.
    secrets = _in_own_process(_read_secrets, profiles, {})
    while True:
        now = time.monotonic()
        next_at = max(next_at + seconds, now)
        time.sleep(next_at - now)
        print_line(f"{clock.now():%Y-%m-%d %H:%M} UTC")
        secrets = _in_own_process(_run_round, profiles, secrets)


def _in_own_process(work: Work, profiles: Sequence[str], secrets: Secrets) -> Secrets:
    """Run a function in a process of its own; return the secrets that it knows then, the earlier ones if it fails."""
    # A copy of this process, which has no threads: nothing else receives the secrets.
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send_result, args=(work, profiles, secrets, sender))
    try:
        process.start()
        sender.close()
        if receiver.poll(_LONGEST_ROUND_SECONDS):
            secrets = receiver.recv()
            process.join(_EXIT_SECONDS)
        else:
            print_error(f"The round took longer than {_LONGEST_ROUND_SECONDS / 60:.0f} minutes, and was ended.")
    except (OSError, EOFError) as error:
        print_error(f"The round failed ({type(error).__name__}).")
    finally:
        receiver.close()
        if process.pid:
            process.kill()
            process.join()
    return secrets


def _send_result(work: Work, profiles: Sequence[str], secrets: Secrets, sender: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C also reaches the other process, which ends this one
    try:
        secrets = work(profiles, secrets)
    except Exception as error:  # noqa: BLE001 - the next round tries again
        # The text of an unexpected error may contain a secret.
        print_error(f"The round failed ({type(error).__name__}).")
    sender.send(secrets)


def _read_secrets(profiles: Sequence[str], secrets: Secrets) -> Secrets:
    from flows.watching.remembered_secrets import RememberedSecrets  # noqa: PLC0415 - see above

    remembered = RememberedSecrets(secrets)
    remembered.read(profiles)
    return remembered.values


def _run_round(profiles: Sequence[str], secrets: Secrets) -> Secrets:
    from flows.watching.remembered_secrets import RememberedSecrets  # noqa: PLC0415 - see above
    from flows.watching.watch_round import watch_profiles  # noqa: PLC0415 - see above

    remembered = RememberedSecrets(secrets)
    _print_results(watch_profiles(profiles, remembered))
    return remembered.values


def _print_results(results: Sequence["Watched"]) -> None:
    for result in results:
        _print(result)
    profiles = [result for result in results if result.organization]
    unhealthy = sum(not result.is_healthy for result in profiles)
    print_line(f"{counted(len(profiles), 'profile')} checked, {unhealthy} with open problems.")


def _print(result: "Watched") -> None:
    for problem in result.problems:
        command = f"\n\n    {problem.command}\n" if problem.command else ""
        print_error(f"{problem.sentence}. {problem.reason} {problem.advice}".strip() + command)
    for failure in result.failures:
        print_error(f"The admins were not notified. {failure}")
    for check, reason in result.unchecked:
        print_line(f"{result.organization}: not checked: {check}. {reason}")
