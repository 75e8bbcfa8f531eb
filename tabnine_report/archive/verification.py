"""Verify a sealed bundle in three steps.

1. Its files match the manifest.
2. Its raw responses and prior reports still produce its report.
3. Its report still produces its documents.

Steps 2 and 3 can only be byte for byte identical with the versions that the bundle was built with. With other versions,
differences are reported as notes and the bundle is still verified.
"""

from dataclasses import dataclass

from pydantic import ValidationError

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.archive import Bundle, BundlePart
from tabnine_report.archive.build_info import build_info
from tabnine_report.archive.integrity import find_damage
from tabnine_report.model.edition import editions_among
from tabnine_report.model.errors import ArchiveError, BuildError
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.channel_settings import ChannelTables
from tabnine_report.profile.profile import Profile
from tabnine_report.render.documents import link_in, render_documents
from tabnine_report.render.page_image import PAGE_IMAGE

# Recipients and storage do not influence the report, and their secrets are masked in the manifest.
_UNUSED_TABLES = frozenset({*ChannelTables.model_fields, "audiences", "admins", "network", "archive"})


_REMOVED = {BundlePart.BUNDLE: "all files except the manifest were", BundlePart.RESTRICTED: "the restricted files were"}


@dataclass(frozen=True)
class VerificationResult:
    """The result of verifying a bundle.

    Attributes:
        problems: One sentence per problem; empty for a verified bundle.
        notes: One sentence per further result.
    """

    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_verified(self) -> bool:
        """Whether the bundle is verified."""
        return not self.problems


def verify(bundle: Bundle) -> VerificationResult:
    """Verify a bundle.

    Raises:
        ArchiveError: If a file cannot be read.
        RenderError: If documents cannot be rendered on this machine.
    """
    if damage := find_damage(bundle):
        return VerificationResult(tuple(damage))
    integrity = _describe_integrity(bundle)
    if bundle.is_removed:
        return VerificationResult(notes=(integrity,))
    comparison, version_differences = _compare(bundle), _version_differences(bundle)
    if not version_differences:
        return VerificationResult(comparison.problems, (integrity, *comparison.notes))
    caution = f"The bundle was built with other versions: {version_differences}. They may explain differences."
    return VerificationResult(notes=(integrity, caution, *comparison.problems, *comparison.notes))


def _describe_integrity(bundle: Bundle) -> str:
    removed = "; ".join(
        f"{_REMOVED[part]} removed on {removal.at:%Y-%m-%d} by {removal.rule}"
        for part, removal in sorted(bundle.removals.items())
    )
    return (
        f"The remaining files are intact; {removed}."
        if removed
        else f"The bundle is intact: all {len(bundle.files)} files match the manifest."
    )


def _version_differences(bundle: Bundle) -> str:
    """Return which versions differ from those that the bundle was built with; empty if none do."""
    then: dict[str, str] = bundle.facts.get("build_info", {})
    now = build_info()
    return ", ".join(
        f"{name} {then[name]}, now {now.get(name, 'none')}" for name in then if then[name] != now.get(name)
    )


def _compare(bundle: Bundle) -> VerificationResult:
    """Compare the report with its sources, and the documents with the report."""
    try:
        report = bundle.report()
    except ArchiveError as error:
        return VerificationResult((f"Its report was not compared: {error}",))
    responses, documents = _compare_with_responses(bundle, report), _compare_with_report(bundle, report)
    return VerificationResult(responses.problems + documents.problems, responses.notes + documents.notes)


def _compare_with_responses(bundle: Bundle, report: MonthlyReport) -> VerificationResult:
    """Rebuild the report from the raw responses and compare; no result if the responses were removed."""
    try:
        snapshot = bundle.snapshot()
        if snapshot is None:
            return VerificationResult()
        rebuilt = build_report(
            snapshot,
            _read_profile(bundle),
            revision=bundle.revision,
            draft=False,
            prior_reports=bundle.prior_reports(),
            note=report.note,
        )
    except (ArchiveError, BuildError) as error:
        return VerificationResult((f"Its report could not be rebuilt: {error}",))
    sealed, now = dict(report.figures()), dict(rebuilt.figures())
    if rebuilt == report:
        return VerificationResult(notes=(f"Its responses produce the same report: {len(sealed)} figures.",))
    differing = sorted(path for path in sealed if sealed[path] != now.get(path))
    first = f", the first is {differing[0]}" if differing else ""
    return VerificationResult(
        (f"Its responses produce a different report. Different figures: {len(differing)} of {len(sealed)}{first}.",)
    )


def _compare_with_report(bundle: Bundle, report: MonthlyReport) -> VerificationResult:
    """Render the documents again and compare them byte for byte."""
    sealed = bundle.documents()
    with_page_image = PAGE_IMAGE in sealed
    rendered = render_documents(
        report, link=link_in(sealed), editions=editions_among(sealed), with_page_image=with_page_image
    )
    differing = [name for name in rendered if rendered[name] != sealed.get(name)]
    if not differing:
        return VerificationResult(notes=(f"Its report renders the same documents: {len(rendered)}, byte for byte.",))
    return VerificationResult(tuple(f"{name} renders differently from the sealed file." for name in differing))


def _read_profile(bundle: Bundle) -> Profile:
    """Return the profile that the report was built with, without channels and secrets.

    Raises:
        ArchiveError: If this version cannot read the profile.
    """
    sealed: dict[str, dict[str, object]] = bundle.facts["profile"]
    try:
        tables: dict[str, object] = {name: table for name, table in sealed.items() if name not in _UNUSED_TABLES}
        # `report.release` does not influence the report, and it would require admins.
        tables["report"] = {key: value for key, value in sealed["report"].items() if key != "release"}
        return Profile.model_validate({**tables, "archive": {}})
    except ValidationError as error:
        raise ArchiveError(
            f"{bundle.folder} was built with a profile that this version cannot read. "
            f"Use tabnine-report {bundle.program_version} to verify it."
        ) from error
