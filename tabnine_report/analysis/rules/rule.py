"""Rules: their result, and the tables' entries for findings and recommended actions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.model.edition import Edition
from tabnine_report.model.figure import Figure
from tabnine_report.model.findings import Finding, RecommendedAction


@dataclass(frozen=True)
class RuleMatch:
    """The match of a rule: the name of its words and the figures that support it.

    Attributes:
        words: The name of its words in the catalog: `claim.<words>` and `evidence.<words>` for a finding,
            `action_title.<words>` and `action_reason.<words>` for an action.
        figures: The figures that support it, by name.
        values: The formatted values of the placeholders.
        count: The number that selects the singular or plural form of the words.
    """

    words: str
    figures: Mapping[str, Figure]
    values: Mapping[str, str] = field(default_factory=dict)
    count: float | None = None


@dataclass(frozen=True)
class ActionMatch(RuleMatch):
    """The match of a rule for an action.

    Attributes:
        due: The due date; None for the default one.
        remark: A sentence that follows the reason, such as that a deadline is near; may be empty.
        worth: The formatted amount or number that the action is about; may be empty.
        worth_note: What the worth refers to; empty without a worth.
    """

    due: date | None = None
    remark: str = ""
    worth: str = ""
    worth_note: str = ""


Find = Callable[..., RuleMatch | None]
"""The condition of a rule: takes the context and the rule's thresholds as keywords; None if it does not apply."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """An entry of the table of rules.

    Attributes:
        weight: Its priority. The report shows the matches with the highest weights first.
        find: Its condition, which names the rule. Its docstring states what it reports or recommends, and when.
        words: The names of the words that it may use.
        evidence: The names of the figures that may support it.
        thresholds: The thresholds of its condition, by keyword.
        edition: `full` if only the full edition shows the match.
    """

    weight: int
    find: Find
    words: tuple[str, ...]
    evidence: tuple[str, ...]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    edition: Edition = "executive"

    @property
    def name(self) -> str:
        """Its name in report.json and docs/findings.md: that of its condition."""
        return self.find.__name__

    def evaluate(self, rule_context: RuleContext) -> RuleMatch | None:
        """Return the match; None if the rule does not apply."""
        return self.find(rule_context, **self.thresholds)


@dataclass(frozen=True, kw_only=True)
class FindingRule(Rule):
    """A rule for a finding.

    Attributes:
        kind: `month` if the finding describes the organization's month as a whole; `detail` if it may also appear in a
            month without notable changes.
        repeated_by: The name of the action with the same content, beside which the finding is omitted; may be empty.
    """

    kind: Literal["month", "detail"] = "month"
    repeated_by: str = ""

    def finding(self, rule_context: RuleContext) -> Finding | None:
        """Return the finding; None if the rule does not apply."""
        match = self.evaluate(rule_context)
        if match is None:
            return None
        translate = rule_context.language.translate
        return Finding(
            rule=self.name,
            claim=translate(f"claim.{match.words}", match.count, **match.values),
            evidence=translate(f"evidence.{match.words}", match.count, **match.values),
            figures=dict(match.figures),
            edition=self.edition,
        )


@dataclass(frozen=True, kw_only=True)
class ActionRule(Rule):
    """A rule for a recommended action.

    Attributes:
        find: Its condition.
        owner: The catalog key of the role that should act; never a person's name.
    """

    find: Callable[..., ActionMatch | None]
    owner: str

    def action(self, rule_context: RuleContext) -> RecommendedAction | None:
        """Return the recommended action; None if the rule does not apply."""
        match = self.find(rule_context, **self.thresholds)
        if match is None:
            return None
        translate = rule_context.language.translate
        reason = translate(f"action_reason.{match.words}", match.count, **match.values)
        return RecommendedAction(
            rule=self.name,
            owner=translate(self.owner),
            due=match.due or rule_context.default_due,
            title=translate(f"action_title.{match.words}", match.count, **match.values),
            reason=" ".join(filter(None, (reason, match.remark))),
            worth=match.worth,
            worth_note=match.worth_note,
            figures=dict(match.figures),
            edition=self.edition,
        )
