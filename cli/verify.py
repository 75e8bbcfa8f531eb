"""`tabnine-report verify`: verifies that a bundle is unchanged and reproducible."""

from typing import Annotated

from cyclopts import Parameter

from cli.terminal import print_line
from tabnine_report.archive import Bundle, resolve_location
from tabnine_report.archive.storage import exists
from tabnine_report.archive.verification import VerificationResult
from tabnine_report.archive.verification import verify as verify_bundle
from tabnine_report.model.errors import ArchiveError, SettingsError


def verify(bundle: Annotated[str, Parameter(name="bundle")], /) -> int:
    """Compare a bundle's files with its manifest, its report with its responses, and its documents with its report.

    Args:
        bundle: The bundle's location, such as reports/acme/2026-10/r1 or s3://bucket/reports/acme/2026-10/r1.
    """
    if not exists(bundle):
        problem = "does not exist. Enter the path of a bundle, for example reports/acme/2026-10/r1"
        raise SettingsError(f"Bundle {bundle}", [problem])
    try:
        result = verify_bundle(Bundle(bundle))
    except ArchiveError as error:
        result = VerificationResult((str(error),))
    for sentence in (*result.notes, *result.problems):
        print_line(sentence)
    print_line(f"{resolve_location(bundle)} is {'verified' if result.is_verified else 'NOT verified'}.")
    return 0 if result.is_verified else 1
