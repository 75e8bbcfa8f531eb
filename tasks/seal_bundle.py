"""Keeping a report in the archive."""

import asyncio
import logging
from collections.abc import Mapping

from prefect import task
from prefect.cache_policies import NO_CACHE
from upath import UPath

from tabnine_report.archive import Bundle
from tabnine_report.archive.build_info import build_info
from tabnine_report.archive.people_list import people_csv
from tabnine_report.archive.revisions import outcome
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import PriorReports
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.profile import Profile
from tabnine_report.runs.storage import archive_of
from tabnine_report.usage_api.snapshot import Snapshot

_log = logging.getLogger(__name__)


@task(name="seal-bundle", task_run_name="seal the bundle", cache_policy=NO_CACHE)
async def seal_bundle(
    profile: Profile,
    report: MonthlyReport,
    snapshot: Snapshot,
    prior_reports: PriorReports,
    documents: Mapping[str, bytes],
) -> Bundle:
    """Put documents, inputs, raw answers and, where the profile asks for it, the people into the archive for good.

    Raises:
        ArchiveError: If the bundle cannot be written, or its revision exists by now.
    """
    facts = {
        "outcome": outcome(report),
        "program_version": report.program_version,
        "made_with": build_info(),
        "model_version": report.model_version,
        "fetched": {"from": snapshot.started_at.isoformat(), "to": snapshot.ended_at.isoformat()},
        "profile": profile.without_secrets(),
    }
    bundle = await asyncio.to_thread(
        archive_of(profile).seal,
        profile.name,
        Month.parse(report.month),
        report.revision,
        documents={**documents, **prior_reports.files()},
        restricted=_restricted(profile, snapshot),
        facts=facts,
    )
    _log.info("Sealed %s", bundle.folder)
    return bundle


@task(name="keep-draft", task_run_name="keep the draft", cache_policy=NO_CACHE)
async def keep_draft(profile: Profile, month: Month, documents: Mapping[str, bytes]) -> UPath:
    """Put a draft's documents beside the month's bundles, in the place of an earlier draft.

    Raises:
        ArchiveError: If it cannot be written.
    """
    folder = await asyncio.to_thread(archive_of(profile).keep_draft, profile.name, month, documents)
    _log.info("Kept the draft in %s", folder)
    return folder


def _restricted(profile: Profile, snapshot: Snapshot) -> dict[str, bytes]:
    files = snapshot.files()
    if profile.privacy.people == "lists":
        people = people_csv(snapshot)
        if people is None:
            _log.warning("The list of people is not kept: the users could not be listed")
        else:
            files["people.csv"] = people
    return files
