"""Whether a sealed bundle is still what was sent, and whether its own answers still give it.

Three things are looked at: the files against the manifest; the report against the answers and other inputs that it was
built from; the documents against the report. The last two can only be the same byte for byte where the program and all
that it makes documents with are those of then; with others, what differs is told and is nobody's fault.
"""

from dataclasses import dataclass

from pydantic import ValidationError

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.archive import Bundle, Part
from tabnine_report.archive.build_info import build_info
from tabnine_report.archive.integrity import damages
from tabnine_report.model.edition import editions_among
from tabnine_report.model.errors import ArchiveError, BuildError
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.channel_settings import ChannelTables
from tabnine_report.profile.profile import Profile
from tabnine_report.render.documents import link_of, render_documents

# These tables say whom to tell and where to keep it; no report is built from them, and their secrets are asterisks.
_NOT_BUILT_FROM = frozenset({*ChannelTables.model_fields, "audiences", "admins", "network", "archive"})


_PARTS = {Part.BUNDLE: "all but the manifest was", Part.RESTRICTED: "its personal part was"}


@dataclass(frozen=True)
class Verdict:
    """What came of verifying a bundle.

    Attributes:
        problems: What is not as it should be, a sentence each; none for a bundle that is verified.
        notes: What else was found, a sentence each.
    """

    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the bundle is verified."""
        return not self.problems


def verify(bundle: Bundle) -> Verdict:
    """Look at everything that a bundle says of itself.

    Raises:
        ArchiveError: If a file may not be read at all.
        RenderError: If documents cannot be made on this machine.
    """
    if damaged := damages(bundle):
        return Verdict(tuple(damaged))
    intact = _intact(bundle)
    if bundle.is_removed:
        return Verdict(notes=(intact,))
    compared, others = _compare(bundle), _other_versions(bundle)
    if not others:
        return Verdict(compared.problems, (intact, *compared.notes))
    caution = f"The bundle was made with other versions than these: {others}. What differs may come from them."
    return Verdict(notes=(intact, caution, *compared.problems, *compared.notes))


def _intact(bundle: Bundle) -> str:
    removed = "; ".join(
        f"{_PARTS[part]} removed on {removal.at:%Y-%m-%d} by {removal.rule}"
        for part, removal in sorted(bundle.removals.items())
    )
    return (
        f"What is left is as it was sealed; {removed}."
        if removed
        else f"The bundle is intact: {len(bundle.files)} files, each as it was sealed."
    )


def _other_versions(bundle: Bundle) -> str:
    """Name what the bundle was made with and is not here; empty when everything is."""
    then: dict[str, str] = bundle.facts.get("made_with", {"tabnine-report": bundle.program_version})
    now = build_info()
    return ", ".join(
        f"{name} {then[name]}, here {now.get(name, 'none')}" for name in then if then[name] != now.get(name)
    )


def _compare(bundle: Bundle) -> Verdict:
    """Compare the report with what it was built from, and the documents with the report."""
    try:
        report = bundle.report()
    except ArchiveError as error:
        return Verdict((f"Its report was not compared: {error}",))
    answers, documents = _against_answers(bundle, report), _against_report(bundle, report)
    return Verdict(answers.problems + documents.problems, answers.notes + documents.notes)


def _against_answers(bundle: Bundle, report: MonthlyReport) -> Verdict:
    """Build the report again and compare it; there is nothing to say where the answers were removed."""
    try:
        snapshot = bundle.snapshot()
        if snapshot is None:
            return Verdict()
        again = build_report(
            snapshot,
            profile_of(bundle),
            revision=bundle.revision,
            draft=False,
            prior_reports=bundle.prior_reports(),
            note=report.note,
        )
    except (ArchiveError, BuildError) as error:
        return Verdict((f"Its report could not be built again: {error}",))
    then, now = dict(report.figures()), dict(again.figures())
    if again == report:
        return Verdict(notes=(f"Its answers give this report: {len(then)} figures.",))
    differing = sorted(path for path in then if then[path] != now.get(path))
    which = f", {differing[0]} first" if differing else ""
    return Verdict((f"Its answers give another report: {len(differing)} of {len(then)} figures differ{which}.",))


def _against_report(bundle: Bundle, report: MonthlyReport) -> Verdict:
    """Make the documents again and compare them byte for byte."""
    sealed = bundle.documents()
    again = render_documents(report, link=link_of(sealed), editions=editions_among(sealed))
    differing = [name for name in again if again[name] != sealed.get(name)]
    if not differing:
        return Verdict(notes=(f"Its documents come out the same: {len(again)}, byte for byte.",))
    return Verdict(tuple(f"{name} comes out otherwise than it was sealed." for name in differing))


def profile_of(bundle: Bundle) -> Profile:
    """Give the profile that a bundle's report was built with, without channels and secrets.

    Raises:
        ArchiveError: If it was written by a version whose profiles this one cannot read.
    """
    kept: dict[str, dict[str, object]] = bundle.facts["profile"]
    try:
        built_from: dict[str, object] = {name: table for name, table in kept.items() if name not in _NOT_BUILT_FROM}
        # Neither does a report depend on how it is released, which asks for admins.
        built_from["report"] = {key: value for key, value in kept["report"].items() if key != "release"}
        return Profile.model_validate({**built_from, "archive": {}})
    except ValidationError as error:
        raise ArchiveError(
            f"{bundle.folder} was made with a profile that this version cannot read; "
            f"tabnine-report {bundle.program_version} verifies it."
        ) from error
