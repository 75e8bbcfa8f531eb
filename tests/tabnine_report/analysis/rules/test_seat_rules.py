"""Tests of the rules on seats, accounts, teams and sign-in at, below and above each threshold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from rule_contexts import LANGUAGE, PARTLY, figure, rule_context

from tabnine_report.analysis.changes import compare
from tabnine_report.analysis.rule_context import SignIn
from tabnine_report.analysis.rules.full_edition import password_with_saml, team_active_users_fell
from tabnine_report.analysis.rules.rule import RuleMatch
from tabnine_report.analysis.rules.seats import (
    accounts_without_team_rose,
    license_expires,
    stale_invitations,
    unused_seats,
)
from tabnine_report.analysis.rules.unavailable_usage import usage_frozen, usage_missing
from tabnine_report.model.month import Month
from tabnine_report.model.sections import TeamRow
from tabnine_report.usage_api.versions import FROZEN


def says(found: RuleMatch | None) -> str | None:
    return found.sentence_key if found else None


@pytest.mark.parametrize(
    ("unused", "seats", "spoken"),
    [(15, 100, True), (14, 100, False), (10, 20, True), (9, 20, False), (19, 19, False), (PARTLY, 100, False)],
)
def test_a_large_share_of_unused_seats(unused: float | str, seats: float, *, spoken: bool) -> None:
    of_seats = rule_context(unused_seats=[unused], seats=[seats])
    assert (unused_seats(of_seats, min_seats=10, min_share=0.15) is not None) is spoken


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (None, None),
        (date(2027, 1, 30), None),  # 90 days after 1 November.
        (date(2027, 1, 29), "finding.license_expires"),
        (date(2026, 11, 1), "finding.license_expires"),
        (date(2026, 10, 31), "finding.license_expired"),
    ],
)
def test_license_expiry_is_measured_from_the_month(ends: date | None, said: str | None) -> None:
    one = replace(rule_context(seats=[60]), license_ends=ends)
    assert says(license_expires(one, days_after_month=90)) == said


@pytest.mark.parametrize(
    ("pending", "spoken"),
    [([5, 6, 7], True), ([4, 6, 7], False), ([9, 5], False), ([9, 5, None], False), ([9, 1, 5, 5, 5], True)],
)
def test_invitations_pending_at_each_of_the_last_month_ends(pending: Sequence[float | None], *, spoken: bool) -> None:
    found = stale_invitations(rule_context(pending=pending), months=3, min_invitations=5)
    assert (found is not None) is spoken
    if found:
        assert (found.values["fewest"], found.values["months"]) == ("5", "3")


@pytest.mark.parametrize(
    ("before", "now", "spoken"), [(10, 15, True), (10, 14, False), (None, 15, False), (10, None, False)]
)
def test_accounts_without_a_team_growing(before: float | None, now: float | None, *, spoken: bool) -> None:
    one = replace(rule_context(accounts_without_team=[now]), previous_figures={"accounts_without_team": figure(before)})
    assert (accounts_without_team_rose(one, min_accounts=5) is not None) is spoken
    assert accounts_without_team_rose(replace(one, previous_figures={}), min_accounts=5) is None


def team(before: float | str, now: float | str, name: str = "One") -> TeamRow:
    there = figure(now)
    nothing = figure(None)
    moved = compare(there, figure(before), Month(2026, 9), LANGUAGE)
    return TeamRow(
        name=name,
        members=figure(30),
        people=there,
        share=nothing,
        share_before=nothing,
        inactive=nothing,
        change=moved,
        completions=nothing,
        per_user=nothing,
    )


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (20, 10, "finding.team_active_users_fell"),  # 10 fewer, half.
        (19, 10, None),
        (30, 16, None),  # 14 fewer, 46.7 %.
        (12, 0, "finding.team_inactive"),
        (20, PARTLY, None),
        (PARTLY, 10, None),
        (10, 20, None),
    ],
)
def test_a_team_that_lost_its_active_users(before: float | str, now: float | str, said: str | None) -> None:
    one = replace(rule_context(), teams=(team(before, now),))
    assert says(team_active_users_fell(one, min_people=10, min_share=0.5)) == said


def test_the_finding_names_the_team_with_the_largest_loss_safely() -> None:
    one = replace(rule_context(), teams=(team(40, 10), team(50, 10, "A\u202eB\n"), team(30, 10)))
    found = team_active_users_fell(one, min_people=10, min_share=0.5)
    assert found is not None
    assert found.sentence(LANGUAGE) == "Team “AB” had 10 active users, down from 50 in September."


@pytest.mark.parametrize(
    ("sign_in", "spoken"),
    [
        (SignIn(saml=True, password=True), True),
        (SignIn(saml=True, password=False), False),
        (SignIn(saml=True, password=None), False),
        (SignIn(saml=False, password=True), False),
        (None, False),
    ],
)
def test_password_sign_in_with_saml(sign_in: SignIn | None, *, spoken: bool) -> None:
    assert (password_with_saml(replace(rule_context(), sign_in=sign_in)) is not None) is spoken


def test_a_frozen_endpoint_is_reported_once_with_its_last_month() -> None:
    frozen = rule_context(active_users=[30, 40, None, FROZEN])
    found = usage_frozen(frozen)
    assert found is not None
    assert found.sentence(LANGUAGE) == (
        "The API reports no usage after August 2026: its usage endpoint is probably frozen."
    )
    assert usage_missing(frozen) is None


@pytest.mark.parametrize("people", [[FROZEN], [30, None], [None]])
def test_missing_usage_is_reported_with_its_reason(people: Sequence[float | str | None]) -> None:
    one = rule_context(active_users=people)
    found = usage_missing(one)
    assert usage_frozen(one) is None
    assert found is not None
    assert found.values == {"month": "October", "why": one.figure("active_users").reason}


def test_known_usage_is_not_missing() -> None:
    assert usage_missing(rule_context(active_users=[30, PARTLY])) is None
