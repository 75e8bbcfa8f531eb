"""What is said of a month: what was found, what is asked, and what somebody noted."""

from datetime import date
from enum import StrEnum

from tabnine_report.model.base import Model
from tabnine_report.model.edition import Edition
from tabnine_report.model.figure import Figure


class Finding(Model):
    """Something about the month that is worth a sentence.

    Attributes:
        rule: The rule that found it.
        sentence: What it says.
        figures: What it rests on, by name.
        edition: Whom it is for.
    """

    rule: str
    sentence: str
    figures: dict[str, Figure]
    edition: Edition = "executive"


class RecommendedAction(Model):
    """Something that somebody is asked to do.

    Attributes:
        rule: The rule that asks; by it the ask is followed up in the report of the month after.
        who: Who is asked: a role, in words.
        by: By when.
        sentence: What is asked.
        figures: What it rests on, by name.
        edition: Whom it is for.
    """

    rule: str
    who: str
    by: date
    sentence: str
    figures: dict[str, Figure]
    edition: Edition = "executive"


class ActionState(StrEnum):
    """What became of an ask."""

    DONE = "done"
    OPEN = "open"
    WORSE = "worse"
    UNKNOWN = "unknown"


class ActionStatus(Model):
    """An ask of the month before, and what became of it.

    Attributes:
        action: As it was asked.
        outcome: What became of it.
        sentence: The same in words, with the figures of then and now.
        figures: The figures of now that it was told by, by name.
    """

    action: RecommendedAction
    outcome: ActionState
    sentence: str
    figures: dict[str, Figure]

    @property
    def edition(self) -> Edition:
        """For whom it is: for those who read what was asked."""
        return self.action.edition


class LastMonthActions(Model):
    """What became of the asks of the month before.

    Attributes:
        title: All outcomes in one sentence.
        title_for_executives: The same of the asks that executives read.
        recommended_actions: Each ask, in the order in which they were asked; empty where nothing was asked.
    """

    title: str
    title_for_executives: str = ""
    recommended_actions: tuple[ActionStatus, ...]


class Note(Model):
    """What somebody of the organization wrote about the month: data, shown as it is.

    Attributes:
        text: One paragraph.
        author: Who wrote it, as they signed; empty where nobody signed.
    """

    text: str
    author: str = ""
