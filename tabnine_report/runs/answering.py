"""Record an admin's answers to a month's report: to its recommended actions, and with a note."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from tabnine_report.model.answers import ActionAnswer, Answer, Note
from tabnine_report.model.errors import SettingsError
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.note import checked_note, plain_text_problems
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.runs import clock
from tabnine_report.runs.storage import answer_records_of, archive_of
from tabnine_report.text.escaping import escape_markdown
from tabnine_report.text.i18n import Language, wording

NO_ANSWER: Literal["no answer"] = "no answer"
REMOVE_NOTE = "-"
"""What a person enters as the note to remove it."""
MAX_OWNER_LENGTH = 60
MAX_COMMENT_LENGTH = 120


class Reply(BaseModel):
    """Leave this as it is if the report does not recommend it."""

    # Only Prefect's form and server check the lengths. The flow itself reports all problems of the form at once.
    answer: Annotated[
        Literal["no answer", "accepted", "declined", "done"],
        Field(description='What was decided. "no answer" leaves an earlier answer as it is.'),
    ] = NO_ANSWER
    owner: Annotated[
        str,
        Field(
            description="Who carries it out: a person, a team or a role. The next report prints it.",
            json_schema_extra={"maxLength": MAX_OWNER_LENGTH},
        ),
    ] = ""
    comment: Annotated[
        str,
        Field(
            description="A few words, such as the reason for declining. The next report prints them.",
            json_schema_extra={"maxLength": MAX_COMMENT_LENGTH},
        ),
    ] = ""


@dataclass(frozen=True)
class RecordedAnswers:
    """What is recorded about a month's report.

    Attributes:
        report: The newest revision of the report.
        answers: The newest answer to each action that has one.
        note: The note in the ledger; None if there is none.
        needs_rerun: Whether the report does not have the entered note yet, or still has the removed one.
        is_too_late: Whether the next month's report is already built, so that no report shows the answers.
    """

    report: MonthlyReport
    answers: tuple[ActionAnswer, ...]
    note: Note | None
    needs_rerun: bool
    is_too_late: bool


def record_answers(  # noqa: PLR0913 - the fields of the form
    profile: LedgerProfile,
    month: Month,
    replies: Mapping[str, Reply],
    *,
    note: str,
    author: str,
    release: bool,
    by: str,
) -> RecordedAnswers:
    """Check and record the answers to the newest revision of a month's report.

    Args:
        profile: The profile, or its part.
        month: The month of the report.
        replies: The fields of the form, by the rule of the action.
        note: The note as entered: empty leaves it as it is, `-` removes it.
        author: The signature of the note; may be empty.
        release: Whether the report is then released.
        by: Who answered, for the record.

    Raises:
        ArchiveError: If the report cannot be read.
        LedgerError: If the ledger cannot be read or written.
        SettingsError: If there is no report, or the form has problems, with all of them; nothing is recorded then.
    """
    archive, subject = archive_of(profile), f"The answer to {month}"
    revisions = archive.revisions(profile.name, month)
    if not revisions:
        raise SettingsError(subject, [f"there is no report of {month} for {profile.name} yet. Run the month first"])
    report = archive.bundle(profile.name, month, revisions[-1]).report()
    entered = {rule: reply for rule, reply in replies.items() if reply != Reply()}
    problems = list(_problems(report, entered))
    new_note = None
    try:
        new_note = _note(subject, note, author)
    except SettingsError as error:
        problems += [f"the note {problem}" for problem in error.problems]
    needs_rerun = new_note is not None and new_note != (report.note or Note(text=""))
    if release and needs_rerun:
        problems.append(
            "the report was reviewed without this note. Keep the report withheld, rerun the month with the note, "
            "and release the new revision"
        )
    if problems:
        raise SettingsError(subject, problems)
    answers = [
        ActionAnswer(
            rule=rule,
            answer=Answer(reply.answer),
            owner=reply.owner.strip(),
            comment=reply.comment.strip(),
            at=clock.now(),
        )
        for rule, reply in entered.items()
    ]
    records = answer_records_of(profile)
    records.record(str(month), by, answers, new_note)
    return RecordedAnswers(
        report,
        records.answers(str(month)),
        records.note(str(month)),
        needs_rerun=needs_rerun,
        is_too_late=bool(archive.revisions(profile.name, month.back(-1))),
    )


def _note(subject: str, note: str, author: str) -> Note | None:
    """Return the note as entered; None if the field is empty."""
    match note.strip():
        case "":
            return None
        case text if text == REMOVE_NOTE:
            return Note(text="")
        case text:
            return checked_note(subject, text, author.strip())


def _problems(report: MonthlyReport, entered: Mapping[str, Reply]) -> Iterator[str]:
    """Yield what is wrong with the fields of the actions."""
    recommended = [action.rule for action in report.recommended_actions]
    for rule, reply in entered.items():
        name = _name(rule)
        if rule not in recommended:
            others = f"It recommends: {', '.join(map(_name, recommended))}" if recommended else "It recommends nothing"
            yield f"the report does not recommend {name}. {others}"
        if reply.answer == NO_ANSWER:
            yield f"{name} has an owner or a comment, but no answer. Choose one"
        for field, text, length in (
            ("owner", reply.owner, MAX_OWNER_LENGTH),
            ("comment", reply.comment, MAX_COMMENT_LENGTH),
        ):
            yield from (f"the {field} of {name} {problem}" for problem in plain_text_problems(text, length))


def _name(rule: str) -> str:
    return f"“{wording(f'action_decision.{rule}')}”"


def answers_markdown(recorded: RecordedAnswers, language: Language, release_url: str = "") -> str:
    """Return what is recorded about a report, as Markdown with all data escaped.

    Args:
        recorded: What is recorded.
        language: The organization's language.
        release_url: The page of the run that releases the report; empty if none was started.
    """
    translate, report = language.translate, recorded.report
    month = language.month(Month.parse(report.month))
    next_month = language.month(Month.parse(report.month).back(-1))
    lines = [f"## {escape_markdown(translate('answer.title', organization=report.organization.profile, month=month))}"]
    by_rule = {answer.rule: answer for answer in recorded.answers}
    if report.recommended_actions:
        heads = (translate(key) for key in ("report.action", "answer.answer", "workbook.owner", "answer.comment"))
        rows = [_cells(action.rule, by_rule.get(action.rule), language) for action in report.recommended_actions]
        lines.append("\n".join([_row(heads), "| --- | --- | --- | --- |", *map(_row, rows)]))
    if recorded.answers:
        lines.append(translate("answer.too_late" if recorded.is_too_late else "answer.next_report", month=next_month))
    if recorded.note is not None:
        author = f" ({recorded.note.author})" if recorded.note.author else ""
        lines.append(f"**{translate('answer.note')}**{escape_markdown(author)} {escape_markdown(recorded.note.text)}")
    if recorded.needs_rerun:
        lines.append(translate("answer.rerun"))
    if release_url:
        lines.append(f"[{translate('answer.release')}]({release_url})")
    return "\n\n".join(lines) + "\n"


def _cells(rule: str, answer: ActionAnswer | None, language: Language) -> tuple[str, ...]:
    decision = wording(f"action_decision.{rule}")
    if answer is None:
        return decision, language.translate("answer.none"), "", ""
    word, day = language.translate(f"action.{answer.answer}"), language.day_of(answer.at)
    return decision, language.translate("action.on_own_day", answer=word, day=day), answer.owner, answer.comment


def _row(cells: Iterator[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(map(escape_markdown, cells))} |"
