"""Names in many scripts, and emoji, are readable in the PDF; other characters are known."""

import unicodedata

import pytest

from tabnine_report.render.pdf.glyphs import characters_without_glyph
from tabnine_report.render.pdf.process import Limits, PdfRenderer

NAMES = [
    *(
        "🚀 Platform 👩‍💻",
        "🇩🇪 Berlin",
        "Kestrel 🦅 Logistik",
        "Warsaw joined 🎉 on 12 October ✅.",
        "J. B. 🙂",
        "❤️ 👍🏽 ☕",
    ),
    *("தரவு குழு", "მონაცემთა გუნდი", "Տվյալների թիմ", "ডেটা টিম", "የውሂብ ቡድን", "ਡਾਟਾ ਟੀਮ", "ទិន្នន័យ"),
    *("ડેટા ટીમ", "ಡೇಟಾ ತಂಡ", "ຂໍ້ມູນ", "ഡാറ്റാ ടീം", "ဒေတာ", "ଡାଟା", "දත්ත", "డేటా బృందం", "ދިވެހި"),
    *("فريق البيانات", "צוות התשתיות", "हिन्दी", "ไทย", "プラットフォーム開発部", "데이터", "数据", "Ελλάδα", "Команда"),
]
CUNEIFORM = "\N{CUNEIFORM SIGN A}"
PAGE = '<html lang="en"><head><title>t</title></head><body style="font-family: Inter, sans-serif">{}</body></html>'


@pytest.mark.parametrize("name", NAMES)
def test_every_character_of_the_name_has_a_glyph(name: str) -> None:
    assert characters_without_glyph(name) == ()


def test_the_pdf_shows_no_box_for_these_names(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"), PdfRenderer(Limits()) as renderer:
        renderer.render(PAGE.format("".join(f"<p>{name} <b>{name}</b></p>" for name in NAMES)))

    assert "No font has a glyph" not in caplog.text
    assert renderer.warnings == ()


def test_a_character_that_no_font_has_is_found_as_the_pdf_shows_it(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"), PdfRenderer(Limits()) as renderer:
        renderer.render(PAGE.format(f"<p>A{CUNEIFORM}</p>"))

    assert "No font has a glyph for 1 of" in caplog.text
    assert characters_without_glyph(f"A{CUNEIFORM}\ufe0f\u200d\u3000\ud800\U000e0041{CUNEIFORM}") == (CUNEIFORM,)


def test_a_text_of_common_scripts_reads_only_the_typeface(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tabnine_report.render.pdf.glyphs.font_folders", list)

    assert characters_without_glyph("Zażółć gęślą jaźń, Ελλάδα, Команда “▲ 18” – 5 € −2") == ()
    assert characters_without_glyph(CUNEIFORM) == (CUNEIFORM,)


def test_the_fonts_have_every_letter_of_the_common_scripts() -> None:
    letters = {chr(code): unicodedata.name(chr(code), "") for code in range(0x20, 0x530)}

    common = (letter for letter, name in letters.items() if name.startswith(("LATIN", "GREEK", "CYRILLIC", "DIGIT")))
    assert characters_without_glyph("".join(common)) == ()
