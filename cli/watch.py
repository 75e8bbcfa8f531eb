"""`tabnine-report watch`: detects problems that no run reported, and notifies the admins."""

from cli.terminal import print_error, print_line
from flows.watching.watch_round import Watched, watch_profiles
from tabnine_report.text.counted import counted

_OPEN = 3


def watch(*, profile: tuple[str, ...] = ()) -> int:
    """Detect problems that no run reported, and notify the admins: once a day, and when a problem is solved.

    For cron or a systemd timer, every ten minutes. Needs only the secrets of the admins' channels and of the ledger.

    Args:
        profile: The profile: a name in the profiles folder, or the path of a file. Repeat the option for several
            profiles; by default, all profiles in the folder, except for the example and the demo.
    """
    results = watch_profiles(profile)
    for result in results:
        _print(result)
    profiles = [result for result in results if result.organization]
    unhealthy = sum(not result.is_healthy for result in profiles)
    print_line(f"{counted(len(profiles), 'profile')} checked, {unhealthy} with open problems.")
    return 0 if all(result.is_healthy for result in results) else _OPEN


def _print(result: Watched) -> None:
    for problem in result.problems:
        command = f"\n\n    {problem.command}\n" if problem.command else ""
        print_error(f"{problem.sentence}. {problem.reason} {problem.advice}".strip() + command)
    for failure in result.failures:
        print_error(f"The admins were not notified. {failure}")
    for check, reason in result.unchecked:
        print_line(f"{result.organization}: not checked: {check}. {reason}")
