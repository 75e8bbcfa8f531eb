"""Write the artifact of a run in Prefect: how it ended, what to do, and, if Prefect may show it, its report."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from tabnine_report.model.errors import ReportingError
from tabnine_report.profile.report_settings import ReportSettings
from tabnine_report.render.prefect_markdown import markdown_summary
from tabnine_report.runs.result import RunResult, error_sentence
from tabnine_report.runs.status import RunStatus
from tabnine_report.text.escaping import escape_markdown
from tabnine_report.text.i18n import Language

_LANGUAGE = Language(ReportSettings().locale, ZoneInfo("UTC"))
"""The language where no profile decides it: the formats of the default locale."""


def run_markdown(result: RunResult, language: Language, *, details: bool, page_image: bytes = b"") -> str:
    """Return how a run ended, as Markdown with all data escaped.

    Args:
        result: The result of the run.
        language: The organization's language.
        details: Whether to show figures, headlines and addresses.
        page_image: Page one of the report as a PNG, which is shown with the details; empty for none.
    """
    if result.error is not None:
        return failure_markdown(result.organization, result.month, result.error, language)
    lines = list(_run_lines(result, language, details=details))
    if details and page_image:
        title = language.translate("artifact.page_one")
        # Prefect's UI shows a picture in the text; one in an artifact of its own is followed by its address.
        lines += [f"### {title}", f"![{title}](data:image/png;base64,{b64encode(page_image).decode()})"]
    return _document(lines)


def failure_markdown(organization: str, month: str, error: BaseException, language: Language = _LANGUAGE) -> str:
    """Return what happened to a run that an error ended, and what to do, as Markdown with all data escaped."""
    step = error.step if isinstance(error, ReportingError) else ReportingError.step
    advice = (language.translate("notice.advice_failed"), language.translate("notice.rerun", month=month))
    what = language.translate("notice.step", step=step)
    return _failure(_title(organization, month, RunStatus.FAILED), what, error, advice, language)


def flow_failure_markdown(title: str, what: str, advice: str, error: BaseException) -> str:
    """Return the same for a run of another flow than the monthly report.

    Args:
        title: The run's name and status.
        what: What failed, as a key of the catalog's table `[failed_flow]`.
        advice: What to do, as a key of the same table.
        error: The error.
    """
    what, advice = (_LANGUAGE.translate(f"failed_flow.{key}") for key in (what, advice))
    return _failure(title, what, error, (advice,), _LANGUAGE)


def backfill_markdown(run_name: str, results: Mapping[str, tuple[str, str]]) -> str:
    """Return how the months of a backfill ended, and what to do, as Markdown with all data escaped.

    Args:
        run_name: The run's name.
        results: By month: how it ended, in one word, and why it is not done, which is empty if it is.
    """
    rows = ["| Month | Result | Reason |", "| --- | --- | --- |"]
    for month, (state, reason) in results.items():
        rows.append(f"| {' | '.join((*map(escape_markdown, (month, state)), _cell(reason)))} |")
    paragraphs = [f"## {escape_markdown(run_name)}", "\n".join(rows)]
    if any(reason for _, reason in results.values()):
        paragraphs += [f"**{_LANGUAGE.translate('notice.to_do')}**", _LANGUAGE.translate("failed_flow.months")]
    return _document(paragraphs)


def _failure(title: str, what: str, error: BaseException, advice: Iterable[str], language: Language) -> str:
    return _document(
        [
            f"## {escape_markdown(title)}",
            f"**{language.translate('notice.what')}**",
            escape_markdown(what),
            f"**{language.translate('notice.why')}**",
            *_sentences(error_sentence(error, language)),
            f"**{language.translate('notice.to_do')}**",
            *map(escape_markdown, advice),
        ]
    )


def _run_lines(result: RunResult, language: Language, *, details: bool) -> Iterator[str]:
    yield f"## {escape_markdown(_title(result.organization, result.month, result.status))}"
    yield from _sentences(result.summary(language, details=details))
    if result.output is None:
        return
    if details:
        yield markdown_summary(result.report, language)
    if result.receipts:
        yield f"### {language.translate('notice.deliveries')}"
        yield "\n".join(_deliveries(result, language) if details else _counts(result, language))
    yield f"### {language.translate('report.data_quality')}"
    yield "\n".join(f"- {escape_markdown(sentence)}" for sentence in _data_quality(result, language, details=details))
    yield f"`{result.folder}`"


def _title(organization: str, month: str, status: RunStatus) -> str:
    return f"{organization} · {month} · {status.label}"


def _document(paragraphs: Iterable[str]) -> str:
    return "\n\n".join(paragraphs) + "\n"


def _sentences(text: str) -> Iterator[str]:
    """Yield the lines of a text; a command, which is indented, becomes code."""
    for line in filter(None, text.splitlines()):
        yield f"    {line.strip()}" if line.startswith("    ") else escape_markdown(line)


def _cell(text: str) -> str:
    """Return a text on one line; a command, which is indented, becomes code."""
    lines = (f"`{line.strip()}`" if line.startswith("    ") else line for line in _sentences(text))
    return " ".join(lines)


def _deliveries(result: RunResult, language: Language) -> Iterator[str]:
    """Yield a table with one row for each recipient."""
    yield _row("channel", "recipient", "state", "detail", language=language)
    yield "| --- | --- | --- | --- |"
    for receipt in result.receipts:
        state = language.translate(f"notice.state_{receipt.state}")
        yield f"| {' | '.join(map(escape_markdown, (receipt.channel, receipt.recipient, state, receipt.detail)))} |"


def _counts(result: RunResult, language: Language) -> Iterator[str]:
    """Yield a table with the number of recipients in each state."""
    yield _row("channel", "state", "recipients", language=language)
    yield "| --- | --- | ---: |"
    for (channel, state), number in Counter((receipt.channel, receipt.state) for receipt in result.receipts).items():
        cells = (channel, language.translate(f"notice.state_{state}"), language.count(number))
        yield f"| {' | '.join(map(escape_markdown, cells))} |"


def _row(*keys: str, language: Language) -> str:
    return f"| {' | '.join(language.translate(f'artifact.{key}') for key in keys)} |"


def _data_quality(result: RunResult, language: Language, *, details: bool) -> Iterator[str]:
    """Yield what is missing from the report or in doubt; without details, only that."""
    report, quality = result.report, result.report.data_quality
    if details:
        yield quality.summary
        yield from (check.sentence for check in quality.failed_checks)
        yield from (f"{source.path}: {source.reason}" for source in quality.incomplete_sources)
        yield from quality.notes
    else:
        yield language.translate("artifact.complete" if report.complete else "artifact.incomplete")
        number = len(quality.failed_checks)
        if number:
            yield language.translate("artifact.checks_failed", number, number=language.count(number))
    yield from result.damage
