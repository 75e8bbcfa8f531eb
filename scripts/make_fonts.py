"""Make the report's font files from variable fonts, as `make fonts` does.

WeasyPrint makes an instance of a variable font for each weight of each document, which takes about 50 ms each. The
static files in templates/fonts have only the weights of the report. Inter, its typeface, has two optical sizes and is
reduced to the Latin, Greek and Cyrillic scripts for the PDF (`print`), and to Latin for the HTML, which embeds it
(`web`). The other fonts are for names in other scripts, only in the PDF. Those of rare scripts, and the emoji, have one
weight, which bold text uses too.

The sources are Python packages, which `make setup` installs, and for rare scripts and emoji:

    apt-get install fonts-noto-core
    npm install --no-save @fontsource/noto-emoji
"""

from importlib.util import find_spec
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FOLDER = Path(__file__).parents[1] / "templates" / "fonts"
WEIGHTS = (400, 600)
INSTANCES = {
    "inter-400": ("Inter", 400, 14),
    "inter-600": ("Inter", 600, 14),
    "inter-display-600": ("Inter Display", 600, 32),
}
"""Family, weight and optical size by the name of the file."""

OTHER_SCRIPTS = {
    "Noto Sans": "NotoSans[wdth,wght].ttf",
    "Noto Sans Arabic": "NotoSansArabic[wdth,wght].ttf",
    "Noto Sans Devanagari": "NotoSansDevanagari[wdth,wght].ttf",
    "Noto Sans Thai": "NotoSansThai[wdth,wght].ttf",
    "Heebo": "Heebo[wght].ttf",
}
"""The variable font by family; the family is also the name of its package."""

RARE_SCRIPTS = (
    "Armenian",
    "Bengali",
    "Ethiopic",
    "Georgian",
    "Gujarati",
    "Gurmukhi",
    "Kannada",
    "Khmer",
    "Lao",
    "Malayalam",
    "Myanmar",
    "Oriya",
    "Sinhala",
    "Tamil",
    "Telugu",
    "Thaana",
)
_NOTO = Path("/usr/share/fonts/truetype/noto")
_COPYRIGHT = "Copyright 2010-2020 Google LLC (https://github.com/googlei18n/noto-fonts)"
_EMOJI = Path("node_modules/@fontsource/noto-emoji")
_FIRST_EMOJI = 0x200D
"""The zero width joiner of combined emoji. Below it are digits, which must not become emoji."""

_LATIN = [*range(0x20, 0x180), *range(0x2000, 0x2070), *range(0x20A0, 0x20C1)]
_MARKS = [0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x25B2, 0x25BC]
CHARACTERS = {
    "ttf": [*range(0x20, 0x530), *range(0x1E00, 0x2C00)],
    "woff2": _LATIN + _MARKS,
}
"""The code points of Inter by the format of the file."""

_FEATURES = ["calt", "ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum"]


def main() -> None:
    """Write the font files and their licenses."""
    for kind in ("licenses", "print", "web"):
        (FOLDER / kind).mkdir(parents=True, exist_ok=True)
    _copy_license("Inter")
    for name, (family, weight, size) in INSTANCES.items():
        for flavor, characters in CHARACTERS.items():
            variable = _package("Inter") / "files" / "Inter[opsz,wght].ttf"
            font = _instance(variable, family, {"wght": weight, "opsz": size})
            _reduce(font, flavor, characters)
            _save(font, FOLDER / ("web" if flavor == "woff2" else "print") / f"{name}.{flavor}")
    for family, file in OTHER_SCRIPTS.items():
        _copy_license(family)
        for weight in WEIGHTS:
            font = _instance(_package(family) / "files" / file, family, {"wght": weight})
            _save(font, FOLDER / "print" / f"{_file_name(family)}-{weight}.ttf")
    license_text = (FOLDER / "licenses" / "noto-sans.txt").read_text(encoding="utf-8").partition("\n")[2]
    (FOLDER / "licenses" / "noto-sans-rare-scripts.txt").write_text(f"{_COPYRIGHT}\n{license_text}", encoding="utf-8")
    for script in RARE_SCRIPTS:
        _save_reduced(_NOTO / f"NotoSans{script}-Regular.ttf", f"noto-sans-{script.lower()}", first=0)
    (FOLDER / "licenses" / "noto-emoji.txt").write_bytes((_EMOJI / "LICENSE").read_bytes())
    _save_reduced(_EMOJI / "files" / "noto-emoji-emoji-400-normal.woff2", "noto-emoji", first=_FIRST_EMOJI)


def _package(family: str) -> Path:
    name = f"fontpkg-{_file_name(family)}"
    spec = find_spec(name.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"The package {name} is not installed. Install the development tools with make setup.")
    return Path(spec.submodule_search_locations[0])


def _file_name(family: str) -> str:
    return family.lower().replace(" ", "-")


def _copy_license(family: str) -> None:
    (FOLDER / "licenses" / f"{_file_name(family)}.txt").write_bytes((_package(family) / "LICENSE").read_bytes())


def _instance(path: Path, family: str, position: dict[str, float]) -> TTFont:
    """Return the instance of a variable font at a position on its axes, and at the default of the other axes."""
    variable = TTFont(path, recalcTimestamp=False)
    defaults = {axis.axisTag: axis.defaultValue for axis in variable["fvar"].axes}
    font = instancer.instantiateVariableFont(variable, defaults | position)
    weight = f"{position['wght']:.0f}"
    for entry, text in ((1, family), (2, "Regular"), (4, f"{family} {weight}"), (16, family), (17, weight)):
        font["name"].setName(text, entry, 3, 1, 0x409)
    return font


def _reduce(font: TTFont, flavor: str, characters: list[int]) -> None:
    options = subset.Options(layout_features=_FEATURES, name_IDs=[1, 2, 4, 6, 13, 14, 16, 17])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.flavor = "woff2" if flavor == "woff2" else None


def _save_reduced(path: Path, name: str, first: int) -> None:
    """Write a font without hints and without the characters below the first one."""
    if not path.exists():
        raise SystemExit(f"{path} does not exist. Install its package, as {__file__} describes.")
    font = TTFont(path, recalcTimestamp=False)
    subsetter = subset.Subsetter(subset.Options(layout_features=["*"], hinting=False, name_IDs=[1, 2, 4, 6, 13, 14]))
    subsetter.populate(unicodes=[character for character in font.getBestCmap() if character >= first])
    subsetter.subset(font)
    font.flavor = None
    _save(font, FOLDER / "print" / f"{name}-400.ttf")


def _save(font: TTFont, path: Path) -> None:
    font.save(path)
    print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
