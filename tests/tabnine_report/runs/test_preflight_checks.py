"""The check of the token's expiry date distinguishes its last day from the days before and after."""

from datetime import date, timedelta

import pytest

from tabnine_report.runs.preflight_checks import CheckResult, _check_token_expiry

DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("days", "passed", "detail"),
    [
        (-1, False, "expired on 2026-11-01"),
        (0, False, "expires today, on 2026-11-02"),
        (1, True, "expires on 2026-11-03, in 1 day"),
    ],
)
def test_a_token_has_not_expired_on_its_last_day(days: int, detail: str, *, passed: bool) -> None:
    assert _check_token_expiry(DAY + timedelta(days), DAY) == CheckResult("token expiry", passed, detail)


def test_a_token_without_a_known_expiry_date_passes() -> None:
    assert _check_token_expiry(None, DAY).passed
