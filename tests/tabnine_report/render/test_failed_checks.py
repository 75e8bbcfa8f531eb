"""A failed cross-check that touches page one is flagged at the top of every document and message."""

from io import BytesIO

import openpyxl
import pytest
from render_text import text_documents
from sample_report import sample_report

from tabnine_report.model.data_quality import CheckResult, CrossCheck, Severity
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.prefect_markdown import markdown_summary
from tabnine_report.render.template_environment import language_of
from tabnine_report.render.workbook.workbook import workbook

FLAG = "CROSS-CHECK FAILED"


def report_with(severity: Severity, *, complete: bool = True, on_page_one: bool = True) -> MonthlyReport:
    report = sample_report(complete=complete)
    check = CrossCheck(
        name="No sudden drop",
        result=CheckResult.DIFFERS,
        sentence="36 to 3.",
        severity=severity,
        on_page_one=on_page_one,
    )
    return report.model_copy(update={"data_quality": report.data_quality.model_copy(update={"checks": (check,)})})


def documents(report: MonthlyReport) -> dict[str, str]:
    language = language_of(report)
    sheet = openpyxl.load_workbook(BytesIO(workbook(report, language))).worksheets[0]
    return {
        **{name: text for name, text in text_documents(report).items() if name != "email.json"},
        "report.xlsx": str(sheet["A4"].value),
        "artifact": markdown_summary(report, language).replace("\\", ""),
    }


@pytest.mark.parametrize(
    ("severity", "on_page_one", "is_flagged"),
    [
        (Severity.NOTE, True, False),
        (Severity.WARNING, True, True),
        (Severity.WARNING, False, False),
        (Severity.HOLD, False, True),
    ],
)
def test_a_failed_check_is_flagged_if_it_puts_page_one_or_the_whole_report_in_doubt(
    severity: Severity, *, on_page_one: bool, is_flagged: bool
) -> None:
    report = report_with(severity, on_page_one=on_page_one)
    flagged = {name for name, text in documents(report).items() if FLAG in text}

    names = {"report.html", "email.html", "email.txt", "slack.json", "report.xlsx", "artifact"}
    assert flagged == (names if is_flagged else set())


def test_the_flag_follows_that_of_missing_figures() -> None:
    texts = documents(report_with(Severity.HOLD, complete=False))

    for name in ("slack.json", "report.xlsx", "artifact"):
        assert f"PARTIAL · {FLAG}" in texts[name]
    assert texts["email.txt"].index("PARTIAL") < texts["email.txt"].index(FLAG)
