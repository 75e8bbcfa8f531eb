"""One round of the watchdog: check each profile, notify its admins, and report what is open."""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from prefect.settings import PREFECT_API_URL

from flows.prefect_server import prefect_client
from flows.watching.orphaned_deployment_checks import check_orphaned_deployments
from flows.watching.remembered_secrets import RememberedSecrets
from flows.watching.run_checks import run_problems
from flows.watching.schedule_checks import deployments_of, schedule_problems
from flows.watching.watchdog_checks import check_watchdog
from flows.watching.watched_server import WatchedServer, read_server
from flows.watching.worker_checks import worker_problems
from tabnine_report.deliver.heartbeat import Signal, ping
from tabnine_report.deliver.ledger.month_records import MonthRecord
from tabnine_report.model.errors import LedgerError, ReportingError, SettingsError
from tabnine_report.model.month import Month
from tabnine_report.profile.references import Resolver
from tabnine_report.runs import clock
from tabnine_report.runs.month_record import record_crash
from tabnine_report.runs.profile_file import profiles_with_recipients
from tabnine_report.text.tracebacks import log_unexpected_error
from tabnine_report.watchdog.digest import DigestMember, send_digests
from tabnine_report.watchdog.memory import Memory
from tabnine_report.watchdog.notices import Notifier, problem_sentence
from tabnine_report.watchdog.organization_checks import check_ledger, check_settings_and_storage, read_records
from tabnine_report.watchdog.problem import (
    RUN_CHECK,
    SCHEDULE_CHECK,
    SERVER_CHECK,
    WORKER_CHECK,
    Findings,
    OpenProblem,
    Problem,
    ProblemKind,
)
from tabnine_report.watchdog.watched_profile import WatchedProfile, read_watched_profile
from tasks.notify_admins import form_urls

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Watched:
    """What one round found about an organization.

    Attributes:
        organization: The organization's name; empty for orphaned deployments, and for digests that could not be sent.
        problems: The open problems.
        unchecked: Why a check was not possible, by the name of the check.
        failures: Why the admins could not be notified, one sentence for each notice.
    """

    organization: str
    problems: tuple[OpenProblem, ...] = ()
    unchecked: tuple[tuple[str, str], ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def is_healthy(self) -> bool:
        """Whether no problem is open."""
        return not self.problems


@dataclass
class WatchRound:
    """One round of the watchdog.

    Attributes:
        now: When it began.
        server: What the Prefect server knows; an error if it does not respond, None if there is none.
        notifier: Notifies the admins.
        resolve: Looks up the references of a profile.
        read: The profiles that it has read, with the records of their months.
        profiles: The profile of each organization's name in each ledger.
    """

    now: datetime
    server: WatchedServer | ReportingError | None
    notifier: Notifier
    resolve: Resolver
    read: list[DigestMember] = field(default_factory=list)
    profiles: dict[tuple[str, str], str] = field(default_factory=dict)


def watch_profiles(profiles: Sequence[str] = (), secrets: RememberedSecrets | None = None) -> list[Watched]:
    """Run one round, and return what it found about each organization.

    Args:
        profiles: Names in the profiles folder, or paths of files; by default, all profiles except for the example and
            the demo, whose reports have no recipients. Only such a round also sends digests, and checks for deployments
            without a profile, whose problems are its last result.
        secrets: Looks up the references of the ledger's address and of the admins' channels.
    """
    now = clock.now()
    server, secrets = _read_server(), secrets or RememberedSecrets({})
    notifier = Notifier(now, _form_urls if isinstance(server, WatchedServer) else _no_form_urls)
    # Without PREFECT_API_URL, Prefect would start a temporary server to look up a secret.
    resolve = secrets.resolve if isinstance(server, WatchedServer) else secrets.recall
    this_round = WatchRound(now, server, notifier, resolve)
    results = [_watch_safely(profile, this_round) for profile in profiles or profiles_with_recipients()]
    if not profiles:
        results += _watch_all_organizations(this_round)
    return results


def _read_server() -> WatchedServer | ReportingError | None:
    if not PREFECT_API_URL.value():
        return None
    try:
        with prefect_client() as client:
            return read_server(client)
    except ReportingError as error:
        return error
    except Exception as error:  # noqa: BLE001 - the other checks do not depend on the server
        return ReportingError(
            f"The Prefect server's response cannot be read ({type(error).__name__}). "
            "If its version differs from that of this program, update the older one."
        )


def _form_urls(organization: str, month: Month | None, flows: tuple[str, ...]) -> Mapping[str, str]:
    return asyncio.run(form_urls(organization, month, flows))


def _no_form_urls(*_: object) -> Mapping[str, str]:
    return {}


def _watch_safely(profile: str, this_round: WatchRound) -> Watched:
    """Check a profile; an unexpected error must not hide the problems of the others."""
    try:
        return _watch(profile, this_round)
    except Exception as error:  # noqa: BLE001 - see above
        log_unexpected_error(_log, "An unexpected error occurred while a profile was checked", error)
        reason = f"An unexpected error occurred ({type(error).__name__})."
        return Watched(profile, (OpenProblem(f"{profile}: the watchdog cannot check this profile", reason),))


def _watch(profile: str, this_round: WatchRound) -> Watched:
    now = this_round.now
    try:
        watched = read_watched_profile(profile, this_round.resolve)
    except SettingsError as error:
        return Watched(profile, (OpenProblem(f"{profile}: there is no such profile", str(error)),))
    ledger = watched.ledger.archive.ledger.get_secret_value() if watched.ledger else ""
    if (other := this_round.profiles.setdefault((watched.name, ledger), profile)) != profile:
        # Its problems would be remembered as those of the other profile, which would be reported as solved.
        reason = f"It has the name of {other}, {watched.name}. Give each organization a name of its own."
        return Watched(profile, (OpenProblem(f"{profile}: the watchdog cannot check this profile", reason),))
    _ping(watched, Signal.START)
    findings = Findings()
    records = read_records(watched, findings)
    deployed_on = _check_server(watched, records, this_round.server, findings)
    this_round.read.append(DigestMember(watched, records, deployed_on))
    if records is not None:
        check_ledger(watched, records, deployed_on, now, findings)
    check_settings_and_storage(watched, now, findings)
    check_watchdog(watched, findings)
    try:
        failures = this_round.notifier.notify(watched, findings, Memory(watched.ledger, watched.name))
    except LedgerError as error:
        failures = [str(error)]
    _ping(watched, Signal.FAIL if findings.problems else Signal.SUCCESS)
    return Watched(
        watched.name,
        tuple(
            OpenProblem(problem_sentence(watched, problem), problem.reason, problem.advice, problem.command)
            for problem in findings.problems
        ),
        tuple((check, reason) for check, reason in findings.unchecked.items() if " " not in check),
        tuple(failures),
    )


def _watch_all_organizations(this_round: WatchRound) -> Iterator[Watched]:
    """Send the digests; yield a result for orphaned deployments and unsent digests, if there are any."""
    server = this_round.server if isinstance(this_round.server, WatchedServer) else None
    try:
        profiles = [member.watched for member in this_round.read]
        problems, failures = check_orphaned_deployments(profiles, server, this_round.notifier)
        failures += send_digests(this_round.read, this_round.now)
    except Exception as error:  # noqa: BLE001 - the organizations' problems are already reported
        log_unexpected_error(_log, "An unexpected error occurred after the profiles were checked", error)
        problems, failures = [], [f"An unexpected error occurred ({type(error).__name__})."]
    if problems or failures:
        yield Watched("", tuple(problems), failures=tuple(failures))


def _check_server(
    watched: WatchedProfile,
    records: list[MonthRecord] | None,
    server: WatchedServer | ReportingError | None,
    findings: Findings,
) -> date | None:
    """Add what the Prefect server knows, and return the local day on which the organization was deployed, if it was."""
    translate = watched.language.translate
    if not isinstance(server, WatchedServer):
        reason = translate("watch.no_server" if server else "watch.no_server_address")
        findings.unchecked |= dict.fromkeys((RUN_CHECK, SCHEDULE_CHECK, WORKER_CHECK), reason)
        if server:
            advice = translate("watch.start_server")
            findings.problems.append(Problem(ProblemKind.SERVER_UNREACHABLE, SERVER_CHECK, str(server), advice))
        else:
            findings.unchecked[SERVER_CHECK] = reason
        return None
    findings.problems += [*worker_problems(watched, server), *schedule_problems(watched, server)]
    if records is None:
        findings.unchecked[RUN_CHECK] = translate("watch.no_ledger")
    else:
        findings.problems += run_problems(watched, records, server)
        _record_crashes(watched, findings)
    created = [deployment.created for deployment in deployments_of(watched, server) if deployment.created]
    return min(created).astimezone(watched.language.zone).date() if created else None


def _record_crashes(watched: WatchedProfile, findings: Findings) -> None:
    """Record the end of runs that could not do so themselves, so that `history` and `due` include it."""
    for problem in findings.problems:
        if watched.ledger and problem.month and problem.ended_at:
            record_crash(watched.ledger, problem.month, problem.ended_at, problem.reason)


def _ping(watched: WatchedProfile, signal: Signal) -> None:
    if watched.contacts is not None:
        asyncio.run(ping(watched.contacts.admins, watched.contacts.network, signal))
