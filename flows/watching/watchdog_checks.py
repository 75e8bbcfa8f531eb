"""Check whether the watchdog that `up` started runs: nothing else notices that the worker or the server has died."""

from collections.abc import Iterator

from tabnine_report.runs.local_process import WATCHDOG, LocalProcess
from tabnine_report.runs.prefect_home import state_folder
from tabnine_report.watchdog.problem import WATCHDOG_CHECK, Problem, ProblemKind
from tabnine_report.watchdog.watched_profile import WatchedProfile


def watchdog_problems(watched: WatchedProfile) -> Iterator[Problem]:
    """Yield the problem that the process of the watchdog has died on this machine."""
    watchdog = LocalProcess(WATCHDOG, state_folder())
    if watchdog.has_died():
        translate = watched.language.translate
        reason, advice = translate("watch.watchdog_died"), translate("watch.start_watchdog", log=str(watchdog.log))
        yield Problem(ProblemKind.WATCHDOG_MISSING, WATCHDOG_CHECK, reason, advice)
