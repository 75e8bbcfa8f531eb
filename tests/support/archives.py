"""Fixtures for a conftest: archives in a folder and in a bucket."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from bucket_server import serve_buckets
from upath import UPath

from tabnine_report.archive import Archive, resolve_location


@pytest.fixture(scope="session")
def buckets() -> Iterator[None]:
    with serve_buckets() as environment, pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield


@pytest.fixture
def bucket(buckets: None) -> UPath:
    """Return an empty location in a new bucket."""
    name = f"reports-{uuid4().hex}"
    location = resolve_location(f"s3://{name}/sub")
    location.fs.mkdir(name)
    return location


@pytest.fixture(params=["folder", "bucket"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> UPath:
    """Return the location of an archive; each test runs once with a folder and once with a bucket."""
    if request.param == "folder":
        return resolve_location(tmp_path / "reports")
    location: UPath = request.getfixturevalue("bucket")
    return location


@pytest.fixture
def archive(location: UPath) -> Archive:
    return Archive(location)
