"""The page on governance."""

from zoneinfo import ZoneInfo

import pytest
from sample_report import governance as sample_governance
from sample_report import kpi, sample_report
from svg_reader import Drawing

from tabnine_report.model.figure import Unit
from tabnine_report.model.governance import Requirement, RequirementStatus
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.colors import palette
from tabnine_report.render.editions import edition_of
from tabnine_report.render.views import governance as view
from tabnine_report.render.views.governance import GovernancePage
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
COLORS = palette("#3b4cca")
MET, NOT_MET, NOT_KNOWN = RequirementStatus.MET, RequirementStatus.NOT_MET, RequirementStatus.NOT_KNOWN


def requirement(status: RequirementStatus, **changes: object) -> Requirement:
    found = sample_governance().sign_in[0]
    return found.model_copy(update={"status": status, "advice": ""} | changes)


def of(*requirements: Requirement, **changes: object) -> GovernancePage:
    section = sample_governance().model_copy(update={"sign_in": requirements, "accounts": ()})
    return page(sample_report(governance=section, **changes))


def page(report: MonthlyReport) -> GovernancePage:
    shown = view.governance(report, LANGUAGE, COLORS)
    assert shown is not None
    return shown


def test_the_page_leaves_in_the_executive_edition() -> None:
    assert view.governance(edition_of(sample_report(), "executive"), LANGUAGE, COLORS) is None


def test_a_missed_requirement_has_its_value_the_reason_and_the_advice() -> None:
    advice = "Turn it off in the settings."
    missed = requirement(
        NOT_MET, label="Password sign-in", actual="on", expected="off", note="since May", advice=advice
    )

    shown = of(missed, requirement(MET))

    assert shown.missed_title == "1 of 2 requirements is not met"
    (only,) = shown.missed
    assert (only.value, only.label, only.why, only.advice) == (
        "On",
        "Password sign-in",
        "Expected: off. Since May.",
        advice,
    )
    assert not only.is_long


def test_a_long_value_is_set_smaller() -> None:
    assert of(requirement(NOT_MET, actual="at least 1,237")).missed[0].is_long


def test_a_note_that_is_a_sentence_keeps_its_full_stop() -> None:
    assert of(requirement(NOT_MET, expected="on", note="It is off.")).missed[0].why == "Expected: on. It is off."


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([MET, MET], ""),  # The title of the page says so.
        ([MET, NOT_KNOWN], "No unmet requirement was found."),
    ],
)
def test_without_a_missed_requirement_a_sentence_states_this(statuses: list[RequirementStatus], expected: str) -> None:
    shown = of(*map(requirement, statuses))

    assert shown.missed == ()
    assert shown.missed_title == expected


def test_an_unknown_requirement_has_its_reason() -> None:
    shown = of(requirement(NOT_KNOWN, label="OAuth sign-in", note="The API returned no oauthEnabled."))

    assert shown.unknown_title == "1 requirement could not be checked"
    assert [(item.label, item.sentence) for item in shown.unknown] == [
        ("OAuth sign-in", "The API returned no oauthEnabled.")
    ]
    assert shown.met == ()


def test_a_met_requirement_has_its_state() -> None:
    shown = of(requirement(MET, label="Admins", actual="5", expected="2 to 10"))

    assert shown.met_title == "1 requirement is met"
    assert [(item.label, item.sentence) for item in shown.met] == [("Admins: 5", "Expected: 2 to 10.")]


def test_accounts_and_invitations_are_columns_with_labels_at_their_ends() -> None:
    first, second = of(requirement(MET)).histories

    assert first.lead == "Deactivated accounts: 12 in Oct 2025, 40 in Oct 2026"
    assert Drawing(first.chart).texts == ["12", "40", "Oct 2025", "Oct 2026"]
    assert second.lead == "Pending invitations: 4 in Oct 2025, 6 in Oct 2026"


@pytest.mark.parametrize("values", [[None] * 13, [None] * 11 + [3, 4]], ids=["no value", "two months"])
def test_too_few_months_have_no_columns(values: list[int | None]) -> None:
    report = sample_report()
    kpis = (kpi("pending", "Pending invitations", Unit.COUNT, values), report.adoption.kpis[0])
    adoption = report.adoption.model_copy(update={"kpis": kpis})

    assert of(requirement(MET), adoption=adoption).histories == ()


def test_the_foot_states_when_the_settings_were_fetched() -> None:
    assert of(requirement(MET)).foot.startswith("Settings, admins and accounts as of 2 November 2026")
    assert of(requirement(NOT_KNOWN, as_of=None)).foot == "Invitations at the end of October."
