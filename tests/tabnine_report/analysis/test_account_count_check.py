"""The list of users tests what the API's field `active` means; a contradicted number is not used anywhere."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from render_text import text_documents
from small_organization import Build, Organization, accounts_of, kpi

from tabnine_report.archive.report_digest import supersedes
from tabnine_report.model.data_quality import CheckResult, CrossCheck
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport

BASED_ON_ACCOUNTS = (
    *("accounts", "adoption_rate", "seat_utilization", "unassigned_seats", "inactive_accounts", "unused_seats"),
    *("unassigned_seat_spend", "inactive_account_spend"),
)
PRICE = (39, "EUR")
NOTICE = {"notice_by": date(2026, 11, 30), "unassigned_seats": 4, "adoption_rate": 0.8}


def cross_check(report: MonthlyReport) -> CrossCheck:
    (found,) = (check for check in report.data_quality.checks if check.name == "Accounts and list of users")
    return found


def withheld(report: MonthlyReport) -> bool:
    """Return whether the figures based on accounts have no value; either all of them have one, or none."""
    states = {kpi(report, key).figure.known for key in BASED_ON_ACCOUNTS}
    assert len(states) == 1
    return states == {False}


@pytest.mark.parametrize(
    ("users", "agrees"),
    [(50, True), (51, True), (49, False), (52, False), (100, False), (0, False)],  # 2% of 50 is 1, of 49 less.
)
def test_accounts_agree_with_users_up_to_two_percent(
    acme: Organization, build: Build, users: int, *, agrees: bool
) -> None:
    acme.users = (users, 0, 0, 0)
    report = build(acme, price=PRICE)

    assert cross_check(report).result is (CheckResult.AGREES if agrees else CheckResult.DIFFERS)
    assert cross_check(report).sentence == (
        f"Accounts in October 2026: 50; registered users in the list of users: {users}."
    )
    assert withheld(report) is not agrees


@pytest.mark.parametrize("meaning", ["people who used the product", "accounts registered throughout the month"])
def test_no_channel_uses_accounts_that_the_users_contradict(acme: Organization, build: Build, meaning: str) -> None:
    counted = {"people who used the product": 37, "accounts registered throughout the month": 47}[meaning]
    acme.accounts = {
        name: row | {"active": counted if name == "2026-10" else row["active"]} for name, row in acme.accounts.items()
    }
    acme.license["exp"] = int(datetime(2026, 12, 1, tzinfo=UTC).timestamp())
    report = build(acme, price=PRICE, targets=NOTICE)
    texts = text_documents(report)

    assert withheld(report)
    assert report.headline == "40 people used Tabnine in October, 4 more than in September."
    # The renewal is due, but nothing is said about how many seats to renew.
    assert [(action.rule, action.figures, action.worth) for action in report.recommended_actions] == [
        ("decide_renewal", {}, "")
    ]
    assert "seats_target_changed" not in {finding.rule for finding in report.findings}
    # Only the cross-check prints the number: not the documents that have no cross-checks, and no figure.
    unassigned = 60 - counted
    for name in ("email.html", "email.txt", "slack.json"):
        words = re.sub(r"<[^>]*>", " ", texts[name])
        assert not re.search(rf"\b({counted}|{unassigned}) (of|accounts|seats|unassigned|unused|inactive)", words)
    assert not [
        path for path, figure in report.figures() if figure.value == counted and "2026-10" in str(figure.source)
    ]
    assert report.seats.note.startswith("Figures that need the accounts at the month's end are not shown")
    assert report.complete


def test_accounts_that_cannot_be_compared_are_shown_as_an_assumption(acme: Organization, build: Build) -> None:
    acme.failed["users"] = 503
    report = build(acme, price=PRICE)

    assert not withheld(report)
    assert cross_check(report).result is CheckResult.NOT_POSSIBLE
    assert report.seats.note.endswith("It could not be compared with the list of users.")
    assert " (assumption explained in the report)." in report.data_quality.summary


def test_the_current_month_is_compared_too(acme: Organization, build: Build) -> None:
    acme.accounts["2026-11"] = accounts_of(Month(2026, 11), 5)  # As if it counted the people who used the product.
    report = build(acme, price=PRICE)

    assert cross_check(report).sentence.startswith("Accounts in November 2026: 5;")
    assert withheld(report)


def test_an_older_month_is_compared_with_users_of_its_earlier_bundle_only(acme: Organization, build: Build) -> None:
    acme.now, acme.users = datetime(2027, 1, 15, tzinfo=UTC), (40, 4, 0, 0)
    late = build(acme, price=PRICE)
    acme.late["users"] = datetime(2026, 11, 2, 6, tzinfo=UTC) - acme.now
    with_users_of_then = build(acme, price=PRICE)

    assert cross_check(late).result is CheckResult.NOT_POSSIBLE
    assert cross_check(with_users_of_then).result is CheckResult.DIFFERS
    assert kpi(with_users_of_then, "inactive_accounts").figure.value is None


def test_the_current_month_is_not_compared_with_users_of_another_day(acme: Organization, build: Build) -> None:
    acme.accounts["2026-11"] = accounts_of(Month(2026, 11), 90)
    acme.now += timedelta(days=20)
    acme.late["users"] = timedelta(days=-20)

    assert cross_check(build(acme)).result is CheckResult.AGREES


@pytest.mark.parametrize(("days", "agrees"), [(3, False), (10, None), (28, None)])
def test_accounts_that_were_added_since_the_month_contradict_nothing(
    acme: Organization, build: Build, days: int, *, agrees: bool | None
) -> None:
    acme.users, acme.now = (60, 0, 0, 0), datetime(2026, 11, 1, 6, tzinfo=UTC) + timedelta(days=days)
    report = build(acme, price=PRICE)

    expected = {False: CheckResult.DIFFERS, None: CheckResult.NOT_POSSIBLE}[agrees]
    assert cross_check(report).result is expected
    assert withheld(report) is (agrees is False)


def test_later_in_the_next_month_its_own_accounts_are_compared(acme: Organization, build: Build) -> None:
    acme.users, acme.now = (60, 0, 0, 0), datetime(2026, 11, 29, 6, tzinfo=UTC)
    acme.accounts["2026-11"] = accounts_of(Month(2026, 11), 60)
    report = build(acme, price=PRICE)

    assert cross_check(report).sentence.startswith("Accounts in November 2026: 60;")
    assert not withheld(report)


def test_users_that_differ_later_do_not_remove_figures(acme: Organization, build: Build) -> None:
    first = build(acme, price=PRICE)
    acme.users, acme.now = (60, 0, 0, 0), acme.now + timedelta(days=20)
    acme.accounts["2026-11"] = accounts_of(Month(2026, 11), 90)
    second = build(acme, price=PRICE)
    acme.v1.people["2026-10"] += 1
    corrected = build(acme, price=PRICE)

    assert withheld(second)
    assert not supersedes(second, first)
    assert supersedes(first, second)
    assert supersedes(corrected, first)
