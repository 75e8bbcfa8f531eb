"""Recalling what other bundles of the archive tell for a report."""

import asyncio

from prefect import task
from prefect.cache_policies import NO_CACHE

from tabnine_report.archive.prior_reports import read_inputs
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import PriorReports
from tabnine_report.profile.profile import Profile
from tabnine_report.runs.storage import archive_of


@task(name="recall-inputs", task_run_name="recall other bundles", cache_policy=NO_CACHE)
async def recall_inputs(profile: Profile, month: Month) -> PriorReports:
    """Read what a month's report takes from other bundles; one that cannot be read is left out.

    Raises:
        ArchiveError: If the archive itself cannot be read.
    """
    return await asyncio.to_thread(read_inputs, archive_of(profile), profile.name, month)
