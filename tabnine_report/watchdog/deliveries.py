"""Find the deliveries whose outcome is not known."""

import shlex
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.model.month import Month
from tabnine_report.watchdog.problem import Findings, Problem, ProblemKind
from tabnine_report.watchdog.watched_profile import WatchedProfile

CHECK = "deliveries"
_RECENT = timedelta(days=62)
"""Older deliveries are not reported."""


def check_deliveries(
    watched: WatchedProfile, entries: Iterable[LedgerEntry], now: datetime, findings: Findings
) -> None:
    """Add the months with deliveries that are unconfirmed, or whose run was killed while it sent them.

    Args:
        watched: The profile.
        entries: The organization's deliveries, the newest of each recipient last.
        now: The current time.
        findings: The findings of this round.
    """
    translate = watched.language.translate
    newest = {(entry.month, entry.channel, entry.recipient): entry for entry in entries}
    unsettled = defaultdict(list)
    for entry in newest.values():
        if entry.state is DeliveryState.UNCONFIRMED or entry.is_expired(now):
            unsettled[entry.month].append(entry)
    for month, of_month in unsettled.items():
        if all(now - entry.claimed_at > _RECENT for entry in of_month):
            findings.unchecked[f"{CHECK} {month}"] = translate("watch.too_old")
        else:
            findings.problems.append(_problem(watched, month, of_month))


def _problem(watched: WatchedProfile, month: str, unsettled: list[LedgerEntry]) -> Problem:
    translate, number = watched.language.translate, len(unsettled)
    channels = watched.language.listed(sorted({entry.channel for entry in unsettled}))
    return Problem(
        ProblemKind.DELIVERIES_UNSETTLED,
        f"{CHECK} {month}",
        translate("watch.unsettled", number, number=watched.language.count(number), channels=channels),
        translate("watch.settle"),
        Month.parse(month),
        shlex.join(["tabnine-report", "history", "--profile", watched.profile]),
    )
