"""Account figures of a month that the API reports more than once."""

from zoneinfo import ZoneInfo

import pytest
from small_organization import Organization, accounts_of

from tabnine_report.analysis.account_figures import AccountFigures
from tabnine_report.analysis.api_data import ApiData
from tabnine_report.model.figure import State
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language

OCTOBER = Month(2026, 10)


def account_figures(organization: Organization) -> AccountFigures:
    return AccountFigures(ApiData.of(organization.snapshot(), ZoneInfo("UTC"), 1), Language("en", ZoneInfo("UTC")))


def test_month_0_is_january_and_month_11_december(acme: Organization) -> None:
    figures = account_figures(acme)

    assert figures.figure("accounts", OCTOBER).value == 50
    assert figures.figure("accounts", Month(2025, 12)).value == 48


@pytest.mark.parametrize("repeated", [[60], [60, 50]])
def test_of_several_rows_for_a_month_only_the_numbers_that_agree_are_used(
    acme: Organization, repeated: list[int]
) -> None:
    for number in repeated:
        acme.accounts[f"again {number}"] = accounts_of(OCTOBER, number)
    figures = account_figures(acme)

    assert figures.figure("accounts", OCTOBER).state is State.UNAVAILABLE
    assert figures.figure("pending", OCTOBER).value == 2
    assert figures.figure("accounts", Month(2026, 9)).value == 48


def test_an_absent_number_is_unavailable_and_not_zero(acme: Organization) -> None:
    del acme.accounts["2026-10"]["pending"]

    assert account_figures(acme).figure("pending", OCTOBER).value is None
    assert account_figures(acme).figure("pending", Month(2020, 1)).value is None
