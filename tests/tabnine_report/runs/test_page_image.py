"""Where the picture of page one is, for Slack and for Prefect."""

from pathlib import Path

import pytest
from profile_file import write_profile
from sealing import FETCHED_AT, OCTOBER, seal
from upath import UPath

from tabnine_report.archive import Archive, Bundle
from tabnine_report.render.page_image import PAGE_IMAGE
from tabnine_report.runs import page_image
from tabnine_report.runs.context import RunContext, load_context
from tabnine_report.runs.page_image import page_image_address, read_page_image

PNG = b"\x89PNG page one"
IN_BUCKET = 'location = "s3://reports"\nledger = "sqlite:///ledger.db"\npresigned_link_days = 7'


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return Archive(str(tmp_path / "archive")).seal("acme", OCTOBER, 1, {PAGE_IMAGE: PNG}, {}, {})


def run_with(folder: Path, archive: str) -> RunContext:
    path = write_profile(folder, archive)
    return load_context(path, "2026-10", draft=False, at=FETCHED_AT, resolve=lambda *_: None)


@pytest.mark.parametrize(
    ("archive", "address"),
    [
        ('link_base = "https://reports.example"', "https://reports.example/acme/2026-10/r1/page1.png"),
        ('link_base = "http://127.0.0.1:8000"', ""),
        ("", ""),
    ],
)
def test_slack_gets_only_an_https_address(bundle: Bundle, tmp_path: Path, archive: str, address: str) -> None:
    assert page_image_address(run_with(tmp_path, archive), bundle.folder) == address


@pytest.mark.parametrize("signed", ["https://bucket.example/page1.png?signature=s3cret", "http://127.0.0.1/page1.png"])
def test_a_bucket_has_a_presigned_address(
    bundle: Bundle, tmp_path: Path, signed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_image, "presigned_addresses", lambda _, names, days: {names[0]: signed} if days else {})
    expected = signed if signed.startswith("https") else ""
    assert page_image_address(run_with(tmp_path, IN_BUCKET), bundle.folder) == expected


def test_a_bundle_without_a_picture_has_none(tmp_path: Path) -> None:
    folder = seal(Archive(str(tmp_path / "archive"))).folder
    assert page_image_address(run_with(tmp_path, 'link_base = "https://reports.example"'), folder) == ""
    assert read_page_image(folder) == b""


def test_the_picture_is_read_unless_its_folder_cannot_be(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_page_image(bundle.folder) == PNG

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(page_image, "storage_of", fail)
    assert read_page_image(UPath(bundle.folder)) == b""
