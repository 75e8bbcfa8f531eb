"""Rules: their result, and the tables' entries for findings and recommended actions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.model.edition import Edition
from tabnine_report.model.figure import Figure
from tabnine_report.model.findings import Finding, RecommendedAction
from tabnine_report.text.i18n import Language


@dataclass(frozen=True)
class RuleMatch:
    """The match of a rule: its sentence and the figures that support it.

    Attributes:
        sentence_key: The key of its sentence in the catalog.
        figures: The figures that support it, by name.
        values: The formatted values of the sentence's placeholders.
        count: The number that selects the singular or plural form of the sentence.
        due: The due date of an action; None for the end of the following month.
    """

    sentence_key: str
    figures: Mapping[str, Figure]
    values: Mapping[str, str] = field(default_factory=dict)
    count: float | None = None
    due: date | None = None

    def sentence(self, language: Language) -> str:
        """Return the sentence."""
        return language.translate(self.sentence_key, count=self.count, **self.values)


Find = Callable[..., RuleMatch | None]
"""The condition of a rule: takes the context and the rule's thresholds as keywords; None if it does not apply."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """An entry of the table of rules.

    Attributes:
        weight: Its priority. The report shows the matches with the highest weights first.
        find: Its condition, which names the rule. Its docstring describes in one sentence when the rule applies.
        sentence_keys: The catalog keys of the sentences that it may use.
        evidence: The names of the figures that may support it.
        thresholds: The thresholds of its condition, by keyword.
        edition: `full` if only the full edition shows the match.
    """

    weight: int
    find: Find
    sentence_keys: tuple[str, ...]
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
    """

    kind: Literal["month", "detail"] = "month"

    def finding(self, rule_context: RuleContext) -> Finding | None:
        """Return the finding; None if the rule does not apply."""
        match = self.evaluate(rule_context)
        if match is None:
            return None
        sentence = match.sentence(rule_context.language)
        return Finding(rule=self.name, sentence=sentence, figures=dict(match.figures), edition=self.edition)


@dataclass(frozen=True, kw_only=True)
class ActionRule(Rule):
    """A rule for a recommended action.

    Attributes:
        owner: The catalog key of the role that should act; never a person's name.
    """

    owner: str

    def action(self, rule_context: RuleContext) -> RecommendedAction | None:
        """Return the recommended action; None if the rule does not apply."""
        match = self.evaluate(rule_context)
        if match is None:
            return None
        return RecommendedAction(
            rule=self.name,
            owner=rule_context.language.translate(self.owner),
            due=match.due or rule_context.month_after_ends,
            sentence=match.sentence(rule_context.language),
            figures=dict(match.figures),
            edition=self.edition,
        )
