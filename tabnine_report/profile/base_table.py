"""Define the base class of all tables of a profile."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo

Amount = Annotated[float, Field(gt=0, le=10**12, allow_inf_nan=False)]
"""An amount of money; what is computed from it stays exact to the cent."""


class SettingsTable(BaseModel):
    """A table of a profile. Unknown keys are errors, and errors never contain values."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)


def resolve_path(path: Path, info: ValidationInfo) -> Path:
    """Return an absolute path; relative paths are relative to the profile's folder.

    Raises:
        ValueError: If no path can be that. The message completes a sentence about the path.
    """
    folder: Path = (info.context or {}).get("folder", Path())
    if not str(path).isprintable():
        raise ValueError("contains a control character")
    try:
        return Path(os.path.normpath(folder / path.expanduser()))
    except RuntimeError:
        raise ValueError("begins with ~, but that home directory is not known") from None
