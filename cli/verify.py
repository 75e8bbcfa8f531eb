"""`tabnine-report verify`: verifies that a bundle is unchanged and reproducible."""

from typing import Annotated

from cyclopts import Parameter

from cli.terminal import print_line
from tabnine_report.archive import Bundle, place
from tabnine_report.archive.storage import exists
from tabnine_report.archive.verification import Verdict
from tabnine_report.archive.verification import verify as verify_bundle
from tabnine_report.model.errors import ArchiveError, SettingsError


def verify(bundle: Annotated[str, Parameter(name="bundle")], /) -> int:
    """Compare a bundle's files with its manifest, its report with its responses, and its documents with its report.

    Args:
        bundle: The bundle's location, such as reports/acme/2026-10/r1 or s3://bucket/reports/acme/2026-10/r1.
    """
    if not exists(bundle):
        raise SettingsError(f"Bundle {bundle}", ["there is nothing at this location. Enter a folder like …/2026-10/r1"])
    try:
        verdict = verify_bundle(Bundle(bundle))
    except ArchiveError as error:
        verdict = Verdict((str(error),))
    for sentence in (*verdict.notes, *verdict.problems):
        print_line(sentence)
    print_line(f"{place(bundle)} is {'verified' if verdict.good else 'NOT verified'}.")
    return 0 if verdict.good else 1
