"""Renders the text documents of a report without the PDF, which takes most of the time."""

from tabnine_report.model.report import MonthlyReport
from tabnine_report.render import email_message as mail
from tabnine_report.render.chat.slack_report import report_payload
from tabnine_report.render.colors import palette
from tabnine_report.render.email_chart import email_chart
from tabnine_report.render.html.document import report_html
from tabnine_report.render.template_environment import Templates, language_of


def text_documents(report: MonthlyReport, link: str = "") -> dict[str, str]:
    """Render report.html, email.html, email.txt, email.json, and slack.json as the text of its payload."""
    language = language_of(report)
    templates = Templates(report, language)
    chart = email_chart(report, language, palette(report.accent))
    emails = mail.documents(report, language, templates, chart, link)
    return {
        "report.html": report_html(report, language, templates),
        "slack.json": str(report_payload(report, language, link)),
        **{name: content.decode() for name, content in emails.items() if not name.endswith(".png")},
    }
