"""The page on usage: figures per user, ratios, and what takes the place of charts."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sample_report import figure, sample_report, series

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.colors import palette
from tabnine_report.render.views.usage import Usage, usage
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
COLORS = palette("#3b4cca")


def page(report: MonthlyReport) -> Usage:
    view = usage(report, LANGUAGE, COLORS)
    assert view is not None
    return view


def with_features(report: MonthlyReport, part: str, **changes: Any) -> MonthlyReport:
    """Return the report with changes of a KPI of each feature."""
    features = tuple(
        feature.model_copy(update={part: getattr(feature, part).model_copy(update=changes)})
        for feature in report.feature_usage.features
    )
    return report.model_copy(update={"feature_usage": report.feature_usage.model_copy(update={"features": features})})


def without_months(report: MonthlyReport) -> MonthlyReport:
    nothing = series("Active users", Unit.PEOPLE, [None] * 13)
    return report.model_copy(update={"adoption": report.adoption.model_copy(update={"active_users": nothing})})


def without_days(report: MonthlyReport) -> MonthlyReport:
    daily = report.adoption.daily.model_copy(update={"points": ()})
    return report.model_copy(update={"adoption": report.adoption.model_copy(update={"daily": daily})})


def test_each_feature_has_its_use_per_user_with_change_and_total() -> None:
    view = page(sample_report())

    assert view.title == "Half of the active users used agents; chat usage fell, and completions grew."
    assert view.intensity_lead == "Users did more with each feature than in the month before"
    assert view.intensity_sub.endswith("October 2026 had 22 working days.")
    assert [(amount.value, amount.label, amount.note) for amount in view.intensity] == [
        ("259.3", "Completions per person", "▲ 10.4 (4.2%); 88,412 accepted completions in total"),
        ("29.4", "Messages per person", "▲ 1.2 (4.2%); 6,702 messages in total"),
        ("62.8", "Agent messages per person", "▲ 2.5 (4.2%); 12,877 messages in total"),
    ]


def test_less_use_and_mixed_changes_have_their_own_words() -> None:
    report = sample_report()
    change = report.feature_usage.features[0].per_user.change
    assert change is not None
    fell = change.model_copy(update={"absolute": figure(-1.5, Unit.PER_USER)})
    first = report.feature_usage.features[0]
    mixed = (
        first.model_copy(update={"per_user": first.per_user.model_copy(update={"change": fell})}),
        *report.feature_usage.features[1:],
    )

    assert page(with_features(report, "per_user", change=fell)).intensity_lead == (
        "Users did less with each feature than in the month before"
    )
    assert (
        page(
            report.model_copy(update={"feature_usage": report.feature_usage.model_copy(update={"features": mixed})})
        ).intensity_lead
        == "Usage per user"
    )
    first_month = page(with_features(report, "per_user", change=None))
    assert first_month.intensity_lead == "Usage per user"
    assert first_month.intensity_sub == "Per user of the feature. October 2026 had 22 working days."


def test_without_a_total_the_change_stands_alone() -> None:
    missing = Figure.unavailable(Unit.MESSAGES, "The API returned no number.")
    view = page(with_features(sample_report(), "volume", figure=missing))

    assert view.intensity[0].note == "▲ 10.4 (4.2%)"


def test_a_feature_without_a_figure_per_user_leaves() -> None:
    missing = Figure.unavailable(Unit.PER_USER, "The API returned no number.")

    assert page(with_features(sample_report(), "per_user", figure=missing)).intensity == ()


def test_known_ratios_state_what_they_measure_and_discontinued_ones_share_a_sentence() -> None:
    known, discontinued = page(sample_report()).factors

    assert known.startswith("Automation factor: 42.6% (▲ 0.7 points")
    assert known.endswith("The share of code characters from completions; it does not measure time saved.")
    assert discontinued == "Discontinued by Tabnine: Productivity factor, Chat consumption rate."


def test_an_unavailable_ratio_is_not_called_discontinued() -> None:
    report = sample_report()
    unknown = Kpi(key="automation", label="Automation factor", figure=Figure.unavailable(Unit.SHARE, "No characters."))
    known = Kpi(key="productivity", label="Productivity factor", figure=figure(0.433, Unit.SHARE), note="A share.")
    factors = report.feature_usage.model_copy(update={"factors": (unknown, known)})

    assert page(report.model_copy(update={"feature_usage": factors})).factors == (
        "Productivity factor: 43.3%. A share.",
    )


def test_with_few_months_figures_take_the_place_of_the_charts() -> None:
    view = page(without_months(sample_report()))

    assert view.charts is None
    assert [(amount.value, amount.label) for amount in view.users] == [
        ("341", "Users of completions"),
        ("228", "Users of chat"),
        ("205", "Users of agent"),
    ]
    assert page(sample_report()).users == ()


def test_a_figure_in_the_place_of_a_chart_states_why_it_is_missing() -> None:
    missing = Figure.unavailable(Unit.PEOPLE, "The API returned no number.")
    view = page(with_features(without_months(sample_report()), "users", figure=missing))

    assert (view.users[0].value, view.users[0].note) == ("unavailable", "The API returned no number.")


def test_without_days_the_features_remain() -> None:
    view = page(without_days(sample_report()))

    assert view.days is None
    assert view.charts is not None
    assert view.weeks == ()


def test_the_page_leaves_without_days_and_features() -> None:
    missing = Figure.unavailable(Unit.PEOPLE, "The API returned no number.")

    assert usage(with_features(without_days(sample_report()), "users", figure=missing), LANGUAGE, COLORS) is None


@pytest.mark.parametrize(("days", "words"), [(1, "had 1 working day."), (22, "had 22 working days.")])
def test_the_working_days_are_counted(days: int, words: str) -> None:
    assert page(sample_report(working_days=days)).intensity_sub.endswith(words)


def test_the_numbers_of_the_charts_are_listed_by_month_and_day() -> None:
    view = page(sample_report())

    assert view.months.labels[:3] == ("Active users", "Users of completions", "Completions")
    assert view.months.rows[0][0] == "2026-10"
    assert len(view.weeks) == 5
    assert view.weekdays[0] == "Mon"
