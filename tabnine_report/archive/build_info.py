"""Collect the versions of everything that determines the bytes of a report's documents."""

import ctypes
import platform
import zlib
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = (
    "babel",
    "css-inline",
    "fonttools",
    "holidays",
    "jinja2",
    "pandas",
    "pydantic",
    "pydyf",
    "pypdfium2",
    "resvg-py",
    "weasyprint",
    "xlsxwriter",
    "noto-cjk-sans-otc",
)


def build_info() -> dict[str, str]:
    """Return the versions of the program, Python, and the libraries and fonts used for rendering, by name."""
    return {
        "tabnine-report": version("tabnine-report"),
        "python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "pango": _pango_version(),
        **{package: _package_version(package) for package in _PACKAGES},
    }


def _package_version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _pango_version() -> str:
    """Return the version of the system library that lays out the PDF's text."""
    try:
        library = ctypes.CDLL("libpango-1.0.so.0")
    except OSError:
        return "unknown"
    library.pango_version_string.restype = ctypes.c_char_p
    version_text: bytes = library.pango_version_string()
    return version_text.decode()
