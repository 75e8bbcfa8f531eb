"""Remember the Secret blocks of the profiles, so that the watchdog can report that the Prefect server is down."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from flows.prefect_server import prefect_client
from tabnine_report.model.errors import ReportingError, SettingsError
from tabnine_report.profile.references import ReferenceKind
from tabnine_report.runs.profile_file import profiles_with_recipients
from tabnine_report.watchdog.watched_profile import read_watched_profile
from tasks.read_profile import resolve_reference


class RememberedSecrets:
    """Looks up the references of profiles, and remembers the secrets that the Prefect server returned.

    Args:
        values: The last value of each Secret block, by its name. They are kept in memory only.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = dict(values)

    def resolve(self, kind: ReferenceKind, name: str) -> str | None:
        """Return the value of an environment variable or a Prefect Secret block; None if it does not exist.

        Raises:
            SettingsError: If the Prefect server does not respond, and has not returned this secret before.
        """
        try:
            value = resolve_reference(kind, name)
        except SettingsError:
            return self.recall(kind, name)
        if kind == "secret":
            self.values.pop(name, None)
            if value is not None:
                self.values[name] = value
        return value

    def recall(self, kind: ReferenceKind, name: str) -> str | None:
        """Return the same without asking the Prefect server, which takes long to fail for each secret.

        Raises:
            SettingsError: If the Prefect server has not returned this secret before.
        """
        if kind == "environment":
            return resolve_reference(kind, name)
        if name not in self.values:
            raise SettingsError(f"The secret {name}", ["cannot be looked up without the Prefect server"])
        return self.values[name]

    def read(self, profiles: Sequence[str]) -> None:
        """Look up what the watchdog needs of the profiles; by default, of all profiles with recipients.

        Does nothing if the Prefect server does not respond.
        """
        with suppress(ReportingError), prefect_client():
            self._read(profiles)

    def _read(self, profiles: Sequence[str]) -> None:
        for profile in profiles or profiles_with_recipients():
            with suppress(SettingsError):  # the round reports it
                read_watched_profile(profile, self.resolve)
