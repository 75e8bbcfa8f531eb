"""What the organization adds to a report: answers to its recommended actions, and a note on the month."""

from datetime import datetime
from enum import StrEnum

from tabnine_report.model.base import Model


class Answer(StrEnum):
    """What an admin answered to a recommended action."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"


class ActionAnswer(Model):
    """An admin's answer to an action that a report recommended.

    Attributes:
        rule: The rule that recommended the action.
        answer: The answer.
        owner: Who carries it out, as the admin wrote it; may be empty.
        comment: The admin's comment, printed unchanged; may be empty.
        at: When it was answered, UTC.
    """

    rule: str
    answer: Answer
    owner: str = ""
    comment: str = ""
    at: datetime


class Note(Model):
    """A note on the month, written by the organization and printed unchanged.

    Attributes:
        text: One paragraph.
        author: The signature; empty if the note is unsigned.
    """

    text: str
    author: str = ""
