"""Tests of recommended actions and of their status a month later."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from rule_contexts import LANGUAGE, PARTLY, figure, rule_context
from small_organization import Build, Organization

from tabnine_report.analysis.recommended_actions import last_month_actions, recommended_actions
from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules import actions as asking
from tabnine_report.analysis.rules.rule import RuleMatch
from tabnine_report.archive.report_digest import report_digest
from tabnine_report.model.findings import Note, RecommendedAction
from tabnine_report.model.prior_reports import PriorReports, SealedMonth
from tabnine_report.model.report import MonthlyReport

DECEMBER_31 = date(2026, 12, 31)


def one(**values: float | str) -> RuleContext:
    """Build a rule context of single figures."""
    histories: dict[str, Any] = {key: [value] for key, value in values.items()}
    return rule_context(**histories)


@pytest.mark.parametrize(
    ("unused", "accounts", "spoken"),
    [(5, 100, True), (4, 50, False), (5, 101, False), (19, 19, False), (PARTLY, 100, False)],
)
def test_reassigning_inactive_accounts_is_recommended(unused: float | str, accounts: float, *, spoken: bool) -> None:
    found = asking.reassign_inactive_accounts(
        one(inactive_accounts=unused, accounts=accounts), min_count=5, min_share=0.05
    )
    assert (found is not None) is spoken


@pytest.mark.parametrize(
    ("unassigned", "ends", "spoken"),
    [
        (10, DECEMBER_31, True),
        (9, DECEMBER_31, False),
        (10, None, False),
        (10, date(2026, 10, 31), False),  # It ended within the month.
        (10, date(2027, 1, 29), True),
        (10, date(2027, 1, 30), False),  # 90 days after 1 November.
    ],
)
def test_renewing_fewer_seats_is_recommended_shortly_before_expiry(
    unassigned: float, ends: date | None, *, spoken: bool
) -> None:
    seats = replace(one(unassigned_seats=unassigned, seats=100), license_ends=ends)
    found = asking.renew_fewer_seats(seats, min_count=10, min_share=0.05, days_after_month=90)
    assert (found and found.due) == (ends if spoken else None)


def renewing(**known: Any) -> RuleMatch | None:
    seats = replace(one(unassigned_seats=10, seats=100, unassigned_seat_spend=390), **known)
    return asking.renew_fewer_seats(seats, min_count=10, min_share=0.05, days_after_month=90)


def test_the_notice_deadline_takes_precedence_over_the_expiry() -> None:
    found = renewing(license_ends=DECEMBER_31, notice_by=date(2026, 11, 30))
    passed = renewing(license_ends=DECEMBER_31, notice_by=date(2026, 10, 31))

    assert (found and found.due, passed) == (date(2026, 11, 30), None)


def test_an_action_names_the_spend_if_there_is_a_price() -> None:
    notice, end = renewing(notice_by=date(2026, 11, 30)), renewing(license_ends=DECEMBER_31)
    unused = asking.reassign_inactive_accounts(
        one(inactive_accounts=5, accounts=100, inactive_account_spend=195), min_count=5, min_share=0.05
    )

    assert [found and found.sentence(LANGUAGE) for found in (notice, end, unused)] == [
        "Consider renewing fewer than 100 seats before the notice deadline: 10 unassigned seats cost 390 per month.",
        "Consider renewing fewer than 100 seats before the license expires: 10 unassigned seats cost 390 per month.",
        (
            "Contact the holders of 5 inactive accounts, and reassign or remove the "
            "accounts that are not needed. Their seats cost 195 per month."
        ),
    ]


@pytest.mark.parametrize(
    ("without", "accounts", "teams", "spoken"),
    [(10, 100, 2, True), (9, 100, 2, False), (10, 201, 2, False), (10, 100, 1, False), (PARTLY, 100, 2, False)],
)
def test_assigning_teams_is_recommended(without: float | str, accounts: float, teams: float, *, spoken: bool) -> None:
    told = one(accounts_without_team=without, accounts=accounts, teams=teams)
    assert (asking.assign_teams(told, min_count=10, min_share=0.05) is not None) is spoken


@pytest.mark.parametrize(("pending", "spoken"), [([5, 5, 5], True), ([5, 4, 5], False), ([5, 5], False)])
def test_resolving_stale_invitations_is_recommended(pending: list[float], *, spoken: bool) -> None:
    assert (asking.resolve_invitations(rule_context(pending=pending), min_count=5, months=3) is not None) is spoken


@pytest.mark.parametrize(
    ("ends", "spoken"),
    [(None, False), (date(2026, 12, 31), False), (date(2026, 12, 30), True), (date(2026, 10, 31), False)],
)
def test_renewing_the_token_is_recommended_before_it_expires(ends: date | None, *, spoken: bool) -> None:
    found = asking.renew_token(replace(rule_context(), token_expires=ends), days_after_month=60)
    assert (found and found.due) == (ends if spoken else None)


def test_an_action_has_owner_due_date_and_figures(acme: Organization, build: Build) -> None:
    (first,) = [action for action in build(acme).recommended_actions if action.rule == "reassign_inactive_accounts"]

    assert (first.owner, first.due, first.edition) == ("Tabnine admins", date(2026, 11, 30), "executive")
    assert first.sentence.startswith("Contact the holders of at least 10 inactive accounts, ")
    assert first.figures["inactive_accounts"].value == 10


def test_at_most_three_actions_by_weight() -> None:
    everything = replace(
        rule_context(
            inactive_accounts=[20],
            accounts=[100],
            unassigned_seats=[20],
            seats=[120],
            accounts_without_team=[20],
            teams=[3],
            pending=[9, 9, 9],
        ),
        license_ends=DECEMBER_31,
        token_expires=date(2026, 12, 1),
    )
    assert [action.rule for action in recommended_actions(everything)] == [
        "renew_fewer_seats",
        "reassign_inactive_accounts",
        "renew_token",
    ]


@pytest.fixture
def report(acme: Organization, build: Build) -> MonthlyReport:
    return build(acme)


def previous(report: MonthlyReport, *earlier: RecommendedAction) -> MonthlyReport:
    return report.model_copy(update={"recommended_actions": earlier})


def unused_ask(then: float | None) -> RecommendedAction:
    figures = {"inactive_accounts": figure(then)}
    return RecommendedAction(
        rule="reassign_inactive_accounts",
        owner="Tabnine admins",
        due=date(2026, 10, 31),
        sentence="Do.",
        figures=figures,
    )


@pytest.mark.parametrize(
    ("then", "now", "said", "sentence"),
    [
        (20, 4, "done", "Done: 20 then, 4 now."),  # Under the least number that is asked about.
        (20, 5, "open", "Open: 20 then, 5 now."),
        (20, 20, "open", "Open: 20 then, 20 now."),
        (20, 21, "worse", "Worse: 20 then, 21 now."),
        (3, 4, "worse", "Worse: 3 then, 4 now."),
        (20, None, "unknown", "The status is not known. It is not known."),
        (20, PARTLY, "unknown", "The status is not known. It is partial."),
        (None, 20, "unknown", "The status is not known."),
    ],
)
def test_status_of_an_action(
    report: MonthlyReport, then: float | None, now: float | str | None, said: str, sentence: str
) -> None:
    followed = last_month_actions(rule_context(inactive_accounts=[now]), previous(report, unused_ask(then)))

    assert [(str(one.state), one.sentence) for one in followed.statuses] == [(said, sentence)]
    assert followed.title == f"Actions recommended for September: 1 {'not known' if said == 'unknown' else said}."


def test_executives_see_the_status_of_their_actions_only(acme: Organization, build: Build) -> None:
    token = RecommendedAction(
        rule="renew_token", owner="Tabnine admins", due=date(2026, 11, 20), sentence="Do.", figures={}, edition="full"
    )
    followed = last_month_actions(rule_context(inactive_accounts=[15]), previous(build(acme), unused_ask(20), token))
    told_to_admins_only = last_month_actions(rule_context(), previous(build(acme), token))

    assert followed.title == "Actions recommended for September: 1 open, 1 not known."
    assert followed.title_for_executives == "Actions recommended for September: 1 open."
    assert told_to_admins_only.title_for_executives == ""


def test_the_title_counts_the_states(acme: Organization, build: Build) -> None:
    asked = (unused_ask(20), unused_ask(30), unused_ask(10))
    followed = last_month_actions(rule_context(inactive_accounts=[15]), previous(build(acme), *asked))

    assert followed.title == "Actions recommended for September: 2 open, 1 worse."


@pytest.mark.parametrize(
    ("ends", "said"), [(date(2027, 5, 1), "done"), (date(2026, 11, 20), "open"), (None, "unknown")]
)
def test_the_token_action_is_done_if_the_expiry_date_is_later(
    acme: Organization, build: Build, ends: date | None, said: str
) -> None:
    action = RecommendedAction(
        rule="renew_token", owner="Tabnine admins", due=date(2026, 11, 20), sentence="Do.", figures={}
    )
    (one,) = last_month_actions(replace(rule_context(), token_expires=ends), previous(build(acme), action)).statuses

    assert one.state == said


def test_the_report_has_the_status_of_last_months_actions(acme: Organization, build: Build) -> None:
    earlier = build(acme).model_copy(update={"month": "2026-09", "recommended_actions": (unused_ask(20),)})
    report = build(acme, prior_reports=PriorReports(previous_month=earlier), note=Note(text="Warsaw joined."))

    assert [one.sentence for one in report.last_month_actions.statuses] == ["Open: 20 then, at least 10 now."]
    assert report.note == Note(text="Warsaw joined.")


def test_accounts_without_a_team_are_compared_with_last_month(acme: Organization, build: Build) -> None:
    acme.users = (41, 9, 3, 0)
    before = {"accounts_without_team": figure(4)}
    for month, spoken in (("2026-09", True), ("2026-08", False)):
        months = (SealedMonth(month=month, revision=1, figures=before),)
        found = [one.rule for one in build(acme, prior_reports=PriorReports(months=months)).findings]
        assert ("accounts_without_team_rose" in found) is spoken


def test_an_action_of_a_removed_rule_is_not_known(acme: Organization, build: Build) -> None:
    action = unused_ask(20).model_copy(update={"rule": "gone"})
    (one,) = last_month_actions(rule_context(inactive_accounts=[15]), previous(build(acme), action)).statuses

    assert one.sentence == "The status is not known."


def test_without_last_months_actions_there_is_no_status(acme: Organization, build: Build) -> None:
    assert last_month_actions(rule_context(), None).statuses == ()
    assert last_month_actions(rule_context(), previous(build(acme))).statuses == ()


def test_actions_and_findings_do_not_depend_on_the_day_of_the_run(acme: Organization, build: Build) -> None:
    early = build(acme)
    acme.now += timedelta(days=7)
    late = build(acme)

    assert (early.recommended_actions, early.findings) != ((), ())
    assert [(action.sentence, action.due) for action in early.recommended_actions] == [
        (action.sentence, action.due) for action in late.recommended_actions
    ]
    assert [one.sentence for one in early.findings] == [one.sentence for one in late.findings]
    assert report_digest(early) == report_digest(late)


def test_a_changed_note_changes_the_digest_but_current_figures_do_not(acme: Organization, build: Build) -> None:
    report = build(acme)
    noted = report.model_copy(update={"note": Note(text="Warsaw joined.")})

    assert report_digest(noted) != report_digest(report)
    assert report_digest(noted.model_copy(update={"note": Note(text="Oslo joined.")})) != report_digest(noted)
    assert report_digest(
        report.model_copy(update={"last_month_actions": last_month_actions(one(inactive_accounts=4), report)})
    ) == report_digest(report)
    token = RecommendedAction(
        rule="renew_token", owner="Tabnine admins", due=date(2026, 11, 20), sentence="Do.", figures={}
    )
    assert report_digest(
        report.model_copy(update={"recommended_actions": (*report.recommended_actions, token)})
    ) == report_digest(report)
    assert report_digest(report.model_copy(update={"recommended_actions": ()})) != report_digest(report)
