"""Find the organizations whose report no schedule in Prefect starts."""

import shlex
from collections.abc import Iterator

from prefect.client.schemas.responses import DeploymentResponse

from flows.watching.watched_server import WatchedServer
from tabnine_report.watchdog.problem import SCHEDULE_CHECK, Problem, ProblemKind
from tabnine_report.watchdog.watched_profile import WatchedProfile


def schedule_problems(watched: WatchedProfile, server: WatchedServer) -> Iterator[Problem]:
    """Yield a schedule that is missing or paused, if the profile has one and no schedule starts all reports."""
    if watched.deployment is None or watched.deployment.cron is None or server.is_fleet:
        return
    translate = watched.language.translate
    deployments = deployments_of(watched, server)
    if any(schedule.active for deployment in deployments if not deployment.paused for schedule in deployment.schedules):
        return
    if any(deployment.schedules for deployment in deployments):
        reason, advice = translate("watch.schedule_paused"), translate("watch.resume_schedule")
        yield Problem(ProblemKind.SCHEDULE_PAUSED, SCHEDULE_CHECK, reason, advice)
    else:
        reason = translate("watch.schedule_missing" if deployments else "watch.deployment_missing")
        command = shlex.join(["tabnine-report", "deploy", "--profile", watched.profile])
        yield Problem(ProblemKind.SCHEDULE_MISSING, SCHEDULE_CHECK, reason, translate("watch.deploy"), command=command)


def deployments_of(watched: WatchedProfile, server: WatchedServer) -> list[DeploymentResponse]:
    """Return an organization's deployments of the monthly report, also those that a person created."""
    by_name, by_profile = server.deployments_by_name, server.deployments_by_profile
    found = (*by_name.get(watched.name, ()), *by_profile.get(watched.profile, ()))
    return list({deployment.id: deployment for deployment in found}.values())
