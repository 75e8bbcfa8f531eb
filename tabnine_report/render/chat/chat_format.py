"""The interface of all formats of chat messages: the report, notices to the admins, and what is added to a message."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tabnine_report.model.report import MonthlyReport
from tabnine_report.text.i18n import Language

Payload = Mapping[str, Any]
"""The JSON body of a chat message, as the channel's API defines it."""


@dataclass(frozen=True)
class Picture:
    """A picture of a chat message: what it shows, in words, and its URL, which may be a secret."""

    words: str
    url: str = field(repr=False)


@dataclass(frozen=True)
class NoticeParagraph:
    """One paragraph of a notice to the admins, sanitized but not escaped.

    Attributes:
        heading: The heading above it; empty for a paragraph that continues the part of the one before.
        text: The sentence, on one line.
        location: A URL or a path that follows the text; empty for none.
        command: A command to type, on a line of its own below the text; empty for none.
        bullets: A list below the text; each item is on one line.
        picture: A picture below the text, which only chat shows; None for none.
        important: Whether the paragraph is emphasized.
    """

    heading: str = ""
    text: str = ""
    location: str = ""
    command: str = ""
    bullets: tuple[str, ...] = ()
    important: bool = False
    picture: Picture | None = None

    @property
    def is_link(self) -> bool:
        """Whether the location is a URL that a reader can open."""
        return self.location.startswith(("https://", "http://"))


@dataclass(frozen=True)
class Button:
    """A button of a chat message: its words, and the URL that it opens, which may be a secret."""

    words: str
    url: str = field(repr=False)


class ChatFormat(ABC):
    """The messages of one chat channel, as JSON payloads: escaped, and within the channel's limits."""

    @abstractmethod
    def report_payload(self, report: MonthlyReport, language: Language, link: str) -> Payload:
        """Return the payload that delivers a report; `link` is the report's address, empty if there is none."""

    @abstractmethod
    def notice_payload(self, subject: str, paragraphs: tuple[NoticeParagraph, ...]) -> Payload:
        """Return the payload of a notice to the admins."""

    @abstractmethod
    def add_buttons(self, payload: Payload, buttons: Sequence[Button]) -> Payload:
        """Return a payload with further buttons after those that it has."""

    @abstractmethod
    def mark_payload(self, payload: Payload, mark: str) -> Payload:
        """Return a payload with a mark, such as PREVIEW, where the reader sees it first."""
