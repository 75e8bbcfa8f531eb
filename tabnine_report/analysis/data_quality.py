"""About the data: what was asked, what came, what it means, and what a doubter should know."""

from collections.abc import Iterator

from tabnine_report.analysis.accounts import OF_MONTHS
from tabnine_report.analysis.answers import Answers
from tabnine_report.analysis.cross_checks import checks
from tabnine_report.analysis.metrics import COUNTED, IN_FULL_ONLY, METRICS
from tabnine_report.analysis.report_context import Material
from tabnine_report.model.data_quality import AboutTheData, Definition, EndpointLine
from tabnine_report.model.figure import State
from tabnine_report.model.kpi import Measure
from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import PATHS, Endpoint, is_not_offered
from tabnine_report.usage_api.snapshot import Failure, Fetch

_INFERRED = ("about.inferred_accounts", "about.inferred_seats")


def about(material: Material, tiles: tuple[Measure, ...], measures: tuple[Measure, ...]) -> AboutTheData:
    """Build the section on where everything comes from.

    Args:
        material: What the report is built from.
        tiles: The measures of page one, which the summary names.
        measures: Every measure of the report, for the notes on those that are not simply measured.
    """
    shown = {measure.key for measure in measures}
    return AboutTheData(
        summary=_summary(material, tiles, measures),
        endpoints=tuple(_line(material, endpoint) for endpoint in material.answers.asked),
        checks=checks(material),
        definitions=tuple(_definition(material, key) for key in METRICS if key in shown or key in IN_FULL_ONLY),
        notes=_notes(material, measures),
    )


def _summary(material: Material, tiles: tuple[Measure, ...], measures: tuple[Measure, ...]) -> str:
    answers, language, say = material.answers, material.language, material.language.say
    asked = [e for e in answers.asked if not ((f := answers.failure(e)) and is_not_offered(e, f.status))]
    sentences = [
        say(
            "about.fetched",
            answered=language.count(len(asked) - len(answers.failures)),
            asked=language.count(len(asked)),
            instant=language.instant(answers.snapshot.ended_at),
        )
    ]
    seats = material.accounts.seats()
    if seats.as_of is not None:
        sentences.append(say("about.seats_as_of", day=language.day_of(seats.as_of)))
    uncertain = [
        say(f"about.{state}", labels=labels)
        for state in (State.PARTIAL, State.UNAVAILABLE)
        if (labels := _labels(material, state, tiles, measures))
    ]
    if not (uncertain or answers.failures or answers.teams_unanswered):
        sentences.append(say("about.nothing_partial"))
    return " ".join([*sentences, *uncertain])


def _labels(material: Material, state: State, tiles: tuple[Measure, ...], measures: tuple[Measure, ...]) -> str:
    """Name the figures of page one in a state, and count the others."""
    labels = [tile.label for tile in tiles if tile.figure.state is state]
    others = sum(measure.figure.state is state for measure in measures) - len(labels)
    named = ", ".join(labels)
    if not others:
        return named
    key = "about.and_others" if labels else "about.only_others"
    return material.language.say(key, count=others, labels=named, number=material.language.count(others))


def _line(material: Material, endpoint: Endpoint) -> EndpointLine:
    answers = material.answers
    failure, fetch = answers.failure(endpoint), answers.snapshot.fetches.get(endpoint)
    offered = failure is None or not is_not_offered(endpoint, failure.status)
    failed = failure.message if failure else ""
    return EndpointLine(
        endpoint=endpoint,
        path=PATHS[endpoint],
        state=("failed" if failure else "answered") if offered else "not offered",
        requests=len(fetch.answers) if fetch else 0,
        rows=_rows(answers).get(endpoint),
        ended_at=fetch.ended_at if fetch else answers.snapshot.ended_at,
        reason=(failed or _unanswered(material, fetch)) if offered else _not_offered(material, endpoint, failure),
    )


