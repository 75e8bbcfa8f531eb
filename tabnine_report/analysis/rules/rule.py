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
class Found:
    """What a rule found.

    Attributes:
        says: The key of its sentence in the catalog.
        figures: What it rests on, by name.
        values: What goes into the sentence's gaps, written already.
        count: What chooses between the forms of a sentence that has several.
        by: For an ask, by when; None for the end of the month after.
    """

    says: str
    figures: Mapping[str, Figure]
    values: Mapping[str, str] = field(default_factory=dict)
    count: float | None = None
    by: date | None = None

    def sentence(self, language: Language) -> str:
        """Write the sentence."""
        return language.translate(self.says, count=self.count, **self.values)


Find = Callable[..., Found | None]
"""Looks at the grounds with a rule's thresholds as keywords; None where there is nothing to say."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of a table.

    Attributes:
        name: What the report's model and docs/findings.md call it.
        weight: The heaviest speak first.
        find: Its test; the docstring says in one sentence what it looks for.
        says: The keys of the sentences that it may say.
        evidence: The names of the figures that it may rest on.
        thresholds: What must be reached, by name: the keywords of its test.
        edition: `full` where it is not for executives.
    """

    name: str
    weight: int
    find: Find
    says: tuple[str, ...]
    evidence: tuple[str, ...]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    edition: Edition = "executive"

    def look(self, rule_context: RuleContext) -> Found | None:
        """Give what it finds; None where it stays silent."""
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
        """Give what it finds, with its sentence; None where it stays silent."""
        found = self.look(rule_context)
        if found is None:
            return None
        sentence = found.sentence(rule_context.language)
        return Finding(rule=self.name, sentence=sentence, figures=dict(found.figures), edition=self.edition)


@dataclass(frozen=True, kw_only=True)
class ActionRule(Rule):
    """A rule for something that somebody is asked to do.

    Attributes:
        who: The key of the words for who is asked: a role, never a name.
    """

    who: str

    def action(self, rule_context: RuleContext) -> RecommendedAction | None:
        """Give what is asked; None where nothing is."""
        found = self.look(rule_context)
        if found is None:
            return None
        return RecommendedAction(
            rule=self.name,
            who=rule_context.language.translate(self.who),
            by=found.by or rule_context.month_after_ends,
            sentence=found.sentence(rule_context.language),
            figures=dict(found.figures),
            edition=self.edition,
        )
