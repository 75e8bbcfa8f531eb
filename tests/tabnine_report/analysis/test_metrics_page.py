"""Tests that docs/metrics.md documents every metric and agrees with the code."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from small_organization import AgentUse, Build, Organization, all_measures

from tabnine_report.analysis.metric_definitions import METRICS, USAGE_FIELDS
from tabnine_report.model.sections import TeamRow
from tabnine_report.text.i18n import Language

PAGE = (Path(__file__).parents[3] / "docs" / "metrics.md").read_text(encoding="utf-8")
SECTIONS = {
    key: re.sub(r"\s+", " ", text)
    for key, text in re.findall(r"^### `(\w+)`(.*?)(?=^##|\Z)", PAGE, flags=re.MULTILINE | re.DOTALL)
}
ENGLISH = Language("en", ZoneInfo("UTC"))


def test_the_page_has_a_section_for_every_metric_and_no_other() -> None:
    assert sorted(SECTIONS) == sorted(METRICS)


def test_the_page_and_the_report_have_the_same_metrics(acme: Organization, build: Build) -> None:
    of_teams = {f"team_{column}" for column in TeamRow.model_fields if column not in ("name", "change")}
    named = {
        "team_people": "team_active_users",
        "team_share": "team_adoption_rate",
        "team_share_before": "team_adoption_rate",
        "team_inactive": "team_inactive_accounts",
        "team_inactive_spend": "team_inactive_account_spend",
        "team_per_user": "team_completions_per_user",
    }
    of_teams = {named.get(key, key) for key in of_teams}
    acme.agents = AgentUse()
    assert {one.key for one in all_measures(build(acme, price=(39, "EUR")))} | of_teams == set(SECTIONS)


@pytest.mark.parametrize("key", METRICS)
def test_a_section_agrees_with_the_code(key: str) -> None:
    metric, section = METRICS[key], SECTIONS[key]

    assert section.startswith(f": {ENGLISH.translate(f'label.{key}')} {ENGLISH.translate(f'definition.{key}')} - Unit:")
    assert f"- Unit: {metric.unit} " in section
    assert [endpoint.path for endpoint in metric.endpoints] == re.findall(
        r"`(/api/[^`]+)`", section.split("- Source: ")[1]
    )
    assert f"- Field: {metric.field} " in section or not metric.field
    assert f"- Formula: {metric.formula} " in section or not metric.formula
    assert re.search(r"- Limits: \w.+\.", section)


@pytest.mark.parametrize("key", [key for key, usage_field in USAGE_FIELDS.items() if usage_field.v2 is None])
def test_a_discontinued_metric_is_documented_as_never_zero(key: str) -> None:
    assert "printed as discontinued, never as 0" in SECTIONS[key]


@pytest.mark.parametrize("key", [key for key, field in USAGE_FIELDS.items() if field.v2 and field.has_method_change])
def test_a_metric_with_a_method_change_documents_the_break(key: str) -> None:
    assert "Never join the two by a line" in SECTIONS[key]
