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
        notice_by: The last day to give notice of the license; None if the profile does not have it.
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
class Found:
    """The result of a rule that applies.

    Attributes:
        says: The catalog's key of its sentence.
        figures: The figures that it is based on, by name.
        values: The formatted values of the sentence's placeholders.
        count: The number that selects the plural form of the sentence; None if it has one form.
        by: The due date of an action; None for the end of the month after the reported one.
    """

    says: str
    figures: Mapping[str, Figure]
    values: Mapping[str, str] = field(default_factory=dict)
    count: float | None = None
    by: date | None = None

    def sentence(self, language: Language) -> str:
        """Return the sentence."""
        return language.translate(self.says, count=self.count, **self.values)


Find = Callable[..., Found | None]
"""The test of a rule: takes the context and the rule's thresholds as keywords, returns None if it does not apply."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """An entry of the table of rules.

    Attributes:
        name: Its name in report.json and docs/findings.md.
        weight: Its priority. The report shows the results of the highest weights first.
        find: Its test. The test's docstring describes in one sentence when the rule applies.
        says: The catalog's keys of the sentences that it may result in.
        evidence: The names of the figures that it may be based on.
        thresholds: The thresholds of its test, by keyword.
        edition: `full` if only the full edition shows the result.
    """

    name: str
    weight: int
    find: Find
    says: tuple[str, ...]
    evidence: tuple[str, ...]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    edition: Edition = "executive"

    def look(self, rule_context: RuleContext) -> Found | None:
        """Return its result; None if it does not apply."""
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
        found = self.look(rule_context)
        if found is None:
            return None
        sentence = found.sentence(rule_context.language)
        return Finding(rule=self.name, sentence=sentence, figures=dict(found.figures), edition=self.edition)


@dataclass(frozen=True, kw_only=True)
class ActionRule(Rule):
    """A rule for a recommended action.

    Attributes:
        who: The catalog's key of the owner's role.
    """

    who: str

    def action(self, rule_context: RuleContext) -> RecommendedAction | None:
        """Return the recommended action; None if the rule does not apply."""
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
