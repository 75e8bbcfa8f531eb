"""The fonts of the PDF: static, in both weights, and with their licenses."""

from collections import defaultdict
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from tabnine_report.render.pdf.fonts import font_folders
from tabnine_report.text.i18n import TEMPLATES

FILES = sorted(path for folder in font_folders() for path in folder.rglob("*.[to]t[fc]"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_font_is_static_because_weasyprint_makes_an_instance_of_a_variable_one_for_each_document(path: Path) -> None:
    with TTFont(path, fontNumber=0, lazy=True) as font:
        assert "fvar" not in font


def test_each_shipped_family_has_the_weights_of_the_report_and_a_license() -> None:
    weights = defaultdict(set)
    for path in (TEMPLATES / "fonts" / "print").glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            weights[font["name"].getDebugName(1)].add(font["OS/2"].usWeightClass)

    assert weights.pop("Inter Display") == {600}
    of_one_weight = {family for family in weights if weights[family] == {400}}
    assert [weights[family] for family in weights if family not in of_one_weight] == [{400, 600}] * 6
    assert {family for family in of_one_weight if not family.startswith("Noto Sans ")} == {"Noto Emoji"}
    names = {family.lower().replace(" ", "-") for family in weights.keys() - of_one_weight}
    licenses = {path.stem for path in (TEMPLATES / "fonts" / "licenses").iterdir()}
    assert licenses == names | {"noto-emoji", "noto-sans-rare-scripts"}
