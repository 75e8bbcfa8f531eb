"""What the watchdog remembers of an organization's problems: in the ledger, otherwise in a file on this machine."""

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pydantic import SecretStr

from tabnine_report.deliver.ledger.problem_records import ProblemRecord, ProblemRecords
from tabnine_report.model.errors import LedgerError
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.runs import clock

DIGEST = "digest"
"""The kind of a digest that was sent, which is remembered with the problems."""
NO_ORGANIZATION = ""
"""The name under which the problems that belong to no organization are remembered."""


def local_file() -> Path:
    """Return the file that replaces a ledger that cannot be reached: in Prefect's home, as those of `up`."""
    home = os.environ.get("PREFECT_HOME") or "~/.prefect"
    return Path(home).expanduser() / "tabnine-report" / "watchdog.db"


class Memory:
    """The open problems of an organization.

    While the ledger cannot be reached, the watchdog remembers in the file. It also reads the file later, until the
    problems in it are solved.

    Args:
        ledger: The settings of the ledger; None if they are invalid.
        organization: The organization's name, or `NO_ORGANIZATION`.
    """

    def __init__(self, ledger: LedgerProfile | None, organization: str) -> None:
        in_ledger = _usable([ledger.archive.ledger] if ledger is not None else [], organization)
        file = [SecretStr(f"sqlite:///{local_file()}")] if not in_ledger or local_file().exists() else []
        self._places = in_ledger + _usable(file, organization)

    @property
    def is_usable(self) -> bool:
        """Whether anything can be remembered."""
        return bool(self._places)

    def open_problems(self) -> list[ProblemRecord]:
        """Return the open problems, each once."""
        records = (record for place in self._places for record in place.read_all() if record.kind != DIGEST)
        return list({record.key: record for record in records}.values())

    def claim_found(self, key: str, kind: str, sentence: str, day: date) -> bool:
        """Record an open problem; return whether to notify the admins of it. See `ProblemRecords`.

        Without any memory, they are notified in each round.
        """
        if not self._places:
            return True
        place, *others = self._places
        notified = {(record.key, record.kind, record.notified_on) for other in others for record in other.read_all()}
        return (key, kind, day) not in notified and place.claim_found(key, kind, sentence, day)

    def claim_solved(self, key: str) -> bool:
        """Return whether to notify the admins that a problem is solved."""
        return any(place.claim_solved(key) for place in self._places)

    def record_notified(self, key: str, day: date) -> None:
        """Record that the admins were notified of a problem."""
        for place in self._places[:1]:
            place.record_notified(key, day)

    def release(self, key: str) -> None:
        """Let the next round send a notice that could not be sent."""
        for place in self._places:
            place.release(key)

    def forget(self, key: str) -> None:
        """Remove a problem that is solved."""
        for place in self._places:
            place.forget(key)


def _usable(urls: Iterable[SecretStr], organization: str) -> list[ProblemRecords]:
    usable = []
    for url in urls:
        try:
            place = ProblemRecords(url, organization, clock.now)
            place.read_all()
        except LedgerError:
            continue
        usable.append(place)
    return usable
