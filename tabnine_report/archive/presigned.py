"""Create presigned addresses. Anyone with one can read a document in a bucket until it expires, so it is a secret."""

from collections.abc import Iterable
from datetime import timedelta

from upath import UPath

from tabnine_report.archive.sealed_bundle import Bundle
from tabnine_report.model.errors import ArchiveError

_MEDIA_TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "png": "image/png"}
"""Without them, a browser would download the document instead of showing it."""


def presigned_addresses(bundle: Bundle, names: Iterable[str], days: int) -> dict[str, str]:
    """Return the addresses of documents of a bundle in a bucket, by name; a missing document has none.

    Args:
        bundle: The bundle.
        names: The documents' names, such as `report.html`.
        days: After how many days the addresses expire.

    Raises:
        ArchiveError: If the storage driver cannot sign an address.
    """
    seconds = int(timedelta(days=days).total_seconds())
    try:
        return {name: _sign(bundle, name, seconds) for name in names if name in bundle.files}
    except Exception as error:  # noqa: BLE001 - drivers raise errors of many libraries, whose text may contain anything
        raise ArchiveError(
            f"Cannot create a presigned link to {bundle.folder} ({type(error).__name__}). "
            "Check that the credentials of the bucket can sign links."
        ) from None


def _sign(bundle: Bundle, name: str, seconds: int) -> str:
    path, options = bundle.path(name), {}
    if path.protocol == "s3":
        # By default, the driver signs links with version 2 in some regions, which newer buckets reject.
        path = UPath(str(path), config_kwargs={"signature_version": "s3v4"})
        options = {"ResponseContentType": _MEDIA_TYPES[name.rpartition(".")[2]]}
    address: str = path.fs.sign(path.path, expiration=seconds, **options)
    return address
