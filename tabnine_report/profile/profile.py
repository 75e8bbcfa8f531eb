"""Define one organization's profile: all its tables together."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationInfo, field_validator

from tabnine_report.model.edition import EDITIONS, Edition
from tabnine_report.profile.addresses import check_domains, mailbox_of
from tabnine_report.profile.channel_settings import AdminSettings, AudienceSettings, ChannelTables, EmailSettings
from tabnine_report.profile.profile_parts import FormProfile
from tabnine_report.profile.report_settings import ReportSettings
from tabnine_report.profile.schedule import NO_SCHEDULE, default_schedule, month_without_run
from tabnine_report.profile.target_settings import TargetSettings
from tabnine_report.profile.usage_api_settings import NetworkSettings, PrivacySettings, UsageApiSettings
from tabnine_report.text.i18n import Language


@dataclass(frozen=True)
class AdminContacts:
    """How to notify the admins about an invalid profile, as far as the profile can be read.

    Attributes:
        name: The profile's name, or its file name.
        zone: The profile's time zone, or UTC.
        email: The relay; None if the profile has no valid one.
        admins: The admins that can be notified.
        network: The network settings.
        problems: Why some of these settings cannot be used, one sentence each.
    """

    name: str
    zone: ZoneInfo
    email: EmailSettings | None
    admins: AdminSettings
    network: NetworkSettings
    problems: tuple[str, ...] = ()

    @property
    def language(self) -> Language:
        """The default format of numbers and dates."""
        return Language(ReportSettings().locale, self.zone)


class Profile(ChannelTables, FormProfile):
    """One organization's settings; see docs/configuration.md for every key.

    A channel whose table is None is not used.
    """

    usage_api: UsageApiSettings
    report: ReportSettings = ReportSettings()
    targets: TargetSettings = TargetSettings()
    audiences: tuple[AudienceSettings, ...] = ()
    admins: AdminSettings = AdminSettings()
    network: NetworkSettings = NetworkSettings()
    privacy: PrivacySettings = PrivacySettings()

    @field_validator("report")
    @classmethod
    def _check_schedule(cls, report: ReportSettings, info: ValidationInfo) -> ReportSettings:
        # The default suits every time zone and every number of days.
        if report.schedule in (None, NO_SCHEDULE) or "time_zone" not in info.data:
            return report
        if month := month_without_run(report.cron, ZoneInfo(info.data["time_zone"]), report.settle_days):
            raise ValueError(
                f"would be late: {month}, for example, is final on {month.final_on(report.settle_days)}, and "
                "report.schedule starts no run between that day and the end of the calendar month. Days after the 28th "
                "do not exist in every month, and on the 1st, a month is rarely final. Use, for example, "
                f'report.schedule = "{default_schedule(report.settle_days)}"'
            )
        return report

    @field_validator("admins")
    @classmethod
    def _check_admins_relay(cls, admins: AdminSettings, info: ValidationInfo) -> AdminSettings:
        if admins.email and "email" in info.data and info.data["email"] is None:
            raise ValueError("contains email addresses, which require the relay of [email]")
        check_domains(admins.email, _allowed_domains(info))
        return admins

    @field_validator("admins")
    @classmethod
    def _check_approvers(cls, admins: AdminSettings, info: ValidationInfo) -> AdminSettings:
        report = info.data.get("report")
        if report is not None and report.release == "after_approval" and not admins.has_channel:
            raise ValueError('is empty, but report.release = "after_approval" sends each report to the admins first')
        return admins

    @field_validator("audiences")
    @classmethod
    def _check_audiences(
        cls, audiences: tuple[AudienceSettings, ...], info: ValidationInfo
    ) -> tuple[AudienceSettings, ...]:
        if audiences and "email" in info.data and info.data["email"] is None:
            raise ValueError("contain email addresses, which require the relay of [email]")
        if len({audience.name for audience in audiences}) != len(audiences):
            raise ValueError("must have distinct names")
        recipients = tuple(address for audience in audiences for address in audience.recipients)
        check_domains(recipients, _allowed_domains(info))
        return audiences

    def email_recipients(self, edition: Edition) -> tuple[str, ...]:
        """Return the email recipients of an edition. Each reader is only in the fullest edition of their audiences."""
        fuller = EDITIONS[EDITIONS.index(edition) + 1 :]
        served = {mailbox for other in fuller for mailbox in self._readers(other)}
        return tuple(address for mailbox, address in self._readers(edition).items() if mailbox not in served)

    def _readers(self, edition: Edition) -> dict[str, str]:
        """Return the addresses of an edition's audiences, by mailbox."""
        executives = self.email.recipients if self.email is not None and edition == "executive" else ()
        others = (
            address for audience in self.audiences if audience.edition == edition for address in audience.recipients
        )
        return {mailbox_of(address): address for address in (*executives, *others)}

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The editions to build: the executive edition always, another one if it has recipients."""
        channels = self.channel_editions()
        return tuple(
            edition
            for edition in EDITIONS
            if edition == "executive" or edition in channels or self.email_recipients(edition)
        )

    def without_secrets(self) -> dict[str, Any]:
        """Return the profile as plain data for the manifest, with each secret replaced by asterisks."""
        return self.model_dump(mode="json", exclude_none=True)


def _allowed_domains(info: ValidationInfo) -> tuple[str, ...]:
    email = info.data.get("email")
    return email.allowed_domains if email is not None else ()
