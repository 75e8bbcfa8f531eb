"""Define where reports and the delivery record are stored, and for how long: `[archive]`."""

import re
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator

from tabnine_report.profile.addresses import check_secret, check_web_address
from tabnine_report.profile.base_table import SettingsTable, resolve_path

DRIVERS = {"s3": "s3fs", "gs": "gcsfs", "az": "adlfs"}
"""The Python packages for each kind of bucket, by URL scheme. Each scheme is also an extra of this project."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]+(/[^\s?#*\[\]@]+)?/?")

_MAX_PRESIGNED_DAYS = 7
"""The longest that S3 and Google Cloud Storage allow."""

Months = Annotated[int, Field(ge=1, le=1200)]


def scheme_of(location: str) -> str:
    """Return the scheme of a location; empty for a path."""
    match = _SCHEME.match(location)
    return match[1] if match else ""


class ArchiveLocation(SettingsTable):
    """The part of `[archive]` without the ledger: where bundles are stored, and for how long.

    Attributes:
        location: The location of all bundles: a folder, or a bucket prefix with `s3://`, `gs://` or `az://`.
        keep_personal_data_months: How many months after fetching a bundle keeps its personal data; None means forever.
        keep_months: How many months after fetching a bundle is kept, except for its manifest; None means forever.
    """

    location: str = "reports"
    keep_personal_data_months: Months | None = None
    keep_months: Months | None = None

    @field_validator("location")
    @classmethod
    def _check_location(cls, location: str, info: ValidationInfo) -> str:
        scheme = scheme_of(location)
        if not scheme:
            return str(resolve_path(Path(location), info))
        if scheme not in DRIVERS or not _BUCKET.fullmatch(location.removeprefix(f"{scheme}://")):
            raise ValueError(
                "must be a folder, or s3://BUCKET/PATH, gs://BUCKET/PATH or az://CONTAINER/PATH; "
                "credentials come from the environment"
            )
        return location.rstrip("/")


class ArchiveSettings(ArchiveLocation):
    """`[archive]`: where reports and the delivery record are stored, and for how long.

    Attributes:
        ledger: The database with the delivery record, as an SQLAlchemy URL: an SQLite file, or PostgreSQL.
        ledger_durable: Whether the ledger's file outlives the container; checked only inside containers.
        link_base: The URL of the archive in a browser; empty if it cannot be browsed.
        presigned_link_days: After how many days the presigned links in messages expire; None means that messages
            contain none.
    """

    ledger: SecretStr = SecretStr("sqlite:///reports/ledger.db")
    ledger_durable: bool = False
    link_base: str = ""
    presigned_link_days: Annotated[int, Field(ge=1, le=_MAX_PRESIGNED_DAYS)] | None = None

    @field_validator("ledger")
    @classmethod
    def _check_ledger(cls, ledger: SecretStr, info: ValidationInfo) -> SecretStr:
        url = ledger.get_secret_value()
        if url.startswith("postgresql+psycopg://"):
            # A second @ belongs to the password. The part after the first one would be used, and reported, as the host.
            if url.count("@") > 1:
                raise ValueError("contains more than one @: write @, / and : in a password as %40, %2F and %3A")
            return check_secret(ledger)
        path = url.removeprefix("sqlite:///")
        if path in (url, ""):
            raise ValueError("must be sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE")
        return SecretStr(f"sqlite:///{resolve_path(Path(path), info)}")

    @model_validator(mode="after")
    def _require_ledger_for_bucket(self) -> Self:
        if scheme_of(self.location) and "ledger" not in self.model_fields_set:
            raise ValueError(
                "has its location in a bucket, so archive.ledger is required: a PostgreSQL database, "
                "or a file if a single machine runs everything"
            )
        return self

    @model_validator(mode="after")
    def _check_presigned_links(self) -> Self:
        if self.presigned_link_days is None:
            return self
        if not scheme_of(self.location):
            raise ValueError("has presigned_link_days, which requires a location in a bucket")
        if self.link_base:
            raise ValueError("has both link_base and presigned_link_days; remove one of them")
        return self

    @property
    def ledger_file(self) -> Path | None:
        """The ledger's file; None if the ledger is a PostgreSQL database."""
        scheme, _, path = self.ledger.get_secret_value().partition(":///")
        return Path(path) if scheme == "sqlite" else None

    @field_validator("link_base")
    @classmethod
    def _check_link_base(cls, link_base: str) -> str:
        return check_web_address(link_base) if link_base else link_base
