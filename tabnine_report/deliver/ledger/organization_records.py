"""The base of the records that the ledger keeps of one organization."""

from collections.abc import Callable
from datetime import datetime

from pydantic import SecretStr

from tabnine_report.deliver.ledger.database import LedgerDatabase


class OrganizationRecords:
    """Records of one organization; each subclass reads and writes its own tables.

    Args:
        url: The ledger's database, as for `Ledger`.
        organization: The profile's name.
        clock: Returns the current instant.

    Raises:
        LedgerError: If the URL is not valid, or its driver is not installed.
    """

    def __init__(self, url: SecretStr, organization: str, clock: Callable[[], datetime]) -> None:
        self._database = LedgerDatabase(url.get_secret_value())
        self._organization = organization
        self._clock = clock
