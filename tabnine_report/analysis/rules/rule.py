"""What a rule is, what it looks at, and what it gives when it speaks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from tabnine_report.model.edition import Edition
from tabnine_report.model.figure import Figure
from tabnine_report.model.findings import Finding, RecommendedAction
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.sections import TeamRow
from tabnine_report.text.i18n import Language


@dataclass(frozen=True)
class SignIn:
    """How people may sign in, as the API tells it now; None where it does not tell.

    Attributes:
        saml: Whether by SAML.
        password: Whether by user name and password.
    """

    saml: bool | None
    password: bool | None


@dataclass(frozen=True)
class RuleContext:
    """What the rules look at: measures and facts, nothing computed from the clock.

    Attributes:
        month: The reported month.
        language: Writes numbers and names into the sentences.
        kpis: Every measure of the report, by its key.
        earlier: The figures of the month before as its own report had them; empty where there is none.
        teams: The teams that the report shows, and no other.
        sign_in: None where it is not known of the month.
        license_ends: The day, where it is known of the month.
        token_expires: The day, where the profile says it.
        notice_by: The last day for notice of the license, where the profile says it.
    """

    month: Month
    language: Language
    kpis: Mapping[str, Kpi]
    earlier: Mapping[str, Figure] = field(default_factory=dict)
    teams: tuple[TeamRow, ...] = ()
    sign_in: SignIn | None = None
    license_ends: date | None = None
    token_expires: date | None = None
    notice_by: date | None = None

    @property
    def previous(self) -> Month:
        """The month before."""
        return self.month.back(1)

    @property
    def month_after_ends(self) -> date:
        """The last day of the month after, in which the report is read: by when something is asked for."""
        return self.month.back(-2).first_day - timedelta(days=1)

    def figure(self, key: str) -> Figure:
        """Give the figure of a measure."""
        return self.kpis[key].figure


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
        """Write the sentence."""
        return language.translate(self.sentence_key, count=self.count, **self.values)


Find = Callable[..., RuleMatch | None]
"""Looks at the grounds with a rule's thresholds as keywords; None where there is nothing to say."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of a table.

    Attributes:
        name: What the report's model and docs/findings.md call it.
        weight: The heaviest speak first.
        find: Its test; the docstring says in one sentence what it looks for.
        sentence_keys: The keys of the sentences that it may use.
        evidence: The names of the figures that may support it.
        thresholds: What must be reached, by name: the keywords of its test.
        edition: `full` where it is not for executives.
    """

    name: str
    weight: int
    find: Find
    sentence_keys: tuple[str, ...]
    evidence: tuple[str, ...]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    edition: Edition = "executive"

    def evaluate(self, rule_context: RuleContext) -> RuleMatch | None:
        """Return the match; None if the rule does not apply."""
        return self.find(rule_context, **self.thresholds)


@dataclass(frozen=True, kw_only=True)
class FindingRule(Rule):
    """A rule for something worth a sentence.

    Attributes:
        kind: Whether it tells what the month was like for the whole organization, or a detail that may stand beside an
            ordinary month.
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
