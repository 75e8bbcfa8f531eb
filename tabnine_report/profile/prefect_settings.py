"""Settings of a profile about Prefect."""

from typing import Literal

from tabnine_report.profile.base_table import SettingsTable

Artifacts = Literal["full", "status"]


class PrefectSettings(SettingsTable):
    """`[prefect]`: what the Prefect server may store.

    Attributes:
        artifacts: Whether artifacts, states and logs may contain figures, headlines and addresses; None depends on the
            server: "status" for Prefect Cloud, otherwise "full".
    """

    artifacts: Artifacts | None = None
