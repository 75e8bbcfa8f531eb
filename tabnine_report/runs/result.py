"""What came of a run."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from upath import UPath

from tabnine_report.deliver.message import DeliveryState, Receipt
from tabnine_report.model.report import MonthlyReport


class Status(StrEnum):
    """How a run ended, when it made a report."""

    DELIVERED = "delivered"
    """Everybody has it now, those included who had it before."""
    UNDELIVERED = "undelivered"
    """Somebody does not have it, or may not have it."""
    UNDER_WAY = "under way"
    """Whoever does not have it is getting it from another run just now, which will tell what comes of that."""
    HELD = "held"
    """It is kept, and nobody gets it until a person says so."""
    PREVIEWED = "previewed"
    """Only the admins got it."""
    KEPT = "kept"
    """It is kept, and nobody was to get it."""
    DRAFT = "draft"
    """It is a draft, and nobody gets drafts."""


@dataclass(frozen=True)
class Outcome:
    """What came of a run that made a report.

    Attributes:
        status: How it ended.
        report: The report.
        folder: Where its documents are, on this machine or in a bucket.
        link: Where they can be read in a browser; empty when nowhere.
        receipts: What came of each delivery, those of earlier runs included.
        reason: Why it is held; empty otherwise.
        damaged: What is damaged of the month's bundles, a sentence each.
    """

    status: Status
    report: MonthlyReport
    folder: UPath
    link: str = ""
    receipts: tuple[Receipt, ...] = ()
    reason: str = ""
    damaged: tuple[str, ...] = ()

    @property
    def under_way(self) -> tuple[Receipt, ...]:
        """The deliveries that another run is at."""
        return tuple(receipt for receipt in self.receipts if receipt.state is DeliveryState.CLAIMED)

    @property
    def missed(self) -> tuple[Receipt, ...]:
        """The deliveries that did not, or may not have, reached their recipient."""
        has_it = (DeliveryState.SENT, DeliveryState.CLAIMED)
        return tuple(receipt for receipt in self.receipts if receipt.state not in has_it)

    def with_receipts(self, receipts: tuple[Receipt, ...]) -> Self:
        """Give the outcome of a report after its delivery."""
        delivered = replace(self, status=Status.DELIVERED, receipts=receipts)
        if delivered.missed:
            return replace(delivered, status=Status.UNDELIVERED)
        return replace(delivered, status=Status.UNDER_WAY) if delivered.under_way else delivered

    @property
    def had_before(self) -> bool:
        """Whether everybody had the month from earlier runs, so that nothing was sent."""
        return bool(self.receipts) and all(r.earlier and r.state is DeliveryState.SENT for r in self.receipts)

    @property
    def behind(self) -> tuple[Receipt, ...]:
        """The deliveries that brought an earlier revision, and not this one."""
        present = self.report.revision
        return tuple(r for r in self.receipts if r.state is DeliveryState.SENT and r.revision < present)

    @property
    def uncertain(self) -> tuple[Receipt, ...]:
        """The deliveries of which nobody knows whether they arrived."""
        return tuple(receipt for receipt in self.missed if receipt.state is DeliveryState.UNCONFIRMED)

    def summary(self) -> str:
        """Say what came of it, and what a person can do where that is not all."""
        without = (*self.missed, *self.under_way)
        reached = f"{len(self.receipts) - len(without)} of {len(self.receipts)}"
        recipients = f"{reached} recipient{'s' if len(self.receipts) > 1 else ''}"
        missed = "; ".join(f"{r.channel} to {r.recipient}: {_state(r)} ({r.detail.rstrip('.')})" for r in without)
        previewed = (
            f"is made and kept, but of its previews only {reached} reached the admins: {missed}."
            if self.missed
            else "went to the admins as a preview."
        )
        delivered = f"is delivered to {recipients}."
        if not self.receipts:
            delivered = "is made; no channel is set to deliver it."
        elif self.had_before:
            delivered = f"had been delivered to {recipients} by earlier runs; nothing was sent now."
        if self.behind:
            have = "One recipient has" if len(self.behind) == 1 else f"{len(self.behind)} recipients have"
            delivered += (
                f" {have} an earlier revision: run the month {self.report.month} with delivery revised to send "
                f"revision {self.report.revision}."
            )
        endings = {
            Status.DELIVERED: delivered,
            Status.UNDELIVERED: f"is made and kept, but delivered only to {recipients}: {missed}.{self._advice()}",
            Status.UNDER_WAY: f"is made and kept, and delivered to {recipients}: {missed}.",
            Status.HELD: f"is made and held back. {self.reason}",
            Status.PREVIEWED: previewed,
            Status.KEPT: "is made and kept; nobody was to get it.",
            Status.DRAFT: "is made as a draft; drafts are never delivered.",
        }
        return f"The report of {self.report.organization.profile} for {self.report.month} {endings[self.status]}"

    def _advice(self) -> str:
        """Say what can be done for those who were missed; a rerun would not reach those of whom nobody knows."""
        advice = ""
        if len(self.missed) > len(self.uncertain):
            advice += f" Run the month {self.report.month} again to deliver the rest."
        if self.uncertain:
            advice += " What may have arrived is not sent again by itself: settle it."
        return advice


def _state(receipt: Receipt) -> str:
    return "being delivered by another run" if receipt.state is DeliveryState.CLAIMED else str(receipt.state)
