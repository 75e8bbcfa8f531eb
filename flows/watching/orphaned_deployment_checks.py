"""Find orphaned deployments, which belong to no organization.

Their names are those of organizations, so only the operator sees them: in the result of the round. The admins receive a
notice without names, and only if all organizations have the same admins.
"""

from collections.abc import Sequence

from flows.watching.watched_server import WatchedServer
from tabnine_report.text.i18n import Language
from tabnine_report.watchdog.memory import NO_ORGANIZATION, Memory
from tabnine_report.watchdog.notices import Notifier, problem_sentence
from tabnine_report.watchdog.problem import Findings, OpenProblem, Problem, ProblemKind
from tabnine_report.watchdog.watched_profile import WatchedProfile

DEPLOYMENT_CHECK = "deployment"
_PRUNE = "tabnine-report deploy --prune"


def check_orphaned_deployments(
    profiles: Sequence[WatchedProfile], server: WatchedServer | None, notifier: Notifier
) -> tuple[list[OpenProblem], list[str]]:
    """Return the open problems, and a sentence for each notice that could not be sent.

    Args:
        profiles: All profiles.
        server: What the Prefect server knows; None if it does not respond or there is none.
        notifier: Notifies the admins in this round.
    """
    if not profiles:
        return [], []
    first = profiles[0]  # its number format, its ledger, and its channels to the admins, whom all profiles share
    findings = Findings()
    if server is None:
        findings.unchecked[DEPLOYMENT_CHECK] = first.language.translate("watch.no_server")
    elif server.orphaned:
        findings.problems.append(_without_names(len(server.orphaned), first.language))
    failures = []
    if first.admins.has_channel and {profile.admins.addresses for profile in profiles} == {first.admins.addresses}:
        failures = notifier.notify(first, findings, Memory(first.ledger, NO_ORGANIZATION))
    orphaned = server.orphaned if server else []
    return [
        OpenProblem(
            problem_sentence(first, findings.problems[0]),
            first.language.translate("watch.deployment_orphaned", deployment=each.name, reason=each.reason),
            first.language.translate("watch.delete_deployment"),
            _PRUNE,
        )
        for each in orphaned
    ], failures


def _without_names(number: int, language: Language) -> Problem:
    return Problem(
        ProblemKind.DEPLOYMENT_ORPHANED,
        DEPLOYMENT_CHECK,
        language.translate("watch.deployments_orphaned", number, number=language.count(number)),
        language.translate("watch.name_deployments"),
        command=_PRUNE,
    )
