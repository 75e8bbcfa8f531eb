"""Where reports and the knowledge of what was sent are kept: `[archive]`."""

import re
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator

from tabnine_report.profile.addresses import check_web_address
from tabnine_report.profile.settings_table import Table, under_folder

DRIVERS = {"s3": "s3fs", "gs": "gcsfs", "az": "adlfs"}
"""The packages that know a kind of bucket, by the scheme of its locations; each scheme is an extra of this project."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]+(/[^\s?#*\[\]@]+)?/?")

Months = Annotated[int, Field(ge=1, le=1200)]


def scheme_of(location: str) -> str:
    """Give the scheme of a location; empty for a path."""
    match = _SCHEME.match(location)
    return match[1] if match else ""


class ArchiveSettings(Table):
    """`[archive]`: where reports are kept.

    Attributes:
        location: Where all bundles are: a folder, or a prefix in a bucket, `s3://`, `gs://` or `az://`.
        ledger: The database that knows what was sent, as an SQLAlchemy URL: an SQLite file, or PostgreSQL.
        durable: Whether the ledger's file outlasts the container that runs the program; asked only in one.
        link_base: Where the archive can be read in a browser; empty when it cannot.
        keep_people_months: How many months after it was fetched what names people stays in a bundle; None for good.
        keep_months: How many months after it was fetched a bundle stays, but for its manifest; None for good.
    """

    location: str = "reports"
    ledger: SecretStr = SecretStr("sqlite:///reports/ledger.db")
    durable: bool = False
    link_base: str = ""
    keep_people_months: Months | None = None
    keep_months: Months | None = None

    @field_validator("location")
    @classmethod
    def _place(cls, location: str, info: ValidationInfo) -> str:
        scheme = scheme_of(location)
        if not scheme:
            return str(under_folder(Path(location), info))
        if scheme not in DRIVERS or not _BUCKET.fullmatch(location.removeprefix(f"{scheme}://")):
            raise ValueError(
                "must be a folder, or s3://BUCKET/PATH, gs://BUCKET/PATH or az://CONTAINER/PATH; "
                "credentials come from the environment"
            )
        return location.rstrip("/")

    @field_validator("ledger")
    @classmethod
    def _database(cls, ledger: SecretStr, info: ValidationInfo) -> SecretStr:
        url = ledger.get_secret_value()
        if url.startswith("postgresql+psycopg://"):
            # A second one is the password's own: what follows the first would be taken, and named, as the host.
            if url.count("@") > 1:
                raise ValueError("holds more than one @: write @, / and : of a password as %40, %2F and %3A")
            return ledger
        path = url.removeprefix("sqlite:///")
        if path in (url, ""):
            raise ValueError("must be sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE")
        return SecretStr(f"sqlite:///{under_folder(Path(path), info)}")

    @model_validator(mode="after")
    def _ledger_is_named(self) -> Self:
        if scheme_of(self.location) and "ledger" not in self.model_fields_set:
            raise ValueError(
                "has its location in a bucket, so archive.ledger must be named: a PostgreSQL database, "
                "or a file of the one machine that runs everything"
            )
        return self

    @property
    def ledger_file(self) -> Path | None:
        """The ledger's file, or None where the ledger is a server's."""
        scheme, _, path = self.ledger.get_secret_value().partition(":///")
        return Path(path) if scheme == "sqlite" else None

    @field_validator("link_base")
    @classmethod
    def _link(cls, link_base: str) -> str:
        return check_web_address(link_base) if link_base else link_base
