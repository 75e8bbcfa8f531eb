"""The users of each feature beside all active users: which chart is large, labels, missing and partial months."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sample_report import BREAK, MONTHS, PEOPLE, figure, sample_report, series
from svg_reader import Drawing

from tabnine_report.model.figure import Figure, State, Unit
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.colors import palette
from tabnine_report.render.views.feature_users import FeatureCharts, feature_charts
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
COLORS = palette("#3b4cca")
USERS: dict[str, list[int | None]] = {
    "completions": [200 + 10 * at for at in range(13)],
    "chat": [190 + 10 * at for at in range(13)],
    "agent": [None, None, 5, 10, 20, 30, 40, 50, 60, 80, 100, 130, 170],
}


def report(people: list[int | None] = PEOPLE, **users: Any) -> MonthlyReport:
    sample = sample_report()
    features = []
    for feature in sample.feature_usage.features:
        values = users.get(feature.key, USERS[feature.key])
        history = series(feature.users.label, Unit.PEOPLE, values)
        kpi = feature.users.model_copy(
            update={"figure": history.points[-1].figure, "history": history, "note": "50.0% of active users"}
        )
        features.append(feature.model_copy(update={"users": kpi}))
    return sample.model_copy(
        update={
            "adoption": sample.adoption.model_copy(
                update={"active_users": series("Active users", Unit.PEOPLE, people, breaks=(BREAK,))}
            ),
            "feature_usage": sample.feature_usage.model_copy(update={"features": tuple(features)}),
        }
    )


def shown(sample: MonthlyReport) -> FeatureCharts:
    view = feature_charts(sample, LANGUAGE, COLORS)
    assert view is not None
    return view


def drawing(chart: object) -> Drawing:
    assert chart is not None
    return Drawing(str(chart))


def test_agents_are_large_and_the_others_beside_them_at_the_same_scale() -> None:
    view = shown(report())
    large = drawing(view.large.chart)

    assert view.large.lead == "Users of agent: 170"
    assert view.large.sub == "50.0% of active users. The line is all active users."
    assert {"170", "130", "412", "All active users: 301", "Method change in May 2026", "Oct 2025", "Jan 2026"} <= {
        *large.texts
    }
    assert "5" not in large.texts
    assert [feature.lead for feature in view.small] == ["Users of chat: 310", "Users of completions: 320"]
    assert {feature.sub for feature in view.small} == {"50.0% of active users. Same scale."}
    assert drawing(view.small[0].chart).texts[-3:] == ["Oct 2025", "Oct 2026", "310 of 412"]
    heights = [
        drawing(chart).rects(fill=COLORS.accent)[0][3] / (drawing(chart).size[1] - 25)
        for chart in (view.large.chart, view.small[0].chart, view.small[1].chart)
    ]
    assert heights == pytest.approx([170 / 412, 310 / 412, 320 / 412], abs=0.001)


@pytest.mark.parametrize("agents", [[None] * 13, [0] * 13], ids=["not reported", "not used"])
def test_without_agents_chat_is_large_and_agents_have_no_chart(agents: list[int | None]) -> None:
    view = shown(report(agent=agents))

    assert view.large.lead == "Users of chat: 310"
    assert [feature.lead.split(":")[0] for feature in view.small] == ["Users of completions", "Users of agent"]
    assert view.small[1].chart is None


def test_a_feature_without_a_number_states_why() -> None:
    view = shown(report(agent=[None] * 13))

    assert view.small[1].lead == "Users of agent: unavailable"
    assert view.small[1].sub == "Tabnine did not count this before version 5.9."


def test_columns_just_below_the_line_are_not_labeled() -> None:
    view = shown(report(agent=[None] * 13, chat=[number and number - 3 for number in PEOPLE]))
    texts = drawing(view.large.chart).texts

    assert "409 of 412" in texts
    assert "409" not in texts


def test_a_suppressed_month_leaves_a_gap() -> None:
    sample = report()
    agent = sample.feature_usage.features[2]
    assert agent.users.history is not None
    hidden = Figure(value=None, unit=Unit.PEOPLE, state=State.SUPPRESSED, reason="Too few people.")
    points = (*agent.users.history.points[:-1], agent.users.history.points[-1].model_copy(update={"figure": hidden}))
    people = agent.users.model_copy(
        update={"figure": hidden, "history": agent.users.history.model_copy(update={"points": points})}
    )
    features = (*sample.feature_usage.features[:2], agent.model_copy(update={"users": people}))
    view = shown(
        sample.model_copy(update={"feature_usage": sample.feature_usage.model_copy(update={"features": features})})
    )

    assert view.large.lead == "Users of agent: not shown: too few people"
    assert view.large.sub.startswith("Too few people. The line is all active users.")
    assert drawing(view.large.chart).rects(fill=COLORS.accent) == []
    assert "412" in drawing(view.large.chart).texts


def test_partial_months_are_hollow_and_explained() -> None:
    sample = report()
    agent = sample.feature_usage.features[2]
    history = series("Users of agent", Unit.PEOPLE, USERS["agent"], breaks=("2026-10",))
    people = agent.users.model_copy(update={"figure": history.points[-1].figure, "history": history})
    features = (*sample.feature_usage.features[:2], agent.model_copy(update={"users": people}))
    view = shown(
        sample.model_copy(update={"feature_usage": sample.feature_usage.model_copy(update={"features": features})})
    )

    assert view.large.lead == "Users of agent: 170 (partial)"
    assert view.large.sub.endswith("Hollow: partial.")
    assert len(drawing(view.large.chart).rects(fill="none", stroke=COLORS.axis)) == 1


def test_without_this_months_active_users_the_end_of_the_line_has_no_number() -> None:
    view = shown(report(people=[*PEOPLE[:-1], None]))

    assert "310 of 412" not in drawing(view.small[0].chart).texts


@pytest.mark.parametrize("months", [0, 1, 2])
def test_with_fewer_than_three_months_there_are_no_charts(months: int) -> None:
    few = [None] * (len(MONTHS) - months) + [300] * months

    assert feature_charts(report(people=few), LANGUAGE, COLORS) is None


def test_if_no_feature_was_used_there_are_no_charts() -> None:
    unused = [None] * 13

    assert feature_charts(report(agent=unused, chat=unused, completions=unused), LANGUAGE, COLORS) is None


def test_a_feature_without_a_history_has_no_chart() -> None:
    sample = report()
    agent = sample.feature_usage.features[2]
    people = agent.users.model_copy(update={"history": None, "figure": figure(12, Unit.PEOPLE), "note": ""})
    features = (*sample.feature_usage.features[:2], agent.model_copy(update={"users": people}))
    view = shown(
        sample.model_copy(update={"feature_usage": sample.feature_usage.model_copy(update={"features": features})})
    )

    assert (view.small[1].lead, view.small[1].sub, view.small[1].chart) == ("Users of agent: 12", "", None)
