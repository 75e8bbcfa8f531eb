"""The two versions of the usage endpoint in a report: method changes, discontinued figures, frozen months."""

from datetime import UTC, datetime

import pytest
from small_organization import Build, Organization, Usage, change, history, kpi
from vendors_example import VENDORS_EXAMPLE

from tabnine_report.model.figure import State, Unit
from tabnine_report.model.kpi import Kpi

V2_BLOCK = {
    "codeCompletions": {"activeUsers": 20, "completions": 400, "charsCompleted": 3000, "keystrokes": 1000, "lines": 90},
    "chat": {"activeUsers": 30, "messages": 600, "linesAdded": 500},
    "agent": {"activeUsers": 15, "messages": 300, "linesAdded": 9000},
}


@pytest.fixture
def after_the_cutover(acme: Organization) -> Organization:
    """The organization with version 1 until April, version 2 from June, and both in May."""
    people = acme.v1.people
    v2_months = ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]
    acme.v2 = Usage(
        people={month: people[month] for month in v2_months},
        blocks=dict.fromkeys(v2_months, V2_BLOCK),
        days=acme.v1.days,
    )
    acme.v1 = Usage(
        people={month: number for month, number in people.items() if month <= "2026-05"},
        blocks={month: VENDORS_EXAMPLE for month in people if month <= "2026-05"},
    )
    return acme


def test_the_vendors_example_has_its_three_factors(acme: Organization, build: Build) -> None:
    acme.v1.people["2026-10"] = 131
    acme.v1.blocks["2026-10"] = VENDORS_EXAMPLE
    factors = {one.key: round(one.figure.value or 0, 3) for one in build(acme).feature_usage.factors}

    assert factors == {"automation_factor": 0.426, "chat_consumption_rate": 0.556, "productivity_factor": 0.433}


def test_version_2_keeps_the_automation_factor_and_discontinues_the_other_two(
    after_the_cutover: Organization, build: Build
) -> None:
    factors = {one.key: one for one in build(after_the_cutover).feature_usage.factors}

    assert factors["automation_factor"].figure.value == 3000 / 4000
    for key in ("chat_consumption_rate", "productivity_factor"):
        assert (factors[key].figure.value, factors[key].figure.state) == (None, State.DISCONTINUED)
        assert factors[key].change is None


def test_chat_has_a_method_change_from_interactions_to_messages_and_completions_have_none(
    after_the_cutover: Organization, build: Build
) -> None:
    completions, chat, agent = build(after_the_cutover).feature_usage.features

    def breaks(one: Kpi) -> tuple[str, ...]:
        assert one.history is not None
        return one.history.breaks

    assert breaks(chat.volume) == breaks(chat.per_user) == breaks(agent.volume) == ("2026-05",)
    assert breaks(completions.users) == breaks(chat.users) == breaks(agent.users) == ("2026-05",)
    assert breaks(completions.volume) == ()
    units = {point.period: point.figure.unit for point in history(chat.volume)}
    assert (units["2026-04"], units["2026-05"]) == (Unit.INTERACTIONS, Unit.MESSAGES)
    assert (chat.volume.figure.value, chat.per_user.figure.value) == (600, 20)


def test_the_month_of_both_versions_is_partial_and_not_compared(after_the_cutover: Organization, build: Build) -> None:
    after_the_cutover.month, after_the_cutover.now = "2026-06", datetime(2026, 7, 2, 6, tzinfo=UTC)
    report = build(after_the_cutover)
    people = report.page_one_kpis[0]

    assert history(people)[-2].figure.state is State.PARTIAL
    assert change(people).absolute.state is State.UNAVAILABLE
    assert change(people).absolute.reason.startswith("Only complete months are compared.")
    assert "May 2026" in report.feature_usage.break_note


@pytest.fixture
def at_the_cutover(after_the_cutover: Organization) -> Organization:
    """The same with May in version 2 only: nothing is partial, but the method changes."""
    for usage in (after_the_cutover.v1.people, after_the_cutover.v1.blocks):
        del usage["2026-05"]
    after_the_cutover.month, after_the_cutover.now = "2026-05", datetime(2026, 6, 2, 6, tzinfo=UTC)
    assert after_the_cutover.v2 is not None
    after_the_cutover.v2.people |= {"2026-05": 40, "2026-09": 38, "2026-10": 41}
    return after_the_cutover


METHOD_CHANGE = "Method change in May 2026: version 2 of the API counts differently from version 1."


def test_neither_active_users_nor_volumes_are_compared_across_the_method_change(
    at_the_cutover: Organization, build: Build
) -> None:
    report = build(at_the_cutover)
    completions, chat, agent = report.feature_usage.features
    people, working_day, _, agents = report.page_one_kpis

    assert chat.volume.figure.state is people.figure.state is State.MEASURED
    for one in (people, working_day, agents, chat.volume, chat.per_user, chat.users, agent.users, agent.volume):
        assert change(one).absolute.reason == METHOD_CHANGE
        assert change(one).relative.reason == METHOD_CHANGE
        assert one.history is not None
        assert one.history.breaks == ("2026-05",)
    assert report.adoption.active_users.breaks == ("2026-05",)
    assert change(completions.volume).absolute.value == 400 - 7104


