"""The archive's location, ledger and retention are checked."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.archive_settings import ArchiveSettings
from tabnine_report.profile.reading import load_profile

LEDGER = "postgresql+psycopg://reports@db.example/reports"


@pytest.mark.parametrize("location", ["s3://reports", "s3://reports/a/b", "gs://reports/a", "az://container/a"])
def test_a_bucket_location_is_kept_as_written(location: str) -> None:
    assert ArchiveSettings.model_validate({"location": f"{location}/", "ledger": LEDGER}).location == location


@pytest.mark.parametrize(
    "location",
    [
        "ftp://reports",
        "s3://",
        "s3:///reports",
        "s3://key:hush@reports/a",
        "s3://reports/a?b",
        "s3://reports/a*",
        "s3://UP",
    ],
)
def test_an_unsupported_location_is_rejected_without_showing_it(location: str) -> None:
    with pytest.raises(ValidationError, match=r"must be a folder, or s3://BUCKET/PATH") as error_info:
        ArchiveSettings.model_validate({"location": location, "ledger": LEDGER})
    assert "hush" not in str(error_info.value)


def test_an_at_sign_in_the_ledger_password_is_rejected_without_showing_it() -> None:
    ledger = "postgresql+psycopg://reports:half@hush/rest@db.example/reports"
    with pytest.raises(
        ValidationError, match=r"ledger\n.*contains more than one @: write @, / and : .* as %40"
    ) as error_info:
        ArchiveSettings.model_validate({"ledger": ledger})
    assert "hush" not in str(error_info.value)


def test_an_archive_in_a_bucket_requires_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    profile = 'name = "acme"\ntime_zone = "UTC"\n[usage_api]\nbase_url = "https://console.example"\ntoken = "t"\n'
    path.write_text(f'{profile}[archive]\nlocation = "s3://reports"\n', encoding="utf-8")

    with pytest.raises(SettingsError, match=r"so archive\.ledger is required: a PostgreSQL database, or a file"):
        load_profile(path, lambda _kind, _name: None)

    path.write_text(f'{profile}[archive]\nlocation = "s3://reports"\nledger = "sqlite:///l.db"\n', encoding="utf-8")
    assert load_profile(path, lambda _kind, _name: None).archive.ledger_file == tmp_path / "l.db"


@pytest.mark.parametrize("key", ["keep_personal_data_months", "keep_months"])
@pytest.mark.parametrize("months", [0, -1, 1201, 1.5])
def test_retention_is_a_whole_number_of_months(key: str, months: float) -> None:
    with pytest.raises(ValidationError, match=key):
        ArchiveSettings.model_validate({key: months})


def test_everything_is_kept_by_default() -> None:
    archive = ArchiveSettings.model_validate({})
    assert (archive.keep_personal_data_months, archive.keep_months) == (None, None)


def test_presigned_links_are_for_a_bucket_that_has_no_other_address() -> None:
    bucket = {"location": "s3://reports", "ledger": LEDGER, "presigned_link_days": 7}

    assert ArchiveSettings.model_validate(bucket).presigned_link_days == 7
    with pytest.raises(ValidationError, match="presigned_link_days, which requires a location in a bucket"):
        ArchiveSettings.model_validate({"presigned_link_days": 7})
    with pytest.raises(ValidationError, match="both link_base and presigned_link_days; remove one of them"):
        ArchiveSettings.model_validate({**bucket, "link_base": "https://reports.example"})


@pytest.mark.parametrize("days", [0, 8, 1.5])
def test_presigned_links_expire_within_a_week(days: float) -> None:
    with pytest.raises(ValidationError, match="presigned_link_days"):
        ArchiveSettings.model_validate({"location": "s3://reports", "ledger": LEDGER, "presigned_link_days": days})
