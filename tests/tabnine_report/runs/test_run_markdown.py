"""The artifact states how a run ended and what to do; figures and addresses only if Prefect may show them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sample_report import sample_report
from upath import UPath

from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.model.errors import TokenRejected
from tabnine_report.runs.release import ReleaseAdvice
from tabnine_report.runs.result import RunOutput, RunResult
from tabnine_report.runs.run_markdown import backfill_markdown, failure_markdown, run_markdown
from tabnine_report.runs.status import RunStatus
from tabnine_report.text.i18n import Language

AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
ENGLISH = Language("en", ZoneInfo("UTC"))
REPORT = sample_report(complete=False)
RECEIPTS = (
    Receipt("email", "cto@acme.example", DeliveryState.SENT, "250 OK", AT, 1),
    Receipt("email", "a|b@acme.example", DeliveryState.REJECTED, "No <such> user", AT, 1),
    Receipt("email", "cfo@acme.example", DeliveryState.REJECTED, "No such user", AT, 1),
)


def archived(*damage: str) -> RunResult:
    return RunResult.of_report(RunStatus.ARCHIVED, RunOutput(REPORT, UPath("reports/r1"), damage=damage))


def test_with_details_the_artifact_has_page_one_each_delivery_and_the_data_quality() -> None:
    lines = run_markdown(archived("A file is missing.").delivered(RECEIPTS), ENGLISH, details=True).splitlines()

    assert lines[0] == r"## acme · 2026\-10 · Partly delivered"
    assert "delivered to only 1 of 3 recipients: email to a\\|b@acme.example: rejected" in lines[2]
    assert any(REPORT.headline in line.replace("\\", "") for line in lines)
    deliveries = lines.index("### Deliveries")
    assert lines[deliveries + 2 : deliveries + 7] == [
        "| Channel | Recipient | State | Detail |",
        "| --- | --- | --- | --- |",
        "| email | cto@acme.example | sent | 250 OK |",
        r"| email | a\|b@acme.example | rejected | No \<such\> user |",
        "| email | cfo@acme.example | rejected | No such user |",
    ]
    quality = lines.index("### Data quality")
    assert lines[quality + 2].replace("\\", "") == f"- {REPORT.data_quality.summary}"
    assert lines[-3:] == ["- A file is missing.", "", "`reports/r1`"]


def test_the_picture_of_page_one_is_a_detail() -> None:
    png = b"\x89PNG"
    assert run_markdown(archived(), ENGLISH, details=True, page_image=png).endswith(
        "### Page one\n\n![Page one](data:image/png;base64,iVBORw==)\n"
    )
    assert "Page one" not in run_markdown(archived(), ENGLISH, details=False, page_image=png)


@pytest.mark.parametrize(
    "result",
    [
        archived().delivered(RECEIPTS),
        archived().withheld(f"Of 412 people, 9 differ. {REPORT.headline}", ReleaseAdvice("Review it.", "run it")),
    ],
)
def test_without_details_the_artifact_has_no_figure_no_headline_and_no_address(result: RunResult) -> None:
    text = run_markdown(result, ENGLISH, details=False).replace("\\", "")

    assert result.status.label in text
    assert "The report is incomplete." in text
    assert "412" not in text
    assert "@" not in text
    assert REPORT.headline not in text
    assert result.summary(ENGLISH, details=False) in text


def test_without_details_the_deliveries_are_counted() -> None:
    text = run_markdown(archived().delivered(RECEIPTS), ENGLISH, details=False)

    assert "only 1 of 3 recipients: email: 2 rejected." in text
    assert (
        "| Channel | State | Recipients |\n| --- | --- | ---: |\n| email | sent | 1 |\n| email | rejected | 2 |" in text
    )


@pytest.mark.parametrize(("complete", "sentence"), [(True, "is complete."), (False, "is incomplete.")])
def test_without_details_the_artifact_states_whether_the_report_is_complete(complete: bool, sentence: str) -> None:  # noqa: FBT001 - a parameter of the test
    result = RunResult.of_report(RunStatus.DRAFT, RunOutput(sample_report(complete=complete), UPath()))
    assert f"- The report {sentence}" in run_markdown(result, ENGLISH, details=False)


def test_the_command_that_releases_a_withheld_report_is_code() -> None:
    result = archived().withheld("It is incomplete.", ReleaseAdvice("Review it.", "tabnine-report run --release"))

    assert "\n\n    tabnine-report run --release\n\n" in run_markdown(result, ENGLISH, details=True)


@pytest.mark.parametrize("details", [True, False])
def test_a_failed_run_states_what_happened_why_and_what_to_do(*, details: bool) -> None:
    error = TokenRejected("The API token was rejected.", endpoint="organization", status=401)
    result = RunResult(RunStatus.FAILED, "acme", "2026-10", error=error)

    *lines, rerun = run_markdown(result, ENGLISH, details=details).split("\n\n")

    assert lines == [
        r"## acme · 2026\-10 · Failed",
        "**What happened**",
        "The run stopped while fetching.",
        "**Why**",
        "The API token was rejected.",
        "**What to do**",
        "Fix the problem, then run the month again.",
    ]
    assert rerun.startswith(
        r"To run the report again, use the month 2026\-10. Recipients who have already received the report"
    )


def test_an_unexpected_error_is_only_named() -> None:
    text = failure_markdown("acme", "2026-10", RuntimeError("https://hooks.example/hush"), ENGLISH)

    assert "RuntimeError" in text
    assert "hush" not in text


def test_a_postponed_run_states_when_it_continues() -> None:
    result = RunResult(RunStatus.POSTPONED, "acme", "2026-10", reason="The run continues at 9:00.")

    assert run_markdown(result, ENGLISH, details=True) == (
        "## acme · 2026\\-10 · Postponed\n\nThere is no report of acme for 2026\\-10 yet. The run continues at 9:00.\n"
    )


def test_the_months_of_a_backfill_are_rows_and_commands_are_code() -> None:
    command = "tabnine-report run --profile acme --month 2026-09 --release"
    withheld = f"It is withheld. Release it:\n\n    {command}"

    text = backfill_markdown("acme", {"2026-08": ("Archived", ""), "2026-09": ("Withheld", withheld)})

    assert text.splitlines()[4:6] == [
        r"| 2026\-08 | Archived |  |",
        rf"| 2026\-09 | Withheld | It is withheld. Release it: `{command}` |",
    ]
    assert "A withheld month has to be released." in text
    assert "What to do" not in backfill_markdown("acme", {"2026-08": ("Archived", "")})
