"""The result of a run: its status, and the sentence and exit status that are read from it."""

import pickle
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from prefect.utilities.collections import visit_collection
from sample_report import sample_report
from upath import UPath

from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.model.errors import ArchiveError
from tabnine_report.runs.release import ReleaseAdvice
from tabnine_report.runs.result import DeliveryIncomplete, RunOutput, RunResult, delivery_problem, error_sentence
from tabnine_report.runs.status import RunStatus
from tabnine_report.text.i18n import Language

AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
ENGLISH = Language("en", ZoneInfo("UTC"))
RERUN = "Rerun the month 2026-10 to deliver the rest."
SETTLE = "Unconfirmed deliveries are not resent automatically. Ask the recipients, then settle each delivery."


def archived(revision: int = 1) -> RunResult:
    return RunResult.of_report(RunStatus.ARCHIVED, RunOutput(sample_report(revision=revision), UPath()))


def receipt(state: DeliveryState, *, detail: str = "", revision: int = 1, earlier: bool = False) -> Receipt:
    return Receipt("email", "cto", state, detail, AT, revision, earlier)


@pytest.mark.parametrize(
    ("states", "advice"),
    [
        ([DeliveryState.REJECTED], RERUN),
        ([DeliveryState.FAILED, DeliveryState.SENT], RERUN),
        ([DeliveryState.UNCONFIRMED], SETTLE),
        ([DeliveryState.FAILED, DeliveryState.UNCONFIRMED], f"{RERUN} {SETTLE}"),
    ],
)
def test_a_rerun_is_advised_only_for_deliveries_that_a_rerun_makes(states: list[DeliveryState], advice: str) -> None:
    receipts = tuple(receipt(state, detail="The line broke.") for state in states)
    assert archived().delivered(receipts).summary(ENGLISH).endswith(f" (The line broke). {advice}")


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ([DeliveryState.SENT], RunStatus.SENT),
        ([], RunStatus.NO_CHANNEL),
        ([DeliveryState.SENT, DeliveryState.CLAIMED], RunStatus.IN_PROGRESS_ELSEWHERE),
        ([DeliveryState.CLAIMED, DeliveryState.FAILED], RunStatus.PARTLY_DELIVERED),
        ([DeliveryState.REJECTED, DeliveryState.UNCONFIRMED], RunStatus.PARTLY_DELIVERED),
        ([DeliveryState.UNCONFIRMED], RunStatus.UNCONFIRMED),
    ],
)
def test_the_status_follows_from_the_receipts(states: list[DeliveryState], status: RunStatus) -> None:
    assert archived().delivered(tuple(receipt(state) for state in states)).status is status


def test_a_recipient_of_an_earlier_revision_is_not_reported_as_having_the_current_one() -> None:
    result = archived(revision=3).delivered(
        tuple(receipt(DeliveryState.SENT, revision=revision) for revision in (2, 3))
    )

    assert result.status is RunStatus.SENT
    assert [item.revision for item in result.outdated] == [2]
    assert result.summary(ENGLISH).endswith(
        "2 of 2 recipients have it. One recipient has an earlier revision. Run the month 2026-10 with delivery "
        "revised to send revision 3."
    )


@pytest.mark.parametrize(
    ("earlier", "sentence"),
    [
        ((), "was built and archived. It was not delivered, because the profile configures no channel."),
        ((False,), "was sent: 1 of 1 recipient has it."),
        ((True, False), "was sent: 2 of 2 recipients have it."),
        ((True, True), "for 2026-10. This run sent nothing."),
    ],
)
def test_the_summary_of_a_run_that_sent_nothing_states_this(earlier: tuple[bool, ...], sentence: str) -> None:
    receipts = tuple(receipt(DeliveryState.SENT, earlier=is_earlier) for is_earlier in earlier)
    assert archived().delivered(receipts).summary(ENGLISH).endswith(sentence)


