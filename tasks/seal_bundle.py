"""Write a report to the archive."""

import asyncio
import logging
from collections.abc import Mapping

from upath import UPath

from tabnine_report.archive import Bundle
from tabnine_report.archive.build_info import build_info
from tabnine_report.archive.people_list import people_csv
from tabnine_report.archive.report_digest import report_digest
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import PriorReports
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.profile import Profile
from tabnine_report.runs.storage import archive_of
from tabnine_report.usage_api.snapshot import Snapshot
from tasks import step

_log = logging.getLogger(__name__)


@step("seal-bundle", "seal the bundle")
async def seal_bundle(
    profile: Profile,
    report: MonthlyReport,
    snapshot: Snapshot,
    prior_reports: PriorReports,
    documents: Mapping[str, bytes],
) -> Bundle:
    """Write documents, inputs and raw responses to the archive as a bundle that never changes.

    The bundle includes the list of users if `privacy.people` is "lists".

    Raises:
        ArchiveError: If the bundle cannot be written, or the revision exists.
    """
    bundle = await asyncio.to_thread(_seal, profile, report, snapshot, prior_reports, documents)
    _log.info("Sealed %s", bundle.folder)
    return bundle


@step("save-draft", "save the draft")
async def save_draft(profile: Profile, month: Month, documents: Mapping[str, bytes]) -> UPath:
    """Write a draft's documents beside the month's bundles, replacing an earlier draft.

    Raises:
        ArchiveError: If the draft cannot be written.
    """
    folder = await asyncio.to_thread(lambda: archive_of(profile).save_draft(profile.name, month, documents))
    _log.info("Saved the draft in %s", folder)
    return folder


def _seal(
    profile: Profile,
    report: MonthlyReport,
    snapshot: Snapshot,
    prior_reports: PriorReports,
    documents: Mapping[str, bytes],
) -> Bundle:
    facts = {
        "report_digest": report_digest(report),
        "build_info": build_info(),
        "fetched": {"from": snapshot.started_at.isoformat(), "to": snapshot.ended_at.isoformat()},
        "profile": profile.without_secrets(),
    }
    return archive_of(profile).seal(
        profile.name,
        Month.parse(report.month),
        report.revision,
        documents={**documents, **prior_reports.files()},
        restricted=_restricted_files(profile, snapshot),
        facts=facts,
    )


def _restricted_files(profile: Profile, snapshot: Snapshot) -> dict[str, bytes]:
    files = snapshot.files()
    if profile.privacy.people == "lists":
        people = people_csv(snapshot)
        if people is None:
            _log.warning("The list of users is not archived, because the API did not return all users")
        else:
            files["people.csv"] = people
    return files
