"""What fewer people than the minimum group did with a feature is in no channel, and cannot be computed from others."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import product
from typing import cast

import openpyxl
import pytest
from render_text import text_documents
from small_organization import AgentUse, Build, Organization, TeamUse, Usage, change, history, kpi

from tabnine_report.analysis.few_users import features_of, is_of_few
from tabnine_report.analysis.metric_definitions import METRICS, MONTHLY_METRICS, Metric
from tabnine_report.model.figure import Figure, Source, State, Unit
from tabnine_report.model.prior_reports import PriorReports
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.chat.slack_report import report_payload
from tabnine_report.render.prefect_markdown import markdown_summary
from tabnine_report.render.template_environment import language_of
from tabnine_report.render.workbook.workbook import workbook

SOURCE = Source(endpoint="/api/v1/organization/usage", field="chat.interactions")
VOLUME_UNITS = {
    *(Unit.COMPLETIONS, Unit.CHARACTERS, Unit.KEYSTROKES, Unit.LINES),
    *(Unit.INTERACTIONS, Unit.MESSAGES, Unit.TOKENS),
}
FEW_CHAT = {"activeUsers": 3, "interactions": 7919, "usefulChatInteractions": 6007, "lines": 5003}
FEW_AGENT = {"activeUsers": 2, "interactions": 7457, "linesAdded": 65537, "linesAddedAccepted": 64019}
FEW_COMPLETIONS = {"activeUsers": 4, "completions": 7127, "charsCompleted": 92311, "keystrokes": 83177, "lines": 6211}
MANY_COMPLETIONS = {"activeUsers": 30, "completions": 90, "charsCompleted": 900, "keystrokes": 1100}


@pytest.fixture
def acme(acme: Organization) -> Organization:
    """Three chat users, two agent users, and 30 users of completions, in October only."""
    acme.v1.blocks = {
        "2026-09": {"chat": {"activeUsers": 20, "interactions": 400}, "agent": {"activeUsers": 9, "interactions": 90}},
        "2026-10": {
            "productivityFactor": 0.8271,
            "codeCompletions": MANY_COMPLETIONS,
            "chat": FEW_CHAT | {"charsCompleted": 8467, "chatConsumptionRate": 0.7586},
            "agent": FEW_AGENT,
        },
    }
    acme.v1.day_blocks = {day: {"chat": FEW_CHAT} for day in list(acme.v1.days)[:1]}
    acme.with_teams(core=TeamUse(30, (28, 30), agents=2), web=TeamUse(17, (8, 10), agents=0))
    acme.agents = AgentUse(
        cost={"2026-09": 800.0, "2026-10": 6389.25},
        models={"sonnet": 4391.5, "opus": 1997.75},
        users=2,
        teams={"core": (2, 6389.25)},
    )
    return acme


def values(report: MonthlyReport) -> set[float]:
    return {round(figure.value, 6) for _, figure in report.figures() if figure.value is not None}


def texts(report: MonthlyReport) -> Iterator[tuple[str, str]]:
    """Yield every document and message as text."""
    language = language_of(report)
    for name, text in text_documents(report).items():
        yield name, re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)
    yield "slack", json.dumps(report_payload(report, language, ""), ensure_ascii=False)
    yield "prefect", markdown_summary(report, language)
    yield "report.json", report.model_dump_json()
    book = openpyxl.load_workbook(BytesIO(workbook(report, language)))
    yield "workbook", "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def printed_forms(number: float) -> set[str]:
    whole = round(number)
    forms = {f"{number}", f"{number:,.2f}", f"{whole:,}"} | ({str(whole)} if whole >= 1000 else set())
    return forms | ({f"{number / 1000:.1f}K"} if whole >= 10_000 else set())


def assert_hidden(report: MonthlyReport, *numbers: float) -> None:
    found = [
        (name, form)
        for (name, text), number in product(texts(report), numbers)
        for form in printed_forms(number)
        if re.search(rf"(?<![\d.,]){re.escape(form)}(?![\d]|[.,]\d)", text)
    ]
    assert not found


@pytest.mark.parametrize(
    ("counts", "minimum", "volume", "few"),
    [
        ([4], 5, 100, True),
        ([5], 5, 100, False),
        ([9, 4], 5, 100, True),
        ([9, None], 5, 100, False),
        ([0, 9], 5, 100, False),
        ([0], 5, 100, True),  # somebody has used it, although no count has users
        ([0], 5, 0, False),
        ([1], 2, 100, True),
        ([1], 1, 100, False),
        ([None], 5, 100, False),
        ([3], 5, None, False),
    ],
)
def test_a_volume_is_of_few_if_the_smallest_known_number_of_users_is_below_the_minimum(
    counts: list[int | None], minimum: int, volume: int | None, *, few: bool
) -> None:
    def figure(value: int | None, unit: Unit) -> Figure:
        return Figure.unavailable(unit, "Not fetched.") if value is None else Figure.measured(value, unit, SOURCE)

    assert is_of_few((figure(count, Unit.PEOPLE) for count in counts), minimum, figure(volume, Unit.COUNT)) is few


def test_every_volume_belongs_to_a_feature() -> None:
    volumes = [key for key in MONTHLY_METRICS if METRICS[key].unit in VOLUME_UNITS]

    assert [key for key in (*volumes, "agent_spend") if not features_of(key)] == []
    assert features_of("productivity_factor") == ("completions", "chat")
    assert features_of("chat_consumption_rate") == features_of("chat_per_user") == ("chat",)
    assert features_of("adoption_rate") == features_of("agent_users") == ()


def test_a_metric_that_is_computed_from_a_volume_belongs_to_its_feature(monkeypatch: pytest.MonkeyPatch) -> None:
    metric = replace(METRICS["average_daily_active_users"], formula="chat_volume by day, over the working days")
    monkeypatch.setitem(cast("dict[str, Metric]", METRICS), "chat_per_working_day", metric)

    assert features_of("chat_per_working_day") == ("chat",)


def test_volumes_and_cost_of_few_users_are_suppressed_with_the_reason(acme: Organization, build: Build) -> None:
    report = build(acme, targets={"agent_spend_usd": 6000})
    figures = {key: kpi.figure for key, kpi in report.kpis().items()}
    hidden = {key for key, figure in figures.items() if figure.state is State.SUPPRESSED}

    assert {"chat_volume", "chat_per_user", "useful_chat_interactions", "chat_lines"} <= hidden
    assert {"chat_characters", "chat_consumption_rate", "productivity_factor"} <= hidden
    assert {"agent_volume", "agent_per_user", "agent_lines_added", "agent_spend", "agent_tokens"} <= hidden
    assert (figures["chat_users"].value, figures["agent_users"].value, figures["completions"].value) == (3, 2, 90)
    assert figures["chat_volume"].reason == (
        "Fewer than 5 people used chat in October 2026, so its volume is not shown."
    )
    assert figures["agent_spend"].reason == (
        "Fewer than 5 people used agents in October 2026, so neither their volume nor their cost is shown."
    )
    assert not change(kpi(report, "agent_spend")).absolute.known
    assert report.seats.agents is not None
    assert report.seats.agents.title == "Agent spend in October is not shown, because too few people used agents."
    assert report.seats.agents.models == ()
    assert not [finding for finding in report.findings if "agent_spend" in finding.figures]


def test_no_channel_has_what_few_users_did(acme: Organization, build: Build) -> None:
    report = build(acme, targets={"agent_spend_usd": 6000})
    few = (7919, 6007, 5003, 8467, 7457, 65537, 64019, 6389.25, 4391.5, 1997.75, 7919 / 3, 7457 / 2, 6389.25 / 2)

    assert values(report).isdisjoint({round(number, 6) for number in (*few, 0.8271, 6007 / 7919)})
    assert_hidden(report, *few)


@pytest.mark.parametrize("block", [FEW_COMPLETIONS, FEW_COMPLETIONS | {"activeUsers": 0}, {**FEW_COMPLETIONS}])
def test_completions_of_few_users_are_hidden(acme: Organization, build: Build, block: dict[str, int]) -> None:
    acme.v1.blocks["2026-10"]["codeCompletions"] = block | {"automationFactor": 0.526}
    acme.v1.day_blocks = {day: {"codeCompletions": {"completions": 7127}} for day in list(acme.v1.days)[:1]}
    report = build(acme)

    assert {kpi(report, key).figure.state for key in ("completions", "automation_factor")} == {State.SUPPRESSED}
    assert_hidden(report, 7127, 92311, 83177, 6211)
    assert "52.6%" not in " ".join(text for _, text in texts(report))


def test_a_tiny_organization_has_no_volumes(acme: Organization, build: Build) -> None:
    """Without users of a feature, the active users decide: nobody else can have used it."""
    acme.v1.people["2026-10"] = 4
    acme.v1.days = dict.fromkeys(acme.v1.days, 2)
    acme.v1.blocks["2026-10"] = {"chat": {"interactions": 7919}, "codeCompletions": {"completions": 7127}}

    assert_hidden(build(acme), 7919, 7127)


def test_only_the_months_with_few_users_are_hidden(acme: Organization, build: Build) -> None:
    blocks = {month: {"chat": {"activeUsers": 20, "interactions": 400}} for month in acme.v1.people}
    acme.v1.blocks = blocks | {"2026-07": {"chat": FEW_CHAT}}
    report = build(acme)
    missing = {point.period: point.figure.state for point in history(kpi(report, "chat_volume"))}

    assert {period for period, state in missing.items() if state is State.SUPPRESSED} == {"2026-07"}
    assert_hidden(report, 7919, 7919 / 3)


def test_version_2_hides_the_same(acme: Organization, build: Build) -> None:
    acme.v2 = Usage(people=dict(acme.v1.people), days=dict(acme.v1.days))
    acme.v2.blocks["2026-10"] = {
        "chat": {"activeUsers": 3, "messages": 7919, "linesAdded": 5003},
        "agent": {"activeUsers": 2, "messages": 7457},
    }
    acme.v1 = Usage()

    assert_hidden(build(acme), 7919, 5003, 7457)


def test_no_team_reveals_what_few_users_of_the_organization_did(acme: Organization, build: Build) -> None:
    report = build(acme)
    assert report.teams is not None

    spends = [row.agent_spend for row in report.teams.rows if row.agent_spend is not None]
    assert [figure.value for figure in spends if figure.known] in ([], [0])


def test_an_earlier_revision_does_not_reveal_a_hidden_figure(acme: Organization, build: Build) -> None:
    earlier = build(acme, minimum_group=1)
    report = build(acme, prior_reports=PriorReports(earlier_revision=earlier))

    assert kpi(earlier, "agent_spend").figure.value == 6389.25
    assert report.revision_changes is not None
    assert_hidden(report, 6389.25, 7919)


def test_a_minimum_of_one_hides_nothing(acme: Organization, build: Build) -> None:
    figures: dict[str, Figure] = {key: kpi.figure for key, kpi in build(acme, minimum_group=1).kpis().items()}

    assert figures["agent_spend"].value == 6389.25
    assert State.SUPPRESSED not in {figure.state for figure in figures.values()}
