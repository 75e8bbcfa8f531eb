"""Findings, and recommended actions with their status a month later."""

from datetime import date
from enum import StrEnum

from tabnine_report.model.answers import ActionAnswer
from tabnine_report.model.base import Model
from tabnine_report.model.edition import Edition
from tabnine_report.model.figure import Figure


class Finding(Model):
    """A notable fact about the month.

    Attributes:
        rule: The rule that produced it.
        claim: The fact in one short sentence.
        evidence: The figures that support it, in one sentence.
        figures: The same figures, by name.
        edition: The edition that shows it.
    """

    rule: str
    claim: str
    evidence: str
    figures: dict[str, Figure]
    edition: Edition = "executive"

    @property
    def text(self) -> str:
        """The claim followed by its evidence, for channels that print both in one line."""
        return f"{self.claim} {self.evidence}"


class RecommendedAction(Model):
    """An action or a decision that the report recommends.

    Attributes:
        rule: The rule that recommends it. The next report uses it to determine the action's status.
        owner: The role that should act, in words; never a person's name.
        due: The due date.
        title: The decision as a question, or the action as an imperative.
        reason: The reason in one sentence.
        worth: What it is about: an amount, or a number of accounts or invitations; empty if it has neither.
        worth_note: What the worth refers to, as in `a month, for up to 78 fewer seats`; empty without a worth.
        figures: The figures that support it, by name.
        edition: The edition that shows it.
    """

    rule: str
    owner: str
    due: date
    title: str
    reason: str
    worth: str = ""
    worth_note: str = ""
    figures: dict[str, Figure]
    edition: Edition = "executive"


class ActionState(StrEnum):
    """The state of a recommended action one month later."""

    DONE = "done"
    OPEN = "open"
    WORSE = "worse"
    DECLINED = "declined"
    UNKNOWN = "unknown"


class ActionStatus(Model):
    """The status of an action that last month's report recommended.

    Attributes:
        action: The action as recommended.
        state: Its state now.
        sentence: The answer, if there is one, and the figures of both months in a few words, as in `inactive accounts:
            111 then, 102 now`; or why the state is not known.
        figures: This month's figures that determine the state, by name.
        answer: The admin's answer; None if there is none.
    """

    action: RecommendedAction
    state: ActionState
    sentence: str
    figures: dict[str, Figure]
    answer: ActionAnswer | None = None

    @property
    def edition(self) -> Edition:
        """The edition that shows it: the same as for the action."""
        return self.action.edition


class LastMonthActions(Model):
    """The status of the actions that last month's report recommended.

    Attributes:
        title: The day on which an admin answered all of them, as in `Decided on 13 October`; otherwise the month whose
            report recommended them, as in `Recommended in September`; empty if it recommended none.
        statuses: One status per action, in the order of last month's report; empty if it recommended none.
    """

    title: str
    statuses: tuple[ActionStatus, ...]
