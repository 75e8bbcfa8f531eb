"""Fixtures: archives in a folder and in a bucket, for a conftest to import."""

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
    """An empty place in a bucket of its own."""
    name = f"reports-{uuid4().hex}"
    where = resolve_location(f"s3://{name}/sub")
    where.fs.mkdir(name)
    return where


@pytest.fixture(params=["folder", "bucket"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> UPath:
    """Where an archive may be: in each test once a folder of this machine, once a bucket."""
    if request.param == "folder":
        return resolve_location(tmp_path / "reports")
    found: UPath = request.getfixturevalue("bucket")
    return found


@pytest.fixture
def archive(location: UPath) -> Archive:
    return Archive(location)
