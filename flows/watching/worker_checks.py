"""Find the organizations whose runs no worker starts: a form that an admin submits would wait in silence."""

from collections.abc import Iterator

from flows.watching.schedule_checks import deployments_of
from flows.watching.watched_server import WatchedServer
from tabnine_report.watchdog.problem import WORKER_CHECK, Problem, ProblemKind
from tabnine_report.watchdog.watched_profile import WatchedProfile


def worker_problems(watched: WatchedProfile, server: WatchedServer) -> Iterator[Problem]:
    """Yield the problem that no worker responds in a work pool of the organization's report."""
    pools = {deployment.work_pool_name or "" for deployment in deployments_of(watched, server)} & server.pools.keys()
    if lacking := sorted(pool for pool in pools if not server.pools[pool].has_worker):
        translate = watched.language.translate
        reason = translate("watch.pool_without_worker", pools=watched.language.listed(lacking))
        yield Problem(ProblemKind.WORKER_MISSING, WORKER_CHECK, reason, translate("watch.start_worker"))
