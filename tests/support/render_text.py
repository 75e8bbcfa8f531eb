"""Renders the text documents of a report without the PDF, which takes most of the time."""

from tabnine_report.model.report import MonthlyReport
from tabnine_report.render import email_message as mail
from tabnine_report.render.chat import CHAT_FORMATS
from tabnine_report.render.colors import palette
from tabnine_report.render.email_chart import email_chart
from tabnine_report.render.html.document import report_html
from tabnine_report.render.template_environment import Templates, language_of

CHAT_DOCUMENTS = tuple(f"{channel}.json" for channel in CHAT_FORMATS)


def text_documents(report: MonthlyReport, link: str = "") -> dict[str, str]:
    """Render report.html, email.html, email.txt, email.json, and the text of each chat channel's payload."""
    language = language_of(report)
    templates = Templates(report, language)
    chart = email_chart(report, language, palette(report.accent))
    emails = mail.documents(report, language, templates, chart, link)
    payloads = {channel: chat.report_payload(report, language, link) for channel, chat in CHAT_FORMATS.items()}
    return {
        "report.html": report_html(report, language, templates),
        **{f"{channel}.json": str(payload) for channel, payload in payloads.items()},
        **{name: content.decode() for name, content in emails.items() if not name.endswith(".png")},
    }
