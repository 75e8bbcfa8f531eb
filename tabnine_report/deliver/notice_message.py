"""Notices: one message to the admins for one event, such as the end of a run."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from itertools import zip_longest

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tabnine_report.deliver.message import Message
from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.model.month import Month
from tabnine_report.render.chat import CHAT_FORMATS
from tabnine_report.render.chat.chat_format import NoticeParagraph, Picture
from tabnine_report.text.i18n import TEMPLATES, Language
from tabnine_report.text.sanitizing import sanitize

_MAX_LINES = 25
_DETAIL_LENGTH = 300


class Severity(StrEnum):
    """What a notice asks of the admins, which its first words state."""

    DONE = "done"
    """Nothing: everything worked."""
    WAITING = "waiting"
    """Nothing yet: the program continues automatically."""
    REVIEW = "review"
    """The report was delivered, but something is missing or looks wrong."""
    ACTION = "action"
    """A person has to do something, otherwise recipients do not receive the report or data is kept for too long."""
    FAILED = "failed"
    """There is no report."""


_SEVERITIES = {
    "delivered": Severity.DONE,
    "nothing_to_send": Severity.DONE,
    "in_progress_elsewhere": Severity.WAITING,
    "outage": Severity.WAITING,
    "no_channel": Severity.ACTION,
    "undelivered": Severity.ACTION,
    "withheld": Severity.ACTION,
    "purge_failed": Severity.ACTION,
    "failed": Severity.FAILED,
    "not_started": Severity.FAILED,
    # What the watchdog finds.
    "month_not_sent": Severity.ACTION,
    "month_withheld": Severity.ACTION,
    "run_lost": Severity.FAILED,
    "run_late": Severity.ACTION,
    "run_not_continued": Severity.ACTION,
    "deliveries_unsettled": Severity.ACTION,
    "token_ends": Severity.ACTION,
    "license_ends": Severity.ACTION,
    "schedule_missing": Severity.ACTION,
    "schedule_paused": Severity.ACTION,
    "deployment_orphaned": Severity.ACTION,
    "profile_invalid": Severity.ACTION,
    "ledger_unreachable": Severity.ACTION,
    "disk_nearly_full": Severity.ACTION,
    "server_unreachable": Severity.ACTION,
    "worker_missing": Severity.ACTION,
    "watchdog_missing": Severity.ACTION,
    "problem_solved": Severity.DONE,
    "digest_complete": Severity.DONE,
    "digest_incomplete": Severity.REVIEW,
}
"""The severity of each event."""
_DEFAULT_ADVICE = {
    Severity.DONE: "advice_done",
    Severity.WAITING: "advice_waiting",
    Severity.REVIEW: "advice_incomplete",
    Severity.ACTION: "advice_no_channel",
    Severity.FAILED: "advice_failed",
}
"""What to do about a notice without advice of its own; of those that need an action, only one has none."""


@dataclass(frozen=True)
class Notice:
    """The content of a notice to the admins about one event.

    Attributes:
        kind: The event: the key of its subject in the catalog's table `[notice]`, such as `delivered` or `failed`.
        organization: The organization's name.
        month: The report's month; the text that the user entered, if it is not a month; empty if it is not about one.
        detail: The problem that is solved, in one sentence, or the number of reports in a digest; otherwise empty.
        profile: The profile's name or path, for the commands in the notice.
        headline: The report's headline; empty if there is no report.
        receipts: The result of each delivery.
        organizations: One line for each organization in a digest.
        shortcomings: What is missing from the report or looks wrong, one sentence each.
        step: What the run was doing when it stopped; empty if it did not stop.
        reason: Why, in one or more sentences.
        advice: What to do next, in one or more sentences.
        command: The command that the advice refers to; empty for none.
        release_note: Who released the report, or why there was nothing to release; otherwise empty.
        recipient_changes: Which recipients were added or removed, one sentence for each of the two.
        report: The URL or path of the report.
        page_image_url: The HTTPS address of a picture of page one; empty if there is none.
        forms: The URLs of the forms in Prefect with which an admin can act now, by the deployed flow.
        run_url: The URL of the run.
    """

    kind: str
    organization: str
    month: Month | str
    detail: str = ""
    profile: str = ""
    headline: str = ""
    receipts: tuple[Receipt, ...] = ()
    organizations: tuple[str, ...] = ()
    shortcomings: tuple[str, ...] = ()
    step: str = ""
    reason: str = ""
    advice: str = ""
    command: str = ""
    release_note: str = ""
    recipient_changes: tuple[str, ...] = ()
    report: str = ""
    page_image_url: str = field(default="", repr=False)
    forms: Mapping[str, str] = field(default_factory=dict)
    run_url: str = ""


def severity_of(notice: Notice) -> Severity:
    """Return what a notice asks of the admins."""
    severity = _SEVERITIES[notice.kind]
    return Severity.REVIEW if severity is Severity.DONE and notice.shortcomings else severity


def event_of(notice: Notice, language: Language) -> str:
    """Return what the notice is about, in one sentence without a period."""
    month = language.month(notice.month) if isinstance(notice.month, Month) else notice.month
    return language.translate(
        f"notice.{notice.kind}", organization=notice.organization, month=month, detail=notice.detail
    )


def notice_message(notice: Notice, language: Language) -> Message:
    """Return the message of a notice, for every channel."""
    severity = severity_of(notice)
    mark = language.translate(f"notice.severity_{severity}")
    event = event_of(notice, language)
    emoji = language.translate(f"notice.emoji_{severity}")
    # The result is the first word that an inbox shows; a notice that needs no action begins with the organization.
    subject = sanitize(f"{emoji} {event}" if severity is Severity.DONE else f"{emoji} {mark} · {event}")
    paragraphs = tuple(_paragraphs(notice, language))
    report = NoticeParagraph(location=notice.report)
    return Message(
        subject=subject,
        text="\n\n".join([subject, *map(_plain_text, paragraphs)]) + "\n",
        html=_templates()
        .get_template("notice.html.j2")
        .render(subject=subject, event=sanitize(event), mark=mark, severity=severity, paragraphs=paragraphs),
        link=report.location if report.is_link else "",
        payloads={channel: chat.notice_payload(subject, paragraphs) for channel, chat in CHAT_FORMATS.items()},
    )


def _paragraphs(notice: Notice, language: Language) -> Iterator[NoticeParagraph]:
    """Yield the paragraphs of a notice below its subject."""

    def sentence(key: str, **values: str) -> str:
        return sanitize(language.translate(f"notice.{key}", None, **values))

    step = sentence("step", step=notice.step) if notice.step else ""
    headline = sentence("headline", headline=notice.headline) if notice.headline else ""
    facts = [NoticeParagraph(text=sanitize(text)) for text in (step, notice.release_note, headline) if text]
    facts += [NoticeParagraph(text=sanitize(shortcoming), important=True) for shortcoming in notice.shortcomings]
    facts += [NoticeParagraph(text=sanitize(change)) for change in notice.recipient_changes]
    yield from _under(sentence("what"), facts)
    if notice.reason:
        yield NoticeParagraph(sentence("why"), sanitize(notice.reason), important=True)
    advice = notice.advice or sentence(_DEFAULT_ADVICE[severity_of(notice)])
    yield NoticeParagraph(sentence("to_do"), sanitize(advice), command=sanitize(notice.command))
    if notice.month and not notice.organizations:
        yield NoticeParagraph(text=sentence("rerun", month=str(notice.month)))
    if notice.receipts:
        yield NoticeParagraph(sentence("deliveries"), bullets=tuple(map(sanitize, _receipt_lines(notice, language))))
    if notice.organizations:
        lines = tuple(map(sanitize, _first(notice.organizations, language)))
        yield NoticeParagraph(sentence("organizations"), bullets=lines)
    forms = {f"notice.form_{flow}": url for flow, url in notice.forms.items()}
    places = {"notice.report": notice.report, **forms, "notice.run": notice.run_url}
    locations = [
        NoticeParagraph(text=sanitize(language.translate(key)), location=sanitize(place))
        for key, place in places.items()
        if place
    ]
    if notice.page_image_url:
        locations[0] = replace(locations[0], picture=Picture(sentence("page_one"), notice.page_image_url))
    yield from _under(sentence("places"), locations)


def _under(heading: str, paragraphs: list[NoticeParagraph]) -> Iterator[NoticeParagraph]:
    """Yield paragraphs, the first of them with a heading."""
    for at, paragraph in enumerate(paragraphs):
        yield replace(paragraph, heading=heading) if at == 0 else paragraph


def _receipt_lines(notice: Notice, language: Language) -> Iterator[str]:
    """Yield one line for each delivery, with those that were not sent first; the commands to settle one follow it."""
    ordered = sorted(notice.receipts, key=lambda receipt: receipt.state is DeliveryState.SENT)
    lines = _first([_receipt_line(receipt, language) for receipt in ordered], language)
    for line, receipt in zip_longest(lines, ordered[:_MAX_LINES]):
        yield line
        if receipt is not None and receipt.state is DeliveryState.UNCONFIRMED:
            yield from _settle_commands(receipt, notice)


def _first(lines: Sequence[str], language: Language) -> list[str]:
    """Return the first lines, and the number of the others."""
    more = len(lines) - _MAX_LINES
    counted = [language.translate("notice.more", more, number=language.count(more))] if more > 0 else []
    return [*lines[:_MAX_LINES], *counted]


def _receipt_line(receipt: Receipt, language: Language) -> str:
    state = language.translate(f"notice.state_{receipt.state}")
    if receipt.earlier and receipt.state is not DeliveryState.CLAIMED:
        revision, instant = language.count(receipt.revision), language.instant(receipt.at)
        state = language.translate("notice.earlier", state=state, revision=revision, instant=instant)
    key = "notice.receipt" if receipt.state is DeliveryState.SENT else "notice.receipt_with_detail"
    line = language.translate(
        key,
        channel=receipt.channel,
        recipient=receipt.recipient,
        state=state,
        detail=sanitize(receipt.detail, _DETAIL_LENGTH),
    )
    return f"{line} {language.translate('notice.settle')}" if receipt.state is DeliveryState.UNCONFIRMED else line


def _settle_commands(receipt: Receipt, notice: Notice) -> Iterator[str]:
    """Yield the commands that settle an unconfirmed delivery, each on a line of its own to be copied."""
    options = {
        "profile": notice.profile,
        "month": notice.month,
        "channel": receipt.channel,
        "recipient": receipt.recipient,
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    yield from (shlex.join(["tabnine-report", "settle", *words, "--as", result]) for result in ("sent", "failed"))


def _plain_text(paragraph: NoticeParagraph) -> str:
    sentence = f"{paragraph.text} {paragraph.location}".strip()
    command = f"\n    {paragraph.command}" if paragraph.command else ""
    bullets = (f"- {bullet}" for bullet in paragraph.bullets)
    return "\n".join(filter(None, [paragraph.heading.upper(), sentence, command, *bullets]))


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES / "notices"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
