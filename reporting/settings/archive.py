"""Where reports and the knowledge of what was sent are kept: `[archive]`."""

from pathlib import Path

from pydantic import SecretStr, ValidationInfo, field_validator

from reporting.addresses import check_web_address
from reporting.settings.table import Table, under_folder


class ArchiveSettings(Table):
    """`[archive]`: where reports are kept.

    Attributes:
        location: The folder of all bundles.
        ledger: The database that knows what was sent, as an SQLAlchemy URL: an SQLite file, or PostgreSQL.
        durable: Whether the ledger's file outlasts the container that runs the program; asked only in one.
        link_base: Where the archive can be read in a browser; empty when it cannot.
    """

    location: str = "reports"
    ledger: SecretStr = SecretStr("sqlite:///reports/ledger.db")
    durable: bool = False
    link_base: str = ""

    @field_validator("location")
    @classmethod
    def _local(cls, location: str, info: ValidationInfo) -> str:
        if "://" in location:
            raise ValueError("must be a folder of this machine; other places are not supported yet")
        return str(under_folder(Path(location), info))

    @field_validator("ledger")
    @classmethod
    def _database(cls, ledger: SecretStr, info: ValidationInfo) -> SecretStr:
        url = ledger.get_secret_value()
        if url.startswith("postgresql+psycopg://"):
            return ledger
        path = url.removeprefix("sqlite:///")
        if path in (url, ""):
            raise ValueError("must be sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE")
        return SecretStr(f"sqlite:///{under_folder(Path(path), info)}")

    @property
    def ledger_file(self) -> Path | None:
        """The ledger's file, or None where the ledger is a server's."""
        scheme, _, path = self.ledger.get_secret_value().partition(":///")
        return Path(path) if scheme == "sqlite" else None

    @field_validator("link_base")
    @classmethod
    def _link(cls, link_base: str) -> str:
        return check_web_address(link_base) if link_base else link_base
