"""The page on method: what it says about sources, checks, terms, changes and estimates."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sample_report import FETCHED, figure, sample_report

from tabnine_report.model.data_quality import (
    ChangedFigure,
    CheckResult,
    CrossCheck,
    DataSource,
    Definition,
    RevisionChanges,
)
from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import AgentSpend, Teams
from tabnine_report.render.colors import palette
from tabnine_report.render.views.method import MethodPage, method
from tabnine_report.render.views.problems import problems
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
COLORS = palette("#3b4cca")


def definition(key: str, meaning: str = "It means this.") -> Definition:
    return Definition(key=key, term=key, meaning=meaning, source="/x")


def source(endpoint: str, reason: str, state: str = "failed") -> DataSource:
    return DataSource(endpoint=endpoint, path="/x", state=state, requests=1, ended_at=FETCHED, reason=reason)


def report_with(quality: Mapping[str, object] | None = None, **changes: object) -> MonthlyReport:
    """Build a report with changes to its data quality and to itself."""
    report = sample_report()
    usual = {
        "title": "All sources answered.",
        "sources_sentence": "Fetched on 2 November.",
        "checks_sentence": "All agree.",
        "data_sources": (),
        "checks": (),
        "definitions": (),
    }
    seats = report.seats.model_copy(update={"outlook": None, "agents": None})
    data_quality = report.data_quality.model_copy(update=usual | dict(quality or {}))
    return report.model_copy(update={"data_quality": data_quality, "seats": seats} | changes)


def page(report: MonthlyReport) -> MethodPage:
    return method(report, LANGUAGE, COLORS)


def found_problems(report: MonthlyReport) -> tuple[list[tuple[str, str]], str]:
    shown, more = problems(report, LANGUAGE, COLORS)
    return [(problem.subject, problem.sentence) for problem in shown], more


def test_the_page_states_sources_checks_and_version() -> None:
    shown = page(report_with())

    assert (shown.title, shown.sources, shown.checks) == (
        "All sources answered.",
        "Fetched on 2 November.",
        "All agree.",
    )
    assert "tabnine-report 0.1.0, revision 1" in shown.foot
    assert shown.problems == ()


def test_only_terms_of_known_figures_are_explained() -> None:
    shown = page(report_with({"definitions": tuple(map(definition, ("active_users", "agent_spend", "accounts")))}))

    assert [(term.name, term.standard) for term in shown.terms] == [("active_users", "monthly active users, MAU")]


@pytest.mark.parametrize(
    ("meaning", "expected"),
    [
        ("One sentence.", "One sentence."),
        ("First. Second.", "First. Second."),
        (f"{'First ' * 20}end. Second sentence, which is too long.", f"{'First ' * 20}end."),
        (f"{'Long ' * 40}end.", f"{'Long ' * 40}end."),
    ],
)
def test_a_definition_has_whole_sentences(meaning: str, expected: str) -> None:
    shown = page(report_with({"definitions": (definition("active_users", meaning),)}))

    assert shown.terms[0].meaning == expected


def test_failed_checks_and_sources_are_named_and_those_with_one_reason_together() -> None:
    check = CrossCheck(name="Days and month", result=CheckResult.DIFFERS, sentence="12 and 13.")
    failed = [source(name, "503.") for name in ("teams", "license", "users", "agent-usage")]
    incomplete = source("usage-v2", "Two months are missing.", "answered")
    not_offered = source("usage-v1", "The installation is newer.", "not offered")
    report = report_with({"checks": (check,), "data_sources": (incomplete, *failed, not_offered)})

    assert found_problems(report) == (
        [
            ("Days and month", "12 and 13."),
            ("The list of teams, the license, the list of users and 1 more", "503."),
            ("Usage (version 2 of the API)", "Two months are missing."),
        ],
        "",
    )


def test_a_note_is_no_problem() -> None:
    assert found_problems(sample_report())[0] == [
        ("Usage by team (version 1 of the API)", "The server answered 503 for 60 seconds.")
    ]


def test_many_problems_are_short_and_a_sentence_states_where_the_others_are() -> None:
    checks = tuple(
        CrossCheck(name=f"Check {at}", result=CheckResult.DIFFERS, sentence="A long sentence. " * 30) for at in range(8)
    )
    shown, more = found_problems(report_with({"checks": checks}))

    assert len(shown) == 6
    assert all(len(subject) + len(sentence) <= 101 for subject, sentence in shown)
    assert more == "2 more are in report.html and in the workbook."


def test_a_report_that_shows_no_team_states_why_once() -> None:
    teams = Teams(title="The teams are too small to be shown.", rows=())
    assert found_problems(report_with(teams=teams))[0] == [("Teams", "The teams are too small to be shown.")]

    unknown = report_with({"data_sources": (source("teams", "503."),)}, teams=teams)
    assert found_problems(unknown)[0] == [("The list of teams", "503.")]


def revision(number: int) -> RevisionChanges:
    changed = ChangedFigure(label="Active users", before=figure(322, Unit.PEOPLE), now=figure(340, Unit.PEOPLE))
    return RevisionChanges(revision=1, sentence="Changed.", figures=(changed,) * number)


@pytest.mark.parametrize(
    ("number", "shown", "more"),
    [
        (1, 1, ""),
        (8, 8, ""),
        (9, 8, "1 more is listed in report.html and in the workbook."),
        (73, 8, "65 more are listed in report.html and in the workbook."),
    ],
)
def test_a_revision_lists_its_first_changes(number: int, shown: int, more: str) -> None:
    changes = page(report_with(revision_changes=revision(number))).changes

    assert changes is not None
    assert changes.title == "Figures changed since revision 1"
    assert changes.shown[0] == "Active users 340 (previously 322)"
    assert (len(changes.shown), changes.more) == (shown, more)


def test_a_revision_without_changed_figures_lists_nothing() -> None:
    assert page(report_with(revision_changes=revision(0))).changes is None
    assert page(report_with()).changes is None


def test_the_note_explains_the_line_and_the_gray_figures() -> None:
    report = sample_report()
    assert report.adoption.active_users.breaks == ()
    people = report.adoption.active_users.model_copy(update={"breaks": ("2026-05",)})
    adoption = report.adoption.model_copy(update={"active_users": people, "kpis": report.adoption.kpis[:1]})
    usage = report.feature_usage.model_copy(update={"features": ()})

    note = page(report_with(adoption=adoption, feature_usage=usage)).note

    assert "The dashed line marks the method change in May 2026" in note
    assert "Gray" not in note
    assert "no acceptance rate" in note


def test_a_first_month_has_no_table_and_no_note() -> None:
    report = sample_report()
    none = report.adoption.active_users.model_copy(update={"points": ()})
    adoption = report.adoption.model_copy(update={"active_users": none, "accounts": none, "kpis": ()})
    usage = report.feature_usage.model_copy(update={"features": (), "factors": ()})

    seats = report.seats.model_copy(update={"accounts": ()})

    shown = page(report_with(adoption=adoption, feature_usage=usage, seats=seats, governance=None, page_one_kpis=()))

    assert shown.table is None
    assert shown.note == ""


def estimate(label: str, period: str, *, known: bool = True) -> Any:
    low = figure(1540, Unit.COUNT) if known else Figure.unavailable(Unit.COUNT, "3 of 6 such estimates were right.")
    return SimpleNamespace(
        label=label, period=period, low=low, known=known, method="The mean of 3 changes.", record="4 of 5 held."
    )


def test_each_estimate_has_its_method_and_record() -> None:
    outlook = SimpleNamespace(accounts=estimate("Accounts", "2027-02-01"), free_seats=estimate("Seats", "2027-02-01"))
    spend = AgentSpend(title="Spend.").model_copy(update={"forecast": estimate("Spend", "2026-11", known=False)})
    seats = sample_report().seats.model_copy(update={"outlook": outlook, "agents": spend})

    note = page(report_with(seats=seats)).note

    assert note.endswith("Accounts: The mean of 3 changes. 4 of 5 held. Seats: The mean of 3 changes. 4 of 5 held.")


def test_a_page_with_more_on_it_is_set_closer_and_prints_fewer_terms() -> None:
    keys = ("active_users", "average_daily_active_users", "stickiness", "adoption_rate")
    definitions = tuple(definition(key, "It means a lot, in many words. " * 4) for key in keys)
    usual = page(report_with({"definitions": definitions}))
    crowded = {"title": "A long title. " * 12, "definitions": definitions, "sources_sentence": "Fetched. " * 40}
    checks = (CrossCheck(name="Days and month", result=CheckResult.DIFFERS, sentence="12 and 13."),)
    long = page(report_with({**crowded, "checks": checks}, revision_changes=revision(73)))

    assert not usual.is_dense
    assert usual.printed_terms >= len(keys)
    assert long.is_dense
    assert long.printed_terms < len(keys)
    assert len(long.terms) == len(keys)


def test_nothing_more_can_leave_than_all_terms() -> None:
    longest = {"title": "A long title. " * 60, "definitions": (definition("active_users"),)}

    assert page(report_with(longest)).printed_terms == 0
