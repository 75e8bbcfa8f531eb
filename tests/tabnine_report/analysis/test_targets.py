"""Tests of targets that are met, missed or not known."""

from datetime import date

import pytest
from small_organization import AgentUse, Build, Organization, kpi

from tabnine_report.archive.report_digest import report_digest
from tabnine_report.model.kpi import Target
from tabnine_report.profile.target_settings import TargetSettings

NBSP = "\N{NO-BREAK SPACE}"


def target(build: Build, acme: Organization, key: str, **targets: object) -> Target:
    found = kpi(build(acme, targets=targets), key).target
    assert found is not None
    return found


def test_without_targets_no_kpi_has_one(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse()

    assert [tile.target for tile in build(acme).page_one_kpis] == [None] * 5


@pytest.mark.parametrize(
    ("wanted", "met", "words"),
    # 40 of 50 accounts were used.
    [
        (0.8, True, "target of 80% met"),
        (0.8004, False, "target of 80% just missed"),  # 80% missing a target of 80% would be a riddle
        (0.801, False, "target of 80.1% missed"),
    ],
)
def test_active_users_are_compared_with_the_adoption_target(
    acme: Organization, build: Build, wanted: float, *, met: bool, words: str
) -> None:
    report = build(acme, targets={"adoption_rate": wanted})
    people, adoption = kpi(report, "active_users"), kpi(report, "adoption_rate")

    assert people.target is not None
    assert (people.target.value.value, people.target.met, people.target.words) == (wanted, met, words)
    assert people.note == f"80% of 50 accounts · {words}"
    assert adoption.target == people.target.model_copy(update={"line": None})
    assert adoption.note == f"40 of 50 accounts at the month's end · {words}"
    assert report.adoption.kpis[0] == people


@pytest.mark.parametrize(
    ("most", "met", "words"),
    # 10 of 60 seats are unassigned.
    [
        (10, True, "target met: at most 10 unassigned"),
        (9, False, "target missed: at most 9 unassigned"),
        (0, False, "target missed: at most 0 unassigned"),
    ],
)
def test_unassigned_seats_are_compared_with_their_target(
    acme: Organization, build: Build, most: int, *, met: bool, words: str
) -> None:
    report = build(acme, targets={"unassigned_seats": most})

    for key in ("unused_seats", "unassigned_seats"):
        one = kpi(report, key)
        assert one.target is not None
        assert (one.target.met, one.target.words) == (met, words)
        assert one.note.endswith(words)


@pytest.mark.parametrize("seats", [45, "unlimited"])
def test_a_target_without_comparable_seats_is_neither_met_nor_missed(
    acme: Organization, build: Build, seats: int | str
) -> None:
    acme.license["seats"] = seats  # for 50 accounts
    report = build(acme, targets={"unassigned_seats": 10})

    for key in ("unused_seats", "unassigned_seats"):
        one = kpi(report, key)
        assert one.target is not None
        assert (one.target.met, one.target.words) == (None, "target: at most 10 unassigned")


@pytest.mark.parametrize(
    ("budget", "met", "words"),
    [
        (1250, True, f"80% of the USD{NBSP}1,250 budget"),
        (1000, True, f"100% of the USD{NBSP}1,000 budget"),
        (800, False, f"125% of the USD{NBSP}800 budget"),
        (999.9, False, f"just over the budget of USD{NBSP}1,000"),  # by a hundredth of a percent
        (12.5, False, f"over the budget of USD{NBSP}12.50"),  # no percentage on a base under 20
    ],
)
def test_agent_spend_is_a_share_of_its_budget(
    acme: Organization, build: Build, budget: float, *, met: bool, words: str
) -> None:
    acme.agents = AgentUse()
    got = target(build, acme, "agent_spend", agent_spend_usd=budget)

    assert (got.met, got.words, got.value.currency) == (met, words, "USD")


def test_a_target_precedes_a_reason(acme: Organization, build: Build) -> None:
    acme.with_accounts(30)
    adoption = kpi(build(acme, targets={"adoption_rate": 0.8}), "adoption_rate")

    # 40 people, 30 accounts.
    assert adoption.figure.reason.endswith(".")
    assert adoption.note == f"target 80% · {adoption.figure.reason}"


def test_the_agents_own_table_has_the_target_once(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse()
    report = build(acme, targets={"agent_spend_usd": 1250})

    assert report.seats.agents is not None
    assert report.seats.agents.kpis[0] == report.page_one_kpis[-1]
    assert report.page_one_kpis[-1].note == f"80% of the USD{NBSP}1,250 budget"


def test_the_target_line_follows_the_accounts_of_each_month(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse()
    people = target(build, acme, "active_users", adoption_rate=0.5)
    cost = target(build, acme, "agent_spend", agent_spend_usd=900)
    assert people.line is not None
    assert cost.line is not None

    # Half of 48 accounts in September and of 50 in October.
    assert [point.figure.value for point in people.line.points[-2:]] == [24, 25]
    assert {point.figure.value for point in cost.line.points} == {900}
    del acme.accounts["2026-09"]
    gap = target(build, acme, "active_users", adoption_rate=0.5).line
    assert gap is not None
    assert [point.figure.value for point in gap.points[-2:]] == [None, 25]


def test_a_target_on_a_partial_figure_is_neither_met_nor_missed(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse(cost={"2026-10": None})
    acme.failed["license"] = 500
    del acme.accounts["2026-10"]
    wanted = {"adoption_rate": 0.8, "unassigned_seats": 9, "agent_spend_usd": 800}
    report = build(acme, targets=wanted)

    told = {key: kpi(report, key).target for key in ("active_users", "unassigned_seats", "agent_spend")}
    assert {key: (one.met, one.words) for key, one in told.items() if one is not None} == {
        "active_users": (None, "target 80%"),
        "unassigned_seats": (None, "target: at most 9 unassigned"),
        "agent_spend": (None, f"budget USD{NBSP}800"),
    }


def test_the_report_contains_the_findings_on_targets(acme: Organization, build: Build) -> None:
    acme.agents = AgentUse()
    wanted = {"adoption_rate": 0.8, "unassigned_seats": 9, "agent_spend_usd": 900, "notice_by": date(2026, 11, 30)}
    report = build(acme, targets=wanted)
    found = {one.rule: one.text for one in report.findings}
    decisions = {
        one.rule: tuple(text.replace(NBSP, " ") for text in (one.title, one.reason, f"{one.worth} {one.worth_note}"))
        for one in report.recommended_actions
    }

    # 40 of 50 accounts after 36 of 48 in September; 10 of 60 seats are unassigned, whose target was missed before, too.
    assert found == {
        "adoption_target_changed": (
            "The adoption target is met again. 80.0% of accounts, after 75.0% in September; target 80%."
        )
    }
    assert decisions == {
        "decide_agent_budget": (
            "Raise the agent budget, or limit agents?",
            "Agent spend was USD 1,000 in October; the budget is USD 900.",
            "USD 100 over the budget in October",
        ),
        "decide_renewal": (
            "How many seats to renew on 1 February 2027?",
            ("10 seats are unassigned now. The estimate for the renewal is 4 to 10, if accounts change as before."),
            "4 to 10 seats fewer from renewal (estimate; correct in 3 of 4 past months)",
        ),
        "reassign_inactive_accounts": (
            "Reassign or deactivate inactive accounts?",
            "At least 10 had no activity in October. Ask their holders first.",
            "at least 10 accounts of 50 in all",
        ),
    }


def test_findings_on_current_seats_do_not_change_the_digest(acme: Organization, build: Build) -> None:
    wanted = {"adoption_rate": 0.7, "unassigned_seats": 9, "notice_by": date(2026, 11, 30)}
    assert report_digest(build(acme, targets=wanted)) == report_digest(build(acme))


@pytest.mark.parametrize(
    "wrong",
    [
        {"adoption_rate": 0},
        {"adoption_rate": 1.01},
        {"adoption_rate": 85},
        {"unassigned_seats": -1},
        {"agent_spend_usd": 0},
        {"agent_spend_usd": float("inf")},
        {"notice_by": "soon"},
        {"active_users": 0.8},
    ],
)
def test_an_invalid_target_is_rejected(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TargetSettings.model_validate(wrong)
