"""Make the report's font files from the variable font Inter, as `make fonts` does.

WeasyPrint makes an instance of a variable font for each weight of each document, which takes about half a second. The
static files in templates/fonts have only the two weights and the two optical sizes of the report, in the Latin, Greek
and Cyrillic scripts for the PDF (`print`), and in Latin for the HTML, which embeds them (`web`).
"""

from importlib.util import find_spec
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FOLDER = Path(__file__).parents[1] / "templates" / "fonts"
INSTANCES = {
    "inter-400": ("Inter", 400, 14),
    "inter-600": ("Inter", 600, 14),
    "inter-display-600": ("Inter Display", 600, 32),
}
"""Family, weight and optical size by the name of the file."""

_LATIN = [*range(0x20, 0x180), *range(0x2000, 0x2070), *range(0x20A0, 0x20C1)]
_MARKS = [0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x25B2, 0x25BC]
CHARACTERS = {
    "ttf": [*range(0x20, 0x530), *range(0x1E00, 0x2C00)],
    "woff2": _LATIN + _MARKS,
}
"""The code points by the format of the file."""

_FEATURES = ["calt", "ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum"]


def main() -> None:
    """Write the font files and their license."""
    spec = find_spec("fontpkg_inter")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("The package fontpkg-inter is not installed. Install the development tools with make install.")
    package = Path(spec.submodule_search_locations[0])
    for kind in ("print", "web"):
        (FOLDER / kind).mkdir(parents=True, exist_ok=True)
    (FOLDER / "LICENSE").write_bytes((package / "LICENSE").read_bytes())
    for name, (family, weight, size) in INSTANCES.items():
        for flavor, characters in CHARACTERS.items():
            font = _instance(package / "files" / "Inter[opsz,wght].ttf", family, weight, size)
            _reduce(font, flavor, characters)
            path = FOLDER / ("web" if flavor == "woff2" else "print") / f"{name}.{flavor}"
            font.save(path)
            print(f"{path.name}: {path.stat().st_size:,} bytes")


def _instance(path: Path, family: str, weight: int, size: int) -> TTFont:
    font = instancer.instantiateVariableFont(TTFont(path, recalcTimestamp=False), {"wght": weight, "opsz": size})
    for entry, text in ((1, family), (2, "Regular"), (4, f"{family} {weight}"), (16, family), (17, str(weight))):
        font["name"].setName(text, entry, 3, 1, 0x409)
    return font


def _reduce(font: TTFont, flavor: str, characters: list[int]) -> None:
    options = subset.Options(layout_features=_FEATURES, name_IDs=[1, 2, 4, 6, 13, 14, 16, 17])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.flavor = "woff2" if flavor == "woff2" else None


if __name__ == "__main__":
    main()
