"""The organization's logo: an SVG or PNG file that is looked through before a report shows it.

A logo stands in documents that people trust, so an SVG may only draw: it holds no script, no style that loads, nothing
from outside and no document type, whose entities could grow without end. A PNG must be whole. Both have bounded sizes.
"""

import base64
import binascii
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal
from xml.parsers import expat

from PIL import Image

MOST_BYTES = 200_000
MOST_PIXELS = 2000
"""Of each side."""
MOST_USES = 16
"""References of an SVG to its own parts: nested, they multiply."""

_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_SVG = "http://www.w3.org/2000/svg"
_HREFS = ("href", "http://www.w3.org/1999/xlink href")
_BASE = "http://www.w3.org/XML/1998/namespace base"
_SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "use")
_PAINTS = ("clipPath", "mask", "linearGradient", "radialGradient", "stop", "style")
_DRAWING = frozenset({"svg", "g", "defs", "title", "desc", *_SHAPES, *_PAINTS})
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
# What a value can load with, and what can hide that from who looks for it; a style sheet can with its at-rules, too.
_LOADING = re.compile(r"\\|image\s*\(|image-set|src\s*\(|url\s*\((?!\s*['\"]?#)", re.IGNORECASE)


@dataclass(frozen=True)
class Logo:
    """A logo that was looked through.

    Attributes:
        media_type: What it is.
        data: The file's content in Base64.
        width: In units of the drawing, or in picture elements.
        height: Likewise.
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
    def address(self) -> str:
        """The logo as an address that holds all of it."""
        return f"data:{self.media_type};base64,{self.data}"


def read_logo(path: Path) -> Logo:
    """Read a logo from its file and look it through.

    Raises:
        ValueError: If it cannot be read or may not be shown; the text says what is wrong with the file.
    """
    try:
        with path.open("rb") as file:
            return look_through(file.read(MOST_BYTES + 1))
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None


def logo_at(address: str) -> Logo:
    """Take a logo out of an address that holds all of it, `Logo.address`, and look it through again.

    Raises:
        ValueError: As `read_logo`.
    """
    try:
        return look_through(base64.b64decode(address.partition(";base64,")[2], validate=True))
    except binascii.Error:
        raise ValueError("is not written in Base64") from None


def look_through(content: bytes) -> Logo:
    """Make a logo of a file's content.

    Raises:
        ValueError: If it may not be shown; the text says what is wrong with it.
    """
    if len(content) > MOST_BYTES:
        raise ValueError(f"has more than {MOST_BYTES // 1000} kB")
    data = base64.b64encode(content).decode()
    if content.startswith(_PNG):
        return Logo("image/png", data, *_size_of_png(content))
    if b"<svg" in content:
        return Logo("image/svg+xml", data, *_size_of_svg(content))
    raise ValueError("is neither an SVG nor a PNG, whatever its name says")


def _size_of_png(content: bytes) -> tuple[int, int]:
    """Give width and height of a PNG that is whole; the size is known to be small before anything is unpacked."""
    try:
        width, height = struct.unpack(">II", content[16:24])
        _check_size(width, height)
        if not content.endswith(_PNG_END):
            raise ValueError("is not a whole PNG")
        with Image.open(BytesIO(content), formats=["PNG"]) as picture:
            picture.load()
    except (OSError, SyntaxError, struct.error):
        raise ValueError("is not a whole PNG") from None
    return width, height


def _size_of_svg(content: bytes) -> tuple[float, float]:
    """Give width and height of an SVG that only draws."""
    looked = _Looked()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = looked.see_document_type
    parser.StartElementHandler = looked.see_element
    parser.EndElementHandler = looked.leave_element
    parser.CharacterDataHandler = looked.see_text
    parser.ProcessingInstructionHandler = looked.see_instruction
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise ValueError("is not well-formed XML") from None
    _check_size(*looked.size)
    return looked.size


class _Looked:
    """Sees every part of an SVG, and refuses what does more than draw.

    Attributes:
        size: Width and height, from the outermost element.
    """

    def __init__(self) -> None:
        self.size = (0.0, 0.0)
        self._open: list[str] = []
        self._uses = 0
        self._style = ""

    def see_document_type(self, *_: object) -> None:
        raise ValueError("has a document type, which could hide what it shows; save it without one")

    def see_instruction(self, *_: object) -> None:
        raise ValueError("holds a processing instruction, which could load something; save it as a plain SVG")

    def see_element(self, name: str, attributes: Mapping[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if namespace != _SVG or local not in _DRAWING:
            raise ValueError(f"holds <{local[:30]}>, which does more than draw; save it as a plain SVG")
        if not self._open:
            if local != "svg":
                raise ValueError("is not an SVG")
            self.size = _size(attributes)
        self._uses += local == "use"
        if self._uses > MOST_USES:
            raise ValueError(f"refers to its own parts more than {MOST_USES} times")
        for attribute, value in attributes.items():
            _check_attribute(attribute, value)
        self._open.append(local)

    def leave_element(self, _: str) -> None:
        if self._open.pop() == "style" and ("@" in self._style or _LOADING.search(self._style)):
            raise ValueError("holds a style that could load something from outside")

    def see_text(self, text: str) -> None:
        if self._open[-1] == "style":  # it can come in pieces
            self._style += text


def _size(attributes: Mapping[str, str]) -> tuple[float, float]:
    """Read width and height of the outermost element; where they are missing or relative, those of its view."""
    found = [_LENGTH.fullmatch(attributes.get(side, "")) for side in ("width", "height")]
    if found[0] and found[1]:
        return float(found[0][1]), float(found[1][1])
    try:
        *_, width, height = (float(number) for number in re.split(r"[\s,]+", attributes["viewBox"].strip()))
    except (KeyError, ValueError):
        raise ValueError("says neither width and height in pixels nor a viewBox") from None
    return width, height


def _check_size(width: float, height: float) -> None:
    if not (1 <= width <= MOST_PIXELS and 1 <= height <= MOST_PIXELS):
        raise ValueError(f"must be 1 to {MOST_PIXELS} pixels wide and high")


def _check_attribute(name: str, value: str) -> None:
    if (name in _HREFS and not value.strip().startswith("#")) or name == _BASE or _LOADING.search(value):
        raise ValueError("refers to something outside of itself")
    if name.lower().startswith("on"):
        raise ValueError("holds a script")
