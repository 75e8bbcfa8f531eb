"""Render the report as one self-contained HTML document, for the screen and, in a shorter form, for the PDF."""

import base64
from datetime import UTC
from functools import cache

from markupsafe import Markup

from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.colors import palette
from tabnine_report.render.logo import logo_size
from tabnine_report.render.template_environment import Templates
from tabnine_report.render.views.pages import badges, pages
from tabnine_report.text.i18n import CATALOG_LANGUAGE, TEMPLATES, Language

_FONTS = TEMPLATES / "fonts" / "web"


def report_html(
    report: MonthlyReport, language: Language, templates: Templates, *, logo: bytes | None = None, paper: bool = False
) -> str:
    """Render the pages of an edition of a report.

    Args:
        report: The report.
        language: The language of its figures.
        templates: The templates, which have the report.
        logo: The logo as a PNG; None if there is none.
        paper: Whether to leave out the disclosures: laying out hundreds of hidden rows would take seconds.
    """
    colors = palette(report.accent)
    return templates.render(
        "report/report.html.j2",
        lang=CATALOG_LANGUAGE,
        created=f"{report.data_as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        colors=colors,
        logo_address=Markup("data:image/png;base64,{}").format(base64.b64encode(logo).decode()) if logo else None,
        logo_size=logo_size(report.logo) if report.logo else None,
        badges=badges(report, language),
        pages=tuple(pages(report, language, colors)),
        paper=paper,
        font_faces=() if paper else _font_faces(),
    )


@cache
def _font_faces() -> tuple[tuple[str, int, Markup], ...]:
    """Return the family, weight and address of each font that the document embeds."""
    return tuple(
        (family, weight, Markup("data:font/woff2;base64,{}").format(base64.b64encode(path.read_bytes()).decode()))
        for family, weight, path in (
            ("Inter", 400, _FONTS / "inter-400.woff2"),
            ("Inter", 600, _FONTS / "inter-600.woff2"),
            ("Inter Display", 600, _FONTS / "inter-display-600.woff2"),
        )
    )
