"""Tests of the KPIs and the headline on page one, computed by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from small_organization import Build, Organization, Usage, change, history

from tabnine_report.model.figure import State, Unit
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport


def tile(report: MonthlyReport, key: str) -> Kpi:
    return next(one for one in report.page_one_kpis if one.key == key)


def sanitize(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_page_one_kpis_and_their_denominators(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-10"] = {"agent": {"activeUsers": 10}}
    acme.v1.blocks["2026-09"] = {"agent": {"activeUsers": 7}}
    report = build(acme)

    assert [one.key for one in report.page_one_kpis] == [
        "active_users",
        "average_daily_active_users",
        "unused_seats",
        "agent_users",
    ]
    assert [one.figure.value for one in report.page_one_kpis] == [40, 20, 20, 10]
    # 40 of 50 accounts; 20 of 40 people; 60 - 50 and 50 - 40; 10 of 40 people.
    assert [sanitize(one.note) for one in report.page_one_kpis] == [
        "80% of 50 accounts",
        "50% of active users",
        "10 unassigned · at least 10 inactive",
        "25% of active users",
    ]


def test_a_change_has_a_percentage_only_on_a_base_of_twenty_or_more(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-10"] = {"agent": {"activeUsers": 30}}
    acme.v1.blocks["2026-09"] = {"agent": {"activeUsers": 19}}
    report = build(acme)
    people, agents = change(tile(report, "active_users")), change(tile(report, "agent_users"))

    assert (people.since, people.absolute.value, people.relative.value) == ("2026-09", 4, 4 / 36)
    assert agents.absolute.value == 11
    assert agents.relative.state is State.UNAVAILABLE
    assert agents.relative.reason == "The base is under 20, which is too small for a percentage."


def test_a_kpi_note_has_no_percentage_on_a_base_under_twenty(acme: Organization, build: Build) -> None:
    acme.with_accounts(12)
    acme.v1.people["2026-10"] = 9
    acme.v1.days = dict.fromkeys(acme.v1.days, 3)
    report = build(acme)

    assert tile(report, "active_users").note == "of 12 accounts"
    assert tile(report, "average_daily_active_users").note == "of 9 active users"
    assert report.adoption.title == "9 of 12 account holders used Tabnine."


@pytest.mark.parametrize(
    ("september", "words"),
    [
        (36, "4 more people than in September"),
        (40, "As many people as in September"),
        (41, "1 fewer person than in September"),
    ],
)
def test_the_headline_has_active_users_and_unused_seats_and_the_deck_the_change(
    acme: Organization, build: Build, september: int, words: str
) -> None:
    acme.v1.people["2026-09"] = september
    report = build(acme)

    assert report.headline == (
        "40 people used Tabnine in October. At least a third of the seats, 20 of 60, were unused."
    )
    assert report.deck == f"{words}. At least 10 of 50 accounts had no activity."


def test_the_headline_counts_one_person_in_the_singular(acme: Organization, build: Build) -> None:
    acme.v1.people |= {"2026-10": 1, "2026-09": 1}
    acme.v1.days = dict.fromkeys(acme.v1.days, 1)

    assert build(acme).headline.startswith("1 person used Tabnine in October. ")


def test_the_headline_leaves_the_change_out_when_the_month_before_is_unknown(acme: Organization, build: Build) -> None:
    del acme.v1.people["2026-09"]
    report = build(acme)

    assert report.headline == (
        "40 people used Tabnine in October. At least a third of the seats, 20 of 60, were unused."
    )
    assert report.deck.startswith("On a typical working day, 20 people used it. ")
    assert change(tile(report, "active_users")).absolute.state is State.UNAVAILABLE


def test_the_headline_without_active_users_keeps_unassigned_seats(acme: Organization, build: Build) -> None:
    acme.failed["usage-v1"] = 500
    report = build(acme)

    assert report.headline == "The number of active users in October is not available. 10 of 60 seats were unassigned."
    assert tile(report, "unused_seats").note == "10 unassigned · Usage (version 1 of the API) could not be fetched."


def test_the_headline_leaves_the_seats_out_when_they_are_not_known(acme: Organization, build: Build) -> None:
    acme.failed["license"] = 403

    report = build(acme)

    assert report.headline == "40 people used Tabnine in October, 4 more than in September."
    assert report.deck == "80% of 50 account holders used it. At least 10 of 50 accounts had no activity."


def test_the_headline_of_an_open_month_has_no_change(acme: Organization, build: Build) -> None:
    acme.now = datetime(2026, 10, 14, 9, tzinfo=UTC)
    report = build(acme, draft=True)

    assert report.headline == "Draft: 40 people have used Tabnine in October so far."
    people = tile(report, "active_users")
    assert people.figure.state is State.PARTIAL
    assert change(people).absolute.state is State.UNAVAILABLE
    assert tile(report, "unused_seats").figure.state is State.UNAVAILABLE
    assert (report.draft, report.complete) == (True, False)


def test_a_month_that_ends_while_it_is_fetched_is_open(acme: Organization, build: Build) -> None:
    acme.now, acme.late = datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), {"users": timedelta(seconds=2)}
    report = build(acme, draft=True)

    assert tile(report, "active_users").figure.state is State.PARTIAL
    assert report.adoption.daily.points[-1].figure.reason == "The day was still in progress when the data was fetched."


def test_a_draft_of_a_past_month_is_complete(acme: Organization, build: Build) -> None:
    report = build(acme, draft=True)

    assert report.headline.startswith("Draft: 40 people used Tabnine in October. At least ")
    assert report.complete


def test_average_daily_active_users_count_missing_weekdays_as_zero(acme: Organization, build: Build) -> None:
    # 22 weekdays: 21 with 20 people and one left out by the API make 420 / 22 = 19.09.
    del acme.v1.days["2026-10-01"]
    report = build(acme)

    assert report.working_days == 22
    assert tile(report, "average_daily_active_users").figure.value == 19
    daily = {point.period: point.figure.value for point in report.adoption.daily.points}
    assert (daily["2026-10-01"], daily["2026-10-02"], daily["2026-10-03"]) == (0, 20, 0)


def test_a_month_without_days_has_no_daily_average(acme: Organization, build: Build) -> None:
    acme.v1.days = {}
    figure = tile(build(acme), "average_daily_active_users").figure

    assert (figure.value, figure.state) == (None, State.UNAVAILABLE)
    assert figure.reason == "The API returned no daily figures for October 2026."


def test_days_that_add_up_to_less_than_the_month_are_incomplete(acme: Organization, build: Build) -> None:
    acme.v1.days = {"2026-10-29": 20, "2026-10-30": 19}
    report = build(acme)

    assert tile(report, "average_daily_active_users").figure.reason == (
        "Days are missing: the daily active users that the API returned for October 2026 add up to fewer "
        "than its active users for the whole month."
    )
    daily = {point.period: point.figure.value for point in report.adoption.daily.points}
    assert (daily["2026-10-01"], daily["2026-10-29"], daily["2026-10-30"]) == (None, 20, 19)


def test_a_month_that_has_only_just_begun_is_open_and_not_frozen(acme: Organization, build: Build) -> None:
    acme.month, acme.now, acme.v1.days = "2026-11", datetime(2026, 11, 1, 1, tzinfo=UTC), {}
    report = build(acme, draft=True)

    assert tile(report, "active_users").figure.reason == "The month was still in progress when its data was fetched."
    assert report.headline == "Draft: The number of active users in November is not available."


def test_the_daily_average_of_an_open_month_covers_past_days(acme: Organization, build: Build) -> None:
    acme.now = datetime(2026, 10, 14, 9, tzinfo=UTC)
    acme.v1.days = {day: people for day, people in acme.v1.days.items() if day < "2026-10-14"} | {"2026-10-14": 3}
    report = build(acme, draft=True)

    # Nine weekdays from the 1st to the 13th, 20 people each; the 14th has only begun.
    assert tile(report, "average_daily_active_users").figure.value == 20
    assert report.adoption.daily.points[13].figure.state is State.UNAVAILABLE


def test_the_daily_average_has_a_change(acme: Organization, build: Build) -> None:
    for month in Month(2026, 9).last(12):
        acme.v1.days |= {str(day): 16 for day in month.days if day.weekday() < 5}
    compared = tile(build(acme), "average_daily_active_users")

    # 20 after 16 on every working day.
    assert change(compared).absolute.value == 4
    assert [point.figure.value for point in history(compared)] == [16] * 12 + [20]


def test_days_not_fetched_are_not_zero(acme: Organization, build: Build) -> None:
    acme.gaps["usage-v1"] = {"days": tuple(map(str, Month(2026, 9).last(12)))}
    compared = tile(build(acme), "average_daily_active_users")

    assert change(compared).absolute.reason == "The daily figures of September 2026 could not be fetched."
    assert [point.figure.value for point in history(compared)] == [None] * 12 + [20]


def test_more_active_users_than_accounts_are_never_negative(acme: Organization, build: Build) -> None:
    acme.v1.people["2026-10"] = 51
    report = build(acme)
    unused = tile(report, "unused_seats")

    assert unused.figure.value is None
    assert unused.figure.reason == ("More people used Tabnine in the month (51) than had an account at its end (50).")
    assert unused.note.startswith("10 unassigned · ")
    assert report.complete


def test_more_accounts_than_seats_are_never_negative(acme: Organization, build: Build) -> None:
    acme.license["seats"] = 45
    report = build(acme)

    sentence = "The seats are over-assigned by 5: 50 accounts at the end of October, 45 seats as of 2 November 2026."

    assert tile(report, "unused_seats").figure.reason == sentence
    assert tile(report, "unused_seats").note == sentence
    assert report.seats.title == "There are 50 accounts for 45 seats."
    assert report.headline.endswith(" There are 50 accounts for 45 seats.")
    assert report.adoption.funnel[1].drop == "over-assigned by 5"


def test_more_people_than_accounts_have_both_numbers_and_no_share(acme: Organization, build: Build) -> None:
    acme.v1.people["2026-10"] = 55
    report = build(acme)

    assert tile(report, "active_users").note == "more than the 50 accounts at the month's end"
    assert report.adoption.title == "55 people used Tabnine; accounts at the month's end: 50."
    assert report.kpis()["adoption_rate"].figure.reason == (
        "More people used Tabnine in the month (55) than had an account at its end (50)."
    )


def test_days_with_more_people_than_the_month_have_no_share_and_no_negative_rest(
    acme: Organization, build: Build
) -> None:
    acme.v1.days = dict.fromkeys(acme.v1.days, 45)
    report = build(acme)

    assert tile(report, "active_users").figure.state is State.PARTIAL
    assert sanitize(tile(report, "active_users").note) == (
        "at least 90% of 50 accounts · "
        "A single day or feature had more users (45) than the API counts for the month (40)."
    )
    assert tile(report, "active_users").figure.value == 45
    assert report.headline == "At least 45 people used Tabnine in October. 10 of 60 seats were unassigned."
    assert change(tile(report, "active_users")).absolute.state is State.UNAVAILABLE
    assert (
        sanitize(report.adoption.title)
        == "At least 90% of 50 account holders used Tabnine; the count of active users is partial."
    )
    assert report.adoption.funnel[-1].drop == (
        "A single day or feature had more users (45) than the API counts for the month (40)."
    )


def test_a_month_without_people_on_whose_days_there_were_some_is_not_a_month_without_people(
    acme: Organization, build: Build
) -> None:
    acme.v2, acme.v1 = acme.v1, Usage()
    acme.v2.people["2026-10"] = 0

    assert build(acme).headline.startswith("The number of active users in October is not available. ")


def test_a_whole_under_twenty_has_no_share(acme: Organization, build: Build) -> None:
    acme.v1.people["2026-10"], acme.license["seats"] = 15, 19
    acme.with_accounts(19)
    acme.v1.days = dict.fromkeys(acme.v1.days, 5)
    acme.v1.blocks["2026-10"] = {"chat": {"interactions": 10, "usefulChatInteractions": 5}}
    shares = [(path, figure) for path, figure in build(acme).figures() if figure.unit is Unit.SHARE and figure.value]

    # Other months have their shares, and the change of the people is from 36.
    assert [path for path, _ in shares if ".history." not in path and not path.endswith(".relative")] == []
    assert [path for path, figure in shares if figure.source and figure.source.period == "2026-10"] == []


def test_stickiness_of_few_people_has_no_percentage(acme: Organization, build: Build) -> None:
    acme.v1.people["2026-10"] = 15
    acme.v1.days = dict.fromkeys(acme.v1.days, 5)

    assert sanitize(build(acme).adoption.title) == "30% of 50 account holders used Tabnine."


@pytest.mark.parametrize(
    ("completions", "chat", "agents", "title"),
    [
        (30, 12, 0, "30 of 40 active users used completions in October."),
        (1, None, 0, "1 of 40 active users used completions in October."),
        (12, 30, 30, "30 of 40 active users used chat in October."),
        (0, 0, 0, "Nobody used completions, chat or agents in October."),
        (0, None, 0, "Nobody used completions and agents in October; the rest is not known."),
        (None, None, None, "Feature usage in October is not available."),
    ],
)
def test_a_feature_that_nobody_used_is_known(
    acme: Organization, build: Build, *, completions: int | None, chat: int | None, agents: int | None, title: str
) -> None:
    told = {"codeCompletions": completions, "chat": chat, "agent": agents}
    acme.v1.blocks["2026-10"] = {name: {"activeUsers": people} for name, people in told.items() if people is not None}

    assert build(acme).feature_usage.title == title


def test_one_account_is_singular(acme: Organization, build: Build) -> None:
    acme.v1.people["2026-10"], acme.v1.days = 1, {}
    acme.with_accounts(1)

    assert build(acme).adoption.title == "1 of 1 account holder used Tabnine."