def _not_offered(material: Material, endpoint: Endpoint, failure: Failure | None) -> str:
    """Say why an endpoint is not there for this organization."""
    if endpoint is Endpoint.USAGE_V2:
        return material.language.say("about.not_offered")
    return material.language.say("reason.cost_not_offered", status=str(failure.status if failure else ""))


def _unanswered(material: Material, fetch: Fetch | None) -> str:
    """Say of how many teams an endpoint that answered told nothing; empty when it told of all."""
    if fetch is None or not fetch.unanswered:
        return ""
    number, why = len(fetch.unanswered), next(iter(fetch.unanswered.values())).message
    return material.language.say("about.unanswered", count=number, number=material.language.count(number), why=why)


def _rows(answers: Answers) -> dict[Endpoint, int]:
    """Count the rows of the lists that came; of users, those that the lists say there are."""
    lists = {
        Endpoint.TEAMS: answers.teams,
        Endpoint.PERMISSIONS: answers.admins,
        Endpoint.ACCOUNT_UTILIZATIONS: answers.accounts,
    }
    rows = {endpoint: len(told) for endpoint, told in lists.items() if not isinstance(told, Failure)}
    if not isinstance(answers.user_totals, Failure):
        rows[Endpoint.USERS] = sum(answers.user_totals.values())
    return rows


def _definition(material: Material, key: str) -> Definition:
    say, metric = material.language.say, METRICS[key]
    source = metric.source("")
    return Definition(
        term=say(f"label.{key}"),
        meaning=say(f"definition.{key}"),
        source=f"{source.endpoint}: {source.field or source.formula}",
        edition="full" if key in IN_FULL_ONLY else "executive",
    )


def _notes(material: Material, measures: tuple[Measure, ...]) -> tuple[str, ...]:
    """Say once for each reason which figures it concerns, then what the report takes for granted."""
    say = material.language.say
    concerned: dict[str, list[str]] = {}
    for measure in measures:
        if measure.figure.reason:
            concerned.setdefault(measure.figure.reason, []).append(measure.label)
    reasons = (
        say("about.note", labels=", ".join(dict.fromkeys(labels)), reason=reason)
        for reason, labels in concerned.items()
    )
    inferred = _INFERRED if material.agents.missing else (*_INFERRED, "about.inferred_currency")
    inferences = (say(key) for key in inferred)
    return (*reasons, *_told_otherwise(material), *_left_out(material), *inferences, _working_days(material))


def _told_otherwise(material: Material) -> Iterator[str]:
    """Name by month the figures that the API tells otherwise today than the sealed report, which is believed."""
    language, say = material.language, material.language.say
    for month in material.usage.months[:-1]:
        figures = []
        for key in (*COUNTED, *OF_MONTHS):
            today, shown = material.today(key)(month), material.of_month(key)(month)
            if today.known and (today.value, today.unit) != (shown.value, shown.unit):
                now, then = language.qualified(today), language.qualified(shown)
                figures.append(say("about.told_figure", label=say(f"label.{key}"), sealed=then, today=now))
        if figures:
            yield say("about.told_otherwise", month=language.month(month), figures="; ".join(figures))


def _left_out(material: Material) -> Iterator[str]:
    """Name the sealed reports that could not be read."""
    for one in material.inputs.left_out:
        month, number = material.language.month(Month.parse(one.month)), material.language.count(one.revision)
        yield material.language.say("about.left_out", month=month, number=number)


def _working_days(material: Material) -> str:
    """Say which days count as working days, and name the holidays of the month."""
    language, say = material.language, material.language.say
    if not material.working_days.country:
        return say("about.no_holidays")
    country = language.country(material.working_days.country)
    days = material.working_days.holidays(material.month)
    if not days:
        return say("about.no_holiday_in_month", country=country, month=language.month_name(material.month))
    return say("about.holidays", count=len(days), country=country, days=", ".join(map(language.date, days)))
