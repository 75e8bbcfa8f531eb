"""The model of the report: its version, its figures, immutability, and its JSON Schema."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from tabnine_report.model.data_quality import DataQuality
from tabnine_report.model.figure import Figure, Source, Unit
from tabnine_report.model.findings import Finding
from tabnine_report.model.kpi import Change, Kpi
from tabnine_report.model.report import MODEL_VERSION, MonthlyReport, Organization, json_schema
from tabnine_report.model.sections import Adoption, FeatureUsage, FunnelStep, Seats, TeamRow, Teams
from tabnine_report.model.series import Point, Series

SOURCE = Source(endpoint="/api/v1/license")


def figure(value: int) -> Figure:
    return Figure.measured(value, Unit.PEOPLE, SOURCE)


@pytest.fixture
def report() -> MonthlyReport:
    series = Series(label="Active users", unit=Unit.PEOPLE, points=(Point(period="2026-10", figure=figure(7)),))
    return MonthlyReport(
        program_version="0",
        organization=Organization(id="1", name="<ACME>", profile="acme"),
        title="Usage",
        month="2026-10",
        month_label="October 2026",
        compared_with="2026-09",
        locale="en",
        time_zone="UTC",
        accent="#3b4cca",
        revision=1,
        draft=False,
        complete=True,
        working_days=22,
        data_as_of=datetime(2026, 11, 2, tzinfo=UTC),
        headline="7 people.",
        page_one_kpis=(
            Kpi(
                key="active_users",
                label="Active users",
                figure=figure(1),
                change=Change(since="2026-09", absolute=figure(2), relative=figure(3)),
                history=series,
            ),
        ),
        findings=(Finding(rule="rule", claim="It rose.", evidence="4 people.", figures={"active_users": figure(4)}),),
        adoption=Adoption(
            title="",
            funnel=(FunnelStep(label="Seats", figure=figure(5), share=figure(6)),),
            active_users=series,
            accounts=series,
            daily=series,
            days_off=(),
            kpis=(),
        ),
        feature_usage=FeatureUsage(title="", features=(), factors=()),
        teams=Teams(title="", rows=()),
        seats=Seats(title="", kpis=(), license=(), accounts=()),
        data_quality=DataQuality(summary="", data_sources=(), checks=(), definitions=()),
    )


def test_figures_are_in_the_order_of_the_model_with_their_paths(report: MonthlyReport) -> None:
    assert [(path, found.value) for path, found in report.figures()] == [
        ("page_one_kpis.0.figure", 1),
        ("page_one_kpis.0.change.absolute", 2),
        ("page_one_kpis.0.change.relative", 3),
        ("page_one_kpis.0.history.points.0.figure", 7),
        ("findings.0.figures.active_users", 4),
        ("adoption.funnel.0.figure", 5),
        ("adoption.funnel.0.share", 6),
        ("adoption.active_users.points.0.figure", 7),
        ("adoption.accounts.points.0.figure", 7),
        ("adoption.daily.points.0.figure", 7),
    ]


def test_a_report_survives_json(report: MonthlyReport) -> None:
    assert MonthlyReport.model_validate_json(report.model_dump_json()) == report


def test_a_report_has_the_version_of_the_model(report: MonthlyReport) -> None:
    assert report.model_version == MODEL_VERSION == report.model_dump()["model_version"]


def test_an_unknown_field_and_a_naive_instant_are_errors(report: MonthlyReport) -> None:
    document = report.model_dump()

    with pytest.raises(ValidationError, match="extra"):
        MonthlyReport.model_validate(document | {"surprise": 1})
    with pytest.raises(ValidationError, match="timezone"):
        MonthlyReport.model_validate(document | {"data_as_of": "2026-11-02T06:00:00"})


def test_a_report_cannot_be_changed(report: MonthlyReport) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        report.headline = "Another."  # type: ignore[misc]


def test_the_schema_has_every_field_of_a_report(report: MonthlyReport) -> None:
    schema = json_schema()

    assert sorted(_unknown(report.model_dump(mode="json"), schema, schema)) == []


def _unknown(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> Iterator[str]:
    """Yield the fields of a document that its schema does not have."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    if isinstance(value, list):
        for part in value:
            yield from _unknown(part, schema.get("items", {}), root)
    elif isinstance(value, dict) and "anyOf" in schema:
        yield from _unknown(value, next(one for one in schema["anyOf"] if "$ref" in one), root)
    elif isinstance(value, dict):
        for name, part in value.items():
            named = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if not named:
                yield name
            else:
                yield from _unknown(part, named, root)


@pytest.mark.parametrize("part", [TeamRow, Figure, Series])
def test_the_parts_that_are_not_searched_for_kpis_have_none(part: type[BaseModel]) -> None:
    definitions = part.model_json_schema()["$defs"]

    assert Kpi.__name__ not in definitions
    assert MonthlyReport.model_json_schema()["$defs"].keys() >= {Kpi.__name__, part.__name__}
