"""Read what the watchdog needs of a profile, also of one that a run would reject."""

import tomllib
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.channel_settings import AdminSettings
from tabnine_report.profile.profile import AdminContacts
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.profile.reading import DeploymentSettings, read_admin_contacts
from tabnine_report.profile.references import Resolver
from tabnine_report.profile.report_settings import ReportSettings
from tabnine_report.runs.profile_file import deployment_settings_of, load_part_of_profile, profile_path
from tabnine_report.text.i18n import Language

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True)
class WatchedProfile:
    """What the watchdog needs of a profile.

    Attributes:
        profile: The profile's name or path, as typed.
        name: The organization's name; the profile's if it cannot be read.
        contacts: How to notify the admins; None if these settings cannot be read.
        ledger: The settings of ledger and archive; None if they are invalid or need a secret that is missing.
        deployment: The settings of the deployment; None if the profile is invalid.
        problems: Why a run would reject the profile, one sentence each.
        ledger_problem: Why the settings of ledger and archive cannot be used; empty if they can.
        token_expires: When the API token expires; None if that is not known.
    """

    profile: str
    name: str
    contacts: AdminContacts | None
    ledger: LedgerProfile | None
    deployment: DeploymentSettings | None
    problems: tuple[str, ...]
    ledger_problem: str
    token_expires: date | None

    @property
    def language(self) -> Language:
        """The organization's format of numbers and dates, as far as it is known."""
        if self.ledger is not None:
            return self.ledger.language
        return self.contacts.language if self.contacts is not None else Language(ReportSettings().locale, UTC_ZONE)

    @property
    def admins(self) -> AdminSettings:
        """The settings of `[admins]`; the defaults of those that are invalid."""
        return self.contacts.admins if self.contacts is not None else AdminSettings()

    def today(self, now: datetime) -> date:
        """Return the organization's local day."""
        return now.astimezone(self.language.zone).date()


def read_watched_profile(profile: str, resolve: Resolver) -> WatchedProfile:
    """Read a profile; invalid parts are omitted.

    Args:
        profile: A name in the profiles folder, or the path of a file.
        resolve: Looks up the references of the ledger's address and of the admins' channels.

    Raises:
        SettingsError: If there is no such file.
    """
    path = profile_path(profile)
    contacts = deployment = ledger = None
    problems: tuple[str, ...] = ()
    ledger_problem = ""
    with suppress(Exception):  # then nobody can be notified, which the round reports
        contacts = read_admin_contacts(path, resolve)
    try:
        deployment = deployment_settings_of(profile)
    except SettingsError as error:
        problems = tuple(error.problems)
    try:
        ledger = load_part_of_profile(profile, LedgerProfile, resolve)
    except SettingsError as error:
        ledger_problem = str(error)
    return WatchedProfile(
        profile=profile,
        name=ledger.name if ledger else contacts.name if contacts else path.stem,
        contacts=contacts,
        ledger=ledger,
        deployment=deployment,
        problems=problems,
        ledger_problem=ledger_problem,
        token_expires=_token_expires(path),
    )


def _token_expires(path: Path) -> date | None:
    """Return the token's expiry date without the token."""
    expires = None
    with suppress(OSError, ValueError, AttributeError):
        expires = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("usage_api", {}).get("token_expires")
    return expires if type(expires) is date else None
