"""The table of all months."""

from zoneinfo import ZoneInfo

import pytest
from sample_report import MONTHS, SOURCE, Values, kpi, sample_report, series

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.series import Point, Series
from tabnine_report.render.views.month_table import MonthTable, month_table
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
NONE: Values = [None] * 13
USERS: Values = [245, 250, 255, 265, 271, 288, 300, 288, 301, 312, 309, 322, 340]


def of(*kpis: Kpi, people: Series | None = None) -> MonthlyReport:
    """Build a report that has only these KPIs and active users."""
    report = sample_report(page_one_kpis=(), governance=None)
    adoption = report.adoption.model_copy(
        update={
            "active_users": people or series("Active users", Unit.PEOPLE, USERS),
            "accounts": series("Accounts", Unit.ACCOUNTS, NONE),
            "kpis": kpis,
        }
    )
    usage = report.feature_usage.model_copy(update={"features": (), "factors": ()})
    return report.model_copy(update={"adoption": adoption, "feature_usage": usage})


def table(report: MonthlyReport) -> MonthTable:
    shown = month_table(report, LANGUAGE)
    assert shown is not None
    return shown


def amounts(key: str, unit: Unit, value: float, currency: str = "") -> Kpi:
    """Build a KPI with the same value in each month."""
    amount = Figure(value=value, unit=unit, source=SOURCE, currency=currency)
    points = tuple(Point(period=str(month), figure=amount) for month in MONTHS)
    return Kpi(key=key, label=key, figure=amount, history=Series(label=key, unit=unit, points=points))


def test_only_columns_with_a_value_are_shown_newest_month_first() -> None:
    agents = kpi("agent_users", "Agent users", Unit.PEOPLE, [*NONE[:-2], 3, 5])
    shown = table(of(agents, kpi("chat_users", "Chat users", Unit.PEOPLE, NONE)))

    assert [(group.head, group.span) for group in shown.groups] == [("Active users", 1), ("Agents", 1)]
    assert shown.heads == ("in the month", "users")
    assert [[cell.text for cell in row.cells] for row in shown.rows[:3]] == [["340", "5"], ["322", "3"], ["309", "–"]]
    assert [row.month for row in shown.rows] == [LANGUAGE.month_and_year_short(month) for month in reversed(MONTHS)]


def test_the_months_before_the_first_value_are_left_out() -> None:
    assert len(table(of(people=series("Active users", Unit.PEOPLE, [*NONE[:-4], 1, None, 2, 3]))).rows) == 4


@pytest.mark.parametrize("values", [NONE, [*NONE[:-1], 340]], ids=["no month", "one month"])
def test_there_is_no_table_with_fewer_than_two_months(values: Values) -> None:
    assert month_table(of(people=series("Active users", Unit.PEOPLE, values)), LANGUAGE) is None


def test_a_method_change_is_a_line_below_its_month_which_is_partial() -> None:
    shown = table(of(people=series("Active users", Unit.PEOPLE, USERS, breaks=("2026-05",))))

    assert [row.month for row in shown.rows if row.is_before_change] == ["Apr 2026"]
    assert [row.month for row in shown.rows if row.cells[0].is_partial] == ["May, partial"]
    assert shown.changes == ("2026-05",)
    assert shown.reasons == ("The counting method changed in this month.",)


def test_a_method_change_in_the_first_month_has_no_line() -> None:
    shown = table(of(people=series("Active users", Unit.PEOPLE, USERS, breaks=("2025-10",))))

    assert shown.changes == ()
    assert not any(row.is_before_change for row in shown.rows)


@pytest.mark.parametrize(
    ("shown", "head", "text"),
    [
        (amounts("agent_spend", Unit.MONEY, 1264.36, "USD"), "USD", "1,264"),
        (amounts("agent_spend", Unit.MONEY, 0.4, "USD"), "USD", "<1"),
        (amounts("agent_tokens", Unit.TOKENS, 520_245_767), "million tokens", "520.2"),
        (amounts("agent_tokens", Unit.TOKENS, 1200), "million tokens", "<0.1"),
        (amounts("agent_tokens", Unit.TOKENS, 0), "million tokens", "0.0"),
        (amounts("agent_volume", Unit.INTERACTIONS, 1200), "interactions", "1,200"),
        (amounts("chat_volume", Unit.MESSAGES, 1200), "messages", "1,200"),
        (amounts("automation_factor", Unit.SHARE, 0.4284), "autom. factor", "42.8%"),
    ],
)
def test_the_head_names_the_unit_and_no_value_is_rounded_to_nothing(shown: Kpi, head: str, text: str) -> None:
    found = table(of(shown))

    assert (found.heads[-1], found.rows[0].cells[-1].text) == (head, text)


def test_a_narrow_table_is_not_stretched_over_the_page() -> None:
    shown = table(of())

    assert shown.width < 30
    assert sum(shown.widths) == pytest.approx(100, abs=0.1)


def test_a_wide_table_is_smaller_and_a_wider_one_has_short_numbers() -> None:
    keys = ("accounts", "deactivated", "pending", "average_daily_active_users", "completion_users", "chat_users")
    volumes = ("completions", "chat_volume", "agent_volume")

    def numbers(value: int) -> list[Kpi]:
        people = [amounts(key, Unit.PEOPLE, value // 100) for key in (*keys, "agent_users")]
        return [
            *people,
            *(amounts(key, Unit.MESSAGES, value) for key in volumes),
            amounts("agent_tokens", Unit.TOKENS, 1),
        ]

    usual, many, most = (table(of(*numbers(10**power))) for power in (6, 8, 10))

    assert (usual.is_tight, many.is_tight) == (False, True)
    assert "10,000,000,000" not in [cell.text for cell in most.rows[0].cells]
    assert "10B" in [cell.text for cell in most.rows[0].cells]
