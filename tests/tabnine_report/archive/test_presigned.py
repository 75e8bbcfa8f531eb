"""Presigned addresses open a document of a bundle in a bucket until they expire."""

from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from sealing import seal
from upath import UPath

from tabnine_report.archive import Archive
from tabnine_report.archive.presigned import presigned_addresses
from tabnine_report.model.errors import ArchiveError


def test_an_address_opens_the_document_in_the_browser_until_it_expires(bucket: UPath) -> None:
    bundle = seal(Archive(bucket))
    addresses = presigned_addresses(bundle, ("report.html", "full/report.html"), 7)
    query = parse_qs(urlsplit(addresses["report.html"]).query)

    with urlopen(addresses["report.html"]) as response:  # noqa: S310 - the address of the test's own bucket
        assert response.read() == bundle.read("report.html")
    assert set(addresses) == {"report.html"}
    assert query["response-content-type"] == ["text/html; charset=utf-8"]
    assert query["X-Amz-Expires"] == ["604800"]


def test_a_driver_that_cannot_sign_is_named_without_its_text(bucket: UPath, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = seal(Archive(bucket))

    def fail(*_: object, **__: object) -> str:
        raise RuntimeError("t0ken")

    monkeypatch.setattr(type(bundle.folder.fs), "sign", fail)

    with pytest.raises(ArchiveError, match=r"Cannot create a presigned link to s3://.* \(RuntimeError\)") as raised:
        presigned_addresses(bundle, ("report.html",), 7)
    assert "t0ken" not in str(raised.value)
    assert raised.value.__suppress_context__
