"""A problem that the watchdog found, and what it could not check."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tabnine_report.model.month import Month

RUN_CHECK = "run"
"""The check of runs, which needs the Prefect server; its problems have the key `run <month>`."""
SCHEDULE_CHECK = "schedule"
"""The check of schedules, which needs the Prefect server."""
SERVER_CHECK = "server"
"""The check whether the Prefect server responds."""
WORKER_CHECK = "worker"
"""The check whether a worker responds, which needs the Prefect server."""
WATCHDOG_CHECK = "watchdog process"
"""The check whether the watchdog runs that `up` started on this machine; other machines cannot tell."""


class ProblemKind(StrEnum):
    """The kinds of problems; each is a key of the catalog's table `[notice]`."""

    MONTH_NOT_SENT = "month_not_sent"
    """A report was not sent by the due day."""
    MONTH_WITHHELD = "month_withheld"
    """A report waits for a person's release since the due day."""
    RUN_LOST = "run_lost"
    """A run ended without a result, and could not notify the admins."""
    RUN_LATE = "run_late"
    """A run should have started, and no worker starts it."""
    RUN_NOT_CONTINUED = "run_not_continued"
    """A run was postponed, and no other run continues it."""
    DELIVERIES_UNSETTLED = "deliveries_unsettled"
    """Deliveries of a report are unconfirmed, or were claimed by a run that died."""
    TOKEN_ENDS = "token_ends"  # noqa: S105 - a kind of problem
    """The API token expires soon, or has expired."""
    LICENSE_ENDS = "license_ends"
    """The license ends soon."""
    SCHEDULE_MISSING = "schedule_missing"
    """No schedule in Prefect starts the report."""
    SCHEDULE_PAUSED = "schedule_paused"
    """The schedule in Prefect is paused."""
    DEPLOYMENT_ORPHANED = "deployment_orphaned"
    """Deployments in Prefect no longer have a profile."""
    PROFILE_INVALID = "profile_invalid"
    """Every run would reject the profile."""
    LEDGER_UNREACHABLE = "ledger_unreachable"
    """The ledger cannot be used, so nothing is sent."""
    DISK_NEARLY_FULL = "disk_nearly_full"
    """The archive's disk is nearly full."""
    SERVER_UNREACHABLE = "server_unreachable"
    """The Prefect server does not respond, so no run starts."""
    WORKER_MISSING = "worker_missing"
    """No worker responds, so no run starts."""
    WATCHDOG_MISSING = "watchdog_missing"
    """The watchdog that `up` started has ended."""


@dataclass(frozen=True)
class Problem:
    """A problem that the watchdog found.

    Attributes:
        kind: What is wrong.
        key: What it is about: the name of a check, and the month if it is about one. It is the same in every round.
        reason: Why, in one or more sentences.
        advice: What to do, in one or more sentences.
        month: The month that it is about; None if it is not about one.
        command: The command that the advice refers to; empty for none.
        run_url: The address of the run's page in Prefect; empty if it is not known.
        ended_at: When the run ended that it is about; None if it is not about a run that ended.
    """

    kind: ProblemKind
    key: str
    reason: str
    advice: str
    month: Month | None = None
    command: str = ""
    run_url: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True)
class OpenProblem:
    """A problem as the operator reads it.

    Attributes:
        sentence: What is wrong, in one sentence without a period.
        reason: Why, in one or more sentences.
        advice: What to do, in one or more sentences.
        command: The command that the advice refers to; empty for none.
    """

    sentence: str
    reason: str
    advice: str = ""
    command: str = ""


@dataclass
class Findings:
    """What one round found about an organization.

    Attributes:
        problems: The problems.
        unchecked: By a problem's key, or by the name of a check, why the round could not check it. Such a problem is
            not solved if it was found before.
    """

    problems: list[Problem] = field(default_factory=list)
    unchecked: dict[str, str] = field(default_factory=dict)

    def is_unchecked(self, key: str) -> bool:
        """Return whether the round could not check for the problem with this key."""
        return key in self.unchecked or key.partition(" ")[0] in self.unchecked
