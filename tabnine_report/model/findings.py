"""Findings, recommended actions with their status a month later, and the note of a month."""

from datetime import date
from enum import StrEnum

from tabnine_report.model.base import Model
from tabnine_report.model.edition import Edition
from tabnine_report.model.figure import Figure


class Finding(Model):
    """A notable fact about the month.

    Attributes:
        rule: The rule that produced it.
        sentence: The text for readers.
        figures: The figures that support it, by name.
        edition: The edition that shows it.
    """

    rule: str
    sentence: str
    figures: dict[str, Figure]
    edition: Edition = "executive"


class RecommendedAction(Model):
    """An action that the report recommends.

    Attributes:
        rule: The rule that recommends it. The next report uses it to determine the action's status.
        owner: The role that should act, in words; never a person's name.
        due: The due date.
        sentence: The text for readers.
        figures: The figures that support it, by name.
        edition: The edition that shows it.
    """

    rule: str
    owner: str
    due: date
    sentence: str
    figures: dict[str, Figure]
    edition: Edition = "executive"


class ActionState(StrEnum):
    """The state of a recommended action one month later."""

    DONE = "done"
    OPEN = "open"
    WORSE = "worse"
    UNKNOWN = "unknown"


class ActionStatus(Model):
    """The status of an action that last month's report recommended.

    Attributes:
        action: The action as recommended.
        state: Its state now.
        sentence: The state in words, with the figures of both months.
        figures: This month's figures that determine the state, by name.
    """

    action: RecommendedAction
    state: ActionState
    sentence: str
    figures: dict[str, Figure]

    @property
    def edition(self) -> Edition:
        """The edition that shows it: the same as for the action."""
        return self.action.edition


class LastMonthActions(Model):
    """The status of the actions that last month's report recommended.

    Attributes:
        title: The number of actions in each state, in one sentence.
        title_for_executives: The same for the actions in the executive edition.
        statuses: One status per action, in the order of last month's report; empty if it recommended none.
    """

    title: str
    title_for_executives: str = ""
    statuses: tuple[ActionStatus, ...]


class Note(Model):
    """A note on the month, written by the organization and printed unchanged.

    Attributes:
        text: One paragraph.
        author: The signature; empty if the note is unsigned.
    """

    text: str
    author: str = ""
