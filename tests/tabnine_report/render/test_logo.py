"""One picture of the logo for all documents, which a limited process draws."""

import base64
import json
import re
import resource
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image
from sample_report import sample_report

from tabnine_report.model.errors import RenderError
from tabnine_report.model.logo import Logo
from tabnine_report.profile.logo import parse_logo
from tabnine_report.render import limited_process
from tabnine_report.render.documents import render_documents
from tabnine_report.render.logo import logo_png, logo_size

NS = 'xmlns="http://www.w3.org/2000/svg"'
RECTANGLE = '<rect width="30" height="40" fill="#0a7"/>'


def svg_logo(inside: str = RECTANGLE, attributes: str = 'viewBox="0 0 120 40"') -> Logo:
    return parse_logo(f"<svg {NS} {attributes}>{inside}</svg>".encode())


def unchecked(inside: str) -> Logo:
    """Return a logo that was not checked, as an archived report might contain one."""
    content = f'<svg {NS} viewBox="0 0 120 40">{inside}</svg>'
    return Logo("image/svg+xml", base64.b64encode(content.encode()).decode(), 120, 40)


@pytest.mark.parametrize(("size", "expected"), [((120, 40), (108, 36)), ((1600, 40), (160, 4)), ((20, 1000), (1, 36))])
def test_a_logo_is_scaled_down_to_its_space(size: tuple[int, int], expected: tuple[int, int]) -> None:
    background = f'<rect width="{size[0]}" height="{size[1]}"/>'
    logo = svg_logo(background, f'width="{size[0]}px" height="{size[1]}"')

    assert logo_size(logo) == expected
    with Image.open(BytesIO(logo_png(logo))) as image:
        assert image.height == expected[1] * 4


def test_a_png_is_used_unchanged() -> None:
    file = BytesIO()
    Image.new("RGB", (30, 10), "#0a7").save(file, "PNG")

    assert logo_png(parse_logo(file.getvalue())) == file.getvalue()


@pytest.mark.parametrize(
    "inside",
    [
        '<mask id="m"><rect width="30" height="40" fill="#fff"/></mask><rect width="90" height="40" mask="url(#m)"/>',
        '<clipPath id="c"><rect width="30" height="40"/></clipPath><rect width="90" height="40" clip-path="url(#c)"/>',
        '<style>.a{fill:#000}</style><g class="a"><rect width="30" height="40"/></g>',
    ],
    ids=["mask", "clip", "style"],
)
def test_html_pdf_and_email_show_the_same_picture(inside: str) -> None:
    documents = render_documents(sample_report().model_copy(update={"logo": svg_logo(inside)}))
    picture = documents["logo.png"]

    embedded = set(
        re.findall(r'<img class="logo" src="data:image/png;base64,([^"]+)"', documents["report.html"].decode())
    )
    assert {base64.b64decode(data) for data in embedded} == {picture}
    assert json.loads(documents["email.json"])["pictures"]["logo"] == "logo.png"
    with Image.open(BytesIO(picture)) as image:
        left, right = image.getpixel((40, 70)), image.getpixel((300, 70))
    assert (left, right) == ((0, 0, 0, 255), (255, 255, 255, 255))


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<g opacity='.5'>" * 900 + RECTANGLE + "</g>" * 900, r"it is too complex \(SIG"),
        ("<g>" * 3000 + RECTANGLE + "</g>" * 3000, "SVG data parsing failed"),
        ("", "nothing of it is visible on a white background"),
        ('<rect width="30" height="40" fill="#fff"/>', "nothing of it is visible on a white background"),
        ('<rect x="500" width="30" height="40"/>', "nothing of it is visible on a white background"),
        ("<text y='20'>ACME</text>", "nothing of it is visible on a white background"),
    ],
    ids=["deep", "deeper", "empty", "white", "outside", "text"],
)
def test_a_logo_that_cannot_be_drawn_ends_its_own_process_only(inside: str, why: str) -> None:
    with pytest.raises(RenderError, match=f"^The logo cannot be drawn: {why}.*Simplify report.logo, or use a PNG"):
        logo_png(unchecked(inside))


def test_a_logo_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited_process, "SECONDS", 0)

    with pytest.raises(RenderError, match="it takes more than 0 seconds"):
        logo_png(svg_logo())


def test_the_process_gets_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABNINE_TOKEN", "xyzzy")

    assert "TABNINE_TOKEN" not in limited_process._environment()


def test_a_limited_process_writes_no_core_dump() -> None:
    program = (
        "import resource; from tabnine_report.render.process_limits import limit_process; limit_process(10**9, 7)\n"
        "print(*(resource.getrlimit(limit)[0] for limit in (resource.RLIMIT_CORE, resource.RLIMIT_CPU)))"
    )

    assert resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout == b"0 7\n"
