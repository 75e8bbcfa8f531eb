"""Define the parts of a profile for commands on the archive and the ledger, which need no other secret."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from tabnine_report.profile.archive_settings import ArchiveLocation, ArchiveSettings
from tabnine_report.profile.base_table import SettingsTable
from tabnine_report.profile.prefect_settings import PrefectSettings
from tabnine_report.profile.report_settings import ReportFormat
from tabnine_report.text.i18n import Language


def _check_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not an IANA time zone such as Europe/Berlin") from None
    return name


class ArchiveProfile(SettingsTable):
    """What a command on an organization's archive needs; see docs/configuration.md for the keys."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
    time_zone: Annotated[str, AfterValidator(_check_time_zone)]
    report: ReportFormat = ReportFormat()
    archive: ArchiveLocation

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that decides when months become final and in which times are written."""
        return ZoneInfo(self.time_zone)

    @property
    def language(self) -> Language:
        """The format of numbers and dates."""
        return Language(self.report.locale, self.zone)


class LedgerProfile(ArchiveProfile):
    """What a command on an organization's archive and ledger needs."""

    archive: ArchiveSettings


class FormProfile(LedgerProfile):
    """What a form in Prefect needs: also what Prefect may store."""

    prefect: PrefectSettings = PrefectSettings()
