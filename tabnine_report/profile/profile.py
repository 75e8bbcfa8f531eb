"""One organization's profile: all its tables together."""

from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from tabnine_report.model.edition import EDITIONS, Edition
from tabnine_report.profile.addresses import mailbox_of
from tabnine_report.profile.archive_settings import ArchiveSettings
from tabnine_report.profile.channel_settings import AdminSettings, AudienceSettings, ChannelTables, EmailSettings
from tabnine_report.profile.report_settings import ReportSettings
from tabnine_report.profile.target_settings import TargetSettings
from tabnine_report.profile.usage_api_settings import NetworkSettings, PrivacySettings, UsageApiSettings
from tabnine_report.text.i18n import Language


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a time zone of the IANA list, like Europe/Berlin") from None
    return name


@dataclass(frozen=True)
class AdminsAlone:
    """What it takes to tell the admins that a profile cannot be used, as far as that can be read of it.

    Attributes:
        name: The profile's name, or its file's.
        zone: Its time zone, or UTC.
        email: Its relay; None where it has none that can be used.
        admins: The admins that can be reached.
        network: How connections are made.
    """

    name: str
    zone: ZoneInfo
    email: EmailSettings | None
    admins: AdminSettings
    network: NetworkSettings

    @property
    def language(self) -> Language:
        """How numbers and dates are written: as where a profile says nothing."""
        return Language(ReportSettings().locale, self.zone)


class Profile(ChannelTables):
    """One organization's settings; see docs/configuration.md for every key."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
    time_zone: Annotated[str, AfterValidator(_zone)]
    usage_api: UsageApiSettings
    report: ReportSettings = ReportSettings()
    targets: TargetSettings = TargetSettings()
    audiences: tuple[AudienceSettings, ...] = ()
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
        if report is not None and report.release == "after_approval" and not admins.has_channel:
            raise ValueError(
                'names nobody, and report.release = "after_approval" shows each report to the admins first'
            )
        return admins

    @field_validator("audiences")
    @classmethod
    def _audiences_need_a_relay(
        cls, audiences: tuple[AudienceSettings, ...], info: ValidationInfo
    ) -> tuple[AudienceSettings, ...]:
        if audiences and "email" in info.data and info.data["email"] is None:
            raise ValueError("name email addresses, which need the relay of [email]")
        if len({audience.name for audience in audiences}) != len(audiences):
            raise ValueError("must each have a name of their own")
        return audiences

    def email_recipients(self, edition: Edition) -> tuple[str, ...]:
        """Give who gets an edition by email: everybody once, in the fullest one that an audience of theirs has."""
        fuller = EDITIONS[EDITIONS.index(edition) + 1 :]
        served = {mailbox for one in fuller for mailbox in self._readers(one)}
        return tuple(address for mailbox, address in self._readers(edition).items() if mailbox not in served)

    def _readers(self, edition: Edition) -> dict[str, str]:
        """Give the addresses of an edition's audiences, by mailbox."""
        executives = self.email.recipients if self.email is not None and edition == "executive" else ()
        others = (address for one in self.audiences if one.edition == edition for address in one.recipients)
        return {mailbox_of(address): address for address in (*executives, *others)}

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The editions that are made: the executive one always, another where somebody is to get it."""
        channels = self.channel_editions()
        return tuple(one for one in EDITIONS if one == "executive" or one in channels or self.email_recipients(one))

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
