"""How a run ended, in one word, with its exit status and the notice that the admins get."""

from enum import StrEnum


class RunStatus(StrEnum):
    """How a run ended."""

    SENT = "sent"
    """All recipients have the report, and this run sent it to at least one of them."""
    NOTHING_TO_SEND = "nothing_to_send"
    """All recipients already received the month's report, so this run sent nothing."""
    NO_CHANNEL = "no_channel"
    """The report is archived; the profile configures no channel to deliver it."""
    PARTLY_DELIVERED = "partly_delivered"
    """At least one recipient does not have the report; a rerun sends it."""
    UNCONFIRMED = "unconfirmed"
    """At least one recipient may not have the report; only a person can find out."""
    IN_PROGRESS_ELSEWHERE = "in_progress_elsewhere"
    """Another run is delivering the report to the recipients who do not have it."""
    WITHHELD = "withheld"
    """The report is archived, and no recipient receives it until a person releases it."""
    PREVIEWED = "previewed"
    """The admins received the preview that the run was started for."""
    PREVIEW_INCOMPLETE = "preview_incomplete"
    """At least one admin did not receive the preview that the run was started for."""
    ARCHIVED = "archived"
    """The report is archived; the run was started with `delivery = "nobody"`."""
    DRAFT = "draft"
    """The run built a draft, which is never delivered."""
    POSTPONED = "postponed"
    """The API does not respond, and another run continues this one later."""
    FAILED = "failed"
    """There is no report."""
    CRASHED = "crashed"
    """The run's process ended before the run did. Only the watchdog records it, because such a run cannot."""

    @property
    def is_failure(self) -> bool:
        """Whether the run did not do what it was started for: red in Prefect."""
        return self in _FAILURES

    @property
    def is_waiting(self) -> bool:
        """Whether the run ended before its report was due to be delivered, as intended: gray in Prefect."""
        return self in {RunStatus.WITHHELD, RunStatus.POSTPONED}

    @property
    def exit_status(self) -> int:
        """The exit status of the command line."""
        if self in {RunStatus.FAILED, RunStatus.CRASHED}:
            return 1
        is_unfinished = self.is_failure or self.is_waiting or self is RunStatus.IN_PROGRESS_ELSEWHERE
        return 3 if is_unfinished else 0

    @property
    def notice(self) -> str:
        """The admins' notice, as a key of the catalog's table `[notice]`; empty if they get none."""
        return _NOTICES.get(self, "")

    @property
    def label(self) -> str:
        """The status in words: `Nothing to send`."""
        return self.replace("_", " ").capitalize()


_FAILURES = frozenset(
    {
        RunStatus.PARTLY_DELIVERED,
        RunStatus.UNCONFIRMED,
        RunStatus.PREVIEW_INCOMPLETE,
        RunStatus.FAILED,
        RunStatus.CRASHED,
    }
)
_NOTICES = {
    RunStatus.SENT: "delivered",
    RunStatus.NOTHING_TO_SEND: "nothing_to_send",
    RunStatus.NO_CHANNEL: "no_channel",
    RunStatus.PARTLY_DELIVERED: "undelivered",
    RunStatus.UNCONFIRMED: "undelivered",
    RunStatus.IN_PROGRESS_ELSEWHERE: "in_progress_elsewhere",
    RunStatus.WITHHELD: "withheld",
    RunStatus.FAILED: "failed",
}
