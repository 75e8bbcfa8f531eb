"""Define the organization's logo."""

import base64
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Logo:
    """A logo that was checked by `tabnine_report.profile.logo`.

    Attributes:
        media_type: The file's media type.
        data: The file's content in Base64.
        width: The width in pixels, or in units of the drawing.
        height: The height in the same unit.
    """

    media_type: Literal["image/svg+xml", "image/png"]
    data: str
    width: float
    height: float

    @property
    def content(self) -> bytes:
        """The file's content."""
        return base64.b64decode(self.data)

    @property
    def data_url(self) -> str:
        """The logo as a `data:` URL."""
        return f"data:{self.media_type};base64,{self.data}"
