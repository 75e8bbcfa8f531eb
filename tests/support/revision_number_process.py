"""Reserves a revision number in a separate process."""

from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from time import sleep
from typing import TYPE_CHECKING

from pydantic import SecretStr

from tabnine_report.deliver.ledger.revision_numbers import RevisionInProgress, RevisionNumbers

if TYPE_CHECKING:
    from multiprocessing.queues import Queue


@dataclass(frozen=True)
class Numbering:
    """Waits until no other process builds October, then reserves and finishes the next number."""

    ledger_url: str

    def run(self, begin: Barrier, reserved: "Queue[int]") -> None:
        numbers = RevisionNumbers(SecretStr(self.ledger_url), lambda: datetime.now(UTC))
        begin.wait()
        while isinstance(number := numbers.reserve("acme", "2026-10", 0), RevisionInProgress):
            sleep(0.01)
        reserved.put(number.revision)
        numbers.finish(number, sealed=True)
