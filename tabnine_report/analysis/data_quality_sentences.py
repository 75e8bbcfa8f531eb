"""The sentences of the data quality section: its title, and what is missing or differs."""

from collections.abc import Iterator
from dataclasses import dataclass

from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.model.data_quality import CheckResult, CrossCheck, page_one_failures
from tabnine_report.model.figure import State
from tabnine_report.model.kpi import Kpi

_NAMED = 2
"""The number of failed checks in the summary; the table has all of them."""
_LISTED = 4
"""The number of sources or checks that a sentence names; the tables have all of them."""


@dataclass(frozen=True)
class DataQualitySentences:
    """Writes the sentences.

    Attributes:
        context: The report's context.
        page_one_kpis: The KPIs of page one, which are named if they are partial or unavailable.
        kpis: All KPIs of the report, of which the others are counted.
        results: The results of the cross-checks.
    """

    context: ReportContext
    page_one_kpis: tuple[Kpi, ...]
    kpis: tuple[Kpi, ...]
    results: tuple[CrossCheck, ...]

    def summary(self) -> str:
        """Return the summary for the foot of page one."""
        language, translate = self.context.language, self.context.language.translate
        answered, total = self._sources()
        instant = language.instant(self.context.api_data.snapshot.ended_at)
        sentences = [
            translate(
                "data_quality.fetched", answered=language.count(answered), total=language.count(total), instant=instant
            )
        ]
        seats = self.context.accounts.seats()
        if seats.as_of is not None:
            has_accounts = self.context.figure("accounts").known
            key = "data_quality.seats_and_accounts" if has_accounts else "data_quality.seats_as_of"
            month = language.month_name(self.context.month)
            sentences.append(translate(key, day=language.day_of(seats.as_of), month=month))
        return " ".join([*sentences, *self._missing(), *self._failed_checks()])

    def title(self) -> str:
        """Return how many sources answered and how many cross-checks agree."""
        language = self.context.language
        answered, total = self._sources()
        sources = language.translate(
            "data_quality.all_answered" if answered == total else "data_quality.some_answered",
            answered=language.count(answered),
            total=language.count(total),
        )
        return language.translate("data_quality.title", sources=sources, checks=self._checks_in_words())

    def sources(self) -> str:
        """Return when the sources were fetched, what is as of then, and what is missing."""
        language, api_data = self.context.language, self.context.api_data
        has_as_of = any(kpi.figure.as_of is not None for kpi in self.kpis)
        sentences = [
            language.translate(
                "data_quality.sources_now" if has_as_of else "data_quality.sources",
                instant=language.instant(api_data.snapshot.ended_at),
                month=language.month_name(self.context.month),
            )
        ]
        names = (language.translate(f"endpoint.{endpoint}") for endpoint in api_data.failures)
        failed = [name[:1].lower() + name[1:] for name in names]
        if failed:
            sentences.append(language.translate("data_quality.not_fetched", sources=self._some(failed)))
        return " ".join([*sentences, *self._missing()])

    def checks(self) -> str:
        """Return the cross-checks that differ and those that were not possible, by name."""
        language, names = self.context.language, self._names
        sentences = []
        if differing := names(CheckResult.DIFFERS):
            sentences.append(language.translate("data_quality.checks_differ", names=self._some(differing)))
        if impossible := names(CheckResult.NOT_POSSIBLE):
            sentences.append(language.translate("data_quality.checks_not_possible", names=self._some(impossible)))
        return " ".join(sentences) or language.translate("data_quality.checks_agree")

    def _some(self, names: list[str]) -> str:
        """Return the first names, and how many others there are."""
        language, others = self.context.language, len(names) - _LISTED
        labels = "; ".join(names[:_LISTED])
        if others <= 0:
            return labels
        return language.translate("data_quality.and_others", others, labels=labels, number=language.count(others))

    def _names(self, result: CheckResult) -> list[str]:
        return [check.name for check in self.results if check.result is result]

    def _checks_in_words(self) -> str:
        language, total = self.context.language, len(self.results)
        agree, differ, impossible = (len(self._names(result)) for result in CheckResult)
        if agree == total:
            return language.translate("data_quality.all_agree", total=language.count(total))
        if impossible == total:
            return language.translate("data_quality.none_possible")
        parts = [
            language.translate(
                "data_quality.some_agree", agree, agree=language.count(agree), total=language.count(total)
            )
        ]
        if differ:
            parts.append(language.translate("data_quality.some_differ", differ, number=language.count(differ)))
        if impossible:
            parts.append(
                language.translate("data_quality.some_not_possible", impossible, number=language.count(impossible))
            )
        return language.listed(parts)

    def _sources(self) -> tuple[int, int]:
        """Return how many sources answered, of those that the organization has."""
        api_data = self.context.api_data
        offered = [
            endpoint
            for endpoint in api_data.requested_endpoints
            if not ((failure := api_data.failure(endpoint)) and failure.is_not_offered)
        ]
        return len(offered) - len(api_data.failures), len(offered)

    def _missing(self) -> list[str]:
        """Return which figures are partial or unavailable; that nothing is missing if that is so."""
        translate, api_data = self.context.language.translate, self.context.api_data
        uncertain = [
            translate(f"data_quality.{state}", labels=labels)
            for state in (State.PARTIAL, State.UNAVAILABLE)
            if (labels := self._labels(state))
        ]
        if not (uncertain or api_data.failures or api_data.has_failed_queries):
            return [translate("data_quality.nothing_missing")]
        return uncertain

    def _labels(self, state: State) -> str:
        """Name the figures of page one that are in a state, and count the others."""
        language = self.context.language
        labels = [kpi.label for kpi in self.page_one_kpis if kpi.figure.state is state]
        others = sum(kpi.figure.state is state for kpi in self.kpis) - len(labels)
        named = ", ".join(labels)
        if not others:
            return named
        key = "data_quality.and_others" if labels else "data_quality.only_others"
        return language.translate(key, count=others, labels=named, number=language.count(others))

    def _failed_checks(self) -> Iterator[str]:
        """Yield what the failed checks of page one found; every message shows it."""
        language, sentences = self.context.language, [check.sentence for check in page_one_failures(self.results)]
        if sentences:
            yield language.translate("data_quality.checks_failed", len(sentences), checks=" ".join(sentences[:_NAMED]))
        if more := len(sentences[_NAMED:]):
            yield language.translate("data_quality.more_checks_failed", more, number=language.count(more))