def test_page_one_explains_the_method_change(at_the_cutover: Organization, build: Build) -> None:
    # Version 1 counts 32 people in April. Six times as many in May would otherwise be a finding and in the headline.
    assert at_the_cutover.v2 is not None
    at_the_cutover.v2.people["2026-05"] = 192
    at_the_cutover.with_accounts(200)
    at_the_cutover.license["seats"] = 210
    report = build(at_the_cutover)

    assert report.headline == ("192 people used Tabnine in May. At least 8.6% of the seats, 18 of 210, were unused.")
    assert report.month_summary == (
        "May is the first month counted by version 2 of the API, so its usage is not compared with the month before."
    )
    assert not {"active_users_changed", "active_users_record", "stickiness_changed"} & {
        one.rule for one in report.findings
    }


def test_months_of_version_1_do_not_count_for_a_record_of_version_2(at_the_cutover: Organization, build: Build) -> None:
    at_the_cutover.month, at_the_cutover.now = "2026-10", datetime(2026, 11, 2, 6, tzinfo=UTC)
    assert at_the_cutover.v2 is not None
    at_the_cutover.v2.people["2026-10"] = 60

    # The highest of 13 months, but only five earlier months are of version 2, and a record needs six.
    assert [one.rule for one in build(at_the_cutover).findings if one.rule == "active_users_record"] == []
    assert build(at_the_cutover).deck.startswith("22 more people than in September")


def test_in_the_month_of_the_change_each_day_has_its_own_version(after_the_cutover: Organization, build: Build) -> None:
    after_the_cutover.month, after_the_cutover.now = "2026-05", datetime(2026, 6, 2, 6, tzinfo=UTC)
    after_the_cutover.with_accounts(48)
    after_the_cutover.v1.days = {"2026-05-11": 12, "2026-05-12": 5}
    assert after_the_cutover.v2 is not None
    after_the_cutover.v2.days = {"2026-05-12": 9, "2026-05-13": 14}
    report = build(after_the_cutover)
    days = {point.period[-2:]: point.figure for point in report.adoption.daily.points}

    assert [days[day].value for day in ("11", "12", "13", "14")] == [12, 9, 14, 0]
    assert [days[day].state for day in ("11", "12", "13")] == [State.MEASURED, State.PARTIAL, State.MEASURED]
    sources = [days[day].source for day in ("11", "13")]
    assert [source.endpoint[:7] for source in sources if source] == ["/api/v1", "/api/v2"]
    assert report.page_one_kpis[0].figure.state is State.PARTIAL
    # 33 people of version 2 are 68.75 % of 48 accounts; those whom only version 1 counted are missing.
    title = report.adoption.title.replace("\N{NO-BREAK SPACE}", " ")
    assert title == "At least 68.8% of 48 account holders used Tabnine; the count of active users is partial."
    # A partial month by the API's method leaves the report complete. Unused seats would be overstated.
    assert report.complete
    assert report.page_one_kpis[2].figure.state is State.UNAVAILABLE


def test_a_frozen_version_1_is_unavailable_and_not_zero(acme: Organization, build: Build) -> None:
    for usage in (acme.v1.people, acme.v1.days, acme.v1.blocks):
        for period in [name for name in usage if name.startswith("2026-10")]:
            del usage[period]
    report = build(acme)

    assert report.page_one_kpis[0].figure.value is None
    assert "frozen" in report.page_one_kpis[0].figure.reason
    assert [one.rule for one in report.findings] == ["usage_frozen"]
    assert all(point.figure.value is None for point in report.adoption.daily.points)
    assert not report.complete
    assert report.data_quality.summary.startswith("7 of 7 data sources")


def test_an_older_installation_is_complete_without_version_2(acme: Organization, build: Build) -> None:
    report = build(acme)
    line = next(one for one in report.data_quality.data_sources if one.endpoint == "usage-v2")

    assert (line.state, report.complete, report.feature_usage.break_note) == ("not offered", True, "")


def test_a_failure_of_version_2_makes_the_month_partial(acme: Organization, build: Build) -> None:
    acme.failed["usage-v2"] = 500
    report = build(acme)

    assert report.page_one_kpis[0].figure.state is State.PARTIAL
    assert report.headline.startswith("At least 40 people used Tabnine in October")
    assert not report.complete


def test_a_failure_of_version_1_keeps_the_months_of_version_2(after_the_cutover: Organization, build: Build) -> None:
    after_the_cutover.failed["usage-v1"] = 500
    points = history(build(after_the_cutover).page_one_kpis[0])

    assert [point.figure.value for point in points] == [None] * 7 + [33, 32, 33, 34, 36, 40]
    assert points[0].figure.reason == "Usage (version 1 of the API) could not be fetched."


def test_an_absent_block_or_field_is_unavailable_and_the_reason_names_it(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-10"] = {"chat": {"activeUsers": 30}}
    report = build(acme)

    assert kpi(report, "chat_users").figure.value == 30
    assert kpi(report, "chat_volume").figure.reason == "The API returned no chat.interactions for October 2026."
    assert kpi(report, "agent_users").figure.reason == "The API returned no agent.activeUsers for October 2026."
    assert report.complete
