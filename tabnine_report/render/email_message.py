"""The email: HTML for mail programs that know little, a text worth reading, and what else the message is made of."""

import json
from collections.abc import Iterator

import css_inline

from tabnine_report.model.edition import document_of
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.html.chart_svg import Drawings
from tabnine_report.render.page_one_text import asked_for, found, not_compared, noted, revision_of, what_changed
from tabnine_report.render.png import logo_size
from tabnine_report.render.template_environment import Templates, organization_of
from tabnine_report.text.i18n import CATALOG_LANGUAGE, Language
from tabnine_report.text.sanitizing import at_a_word, sanitize

PICTURE = "charts/people.png"
"""Where the email's chart stands in the bundle, once for all editions."""
LOGO = "logo.png"
"""Likewise, the logo, where there is one."""

_PICTURE_ID = "people-over-13-months"
_LOGO_ID = "logo"
_ATTACHED = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
# What is longer is cut by mail programs anyway, and no longer between words.
_SUBJECT_LENGTH = 150


def documents(
    report: MonthlyReport, language: Language, templates: Templates, drawings: Drawings, link: str
) -> dict[str, bytes]:
    """Write the email's documents, by their path among those of the edition.

    Delivery sends what stands in them and reads nothing else: `email.json` names subject, pictures by content id,
    attachments by document, and the link.
    """
    name = f"{report.organization.profile}-tabnine-{report.month}"
    # Kept side by side, the files of the two editions must not take each other's place.
    name += "" if report.edition == "executive" else f"-{report.edition}"
    rest = {
        "subject": subject(report, language),
        "pictures": {_PICTURE_ID: PICTURE} | ({_LOGO_ID: LOGO} if report.logo else {}),
        "attachments": [
            {"document": document_of(report.edition, f"report.{kind}"), "name": f"{name}.{kind}", "media_type": kept_as}
            for kind, kept_as in _ATTACHED.items()
        ],
        "link": link,
    }
    return {
        "email.html": _html(report, language, templates, drawings, link).encode(),
        "email.txt": ("\n".join(_text(report, language, link)) + "\n").encode(),
        "email.json": (json.dumps(rest, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode(),
    }


def subject(report: MonthlyReport, language: Language) -> str:
    """Give the headline as one line of at most 150 characters, cut between words.

    It stands alone, without organization and month before it: the sender says whose report it is, and a phone shows
    only the first words, which are the news. A revision that is to be told from an earlier one begins with its number.
    """
    headline = sanitize(report.headline) or f"{organization_of(report)}, {report.month_label}"
    if report.revision_changes and not report.draft:
        number = language.count(report.revision)
        headline = language.translate("email.revised_subject", number=number, headline=headline)
    return at_a_word(headline, _SUBJECT_LENGTH)


def _html(report: MonthlyReport, language: Language, templates: Templates, drawings: Drawings, link: str) -> str:
    html = templates.fill(
        "email/email.html.j2",
        lang=CATALOG_LANGUAGE,
        preheader=" · ".join(f"{tile.label} {_value(tile, language)}" for tile in report.page_one_kpis),
        colors=drawings.colors,
        picture=_PICTURE_ID,
        logo=_LOGO_ID,
        logo_size=logo_size(report.logo) if report.logo else None,
        words=drawings.email_words,
        not_compared=list(not_compared(report, language)),
        link=link,
    )
    # Outlook and Gmail know no style sheets, so every rule moves into the elements that it is about.
    return css_inline.inline(html, load_remote_stylesheets=False)


def _text(report: MonthlyReport, language: Language, link: str) -> Iterator[str]:
    organization = organization_of(report)
    yield sanitize(report.headline)
    yield ""
    edition = language.translate("report.full_edition") if report.edition == "full" else ""
    yield " · ".join(filter(None, (report.month_label, revision_of(report, language), organization, edition)))
    if report.draft:
        yield language.translate("email.draft")
    if not report.complete:
        yield language.translate("email.incomplete")
    if report.revision_changes:
        yield sanitize(report.revision_changes.sentence)
    yield ""
    yield from _rows(report, language)
    yield from not_compared(report, language)
    yield ""
    yield what_changed(report, language)
    yield from (f"- {sentence}" for sentence in found(report))
    if report.recommended_actions or report.last_month_actions.statuses:
        yield ""
        yield language.translate("report.recommended_actions")
        yield from asked_for(report, language)
    if report.note:
        yield ""
        yield noted(report.note, language)
    yield ""
    yield f"{language.translate('report.data')} {sanitize(report.data_quality.summary)}"
    if link:
        yield f"{language.translate('email.read')}: {link}"
    yield ""
    yield "-- "
    yield language.translate("email.why", organization=organization)
    yield language.translate("email.whom")


def _rows(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Align the figures of page one in columns: label, value, change; the note stands below."""
    cells = [(sanitize(tile.label), _value(tile, language), _change(tile, language)) for tile in report.page_one_kpis]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for tile, (label, value, change) in zip(report.page_one_kpis, cells, strict=True):
        yield f"{label:<{widths[0]}}  {value:>{widths[1]}}  {change}".rstrip()
        note = sanitize(tile.note or tile.figure.reason)
        if note:
            yield f"  {note}"


def _value(tile: Kpi, language: Language) -> str:
    return language.qualified(tile.figure, short=True)


def _change(tile: Kpi, language: Language) -> str:
    if tile.change is None or not tile.figure.known:
        return ""
    return language.change(tile.change.absolute, tile.change.relative, short=True)
