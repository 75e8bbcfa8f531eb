"""What the admins hear of a run: one message that says how it ended and what to do."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tabnine_report.deliver.message import DeliveryState, Message, Receipt
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import TEMPLATES, Language
from tabnine_report.text.sanitizing import sanitize

# In characters as they are sent. Slack takes 3,000 a section but refuses a message of about 13,000 in all.
_HEADER_LENGTH = 150
_SECTION_LENGTH = 1500
_MESSAGE_LENGTH = 12_000
_CUT = "…"

_MOST_RECEIPTS = 25
_DETAIL_LENGTH = 300


@dataclass(frozen=True)
class Notice:
    """How one run ended.

    Attributes:
        kind: How it ended: a key of the catalog's table `[notice]`.
        organization: The organization's name.
        month: The month that was meant: the one to type for a rerun. What was typed, where that is no month.
        profile: The profile, as the command that settles a delivery is to name it.
        headline: The report's headline; empty when there is no report.
        receipts: What came of each delivery.
        shortcomings: What the report lacks, and what about it looks wrong, a sentence each.
        step: Where it stopped, in words; empty when it did not.
        reason: Why, in one sentence.
        advice: What to do, in one sentence.
        report: Where the report is: a link or a path.
        run_url: Where the run can be looked at.
    """

    kind: str
    organization: str
    month: Month | str
    profile: str = ""
    headline: str = ""
    receipts: tuple[Receipt, ...] = ()
    shortcomings: tuple[str, ...] = ()
    step: str = ""
    reason: str = ""
    advice: str = ""
    report: str = ""
    run_url: str = ""


def notice_message(notice: Notice, language: Language) -> Message:
    """Write a notice for every channel."""
    month = language.month(notice.month) if isinstance(notice.month, Month) else notice.month
    subject = sanitize(language.translate(f"notice.{notice.kind}", organization=notice.organization, month=month))
    values: dict[str, Any] = {
        "subject": subject,
        "notice": notice,
        "receipts": _receipt_lines(notice, language),
        "rerun": language.translate("notice.rerun", month=str(notice.month)),
        "translate": language.translate,
        "linked": _is_link,
    }
    return Message(
        subject=subject,
        text=_templates(_shown).get_template("notice.txt.j2").render(values),
        html=_templates(_shown).get_template("notice.html.j2").render(values),
        link=notice.report if _is_link(notice.report) else "",
        slack=_slack(subject, _templates(_shown_in_slack).get_template("notice.slack.j2").render(values)),
    )


def _receipt_lines(notice: Notice, language: Language) -> list[str]:
    """Say what came of each delivery, the troubled ones first."""
    ordered = sorted(notice.receipts, key=lambda receipt: receipt.state is DeliveryState.SENT)
    lines = [_receipt_line(receipt, notice, language) for receipt in ordered[:_MOST_RECEIPTS]]
    more = len(ordered) - len(lines)
    return [*lines, language.translate("notice.more", more, number=language.count(more))] if more else lines


def _receipt_line(receipt: Receipt, notice: Notice, language: Language) -> str:
    word = "failed_to_send" if receipt.state is DeliveryState.FAILED else str(receipt.state)
    state = language.translate(f"notice.{word}")
    if receipt.earlier and receipt.state is not DeliveryState.CLAIMED:
        revision, instant = language.count(receipt.revision), language.instant(receipt.at)
        state = language.translate("notice.earlier", state=state, revision=revision, instant=instant)
    key = "notice.receipt" if receipt.state is DeliveryState.SENT else "notice.receipt_because"
    line = language.translate(
        key,
        channel=receipt.channel,
        recipient=receipt.recipient,
        state=state,
        detail=sanitize(receipt.detail, _DETAIL_LENGTH),
    )
    if receipt.state is not DeliveryState.UNCONFIRMED:
        return line
    options = {
        "profile": notice.profile,
        "month": notice.month,
        "channel": receipt.channel,
        "recipient": receipt.recipient,
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    command = shlex.join(["tabnine-report", "settle", *words, "--as"])
    return f"{line} {language.translate('notice.settle', command=command)}"


def _is_link(place: str) -> bool:
    return place.startswith(("https://", "http://"))


def _slack(subject: str, paragraphs: str) -> dict[str, Any]:
    parts = [_sections(paragraph.strip("\n")) for paragraph in paragraphs.split("\n\n")]
    _shorten(parts)
    sections = [section for part in parts for section in part]
    header = _fitted(_escaped_for_slack(subject), _HEADER_LENGTH)
    return {
        "text": header,
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": header}},
            *({"type": "section", "text": {"type": "mrkdwn", "text": text}} for text in sections if text.strip()),
        ],
        "unfurl_links": False,
    }


def _sections(paragraph: str) -> list[str]:
    """Part a long paragraph between its lines: a command to type is worth nothing when its end is cut off."""
    sections = [""]
    for line in paragraph.split("\n"):
        fitted = _fitted(line, _SECTION_LENGTH)
        if len(sections[-1]) + len(fitted) < _SECTION_LENGTH:
            sections[-1] = f"{sections[-1]}\n{fitted}".strip("\n")
        else:
            sections.append(fitted)
    return sections


def _shorten(parts: list[list[str]]) -> None:
    """Cut the end of the longest part until all of them fit into a message; email has it whole."""
    while sum(len(section) for part in parts for section in part) > _MESSAGE_LENGTH:
        longest = max(parts, key=len)
        if longest[-1] != _CUT:
            longest[-1] = _CUT
        elif len(longest) > 1:
            del longest[-2]
        else:
            return


def _fitted(escaped: str, length: int) -> str:
    """Cut an escaped text to a length, never inside an escaped character or a link."""
    if len(escaped) <= length:
        return escaped
    kept = escaped[: length - 1]
    for opening, closing in (("&", ";"), ("<", ">")):
        if kept.rfind(opening) > kept.rfind(closing):
            kept = kept[: kept.rfind(opening)]
    return f"{kept}{_CUT}"


def _escaped_for_slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _shown(value: object) -> object:
    return sanitize(value) if isinstance(value, str) else value


def _shown_in_slack(value: object) -> object:
    return _escaped_for_slack(sanitize(value)) if isinstance(value, str) else value


@cache
def _templates(finalize: Callable[[object], object]) -> Environment:
    """Give the notices' templates; whatever they print goes through `finalize` first."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES / "notices"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
    )
