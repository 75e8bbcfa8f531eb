"""Prior reports survive writing and reading."""

import json
from datetime import UTC, datetime

import pytest
from sample_report import sample_report

from tabnine_report.model.answers import ActionAnswer, Answer
from tabnine_report.model.figure import Figure, Source, Unit
from tabnine_report.model.prior_reports import NO_PRIOR_REPORTS, PriorReports, SealedMonth, UnreadableReport

SEATS = Figure.measured(520, Unit.SEATS, Source(endpoint="/api/v1/license", field="license.seats", period="now"))


def test_prior_reports_survive_writing_and_reading() -> None:
    prior_reports = PriorReports(
        previous_month=sample_report(),
        earlier_revision=sample_report(),
        months=(SealedMonth(month="2026-08", revision=2, figures={"seats": SEATS}),),
        unreadable_reports=(UnreadableReport(month="2026-07", revision=1),),
        answers=(
            ActionAnswer(
                rule="assign_teams",
                answer=Answer.DECLINED,
                comment="Contractors",
                at=datetime(2026, 10, 13, 9, 30, tzinfo=UTC),
            ),
        ),
    )

    assert "inputs/answers.json" in prior_reports.files()
    assert PriorReports.read(prior_reports.files()) == prior_reports


def test_the_first_report_has_one_file_without_months() -> None:
    assert {name: json.loads(content) for name, content in NO_PRIOR_REPORTS.files().items()} == {
        "inputs/months.json": {"months": [], "unreadable_reports": []}
    }
    assert PriorReports.read(NO_PRIOR_REPORTS.files()) == NO_PRIOR_REPORTS


def test_a_file_of_another_shape_is_an_error() -> None:
    with pytest.raises(ValueError, match="months"):
        PriorReports.read({"inputs/months.json": b'{"months": [{"month": 7}], "unreadable_reports": []}'})
