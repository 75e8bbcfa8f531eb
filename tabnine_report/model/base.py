"""The base class of the report's model."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A part of the model: immutable, and without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