@pytest.mark.parametrize("status", RunStatus)
def test_every_status_has_a_sentence_and_an_exit_status_that_agree(status: RunStatus) -> None:
    result = RunResult(status, "acme", "2026-10", reason="It is incomplete.")

    if status not in {RunStatus.SENT, RunStatus.NOTHING_TO_SEND}:
        assert result.summary(ENGLISH)
    assert status.exit_status == {
        RunStatus.FAILED: 1,
        RunStatus.CRASHED: 1,
        RunStatus.PARTLY_DELIVERED: 3,
        RunStatus.UNCONFIRMED: 3,
        RunStatus.PREVIEW_INCOMPLETE: 3,
        RunStatus.WITHHELD: 3,
        RunStatus.IN_PROGRESS_ELSEWHERE: 3,
        RunStatus.POSTPONED: 3,
    }.get(status, 0)


@pytest.mark.parametrize("status", RunStatus)
def test_a_run_that_did_not_reach_its_recipients_is_red_or_gray_in_prefect(status: RunStatus) -> None:
    """Only a report that another run is still delivering is green with an exit status other than 0."""
    is_green = not status.is_failure and not status.is_waiting
    assert is_green is (status.exit_status == 0 or status is RunStatus.IN_PROGRESS_ELSEWHERE)
    assert not (status.is_failure and status.is_waiting)


def test_the_summary_of_a_withheld_report_ends_with_the_command_that_releases_it() -> None:
    result = archived().withheld("It is incomplete.", ReleaseAdvice("Review it.", "tabnine-report run --release"))

    assert result.summary(ENGLISH) == (
        "The report of acme for 2026-10 was built and archived, and is withheld. It is incomplete. Review it.\n\n"
        "    tabnine-report run --release"
    )


def test_the_summary_of_a_released_report_names_who_released_it() -> None:
    result = archived().delivered((receipt(DeliveryState.SENT, earlier=True),), "Revision 1 was released by Ann.")

    assert result.summary(ENGLISH).endswith("This run sent nothing. Revision 1 was released by Ann.")


def test_an_unexpected_error_is_named_and_not_quoted_because_its_text_may_contain_a_secret() -> None:
    assert error_sentence(ArchiveError("The disk is full."), ENGLISH) == "The disk is full."
    sentence = error_sentence(RuntimeError("https://hooks.example/hush"), ENGLISH)
    assert "RuntimeError" in sentence
    assert "hush" not in sentence


@pytest.mark.parametrize("state", DeliveryState)
def test_a_channel_has_a_problem_if_a_recipient_does_not_have_or_may_not_have_the_message(state: DeliveryState) -> None:
    problem = delivery_problem([receipt(DeliveryState.SENT), receipt(state, detail="Why.")], ENGLISH)

    if state in {DeliveryState.SENT, DeliveryState.CLAIMED}:
        assert problem == ""
    else:
        assert problem == f"The message reached 1 of 2 recipients: email to cto: {state} (Why)."


def test_an_incomplete_delivery_keeps_its_result_across_processes() -> None:
    result = RunResult(RunStatus.UNCONFIRMED, "acme", "2026-10")
    error = pickle.loads(pickle.dumps(DeliveryIncomplete(result, "One delivery is unconfirmed.")))  # noqa: S301 - our own
    assert (str(error), error.result) == ("One delivery is unconfirmed.", result)


@pytest.mark.parametrize("status", [status for status in RunStatus if status.notice])
def test_the_notice_of_every_status_has_a_subject_in_the_catalog(status: RunStatus) -> None:
    assert ENGLISH.translate(f"notice.{status.notice}", organization="ACME", month="October").startswith("ACME: ")


def test_neither_prefect_nor_asyncio_reads_the_values_of_the_report() -> None:
    """Prefect searches the result of a flow for results of tasks, and `asyncio.run` writes it as text."""
    result = archived()
    visited: list[object] = []

    visit_collection(result, visited.append)

    assert result.output in visited
    assert result.report.headline not in visited
    assert result.report.headline not in repr(result)
