"""Working days exclude weekends and the public holidays of the profile's country, in every part of the report."""

from datetime import date

from small_organization import Build, Organization, history, kpi

from tabnine_report.analysis.working_days import WorkingDays
from tabnine_report.model.month import Month

DECEMBER = Month(2026, 12)


def test_without_a_country_monday_to_friday_are_working_days() -> None:
    assert len(WorkingDays("").of(DECEMBER)) == 23
    assert date(2026, 12, 25) in WorkingDays("").of(DECEMBER)


def test_public_holidays_of_the_country_are_days_off() -> None:
    assert WorkingDays("DE").holidays(DECEMBER) == (date(2026, 12, 25),)  # The 26th is a Saturday.
    assert len(WorkingDays("DE").of(DECEMBER)) == 22
    assert len(WorkingDays("DE").off(DECEMBER)) == 9


def test_a_subdivision_of_a_country_has_its_own_holidays() -> None:
    epiphany = date(2026, 1, 6)
    assert epiphany in WorkingDays("DE-BY").off(Month(2026, 1))
    assert epiphany not in WorkingDays("DE").off(Month(2026, 1))


def test_a_holiday_on_a_weekend_is_observed_on_another_day() -> None:
    assert WorkingDays("US").holidays(Month(2026, 7)) == (date(2026, 7, 3),)


def test_the_country_determines_the_weekend() -> None:
    assert date(2026, 12, 4) in WorkingDays("EG").off(DECEMBER)  # A Friday.
    assert date(2026, 12, 6) in WorkingDays("EG").of(DECEMBER)  # A Sunday.


def test_working_days_average_chart_and_history_follow_the_country(acme: Organization, build: Build) -> None:
    acme.v1.days |= {str(day): 20 for day in Month(2025, 10).days if day.weekday() < 5}
    acme.v1.days["2025-10-03"] = 0
    without, of_china, of_germany = build(acme), build(acme, country="CN"), build(acme, country="DE")

    assert (without.working_days, of_germany.working_days) == (22, 22)  # 3 October 2026 is a Saturday.
    assert of_china.working_days == 18  # 1, 2 and 5 to 7 October are off; Saturday the 10th is worked.
    assert date(2026, 10, 1) in of_china.adoption.days_off
    assert date(2026, 10, 10) not in of_china.adoption.days_off
    first = [history(kpi(report, "average_daily_active_users"))[0].figure.value for report in (without, of_germany)]
    assert first == [19, 20]  # 22 of 23 days with 20 people are 19.1; without the holiday 20.


def test_the_notes_name_the_public_holidays(acme: Organization, build: Build) -> None:
    assert "The profile names no country" in build(acme).data_quality.notes[-1]
    assert "of Germany; none of them fell on a weekday in October." in build(acme, country="DE").data_quality.notes[-1]
    assert "the public holiday of United States: 12 October 2026." in build(acme, country="US").data_quality.notes[-1]
