"""Tests of the action rules on accounts and invitations at, below and above each threshold."""

from collections.abc import Sequence
from typing import Any

import pytest
from rule_contexts import PARTLY, rule_context

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.account_actions import assign_teams, reassign_inactive_accounts, resolve_invitations


def one(**values: float | str) -> RuleContext:
    """Build a rule context of single figures."""
    histories: dict[str, Any] = {key: [value] for key, value in values.items()}
    return rule_context(**histories)


@pytest.mark.parametrize(
    ("inactive", "accounts", "recommended"),
    [(5, 100, True), (4, 50, False), (5, 101, False), (19, 19, False), (PARTLY, 100, False)],
)
def test_reassigning_inactive_accounts_is_recommended(
    inactive: float | str, accounts: float, *, recommended: bool
) -> None:
    found = reassign_inactive_accounts(one(inactive_accounts=inactive, accounts=accounts), min_count=5, min_share=0.05)
    assert (found is not None) is recommended


@pytest.mark.parametrize(("unassigned", "words"), [(0, "spend"), (3, "beside_unassigned")])
def test_inactive_accounts_are_worth_at_most_their_spend(unassigned: int, words: str) -> None:
    priced = one(inactive_accounts=5, accounts=100, inactive_account_spend=195, unassigned_seats=unassigned)
    found = reassign_inactive_accounts(priced, min_count=5, min_share=0.05)
    assert found is not None
    assert found.words == f"reassign_inactive_accounts_{words}"
    assert (found.worth, found.worth_note) == ("up to 195", "a month from renewal, if these 5 are deactivated")


def test_without_a_price_inactive_accounts_are_worth_their_number() -> None:
    found = reassign_inactive_accounts(one(inactive_accounts=5, accounts=100), min_count=5, min_share=0.05)
    assert found is not None
    assert (found.worth, found.worth_note) == ("at least 5 accounts", "of 100 in all")


@pytest.mark.parametrize(
    ("without", "accounts", "teams", "recommended"),
    [(10, 100, 2, True), (9, 100, 2, False), (10, 201, 2, False), (10, 100, 1, False), (PARTLY, 100, 2, False)],
)
def test_assigning_teams_is_recommended(
    without: float | str, accounts: float, teams: float, *, recommended: bool
) -> None:
    figures = one(accounts_without_team=without, accounts=accounts, teams=teams)
    found = assign_teams(figures, min_count=10, min_share=0.05)
    assert (found and (found.worth, found.worth_note)) == (("10 accounts", "without a team") if recommended else None)


@pytest.mark.parametrize(
    ("pending", "recommended"),
    [([5, 6, 7], True), ([4, 6, 7], False), ([9, 5], False), ([9, 5, None], False), ([9, 1, 5, 5, 5], True)],
)
def test_resolving_invitations_pending_for_months_is_recommended(
    pending: Sequence[float | None], *, recommended: bool
) -> None:
    found = resolve_invitations(rule_context(pending=pending), min_count=5, months=3)
    assert (found and dict(found.values)) == ({"fewest": "5", "months": "3"} if recommended else None)
    if found:
        assert found.worth == f"{pending[-1]} invitations"
