"""Tests of the rules on the license, accounts and teams at, below and above each threshold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from rule_contexts import PARTLY, figure, rule_context, team_row

from tabnine_report.analysis.rules.full_edition import team_active_users_fell
from tabnine_report.analysis.rules.rule import RuleMatch
from tabnine_report.analysis.rules.seats import accounts_without_team_rose, license_expired
from tabnine_report.analysis.rules.unavailable_usage import usage_frozen, usage_missing
from tabnine_report.usage_api.versions import FROZEN


def says(found: RuleMatch | None) -> str | None:
    return found.words if found else None


@pytest.mark.parametrize(
    ("ends", "said"),
    [(None, None), (date(2026, 11, 1), None), (date(2026, 10, 31), "license_expired")],
)
def test_a_license_that_had_expired_by_the_months_end(ends: date | None, said: str | None) -> None:
    assert says(license_expired(replace(rule_context(seats=[60]), license_ends=ends))) == said


@pytest.mark.parametrize(
    ("before", "now", "reported"), [(10, 15, True), (10, 14, False), (None, 15, False), (10, None, False)]
)
def test_accounts_without_a_team_growing(before: float | None, now: float | None, *, reported: bool) -> None:
    one = replace(rule_context(accounts_without_team=[now]), previous_figures={"accounts_without_team": figure(before)})
    assert (accounts_without_team_rose(one, min_accounts=5) is not None) is reported
    assert accounts_without_team_rose(replace(one, previous_figures={}), min_accounts=5) is None


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (20, 10, "team_active_users_fell"),  # 10 fewer, half.
        (19, 10, None),
        (30, 16, None),  # 14 fewer, 46.7 %.
        (12, 0, "team_inactive"),
        (20, PARTLY, None),
        (PARTLY, 10, None),
        (10, 20, None),
    ],
)
def test_a_team_that_lost_its_active_users(before: float | str, now: float | str, said: str | None) -> None:
    one = replace(rule_context(), teams=(team_row(before, now),))
    assert says(team_active_users_fell(one, min_people=10, min_share=0.5)) == said


def test_the_finding_names_the_team_with_the_largest_loss_safely() -> None:
    one = replace(rule_context(), teams=(team_row(40, 10), team_row(50, 10, "A\u202eB\n"), team_row(30, 10)))
    found = team_active_users_fell(one, min_people=10, min_share=0.5)
    assert found is not None
    assert found.values == {"team": "AB", "people": "10", "before": "50", "previous": "September"}


def test_a_frozen_endpoint_is_reported_once_with_its_last_month() -> None:
    frozen = rule_context(active_users=[30, 40, None, FROZEN])
    found = usage_frozen(frozen)
    assert found is not None
    assert found.values == {"last": "August 2026"}
    assert usage_missing(frozen) is None


@pytest.mark.parametrize("people", [[FROZEN], [30, None], [None]])
def test_missing_usage_is_reported(people: Sequence[float | str | None]) -> None:
    one = rule_context(active_users=people)
    found = usage_missing(one)
    assert usage_frozen(one) is None
    assert found is not None
    assert found.values == {"month": "October"}


def test_known_usage_is_not_missing() -> None:
    assert usage_missing(rule_context(active_users=[30, PARTLY])) is None
