"""Rules: their context, their result, and the tables' entries for findings and recommended actions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from tabnine_report.analysis.monthly_table import MonthlyTable
from tabnine_report.model.edition import Edition
from tabnine_report.model.figure import Figure
from tabnine_report.model.findings import Finding, RecommendedAction
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.sections import TeamRow
from tabnine_report.text.i18n import Language


@dataclass(frozen=True)
class SignIn:
    """The sign-in settings of the organization; None for a setting that the API does not report.

    Attributes:
        saml: Whether users can sign in with SAML.
        password: Whether users can sign in with user name and password.
    """

    saml: bool | None
    password: bool | None


@dataclass(frozen=True)
class RuleContext:
    """What rules may use: KPIs and facts of the month, never the clock.

    Attributes:
        month: The reported month.
        language: Formats the numbers and names in the sentences.
        kpis: Every KPI of the report, by its key.
        table: The monthly metrics, for comparisons across months.
        previous_figures: The figures of the previous month's sealed report, by key; empty without one.
        teams: The teams that the report shows.
        sign_in: The sign-in settings; None if they are unknown for the month.
        license_ends: The day on which the license ends; None if it is unknown for the month.
        token_expires: The day on which the API token expires; None if the profile does not have it.
        notice_by: The notice deadline of the license; None if the profile does not have it.
    """

    month: Month
    language: Language
    kpis: Mapping[str, Kpi]
    table: MonthlyTable
    previous_figures: Mapping[str, Figure] = field(default_factory=dict)
    teams: tuple[TeamRow, ...] = ()
    sign_in: SignIn | None = None
    license_ends: date | None = None
    token_expires: date | None = None
    notice_by: date | None = None

    @property
    def previous(self) -> Month:
        """The previous month."""
        return self.month.back(1)

    @property
    def month_after_ends(self) -> date:
        """The last day of the month after the reported one: the default due date of an action."""
        return self.month.back(-2).first_day - timedelta(days=1)

    def figure(self, key: str) -> Figure:
        """Return the figure of a KPI."""
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
