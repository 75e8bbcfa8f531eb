"""Check whether the watchdog that `up` started runs: it reports if the worker or the server dies."""

from tabnine_report.runs.local_process import WATCHDOG, LocalProcess
from tabnine_report.runs.prefect_home import state_folder
from tabnine_report.watchdog.problem import WATCHDOG_CHECK, Findings, Problem, ProblemKind
from tabnine_report.watchdog.watched_profile import WatchedProfile


def check_watchdog(watched: WatchedProfile, findings: Findings) -> None:
    """Add the problem that the process of the watchdog has died on this machine, if `up` started one here."""
    translate = watched.language.translate
    watchdog = LocalProcess(WATCHDOG, state_folder())
    if not watchdog.was_started():
        findings.unchecked[WATCHDOG_CHECK] = translate("watch.no_watchdog")
    elif watchdog.running() is None:
        reason, advice = translate("watch.watchdog_died"), translate("watch.start_watchdog", log=str(watchdog.log))
        findings.problems.append(Problem(ProblemKind.WATCHDOG_MISSING, WATCHDOG_CHECK, reason, advice))
