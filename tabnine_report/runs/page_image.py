"""Find the picture of page one: its content for Prefect, and its address for Slack."""

from upath import UPath

from tabnine_report.archive import Bundle
from tabnine_report.archive.presigned import presigned_addresses
from tabnine_report.archive.storage import archive_read_errors, storage_of
from tabnine_report.model.errors import ArchiveError
from tabnine_report.render.page_image import PAGE_IMAGE
from tabnine_report.runs.context import RunContext


def read_page_image(folder: UPath) -> bytes:
    """Return the picture in the folder of a bundle or a draft; empty if there is none, or it cannot be read."""
    try:
        with archive_read_errors(folder):
            return storage_of(folder).read(folder, [PAGE_IMAGE]).get(PAGE_IMAGE, b"")
    except ArchiveError:
        return b""


def page_image_address(run: RunContext, folder: UPath) -> str:
    """Return the HTTPS address of the picture in a bundle, which Slack requires; empty if the archive has none.

    Raises:
        ArchiveError: If the bundle cannot be read, or its storage driver cannot sign an address.
    """
    archive = run.profile.archive
    days = archive.presigned_link_days
    if not archive.link_base.startswith("https://") and days is None:
        return ""
    bundle = Bundle(folder)
    if PAGE_IMAGE not in bundle.files:
        return ""
    if days is not None:
        address = presigned_addresses(bundle, [PAGE_IMAGE], days)[PAGE_IMAGE]
        return address if address.startswith("https://") else ""
    return f"{run.link(bundle.revision).rpartition('/')[0]}/{PAGE_IMAGE}"
