"""Define the base class of all tables of a profile."""

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationInfo


class SettingsTable(BaseModel):
    """A table of a profile. Unknown keys are errors, and errors never contain values."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)


def resolve_path(path: Path, info: ValidationInfo) -> Path:
    """Return an absolute path; relative paths are relative to the profile's folder."""
    folder: Path = (info.context or {}).get("folder", Path())
    return Path(os.path.normpath(folder / path.expanduser()))
