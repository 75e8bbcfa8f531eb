"""One round of the watchdog: check each profile, notify its admins, and report what is open."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tabnine_report.deliver.heartbeat import Signal, ping
from tabnine_report.model.errors import LedgerError, SettingsError
from tabnine_report.runs import clock
from tabnine_report.watchdog.checks import check_ledger, check_settings_and_storage, read_records
from tabnine_report.watchdog.memory import Memory
from tabnine_report.watchdog.notices import Notifier, problem_sentence
from tabnine_report.watchdog.problem import Findings
from tabnine_report.watchdog.watched_profile import WatchedProfile, read_watched_profile
from tasks.read_profile import resolve_reference


@dataclass(frozen=True)
class Watched:
    """What one round found out about an organization.

    Attributes:
        organization: The organization's name.
        problems: Each open problem in one sentence, with its reason and the advice.
        unchecked: By check, why it could not be made.
        failures: Why the admins could not be notified, one sentence for each notice.
    """

    organization: str
    problems: tuple[tuple[str, str, str], ...] = ()
    unchecked: tuple[tuple[str, str], ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def is_healthy(self) -> bool:
        """Whether no problem is open."""
        return not self.problems


def watch_profiles(profiles: Iterable[str]) -> list[Watched]:
    """Run one round over the profiles.

    Args:
        profiles: Names in the profiles folder, or paths of files.
    """
    now = clock.now()
    notifier = Notifier(now)
    return [_watch(profile, notifier, now) for profile in profiles]


def _watch(profile: str, notifier: Notifier, now: datetime) -> Watched:
    try:
        watched = read_watched_profile(profile, resolve_reference)
    except SettingsError as error:
        return Watched(profile, problems=((f"{profile}: there is no such profile", str(error), ""),))
    _ping(watched, Signal.START)
    findings = Findings()
    records = read_records(watched, findings)
    if records is not None:
        check_ledger(watched, records, None, now, findings)
    check_settings_and_storage(watched, now, findings)
    try:
        failures = notifier.notify(watched, findings, Memory(watched.ledger, watched.name))
    except LedgerError as error:
        failures = [str(error)]
    _ping(watched, Signal.FAIL if findings.problems else Signal.SUCCESS)
    return Watched(
        watched.name,
        tuple((problem_sentence(watched, problem), problem.reason, problem.advice) for problem in findings.problems),
        tuple(findings.unchecked.items()),
        tuple(failures),
    )


def _ping(watched: WatchedProfile, signal: Signal) -> None:
    if watched.contacts is not None:
        asyncio.run(ping(watched.contacts.admins, watched.contacts.network, signal))
