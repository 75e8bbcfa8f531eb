"""Add the links that exist only when a message is sent: presigned addresses, which are secrets, and that of the run.

The archived messages do not contain them, so that they are the same whenever they are rendered.
"""

from dataclasses import dataclass, field, replace

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tabnine_report.deliver.message import Message
from tabnine_report.render.chat import CHAT_FORMATS
from tabnine_report.render.chat.chat_format import Button
from tabnine_report.text.i18n import TEMPLATES, Language

BUTTON_PLACE = "<!-- button -->"
"""Where the HTML of a message without a link has room for the button."""
_SIGNATURE = "\n\n-- \n"
"""The line before a text's last paragraph, as mail programs know it."""


@dataclass(frozen=True)
class Links:
    """The addresses to add to a message; an empty one is not added.

    Attributes:
        report: The presigned address of the HTML report.
        pdf: The presigned address of the PDF.
        run: The address of the run's page in Prefect.
    """

    report: str = field(default="", repr=False)
    pdf: str = field(default="", repr=False)
    run: str = ""


def with_links(message: Message, links: Links, accent: str, language: Language) -> Message:
    """Return a message with further links: email links to the report, chat also to the PDF and to the run.

    Args:
        message: The message, as it is archived.
        links: The addresses.
        accent: The color of the email's button, as `#rrggbb`.
        language: Writes the names of the buttons.
    """
    names = {"report": "links.open_report", "pdf": "links.open_pdf", "run": "links.open_run"}
    buttons = [
        Button(language.translate(key), getattr(links, name)) for name, key in names.items() if getattr(links, name)
    ]
    if not buttons:
        return message
    payloads = {name: CHAT_FORMATS[name].add_buttons(payload, buttons) for name, payload in message.payloads.items()}
    linked = replace(message, payloads=payloads)
    return _with_report_link(linked, links.report, accent, language) if links.report else linked


def _with_report_link(message: Message, address: str, accent: str, language: Language) -> Message:
    button = _button(link=address, words=language.translate("links.open_report"), accent=accent)
    head, mark, foot = message.text.rpartition(_SIGNATURE)
    line = f"\n{language.translate('links.open_report')}: {address}"
    return replace(
        message,
        html=message.html.replace(BUTTON_PLACE, button, 1),
        text=f"{head}{line}{mark}{foot}",
        link=address,
    )


def _button(**values: str) -> str:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("email/button.j2").render(values)
