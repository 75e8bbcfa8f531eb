"""Tests of the sentences of complete reports in all states: their lengths, their form, and that bounds are stated."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_organization import AgentUse, Build, Organization, TeamUse

from tabnine_report.model.report import MonthlyReport

LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz der Landesbausparkasse " * 3
TARGETS = {"adoption_rate": 0.8, "unassigned_seats": 9, "agent_spend_usd": 900, "notice_by": date(2026, 11, 30)}
LENGTHS = {"headline": 130, "deck": 180, "claim": 48, "evidence": 110, "title": 60, "decision": 170, "section": 110}
"""The most characters of each kind of sentence. A decision is a title with its reason and a remark on its deadline."""
SINGULAR = re.compile(r"(?<![\d,.])1 (people|seats|accounts|users|invitations|months|days|checks)\b")


def sentences(report: MonthlyReport) -> Iterator[tuple[str, str]]:
    """Yield every sentence of the report with its kind."""
    yield "headline", report.headline
    yield "deck", report.deck
    for finding in report.findings:
        yield "claim", finding.claim
        yield "evidence", finding.evidence
    for action in report.recommended_actions:
        yield "title", action.title
        yield "decision", f"{action.title} {action.reason}"
    yield "section", report.feature_usage.title
    yield "section", report.seats.title
    yield "section", report.adoption.title
    yield "section", report.data_quality.title
    if report.teams:
        yield "section", report.teams.title
    if report.seats.agents:
        yield "section", report.seats.agents.title
    if report.governance:
        yield "section", report.governance.title


def problems(report: MonthlyReport) -> list[str]:
    """Return the sentences that are too long, or that nobody would write."""
    found = []
    for kind, text in sentences(report):
        if not text:
            continue
        is_sentence = (text[0].isupper() or text[0].isdigit() or text[0] == "“") and text[-1] in ".?"
        if len(text) > LENGTHS[kind] or not is_sentence or SINGULAR.search(text) or re.search(r"[{}]|  |\.\.", text):
            found.append(f"{kind}, {len(text)}: {text}")
    worths = [f"{action.worth} {action.worth_note}" for action in report.recommended_actions]
    return [*found, *(worth for worth in worths if SINGULAR.search(worth))]


def long_names(acme: Organization) -> None:
    acme.with_teams(core=TeamUse(40, (30, 12)), web=TeamUse(30, (20, 20)))
    acme.v1.people |= {"2026-10": 60, "2026-09": 60}
    acme.teams = [team | {"name": f"{team['name']} {LONG}"} for team in acme.teams]
    acme.with_accounts(70)
    acme.license["seats"] = 90


@pytest.mark.parametrize("change", [lambda _: None, long_names])
@pytest.mark.parametrize("price", [{}, {"price": (39, "EUR")}])
def test_sentences_of_long_names_fit(
    acme: Organization, build: Build, change: Callable[[Organization], None], price: dict[str, tuple[float, str]]
) -> None:
    acme.agents = AgentUse()
    change(acme)
    report = build(acme, **price, targets=TARGETS, minimum_group=5)

    assert problems(report) == []


@settings(
    max_examples=25, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    numbers=st.tuples(*[st.integers(0, 60)] * 5),
    seats=st.integers(1, 90),
    cost=st.sampled_from([None, 0.4, 1000.0, 12_345_678.0]),
    missing=st.sets(st.sampled_from(["license", "users", "account-utilizations", "teams", "agent-usage", "usage-v1"])),
    price=st.sampled_from([{}, {"price": (39, "EUR")}, {"price": (1_234_567.5, "INR")}]),
)
def test_sentences_of_any_figures_fit_and_are_in_the_right_number(  # noqa: PLR0917 - the parts of an organization
    acme: Organization,
    build: Build,
    numbers: tuple[int, ...],
    seats: int,
    cost: float | None,
    missing: set[str],
    price: dict[str, tuple[float, str]],
) -> None:
    people, before, accounts, agents, without_team = numbers
    acme.v1.people |= {"2026-10": people, "2026-09": before}
    acme.v1.blocks = {"2026-10": {"agent": {"activeUsers": agents}}, "2026-09": {"agent": {"activeUsers": before}}}
    acme.with_accounts(accounts).users = (max(0, accounts - without_team), without_team, 1, 1)
    acme.license["seats"] = seats
    acme.agents = AgentUse(cost={"2026-09": 800.0, "2026-10": cost})
    acme.failed = dict.fromkeys(missing, 500)

    assert problems(build(acme, **price, targets=TARGETS)) == []


@pytest.mark.parametrize(
    ("people", "accounts", "seats", "headline", "deck"),
    [
        (
            50,
            50,
            60,
            "50 people used Tabnine in October. At least 16.7% of the seats, 10 of 60, were unused.",
            "14 more people than in September. Unused seats account for EUR 390 of EUR 2,340 monthly seat spend.",
        ),
        (
            1,
            2,
            2,
            "1 person used Tabnine in October. At least 1 of 2 seats were unused.",
            "35 fewer people than in September. Unused seats account for at least EUR 39 of EUR 78 monthly seat spend.",
        ),
        (
            1,
            1,
            1,
            "1 person used Tabnine in October. No unused seats were found.",
            "35 fewer people than in September.",
        ),
        (
            30,
            40,
            40,
            "30 people used Tabnine in October. At least a quarter of the seats, 10 of 40, were unused.",
            (
                "6 fewer people than in September. "
                "Unused seats account for at least EUR 390 of EUR 1,560 monthly seat spend."
            ),
        ),
        (
            37,
            100,
            150,
            "37 people used Tabnine in October. At least three quarters of the seats, 113 of 150, were unused.",
            (
                "1 more person than in September. "
                "Unused seats account for at least EUR 4,407 of EUR 5,850 monthly seat spend."
            ),
        ),
        (
            40,
            50,
            45,
            "40 people used Tabnine in October. There are 50 accounts for 45 seats.",
            "4 more people than in September. At least 10 of 50 accounts had no activity.",
        ),
    ],
)
def test_headline_and_deck(  # noqa: PLR0917 - a table of cases
    acme: Organization, build: Build, people: int, accounts: int, seats: int, headline: str, deck: str
) -> None:
    acme.v1.people["2026-10"], acme.license["seats"], acme.v1.days = people, seats, {}
    report = build(acme.with_accounts(accounts), price=(39, "EUR"))

    assert report.headline == headline
    assert report.deck.replace("\N{NO-BREAK SPACE}", " ") == deck


def test_lower_bounds_are_stated_in_every_sentence(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-10"] = {"agent": {"activeUsers": 45}}  # More than the 40 active users.
    acme.failed["license"] = 403
    report = build(acme, price=(39, "EUR"))

    assert report.headline == "At least 45 people used Tabnine in October."
    assert report.adoption.title.startswith("At least 90% of 50 account holders")
    assert report.recommended_actions == ()  # The inactive accounts are at most five.

    del acme.v1.blocks["2026-10"], acme.failed["license"]
    report = build(acme, price=(39, "EUR"))

    assert "At least a third of the seats" in report.headline
    assert "account for at least EUR" in report.deck
    assert report.seats.title.startswith("Unused seats cost at least EUR")
    inactive = next(one for one in report.recommended_actions if one.rule == "reassign_inactive_accounts")
    assert inactive.reason.startswith("At least 10 had no activity.")
    assert inactive.worth.startswith("up to EUR")


@pytest.mark.parametrize("days_later", [0, 9, 25, 60, 200])
def test_due_dates_are_ten_days_ahead_or_state_the_deadline(acme: Organization, build: Build, days_later: int) -> None:
    acme.now += timedelta(days=days_later)
    acme.agents = AgentUse()
    report = build(acme, price=(39, "EUR"), targets=TARGETS)
    today = report.data_as_of.date()

    assert report.recommended_actions
    for action in report.recommended_actions:
        assert action.due >= today
        if (action.due - today).days < 10:
            assert re.search(r"Only \d+ days? (is|are) left|deadline is today", action.reason)
