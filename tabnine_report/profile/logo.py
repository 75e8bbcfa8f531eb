"""Read and check the organization's logo, an SVG or PNG file.

The logo appears in documents that people trust, so an SVG may only draw: no scripts, no external references, no styles
that load something, and no document type, whose entities could expand without limit. It contains no text, because the
fonts of other machines are not available, and it is not nested so deeply that drawing it exhausts the stack. A PNG must
be complete. The size of both is limited.
"""

import base64
import binascii
import re
import struct
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from io import BytesIO
from pathlib import Path
from xml.parsers import expat

from PIL import Image

from tabnine_report.model.logo import Logo
from tabnine_report.model.regular_file import read_regular

MAX_BYTES = 200_000
MAX_PIXELS = 2000
"""Largest width and height."""
MAX_USES = 16
"""Most references of an SVG to its own parts. Nested references multiply."""
MAX_DEPTH = 30
"""Most levels of nested elements in an SVG."""

_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_SVG = "http://www.w3.org/2000/svg"
_HREFS = ("href", "http://www.w3.org/1999/xlink href")
_BASE = "http://www.w3.org/XML/1998/namespace base"
_SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use")
_PAINTS = ("clipPath", "mask", "linearGradient", "radialGradient", "stop", "style")
_DRAWING_ELEMENTS = frozenset({"svg", "g", "defs", "title", "desc", *_SHAPES, *_PAINTS})
_TEXTS = ("text", "tspan")
_REFERENCE = re.compile(r"url\s*\(\s*['\"]?#([^'\")]+)|^\s*#(\S+)\s*$", re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
# Syntax that loads something, or that can hide it from this check. Style sheets can also load with at-rules.
_LOADS = re.compile(r"\\|image\s*\(|image-set|src\s*\(|url\s*\((?!\s*['\"]?#)", re.IGNORECASE)


def read_logo(path: Path) -> Logo:
    """Read and check a logo file.

    Raises:
        ValueError: If the file cannot be read or is not allowed. The message completes a sentence about the file.
    """
    try:
        return parse_logo(read_regular(path, MAX_BYTES))
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None


def parse_logo_url(url: str) -> Logo:
    """Read and check a logo from a `data:` URL.

    Raises:
        ValueError: As for `read_logo`.
    """
    try:
        return parse_logo(base64.b64decode(url.partition(";base64,")[2], validate=True))
    except binascii.Error:
        raise ValueError("is not valid Base64") from None


def parse_logo(content: bytes) -> Logo:
    """Check the content of a logo file.

    Raises:
        ValueError: If the content is not allowed. The message completes a sentence about the file.
    """
    if len(content) > MAX_BYTES:
        raise ValueError(f"is larger than {MAX_BYTES // 1000} kB")
    data = base64.b64encode(content).decode()
    if content.startswith(_PNG):
        return Logo("image/png", data, *_size_of_png(content))
    if b"<svg" in content:
        return Logo("image/svg+xml", data, *_size_of_svg(content))
    raise ValueError("is neither an SVG nor a PNG file, regardless of its name")


def _size_of_png(content: bytes) -> tuple[int, int]:
    """Return the width and height of a complete PNG. The size is checked before anything is decompressed."""
    try:
        width, height = struct.unpack(">II", content[16:24])
        _check_size(width, height)
        if not content.endswith(_PNG_END):
            raise ValueError("is not a complete PNG")
        with Image.open(BytesIO(content), formats=["PNG"]) as picture:
            picture.load()
    except (OSError, SyntaxError, struct.error):
        raise ValueError("is not a complete PNG") from None
    return width, height


def _size_of_svg(content: bytes) -> tuple[float, float]:
    """Return the width and height of an SVG that only draws."""
    try:
        content.decode()
    except UnicodeDecodeError:
        raise ValueError("is not encoded in UTF-8; save it as UTF-8") from None
    checker = _SvgChecker()
    # The encoding replaces that of the declaration: the check and the drawing read the same characters.
    parser = expat.ParserCreate("UTF-8", namespace_separator=" ")
    parser.StartDoctypeDeclHandler = checker.on_document_type
    parser.StartElementHandler = checker.on_element_start
    parser.EndElementHandler = checker.on_element_end
    parser.CharacterDataHandler = checker.on_text
    parser.ProcessingInstructionHandler = checker.on_processing_instruction
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise ValueError("is not well-formed XML") from None
    _check_size(*checker.size)
    checker.check_references()
    return checker.size


class _SvgChecker:
    """Checks every part of an SVG and rejects everything that does more than draw.

    Attributes:
        size: Width and height of the outermost element.
    """

    def __init__(self) -> None:
        self.size = (0.0, 0.0)
        self._open: list[str] = []
        self._ids: list[str] = []
        """The id of each open element, which may be empty."""
        self._references: dict[str, set[str]] = {}
        """The ids to which the element of each id, and those in it, refer."""
        self._uses = 0
        self._style = ""

    def on_document_type(self, *_: object) -> None:
        raise ValueError("has a document type, which could hide content; save it without one")

    def on_processing_instruction(self, *_: object) -> None:
        raise ValueError("contains a processing instruction, which could load something; save it as a plain SVG")

    def on_element_start(self, name: str, attributes: Mapping[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if local in _TEXTS:
            raise ValueError("contains text, whose font other machines do not have; convert the text to paths")
        if namespace != _SVG or local not in _DRAWING_ELEMENTS:
            raise ValueError(f"contains <{local[:30]}>, which does more than draw; save it as a plain SVG")
        if not self._open:
            if local != "svg":
                raise ValueError("is not an SVG")
            self.size = _size(attributes)
        self._uses += local == "use"
        if self._uses > MAX_USES:
            raise ValueError(f"refers to its own parts more than {MAX_USES} times")
        if len(self._open) >= MAX_DEPTH:
            raise ValueError(f"has elements nested more than {MAX_DEPTH} levels deep; save it as a plain SVG")
        self._open.append(local)
        self._ids.append(attributes.get("id", ""))
        for attribute, value in attributes.items():
            _check_attribute(attribute, value)
            if attribute in _HREFS or "url" in value.lower():
                targets = {target for pair in _REFERENCE.findall(value) for target in pair if target}
                for holder in filter(None, self._ids):
                    self._references.setdefault(holder, set()).update(targets)

    def check_references(self) -> None:
        """Check that no part refers to itself, also not through others."""
        try:
            tuple(TopologicalSorter(self._references).static_order())
        except CycleError:
            raise ValueError("has a part that refers to itself; save it as a plain SVG") from None

    def on_element_end(self, _: str) -> None:
        self._ids.pop()
        if self._open.pop() == "style" and ("@" in self._style or _LOADS.search(self._style)):
            raise ValueError("contains a style that could load something from outside")

    def on_text(self, text: str) -> None:
        if self._open[-1] == "style":  # expat may deliver the text in pieces
            self._style += text


def _size(attributes: Mapping[str, str]) -> tuple[float, float]:
    """Return the width and height of the outermost element, or those of its viewBox if they are missing or relative."""
    lengths = [_LENGTH.fullmatch(attributes.get(side, "")) for side in ("width", "height")]
    if lengths[0] and lengths[1]:
        return float(lengths[0][1]), float(lengths[1][1])
    try:
        *_, width, height = (float(number) for number in re.split(r"[\s,]+", attributes["viewBox"].strip()))
    except (KeyError, ValueError):
        raise ValueError("has neither width and height in pixels nor a viewBox") from None
    return width, height


def _check_size(width: float, height: float) -> None:
    if not (1 <= width <= MAX_PIXELS and 1 <= height <= MAX_PIXELS):
        raise ValueError(f"must be between 1 and {MAX_PIXELS} pixels wide and high")


def _check_attribute(name: str, value: str) -> None:
    if (name in _HREFS and not value.strip().startswith("#")) or name == _BASE or _LOADS.search(value):
        raise ValueError("refers to an external resource")
    if name.lower().startswith("on"):
        raise ValueError("contains a script")
