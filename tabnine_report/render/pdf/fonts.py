"""The fonts that come as packages, and a fontconfig file that knows no others: the same glyphs on every machine."""

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

from tabnine_report.model.errors import RenderError

FONT_PACKAGES = (
    "fontpkg_inter",
    "fontpkg_noto_sans",
    "fontpkg_noto_sans_arabic",
    "fontpkg_noto_sans_devanagari",
    "fontpkg_noto_sans_thai",
    "fontpkg_heebo",
    "noto_cjk_sans_otc",
)


def font_folders() -> tuple[Path, ...]:
    """Give the folders of the font packages.

    Raises:
        RenderError: If a package is not installed.
    """
    return tuple(_folder(package) for package in FONT_PACKAGES)


def inter() -> Path:
    """Give the file of the typeface that the report is set in.

    Raises:
        RenderError: If its package is not installed.
    """
    return _folder("fontpkg_inter") / "files" / "Inter[opsz,wght].ttf"


def fontconfig(cache: Path) -> str:
    """Write the fontconfig file: the packages' folders, a cache, and nothing of the machine's own."""
    folders = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in font_folders())
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig>{folders}<cachedir>{escape(str(cache))}</cachedir></fontconfig>"
    )


def cache_folder() -> Path:
    """Give the folder where fontconfig keeps what it read of the fonts.

    It saves reading 30 MB of fonts for every report and never changes a document. Where the user has no place for
    caches, a shared temporary folder of this user's own stands in.
    """
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expandvars("$HOME/.cache")
    for folder in (Path(base), Path(tempfile.gettempdir()) / f"tabnine-report-{os.getuid()}"):
        try:
            cache = folder / "tabnine-report" / "fontconfig"
            cache.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        return cache
    raise RenderError("There is no folder to keep the font cache in: set XDG_CACHE_HOME to one that can be written.")


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        name = package.replace("_", "-")
        raise RenderError(f"The font package {name} is not installed: install it, or the project again, with pip.")
    return Path(spec.submodule_search_locations[0])
