"""A logo file is checked before it is used: an SVG only draws, a PNG is complete, and both are small."""

import base64
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.logo import read_logo
from tabnine_report.profile.reading import load_profile
from tabnine_report.profile.report_settings import ReportSettings

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SHAPE = '<path d="M0 0h10v10z" fill="url(#shade)"/>'
GOOD = f'<svg {NS} viewBox="0 0 120 40"><style>.a{{fill:#0a7}}</style><g class="a">{SHAPE}</g></svg>'
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
DECLARED_LATIN_1 = b'<?xml version="1.0" encoding="iso-8859-1"?>'
BOMB = f'<!DOCTYPE svg [<!ENTITY e0 "lol">{ENTITIES}]><svg {NS} viewBox="0 0 9 9"><title>&e9;</title></svg>'


def svg(inside: str = SHAPE, attributes: str = 'viewBox="0 0 120 40"') -> bytes:
    return f"<svg {NS} {attributes}>{inside}</svg>".encode()


def picture(kind: str = "PNG", size: tuple[int, int] = (30, 10)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "#0a7").save(file, kind)
    return file.getvalue()


def write_file(folder: Path, content: bytes, name: str = "logo") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


INVALID_FILES = {
    "script": (svg("<script>alert(1)</script>"), "<script>"),
    "handler": (svg('<rect onload="alert(1)" width="1" height="1"/>'), "script"),
    "html": (svg('<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>'), "<script>"),
    "foreign object": (svg("<foreignObject/>"), "<foreignObject>"),
    "external picture": (svg('<image href="file:///etc/passwd"/>'), "<image>"),
    "external use": (svg('<use xlink:href="https://evil.example/x.svg#a"/>'), "external"),
    "external base": (svg('<g xml:base="https://evil.example/"/>'), "external"),
    "link": (svg('<a href="https://evil.example"/>'), "<a>"),
    "external paint": (svg('<rect fill="url(https://evil.example/#a)"/>'), "external"),
    "escaped paint": (svg(r'<rect fill="u\72l(https://evil.example/)"/>'), "external"),
    "external style": (svg('<style>@import "https://evil.example"</style>'), "style"),
    "style in pieces": (svg("<style>a{fill:u<!-- -->rl(https://evil.example)}</style>"), "style"),
    "style attribute": (svg("<rect style=\"fill:url('https://evil.example')\"/>"), "external"),
    "entity bomb": (BOMB.encode(), "document type"),
    "file entity": (b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>', "document type"),
    "instruction": (b'<?xml-stylesheet href="https://evil.example"?>' + svg(), "instruction"),
    "reference bomb": (svg('<use href="#a"/>' * 17), "more than 16 times"),
    "text": (svg("<text>ACME</text>"), "convert the text to paths"),
    "text in a group": (svg("<g><text><tspan>ACME</tspan></text></g>"), "convert the text to paths"),
    "deep groups": (svg("<g>" * 300 + "</g>" * 300), "30 levels deep"),
    "Latin-1": (
        b'<?xml version="1.0" encoding="iso-8859-1"?>' + svg("<title>M\u00fcller</title>").decode().encode("latin-1"),
        "UTF-8",
    ),
    "cycle of uses": (
        svg('<g id="a"><use href="#b"/></g><g id="b"><g><use xlink:href="#a"/></g></g>'),
        "refers to itself",
    ),
    "use of its own group": (svg('<g id="a"><use href="#a"/></g>'), "refers to itself"),
    "cycle of masks": (svg('<mask id="m"><rect mask="url(#m)" width="9" height="9"/></mask>'), "refers to itself"),
    "cycle of clips": (
        svg("<clipPath id='m' style=\"clip-path: URL( '#n' )\"/><clipPath id='n' clip-path='url(#m)'/>"),
        "refers to itself",
    ),
    "cycle of gradients": (
        svg('<linearGradient id="a" href="#b"/><radialGradient id="b" href=" #a "/>'),
        "refers to itself",
    ),
    "cut short": (svg()[:-3], "well-formed"),
    "no namespace": (b'<svg viewBox="0 0 1 1"/>', "<svg>"),
    "no size": (svg(attributes=""), "viewBox"),
    "relative size": (svg(attributes='width="100%" height="100%"'), "viewBox"),
    "huge drawing": (svg(attributes='width="1000000" height="1000000"'), "2000 pixels"),
    "no number": (svg(attributes='viewBox="0 0 nan nan"'), "2000 pixels"),
    "empty drawing": (svg(attributes='viewBox="0 0 0 0"'), "2000 pixels"),
    "JPEG": (picture("JPEG"), "neither an SVG nor a PNG"),
    "nothing": (b"", "neither an SVG nor a PNG"),
    "truncated PNG": (picture()[:-20], "complete PNG"),
    "first bytes of a PNG": (picture()[:8], "complete PNG"),
    "PNG with appended data": (picture() + b"<script>", "complete PNG"),
    "damaged PNG": (picture()[:45] + b"\0\0\0\0" + picture()[49:], "complete PNG"),
    "huge PNG": (picture()[:16] + (60_000).to_bytes(4, "big") * 2 + picture()[24:], "2000 pixels"),
    "large file": (svg(f"<desc>{'x' * 200_000}</desc>"), "200 kB"),
}


@pytest.mark.parametrize("name", INVALID_FILES)
def test_a_file_that_does_more_than_draw_or_is_incomplete_is_rejected(name: str, tmp_path: Path) -> None:
    content, problem = INVALID_FILES[name]
    with pytest.raises(ValueError, match=problem):
        read_logo(write_file(tmp_path, content, "logo.png"))


def test_an_svg_that_only_draws_is_accepted_unchanged(tmp_path: Path) -> None:
    logo = read_logo(write_file(tmp_path, GOOD.encode()))

    assert (logo.media_type, logo.width, logo.height) == ("image/svg+xml", 120, 40)
    assert logo.content == GOOD.encode()
    assert logo.data_url.startswith("data:image/svg+xml;base64,")


def test_the_encoding_of_an_svg_is_utf_8_whatever_it_declares(tmp_path: Path) -> None:
    content = DECLARED_LATIN_1 + svg("<title>Müller</title>")

    assert read_logo(write_file(tmp_path, content)).content == content


def test_references_that_share_a_part_are_no_cycle(tmp_path: Path) -> None:
    shared = '<linearGradient id="s"/><g id="a" fill="url(#s)"/><g id="b" fill="url(#s)"><use href="#a"/></g>'

    assert read_logo(write_file(tmp_path, svg(shared))).width == 120


def test_a_complete_png_is_accepted_unchanged(tmp_path: Path) -> None:
    logo = read_logo(write_file(tmp_path, picture()))

    assert (logo.media_type, logo.width, logo.height) == ("image/png", 30, 10)
    assert logo.content == picture()


def write_profile(folder: Path, logo: str) -> Path:
    return write_file(
        folder,
        f"""
name = "acme"
time_zone = "Europe/Berlin"
[usage_api]
base_url = "https://console.example"
token = "t0ken"
[report]
logo = {logo}
""".encode(),
        "acme.toml",
    )


def test_the_logo_path_is_relative_to_the_profile(tmp_path: Path) -> None:
    write_file(tmp_path, GOOD.encode(), "logo.svg")
    profile = load_profile(write_profile(tmp_path, '"logo.svg"'), lambda *_: None)

    assert profile.report.logo is not None
    assert profile.report.logo.content == GOOD.encode()


def test_the_profile_in_a_manifest_contains_the_logo(tmp_path: Path) -> None:
    write_file(tmp_path, GOOD.encode(), "logo.svg")
    profile = load_profile(write_profile(tmp_path, '"logo.svg"'), lambda *_: None)
    (tmp_path / "logo.svg").unlink()

    assert ReportSettings.model_validate(profile.without_secrets()["report"]) == profile.report


def test_a_logo_as_a_data_url_is_checked_like_a_file(tmp_path: Path) -> None:
    bomb = base64.b64encode(BOMB.encode()).decode()
    with pytest.raises(SettingsError, match=r"report\.logo has a document type"):
        load_profile(write_profile(tmp_path, f'"data:image/svg+xml;base64,{bomb}"'), lambda *_: None)


@pytest.mark.parametrize(
    "value",
    ['"data:image/png;base64,%%%"', '"missing.svg"', '""', "7", '{ data = "x", media_type = "image/png" }', '"."'],
)
def test_an_invalid_logo_is_reported_with_its_key(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError, match=r"report\.logo"):
        load_profile(write_profile(tmp_path, value), lambda *_: None)
