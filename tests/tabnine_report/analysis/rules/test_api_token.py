"""Tests of the action rule on the API token at, below and above its threshold."""

from dataclasses import replace
from datetime import date

import pytest
from rule_contexts import rule_context

from tabnine_report.analysis.rules.api_token import renew_token


@pytest.mark.parametrize(
    ("ends", "recommended"),
    [(None, False), (date(2026, 12, 31), False), (date(2026, 12, 30), True), (date(2026, 10, 31), False)],
)
def test_renewing_the_token_is_recommended_before_it_expires(ends: date | None, *, recommended: bool) -> None:
    found = renew_token(replace(rule_context(), token_expires=ends), days_after_month=60)
    assert (found and found.due) == (ends if recommended else None)
