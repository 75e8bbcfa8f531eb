"""Configure the fonts of the PDF: only those of the project and of Python packages, so that every machine is alike."""

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

from tabnine_report.model.errors import RenderError
from tabnine_report.text.i18n import TEMPLATES

FONT_PACKAGES = ("noto_cjk_sans_otc",)

_FONTS = TEMPLATES / "fonts" / "print"
INTER = (_FONTS / "inter-400.ttf", _FONTS / "inter-600.ttf")
"""The font files of the report's typeface in its two weights; `make fonts` makes them."""


def font_folders() -> tuple[Path, ...]:
    """Return the folders of the report's own fonts and of the font packages.

    Raises:
        RenderError: If a package is not installed.
    """
    return (_FONTS, *(_folder(package) for package in FONT_PACKAGES))


def fontconfig(cache: Path) -> str:
    """Return a fontconfig file with the folders of the packages and a cache, and without the machine's own fonts."""
    folders = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in font_folders())
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig>{folders}<cachedir>{escape(str(cache))}</cachedir></fontconfig>"
    )


def cache_folder() -> Path:
    """Return the folder of fontconfig's cache, a temporary folder if the user's cache folder cannot be written.

    The cache saves reading 30 MB of fonts for every report and never changes a document.

    Raises:
        RenderError: If neither folder can be written.
    """
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expandvars("$HOME/.cache")
    for folder in (Path(base), Path(tempfile.gettempdir()) / f"tabnine-report-{os.getuid()}"):
        try:
            cache = folder / "tabnine-report" / "fontconfig"
            cache.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        return cache
    raise RenderError("The font cache has no writable folder. Set XDG_CACHE_HOME to a folder that can be written.")


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        name = package.replace("_", "-")
        raise RenderError(f"The font package {name} is not installed. Install it, or reinstall the project, with pip.")
    return Path(spec.submodule_search_locations[0])
