"""The data quality section: data sources, cross-checks, definitions, and what a revision changed."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from tabnine_report.model.base import Model
from tabnine_report.model.edition import Edition
from tabnine_report.model.figure import Figure


class ChangedFigure(Model):
    """A figure that differs from an earlier revision of the report.

    Attributes:
        label: The figure's name for readers.
        before: The figure in the earlier revision.
        now: The figure in this revision.
        edition: The edition that shows it.
    """

    label: str
    before: Figure
    now: Figure
    edition: Edition = "executive"


class RevisionChanges(Model):
    """The differences from the previous revision.

    Attributes:
        revision: The previous revision's number.
        sentence: The differences in one sentence.
        figures: Every changed figure, those of page one first; empty if only the wording changed.
    """

    revision: int
    sentence: str
    figures: tuple[ChangedFigure, ...]


class DataSource(Model):
    """An endpoint and whether it returned its data.

    Attributes:
        endpoint: Its name.
        path: Its path.
        state: `answered`, `failed`, or `not offered` if the installation or the organization does not have it.
        requests: The number of responses.
        rows: The number of rows of a list; None if the endpoint returns no list.
        ended_at: When the last response arrived, or when the request was given up.
        reason: Why it failed, is not offered, or returned no data for some teams or periods; otherwise empty.
    """

    endpoint: str
    path: str
    state: Literal["answered", "not offered", "failed"]
    requests: int
    rows: int | None = None
    ended_at: AwareDatetime
    reason: str = ""


class CheckResult(StrEnum):
    """The result of a cross-check."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_POSSIBLE = "not possible"


class Severity(StrEnum):
    """The severity of a failed cross-check."""

    NOTE = "note"
    """For information: the figures are still valid."""
    WARNING = "warning"
    """A figure may be wrong."""
    HOLD = "hold"
    """The report may cover the wrong month or only a part of the data, so a person should review it before delivery."""


class CrossCheck(Model):
    """A comparison of two figures that should agree.

    Attributes:
        name: The check's name for readers.
        result: Whether the figures agree.
        sentence: The compared figures in words.
        severity: The severity if the figures differ.
        metrics: The keys of the KPIs that rest on the compared figures, directly or computed.
        on_page_one: Whether page one shows one of them.
    """

    name: str
    result: CheckResult
    sentence: str
    severity: Severity = Severity.WARNING
    metrics: tuple[str, ...] = ()
    on_page_one: bool = False

    @property
    def failed(self) -> bool:
        """Whether the check failed in a way that puts a figure in doubt."""
        return self.result is CheckResult.DIFFERS and self.severity is not Severity.NOTE

    @property
    def holds(self) -> bool:
        """Whether the check failed in a way that requires a review before delivery."""
        return self.result is CheckResult.DIFFERS and self.severity is Severity.HOLD


class Definition(Model):
    """The definition of a term.

    Attributes:
        key: The metric's key in docs/metrics.md, as in `active_users`.
        term: The term as the report prints it.
        meaning: Its definition.
        source: The endpoint and the field or formula of its figure.
        edition: The edition that uses the term.
    """

    key: str
    term: str
    meaning: str
    source: str
    edition: Edition = "executive"


class DataQuality(Model):
    """The data quality section.

    Attributes:
        summary: A summary for the foot of page one.
        title: How many sources answered and how many cross-checks agree, in one sentence.
        sources_sentence: When the sources were fetched, what is as of then, and what is missing, in short sentences.
        checks_sentence: The cross-checks that differ and those that were not possible, in short sentences.
        data_sources: One entry per endpoint.
        checks: The cross-checks.
        definitions: The terms that the report uses.
        notes: Reasons, assumptions and other caveats, one sentence each.
        required_missing: The labels of the required figures that the API did not return; a report without them is
            withheld unless the profile says otherwise.
    """

    summary: str
    title: str = ""
    sources_sentence: str = ""
    checks_sentence: str = ""
    data_sources: tuple[DataSource, ...]
    checks: tuple[CrossCheck, ...]
    definitions: tuple[Definition, ...]
    notes: tuple[str, ...] = ()
    required_missing: tuple[str, ...] = ()

    @property
    def failed_checks(self) -> tuple[CrossCheck, ...]:
        """The failed cross-checks that put a figure in doubt, those that require a review first."""
        return tuple(sorted((check for check in self.checks if check.failed), key=lambda check: not check.holds))

    @property
    def page_one_failures(self) -> tuple[CrossCheck, ...]:
        """The failed cross-checks that page one names."""
        return page_one_failures(self.checks)

    @property
    def most_sources_failed(self) -> bool:
        """Whether more than half of the data sources that the organization has failed."""
        offered = [source for source in self.data_sources if source.state != "not offered"]
        return 2 * sum(source.state == "failed" for source in offered) > len(offered)

    @property
    def incomplete_sources(self) -> tuple[DataSource, ...]:
        """The endpoints that failed or returned no data for some teams or periods."""
        return tuple(source for source in self.data_sources if source.state != "not offered" and source.reason)


def page_one_failures(checks: Iterable[CrossCheck]) -> tuple[CrossCheck, ...]:
    """Return the failed cross-checks that page one names: those that put its figures, or the whole report, in doubt."""
    failed = (check for check in checks if check.failed and (check.on_page_one or check.holds))
    return tuple(sorted(failed, key=lambda check: not check.holds))
