"""A schedule reports every month in time, and every program that reads cron starts it at the same times."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given, reject
from hypothesis import strategies as st
from prefect.server.schemas.schedules import CronSchedule

from tabnine_report.model.month import Month
from tabnine_report.profile.schedule import check_schedule, default_schedule, month_without_run

ZONES = ["UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kolkata"]
START = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("settle_days", range(29))
def test_the_default_reports_every_month_in_time(zone: str, settle_days: int) -> None:
    schedule = default_schedule(settle_days)
    assert check_schedule(schedule) == schedule
    assert month_without_run(schedule, ZoneInfo(zone), settle_days) is None


def test_the_default_is_seven_o_clock_on_the_2nd_or_when_the_month_is_final() -> None:
    assert [default_schedule(days) for days in (0, 1, 2, 27)] == ["0 7 2 * *", "0 7 2 * *", "0 7 3 * *", "0 7 28 * *"]


@pytest.mark.parametrize(
    "schedule",
    ["none", "0 7 2 * *", "30 6 2-5 * *", "0 7 2,16-17 * *", "0 7 * * MON", "00 07 2 * *", "0 7 2 JAN-DEC *"],
)
def test_a_schedule_is_accepted(schedule: str) -> None:
    assert check_schedule(f"  {schedule.replace(' ', '   ')} ") == schedule


@pytest.mark.parametrize(
    "schedule",
    [
        *("", "monthly", "@monthly", "0 7 2 *", "0 7 2 * * *"),
        *("0 25 2 * *", "0 7 32 * *", "0 7 5-2 * *", "0 7 2 13 *", "0 7 30 2 *", "0 7 2 * MONDAY"),
        *("0 7 L * *", "0 7 LW * *", "0 7 * * 1#1", "0 7 * * 5L", "H 7 2 * *", "0 7 2 * ?", "0 7 \u0662 * *"),
        # Prefect reads these differently.
        *("0 7 */31 * *", "0 7 2/7 * *", "0 7 * * 5-5", "0 7 2 1-12,3-3 *"),
    ],
)
def test_what_is_not_plain_cron_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match='neither "none" nor a cron expression such as "0 7 2'):
        check_schedule(schedule)


def test_a_day_and_a_weekday_are_refused_because_cron_runs_on_either() -> None:
    with pytest.raises(ValueError, match="both a day and a weekday"):
        check_schedule("0 7 2-4 * 1-5")


@pytest.mark.parametrize("schedule", ["* * * * *", "0 * 2-4 * *", "0,30 7 * * *"])
def test_more_than_a_run_a_day_is_refused(schedule: str) -> None:
    with pytest.raises(ValueError, match="more often than once a day"):
        check_schedule(schedule)


@pytest.mark.parametrize(
    ("schedule", "settle_days", "late"),
    [
        ("0 7 1 * *", 1, Month(2027, 1)),
        ("0 7 2 * *", 2, Month(2027, 1)),
        ("0 7 29 * *", 1, Month(2027, 1)),
        ("0 7 31 * *", 1, Month(2027, 1)),
        ("0 7 2 2-12 *", 1, Month(2027, 12)),
        ("0 7 28 * *", 1, None),
        ("0 7 1,2 * *", 1, None),
        ("0 7 * * 1", 1, None),
        ("0 7 31,2 * *", 1, None),
    ],
)
def test_a_month_that_a_schedule_reports_late_is_found(schedule: str, settle_days: int, late: Month | None) -> None:
    assert month_without_run(check_schedule(schedule), ZoneInfo("Europe/Berlin"), settle_days) == late


def test_on_the_1st_it_depends_on_the_time_zone_whether_the_month_has_ended() -> None:
    """A month ends at midnight UTC: 01:00 on the 1st in Berlin, 14:00 on the 1st on Kiritimati."""
    assert month_without_run("0 7 1 * *", ZoneInfo("Europe/Berlin"), 0) is None
    assert month_without_run("0 7 1 * *", ZoneInfo("Pacific/Kiritimati"), 0) == Month(2027, 1)


def fields(low: int, high: int) -> st.SearchStrategy[str]:
    numbers = st.integers(low, high)
    ranges = st.lists(numbers, min_size=2, max_size=2, unique=True).map(lambda pair: f"{min(pair)}-{max(pair)}")
    return st.just("*") | st.lists(numbers.map(str) | ranges, min_size=1, max_size=3).map(",".join)


@given(
    minute=st.integers(0, 59),
    hour=st.integers(0, 23),
    days=st.builds("{} {} *".format, fields(1, 31), fields(1, 12)) | st.builds("* * {}".format, fields(0, 7)),
)
async def test_prefect_starts_a_schedule_at_the_times_that_were_checked(minute: int, hour: int, days: str) -> None:
    try:
        schedule = check_schedule(f"{minute} {hour} {days}")
    except ValueError:
        reject()
    ours = CronSim(schedule, START - timedelta(minutes=1))
    by_prefect = await CronSchedule(cron=schedule, timezone="UTC").get_dates(4, start=START)
    assert [next(ours) for _ in by_prefect] == by_prefect
