"""Make pictures of documents: of PDF pages with poppler, of HTML with Chromium, and contact sheets."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

_DENSITY = 80
_THUMBNAIL = (330, 467)
_COLUMNS = 5
_GAP = 12
WIDTHS = (1280, 390)
"""The widths of the screenshots in pixels: a laptop and a phone."""


def draw_pages(pdf: Path, folder: Path) -> list[Path]:
    """Draw every page of a PDF as `page-01.png` and so on, and return the files."""
    for old in folder.glob("page-*.png"):
        old.unlink()
    subprocess.run([_program("pdftoppm"), "-r", str(_DENSITY), "-png", pdf, folder / "page"], check=True)
    return sorted(folder.glob("page-*.png"))


def take_screenshot(html: Path, width: int, picture: Path, height: int = 7000) -> None:
    """Take a screenshot of the top of an HTML document at a width."""
    with tempfile.TemporaryDirectory() as home:
        subprocess.run(
            [
                *(_program("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                *(f"--user-data-dir={home}", f"--window-size={width},{height}", f"--screenshot={picture}"),
                html.resolve().as_uri(),
            ],
            check=True,
            capture_output=True,
        )


def contact_sheet(pages: Sequence[Path], picture: Path) -> None:
    """Write a picture that shows all pages."""
    width, height = _THUMBNAIL
    rows = -(-len(pages) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * (width + _GAP) + _GAP, rows * (height + _GAP) + _GAP), "#8c93a3")
    for at, path in enumerate(pages):
        row, column = divmod(at, _COLUMNS)
        with Image.open(path) as page:
            place = (_GAP + column * (width + _GAP), _GAP + row * (height + _GAP))
            sheet.paste(page.convert("RGB").resize(_THUMBNAIL, Image.Resampling.LANCZOS), place)
    sheet.save(picture)


def has_chromium() -> bool:
    """Return whether Chromium is installed."""
    return shutil.which("chromium") is not None


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is not installed. Install chromium and poppler-utils to make pictures.")
    return found
