"""What all tables of a profile have in common."""

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationInfo


class Table(BaseModel):
    """A table of a profile: an unknown key is an error, and no error repeats a value."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)


def under_folder(path: Path, info: ValidationInfo) -> Path:
    """Make a path absolute, relative to the profile's folder."""
    folder: Path = (info.context or {}).get("folder", Path())
    return Path(os.path.normpath(folder / path.expanduser()))
