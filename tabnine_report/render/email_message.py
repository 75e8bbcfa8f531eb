"""Render the email: HTML for mail programs with little CSS support, plain text, and the other parts of the message."""

from collections.abc import Iterator
from typing import Any

import css_inline
from pydantic import TypeAdapter

from tabnine_report.model.edition import document_of
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.colors import palette
from tabnine_report.render.email_chart import EmailChart
from tabnine_report.render.logo import logo_size
from tabnine_report.render.page_one_text import (
    action_sentences,
    change_text,
    highlights,
    highlights_heading,
    note_line,
    revision_label,
    seat_lines,
    seats_title,
    stake_sentence,
    status_line,
    tiles,
    uncompared_sentences,
    value_text,
)
from tabnine_report.render.template_environment import Templates, organization_name
from tabnine_report.render.views.seat_use import seat_use
from tabnine_report.text.i18n import CATALOG_LANGUAGE, Language
from tabnine_report.text.sanitizing import sanitize, truncate

PICTURE = "charts/email.png"
"""The path of the email's chart in the bundle, the same for all editions; a report of few months has none."""
LOGO = "logo.png"
"""The path of the logo in the bundle, if there is a logo."""

_PICTURE_ID = "chart"
_LOGO_ID = "logo"
_ATTACHED = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
# Mail programs cut longer subjects, even within a word.
_SUBJECT_LENGTH = 150


def documents(
    report: MonthlyReport, language: Language, templates: Templates, chart: EmailChart | None, link: str
) -> dict[str, bytes]:
    """Render the email's documents, by their path within the edition.

    Delivery reads nothing but these documents. `email.json` has the subject, the pictures by content id, the
    attachments by document, and the link.
    """
    name = f"{report.organization.profile}-tabnine-{report.month}"
    # Files of both editions can be saved in one folder.
    name += "" if report.edition == "executive" else f"-{report.edition}"
    content = {
        "subject": subject(report, language),
        "pictures": ({_PICTURE_ID: PICTURE} if chart else {}) | ({_LOGO_ID: LOGO} if report.logo else {}),
        "attachments": [
            {
                "document": document_of(report.edition, f"report.{kind}"),
                "name": f"{name}.{kind}",
                "media_type": media_type,
            }
            for kind, media_type in _ATTACHED.items()
        ],
        "link": link,
    }
    return {
        "email.html": _html(report, language, templates, chart, link).encode(),
        "email.txt": ("\n".join(_text(report, language, link)) + "\n").encode(),
        "email.json": TypeAdapter(Any).dump_json(content, indent=2) + b"\n",
    }


def subject(report: MonthlyReport, language: Language) -> str:
    """Return the headline as one line of at most 150 characters, cut between words.

    Organization and month do not precede it: the sender names the organization, and a phone shows only the first words.
    The subject of a revision begins with its number if an earlier revision exists.
    """
    headline = sanitize(report.headline) or f"{organization_name(report)}, {report.month_label}"
    if report.revision_changes and not report.draft:
        number = language.count(report.revision)
        headline = language.translate("email.revised_subject", number=number, headline=headline)
    return truncate(headline, _SUBJECT_LENGTH)


def _html(report: MonthlyReport, language: Language, templates: Templates, chart: EmailChart | None, link: str) -> str:
    colors = palette(report.accent)
    html = templates.render(
        "email/email.html.j2",
        lang=CATALOG_LANGUAGE,
        preheader=_preheader(report, language),
        colors=colors,
        seats=seat_use(report, language, colors),
        tiles=[(tile, change_text(tile, language)) for tile in tiles(report)],
        chart=chart,
        picture=_PICTURE_ID,
        logo=_LOGO_ID,
        logo_size=logo_size(report.logo) if report.logo else None,
        uncompared_sentences=list(uncompared_sentences(report, language)),
        link=link,
    )
    # Outlook and Gmail ignore style sheets, so every rule becomes a style attribute, except those for phones.
    return css_inline.inline(html, load_remote_stylesheets=False, keep_at_rules=True)


def _preheader(report: MonthlyReport, language: Language) -> str:
    """Return what an inbox shows after the subject: what is at stake and the first due date, or the key figures."""
    actions = report.recommended_actions
    if not actions:
        return " · ".join(f"{tile.label} {value_text(tile, language)}" for tile in tiles(report))
    sentences = (
        next(filter(None, (stake_sentence(action, language) for action in actions)), ""),
        language.translate(
            "email.first_due",
            len(actions),
            number=language.count(len(actions)),
            due=language.date(min(action.due for action in actions)),
        ),
    )
    return " ".join(filter(None, sentences))


def _text(report: MonthlyReport, language: Language, link: str) -> Iterator[str]:
    organization = organization_name(report)
    yield sanitize(report.headline)
    if report.deck:
        yield sanitize(report.deck)
    yield ""
    edition = language.translate("report.full_edition") if report.edition == "full" else ""
    yield " · ".join(filter(None, (report.month_label, revision_label(report, language), organization, edition)))
    if report.draft:
        yield language.translate("email.draft")
    if not report.complete:
        yield language.translate("email.incomplete")
    if report.data_quality.page_one_failures:
        yield language.translate("email.check_failed")
    if report.revision_changes:
        yield sanitize(report.revision_changes.sentence)
    yield from _seats(report, language)
    yield ""
    yield from _rows(report, language)
    yield from uncompared_sentences(report, language)
    yield from _decisions(report, language)
    yield ""
    yield highlights_heading(report, language)
    yield from (f"- {sentence}" for sentence in highlights(report))
    if report.note:
        yield ""
        yield note_line(report.note, language)
    yield ""
    yield f"{language.translate('report.data')} {sanitize(report.data_quality.summary)}"
    if link:
        yield f"{language.translate('links.open_report')}: {link}"
    yield ""
    yield "-- "
    yield language.translate("email.why", organization=organization)
    yield language.translate("email.whom")


def _decisions(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Yield the recommended actions, numbered, and the status of last month's actions."""
    if report.recommended_actions or report.last_month_actions.statuses:
        yield ""
        yield language.translate("report.decisions")
    for number, action in enumerate(report.recommended_actions, start=1):
        lead = f"{language.count(number)}. "
        yield lead + f"\n{' ' * len(lead)}".join(action_sentences(action, language))
    if report.last_month_actions.statuses:
        yield status_line(report.last_month_actions, language)


def _seats(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Yield the parts of the seats, each with its number."""
    title = seats_title(report, language)
    if title:
        yield from ("", title, *(f"- {number}: {words}" for number, words in seat_lines(report, language)))


def _rows(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Yield the figures of page one in columns, label, value and change, each with its note below."""
    shown = tiles(report)
    cells = [(sanitize(tile.label), value_text(tile, language), change_text(tile, language)) for tile in shown]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for tile, (label, value, change) in zip(shown, cells, strict=True):
        yield f"{label:<{widths[0]}}  {value:>{widths[1]}}  {change}".rstrip()
        note = sanitize(tile.note or tile.figure.reason)
        if note:
            yield f"  {note}"
