"""Making the text documents of a report without its PDF, which is what takes time."""

from reporting.render import mail, slack_message
from reporting.render.drawings import draw
from reporting.render.page import report_html
from reporting.render.templates import Templates, language_of
from reporting.report import MonthlyReport


def text_documents(report: MonthlyReport, link: str = "") -> dict[str, str]:
    """Give report.html, email.html, email.txt and email.json, and slack.json as the text of its payload."""
    language = language_of(report)
    templates = Templates(report, language)
    drawings = draw(report, language, templates)
    emails = mail.documents(report, language, templates, drawings, link)
    return {
        "report.html": report_html(report, language, templates, drawings),
        "slack.json": str(slack_message.payload(report, language, link)),
        **{name: content.decode() for name, content in emails.items() if not name.endswith(".png")},
    }
