"""What a report's documents are made with: the versions on which their bytes depend."""

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
    "resvg-py",
    "weasyprint",
    "xlsxwriter",
    "fontpkg-inter",
    "fontpkg-noto-sans",
    "fontpkg-noto-sans-arabic",
    "fontpkg-noto-sans-thai",
    "fontpkg-noto-sans-devanagari",
    "fontpkg-heebo",
    "noto-cjk-sans-otc",
)


def build_info() -> dict[str, str]:
    """Give the versions of the program, of Python and of the libraries and fonts that shape a document, by name."""
    return {
        "tabnine-report": version("tabnine-report"),
        "python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "pango": _pango(),
        **{package: _installed(package) for package in _PACKAGES},
    }


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _pango() -> str:
    """Ask the system's library that lays out the PDF's text."""
    try:
        library = ctypes.CDLL("libpango-1.0.so.0")
    except OSError:
        return "unknown"
    library.pango_version_string.restype = ctypes.c_char_p
    said: bytes = library.pango_version_string()
    return said.decode()
