"""One organization's profile: all its tables together."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from reporting.language import Language
from reporting.settings.archive import ArchiveSettings
from reporting.settings.channels import AdminSettings, EmailSettings, FolderSettings, SlackSettings
from reporting.settings.report import ReportSettings
from reporting.settings.table import Table
from reporting.settings.targets import TargetSettings
from reporting.settings.usage_api import NetworkSettings, PrivacySettings, UsageApiSettings


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a time zone of the IANA list, like Europe/Berlin") from None
    return name


class Profile(Table):
    """One organization's settings; see docs/configuration.md for every key.

    A channel's table that is not there is None, and the channel is not used.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
    time_zone: Annotated[str, AfterValidator(_zone)]
    usage_api: UsageApiSettings
    report: ReportSettings = ReportSettings()
    targets: TargetSettings = TargetSettings()
    email: EmailSettings | None = None
    slack: SlackSettings | None = None
    folder: FolderSettings | None = None
    admins: AdminSettings = AdminSettings()
    network: NetworkSettings = NetworkSettings()
    privacy: PrivacySettings = PrivacySettings()
    archive: ArchiveSettings

    @field_validator("admins")
    @classmethod
    def _admins_need_a_relay(cls, admins: AdminSettings, info: ValidationInfo) -> AdminSettings:
        if admins.email and "email" in info.data and info.data["email"] is None:
            raise ValueError("names email addresses, which need the relay of [email]")
        return admins

    @field_validator("admins")
    @classmethod
    def _somebody_approves(cls, admins: AdminSettings, info: ValidationInfo) -> AdminSettings:
        report = info.data.get("report")
        if report is not None and report.release == "after_approval" and not (admins.email or admins.slack_webhook_url):
            raise ValueError(
                'names nobody, and report.release = "after_approval" shows each report to the admins first'
            )
        return admins

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which months become final and times are written."""
        return ZoneInfo(self.time_zone)

    @property
    def language(self) -> Language:
        """How numbers and dates are written."""
        return Language(self.report.locale, self.zone)

    def without_secrets(self) -> dict[str, Any]:
        """Give the profile as plain data, each secret replaced by asterisks: what a manifest may keep."""
        return self.model_dump(mode="json", exclude_none=True)
