"""Answers are checked against the sealed report, and recorded all at once or not at all."""

import json
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from profile_file import write_profile
from sample_report import sample_report

from tabnine_report.archive import Archive
from tabnine_report.model.answers import Answer, Note
from tabnine_report.model.errors import SettingsError
from tabnine_report.model.month import Month
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.runs.answering import RecordedAnswers, Reply, answers_markdown, record_answers
from tabnine_report.runs.storage import answer_records_of
from tabnine_report.text.i18n import Language
from tasks.read_profile import open_ledger_profile

OCTOBER = Month(2026, 10)
LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
RULE = "reassign_inactive_accounts"


@pytest.fixture
def profile(tmp_path: Path) -> LedgerProfile:
    return open_ledger_profile(write_profile(tmp_path))


def seal(profile: LedgerProfile, **changes: object) -> None:
    report = sample_report(**changes)
    document = json.dumps(report.model_dump(mode="json")).encode()
    Archive(profile.archive.location).seal("acme", Month.parse(report.month), 1, {"report.json": document}, {}, {})


def record(
    profile: LedgerProfile,
    replies: Mapping[str, Reply] | None = None,
    *,
    note: str = "",
    author: str = "",
    release: bool = False,
) -> RecordedAnswers:
    return record_answers(profile, OCTOBER, replies or {}, note=note, author=author, release=release, by="J. B.")


def test_an_answer_is_recorded_with_its_texts_trimmed(profile: LedgerProfile) -> None:
    seal(profile)
    recorded = record(profile, {RULE: Reply(answer="done", owner=" IT desk ", comment=" Ask first ")})

    (answer,) = recorded.answers
    assert (answer.rule, answer.answer, answer.owner, answer.comment) == (RULE, Answer.DONE, "IT desk", "Ask first")
    assert not recorded.needs_rerun
    assert not recorded.is_too_late


def test_every_problem_is_reported_and_nothing_is_recorded(profile: LedgerProfile) -> None:
    seal(profile)
    with pytest.raises(SettingsError) as error:
        record(
            profile,
            {
                RULE: Reply(answer="done", owner="x" * 61),
                "renew_token": Reply(answer="done"),
                "assign_teams": Reply(comment="See https://x.example"),
            },
            note="x" * 401,
        )

    recommended = "It recommends: “decide how many seats to renew”, “reassign or deactivate inactive accounts”"
    assert [problem.partition(";")[0] for problem in error.value.problems] == [
        "the owner of “reassign or deactivate inactive accounts” has 61 characters",
        f"the report does not recommend “create a new API token”. {recommended}",
        f"the report does not recommend “assign every account to a team”. {recommended}",
        "“assign every account to a team” has an owner or a comment, but no answer. Choose one",
        "the comment of “assign every account to a team” contains a link",
        "the note has 401 characters",
    ]
    assert answer_records_of(profile).answers("2026-10") == ()


def test_a_report_without_actions_cannot_be_answered_but_noted(profile: LedgerProfile) -> None:
    seal(profile, recommended_actions=())
    with pytest.raises(SettingsError, match="It recommends nothing"):
        record(profile, {RULE: Reply(answer="done")})

    recorded = record(profile, note="Oslo joined.")

    assert recorded.needs_rerun
    assert "| Action |" not in answers_markdown(recorded, LANGUAGE)
    assert "Oslo joined" in answers_markdown(recorded, LANGUAGE)


@pytest.mark.parametrize(
    ("sealed", "entered", "differs"),
    [
        (None, "", False),
        (None, "-", False),
        (None, "Oslo joined.", True),
        (Note(text="Oslo joined.", author="J. B."), "Oslo joined.", False),
        (Note(text="Oslo joined."), "-", True),
    ],
)
def test_a_note_that_the_report_does_not_have_needs_a_rerun_and_forbids_the_release(
    profile: LedgerProfile, sealed: Note | None, entered: str, *, differs: bool
) -> None:
    seal(profile, note=sealed)
    if differs:
        with pytest.raises(SettingsError, match="was reviewed without this note"):
            record(profile, note=entered, author="J. B.", release=True)
    else:
        record(profile, note=entered, author="J. B.", release=True)

    recorded = record(profile, note=entered, author="J. B.")

    assert recorded.needs_rerun is differs
    assert ("Rerun the month" in answers_markdown(recorded, LANGUAGE)) is differs


def test_markup_in_an_answer_has_no_effect(profile: LedgerProfile) -> None:
    seal(profile)
    recorded = record(profile, {RULE: Reply(answer="done", owner="a|b [c]")}, note="Oslo | joined", author="[J](B)")

    text = answers_markdown(recorded, LANGUAGE, "http://127.0.0.1/runs/1")

    assert "| a\\|b \\[c\\] |" in text
    assert "\\(\\[J\\]\\(B\\)\\) Oslo \\| joined" in text
    assert text.endswith("[The run that releases the report](http://127.0.0.1/runs/1)\n")
