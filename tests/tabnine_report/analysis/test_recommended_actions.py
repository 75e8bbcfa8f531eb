"""Tests of recommended actions and of their status a month later."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from rule_contexts import LANGUAGE, PARTLY, costs, figure, rule_context
from small_organization import Build, Organization

from tabnine_report.analysis.recommended_actions import last_month_actions, recommended_actions
from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.archive.report_digest import report_digest
from tabnine_report.model.answers import ActionAnswer, Answer, Note
from tabnine_report.model.figure import Figure
from tabnine_report.model.findings import RecommendedAction
from tabnine_report.model.prior_reports import PriorReports, SealedMonth
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.editions import edition_of


def one(**values: float | str) -> RuleContext:
    """Build a rule context of single figures."""
    histories: dict[str, Any] = {key: [value] for key, value in values.items()}
    return rule_context(**histories)


def test_an_action_has_owner_due_date_and_figures(acme: Organization, build: Build) -> None:
    (first,) = [action for action in build(acme).recommended_actions if action.rule == "reassign_inactive_accounts"]

    assert (first.owner, first.due, first.edition) == ("Tabnine admins", date(2026, 11, 30), "executive")
    assert (first.title, first.reason) == (
        "Reassign or deactivate inactive accounts?",
        "At least 10 had no activity in October. Ask their holders first.",
    )
    assert (first.worth, first.worth_note) == ("at least 10 accounts", "of 50 in all")
    assert first.figures["inactive_accounts"].value == 10


def test_actions_are_limited_per_edition_by_weight() -> None:
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
        license_ends=date(2026, 12, 31),
        token_expires=date(2026, 12, 1),
    )
    assert [action.rule for action in recommended_actions(everything)] == [
        "decide_renewal",
        "reassign_inactive_accounts",
        "renew_token",
        "assign_teams",
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
        title="Do.",
        reason="It helps.",
        figures=figures,
    )


@pytest.mark.parametrize(
    ("then", "now", "said", "sentence"),
    [
        (20, 4, "done", "inactive_accounts: 20 then, 4 now"),  # Under the least number that an action needs.
        (20, 5, "open", "inactive_accounts: 20 then, 5 now"),
        (20, 20, "open", "inactive_accounts: 20 then, 20 now"),
        (20, 21, "worse", "inactive_accounts: 20 then, 21 now"),
        (3, 4, "worse", "inactive_accounts: 3 then, 4 now"),
        (20, None, "unknown", "inactive_accounts: 20 then, unavailable now"),
        (20, PARTLY, "unknown", "inactive_accounts: 20 then, 30 partial now"),
        (None, 20, "unknown", "inactive_accounts: unavailable then, 20 now"),
    ],
)
def test_status_of_an_action(
    report: MonthlyReport, then: float | None, now: float | str | None, said: str, sentence: str
) -> None:
    followed = last_month_actions(rule_context(inactive_accounts=[now]), previous(report, unused_ask(then)))

    assert [(str(one.state), one.sentence) for one in followed.statuses] == [(said, sentence)]
    assert followed.title == "Recommended in September"


@pytest.mark.parametrize(
    ("then", "now", "state"), [(990, 1000, "worse"), (950, 940, "open"), (950, 850, "done"), (1100, 1001, "open")]
)
def test_status_of_the_decision_on_the_agent_budget(report: MonthlyReport, then: float, now: float, state: str) -> None:
    spend = Figure.money(then, "USD")
    decision = unused_ask(1).model_copy(update={"rule": "decide_agent_budget", "figures": {"agent_spend": spend}})
    months = costs(then - 100, now, budget=1000)
    (status,) = last_month_actions(months, previous(report, decision)).statuses

    assert status.state == state
    assert status.sentence == f"agent spend: {LANGUAGE.money(then, 'USD')} then, {LANGUAGE.money(now, 'USD')} now"


def test_executives_see_the_status_of_their_actions_only(acme: Organization, build: Build) -> None:
    token = RecommendedAction(
        rule="renew_token",
        owner="Tabnine admins",
        due=date(2026, 11, 20),
        title="Do.",
        reason="It helps.",
        figures={},
        edition="full",
    )
    report = build(acme)
    followed = last_month_actions(rule_context(inactive_accounts=[15]), previous(report, unused_ask(20), token))
    shown = edition_of(report.model_copy(update={"last_month_actions": followed}), "executive").last_month_actions

    assert [status.action.rule for status in followed.statuses] == ["reassign_inactive_accounts", "renew_token"]
    assert [status.action.rule for status in shown.statuses] == ["reassign_inactive_accounts"]


@pytest.mark.parametrize(
    ("ends", "said"), [(date(2027, 5, 1), "done"), (date(2026, 11, 20), "open"), (None, "unknown")]
)
def test_the_token_action_is_done_if_the_expiry_date_is_later(
    acme: Organization, build: Build, ends: date | None, said: str
) -> None:
    action = RecommendedAction(
        rule="renew_token", owner="Tabnine admins", due=date(2026, 11, 20), title="Do.", reason="It helps.", figures={}
    )
    (one,) = last_month_actions(replace(rule_context(), token_expires=ends), previous(build(acme), action)).statuses

    assert one.state == said


NOVEMBER_13 = datetime(2026, 11, 12, 23, 30, tzinfo=UTC)
"""13 November in Berlin."""


def reply(
    answer: Answer, at: datetime = NOVEMBER_13, rule: str = "reassign_inactive_accounts", **more: str
) -> ActionAnswer:
    return ActionAnswer(rule=rule, answer=answer, at=at, **more)


@pytest.mark.parametrize(
    ("answer", "then", "now", "state", "sentence"),
    [
        (reply(Answer.ACCEPTED), 40, 2, "done", "(accepted): 40 then, 2 now, 38 fewer"),
        (reply(Answer.ACCEPTED), 40, 40, "open", "(accepted): 40 then, 40 now"),
        (reply(Answer.ACCEPTED), 40, 41, "worse", "(accepted): 40 then, 41 now, 1 more"),
        (reply(Answer.ACCEPTED), 40, None, "unknown", "(accepted): 40 then, unavailable now"),
        (reply(Answer.ACCEPTED), 40, PARTLY, "unknown", "(accepted): 40 then, 30 partial now"),
        (reply(Answer.ACCEPTED), None, 2, "unknown", "(accepted): unavailable then, 2 now"),
        (reply(Answer.DECLINED), 40, 41, "declined", "(declined): 40 then, 41 now, 1 more"),
        (reply(Answer.DONE), 40, 30, "open", "(reported as done): 40 then, 30 now, 10 fewer"),
        (reply(Answer.DONE), 40, None, "done", "(reported as done): 40 then, unavailable now"),
        (
            reply(Answer.ACCEPTED, owner="IT desk", comment="Ask first"),
            40,
            2,
            "done",
            "(accepted, owner IT desk, “Ask first”): 40 then, 2 now, 38 fewer",
        ),
    ],
)
def test_an_answer_states_what_was_decided_and_the_figures_what_became_of_it(  # noqa: PLR0917 - the parameters
    report: MonthlyReport,
    answer: ActionAnswer,
    then: float | None,
    now: float | str | None,
    state: str,
    sentence: str,
) -> None:
    context = rule_context(inactive_accounts=[now])
    decided = last_month_actions(context, previous(report, unused_ask(then)), [answer])

    assert decided.title == "Decided on 13 November"
    assert [(str(one.state), one.sentence, one.answer) for one in decided.statuses] == [
        (state, f"reassign or deactivate inactive accounts {sentence}", answer)
    ]


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (figure(40).as_lower_bound(), figure(30)),
        (figure(40).as_lower_bound(), figure(30).as_lower_bound()),
        (Figure.money(40, "EUR"), Figure.money(30, "USD")),
        (figure(40), figure(30).as_lower_bound()),
    ],
)
def test_a_change_is_stated_only_between_figures_of_one_kind(report: MonthlyReport, then: Figure, now: Figure) -> None:
    action = unused_ask(1).model_copy(update={"figures": {"inactive_accounts": then}})
    context = rule_context(inactive_accounts=[1])
    context = replace(
        context,
        kpis={"inactive_accounts": context.kpis["inactive_accounts"].model_copy(update={"figure": now})},
    )
    (status,) = last_month_actions(context, previous(report, action), [reply(Answer.ACCEPTED)]).statuses

    assert status.sentence.endswith(" now")


def test_less_spend_is_not_fewer(report: MonthlyReport) -> None:
    action = unused_ask(1).model_copy(
        update={"rule": "decide_agent_budget", "figures": {"agent_spend": Figure.money(950, "USD")}}
    )
    months = costs(900, 850, budget=1000)
    answer = reply(Answer.ACCEPTED, rule="decide_agent_budget")
    (status,) = last_month_actions(months, previous(report, action), [answer]).statuses

    assert status.sentence.endswith(f", {LANGUAGE.money(100, 'USD')} less")


@pytest.mark.parametrize(
    ("answers", "title", "details"),
    [
        ([], "Recommended in September", ["", ""]),
        ([reply(Answer.ACCEPTED)], "Recommended in September", ["(accepted on 13 November)", ""]),
        (
            [reply(Answer.ACCEPTED), reply(Answer.DONE, NOVEMBER_13 + timedelta(days=1), "renew_token")],
            "Recommended in September",
            ["(accepted on 13 November)", "(reported as done on 14 November)"],
        ),
        (
            [reply(Answer.ACCEPTED), reply(Answer.DONE, rule="renew_token"), reply(Answer.DONE, rule="assign_teams")],
            "Decided on 13 November",
            ["(accepted)", "(reported as done)"],
        ),
    ],
    ids=["no answer", "one answer", "two days", "all on one day"],
)
def test_the_title_states_the_day_only_if_all_actions_were_answered_on_it(
    report: MonthlyReport, answers: list[ActionAnswer], title: str, details: list[str]
) -> None:
    token = unused_ask(20).model_copy(update={"rule": "renew_token", "figures": {}})
    decided = last_month_actions(rule_context(inactive_accounts=[4]), previous(report, unused_ask(20), token), answers)

    assert decided.title == title
    for status, expected in zip(decided.statuses, details, strict=True):
        assert f" {expected}: " in status.sentence if expected else "(" not in status.sentence


def test_figures_that_were_counted_by_different_methods_are_not_compared(report: MonthlyReport) -> None:
    context = rule_context(inactive_accounts=[20, 4])
    history = context.kpis["inactive_accounts"].history
    assert history is not None
    broken = history.model_copy(update={"breaks": (str(context.month),)})
    changed = context.kpis["inactive_accounts"].model_copy(update={"history": broken})
    months = replace(context, kpis={**context.kpis, "inactive_accounts": changed})
    (one,) = last_month_actions(months, previous(report, unused_ask(20))).statuses

    assert one.state == "unknown"
    assert one.sentence == "inactive_accounts: 20 then, 4 now, measured by a different method"
    (decided,) = last_month_actions(months, previous(report, unused_ask(20)), [reply(Answer.ACCEPTED)]).statuses
    assert decided.state == "unknown"
    assert decided.sentence.endswith("(accepted): 20 then, 4 now, measured by a different method")


def test_the_report_has_the_status_of_last_months_actions(acme: Organization, build: Build) -> None:
    earlier = build(acme).model_copy(update={"month": "2026-09", "recommended_actions": (unused_ask(20),)})
    report = build(acme, prior_reports=PriorReports(previous_month=earlier), note=Note(text="Warsaw joined."))

    assert [one.sentence for one in report.last_month_actions.statuses] == [
        "inactive accounts: 20 then, at least 10 now"
    ]
    assert report.note == Note(text="Warsaw joined.")


def test_accounts_without_a_team_are_compared_with_last_month(acme: Organization, build: Build) -> None:
    acme.users = (41, 9, 3, 0)
    before = {"accounts_without_team": figure(4)}
    for month, reported in (("2026-09", True), ("2026-08", False)):
        months = (SealedMonth(month=month, revision=1, figures=before),)
        found = [one.rule for one in build(acme, prior_reports=PriorReports(months=months)).findings]
        assert ("accounts_without_team_rose" in found) is reported


def test_an_action_of_a_removed_rule_is_not_known(acme: Organization, build: Build) -> None:
    action = unused_ask(20).model_copy(update={"rule": "gone"})
    (one,) = last_month_actions(rule_context(inactive_accounts=[15]), previous(build(acme), action)).statuses

    assert (str(one.state), one.sentence) == ("unknown", "“Do”: no figure shows whether it was acted on")


def test_without_last_months_actions_there_is_no_status(acme: Organization, build: Build) -> None:
    assert last_month_actions(rule_context(), None).statuses == ()
    assert last_month_actions(rule_context(), previous(build(acme))).statuses == ()


def test_actions_and_findings_do_not_depend_on_the_day_of_the_run(acme: Organization, build: Build) -> None:
    early = build(acme)
    acme.now += timedelta(days=7)
    late = build(acme)

    assert (early.recommended_actions, early.findings) != ((), ())
    assert [(action.title, action.reason, action.worth, action.due) for action in early.recommended_actions] == [
        (action.title, action.reason, action.worth, action.due) for action in late.recommended_actions
    ]
    assert [one.text for one in early.findings] == [one.text for one in late.findings]
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
        rule="renew_token", owner="Tabnine admins", due=date(2026, 11, 20), title="Do.", reason="It helps.", figures={}
    )
    assert report_digest(
        report.model_copy(update={"recommended_actions": (*report.recommended_actions, token)})
    ) == report_digest(report)
    assert report_digest(report.model_copy(update={"recommended_actions": ()})) != report_digest(report)
