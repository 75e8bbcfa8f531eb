"""`tabnine-report history`: which months there are, what each revision changed, and who got what and when."""

import sys
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.terminal import tell
from tabnine_report.runs.delivery_history import Delivered, History, SealedRevision, read_history
from tabnine_report.runs.storage import archive_of, ledger_of
from tabnine_report.text.i18n import Language
from tasks.read_profile import open_profile

_WIDE = 1000


def history(*, profile: str, json: Annotated[bool, Parameter(negative=())] = False) -> None:
    """Show the months, their revisions and what they changed, and who got what and when.

    Args:
        profile: The organization's profile: a name in the folder of profiles, or a file.
        json: Print it as JSON, in the shape that docs/operations.md describes.
    """
    settings = open_profile(profile)
    deliveries = ledger_of(settings).deliveries(settings.name)
    found = read_history(archive_of(settings), deliveries, settings.name)
    if json:
        tell(found.model_dump_json(indent=2))
    elif not found.months:
        tell(f"No report of {settings.name} has been made yet.")
    else:
        _print(found, settings.language)


def _print(found: History, language: Language) -> None:
    table = Table(
        "Month", "Revisions", "Channel", "Recipient", "Send", "State", "Revision", "When", box=None, pad_edge=False
    )
    for month in found.months:
        revisions = ", ".join(_named(one) for one in month.revisions)
        for n, row in enumerate(month.deliveries or [None]):
            head = (month.month, revisions or "none") if n == 0 else ("", "")
            cells = ("", "nobody yet", "", "", "", "") if row is None else _cells(row, language)
            table.add_row(*(Text(cell) for cell in (*head, *cells)))
    # Where nobody watches, a row is a line, and an address whole.
    Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE).print(table)
    changed = [(month.month, one) for month in found.months for one in month.revisions if one.changed]
    if changed:
        tell()
    for name, one in changed:
        tell(f"{name} r{one.revision}  {one.changed}")
    for sentence in (one.damage for month in found.months for one in month.revisions if one.damage):
        tell(sentence)


def _named(revision: SealedRevision) -> str:
    """Name a revision, with what there is to say of its bundle in a word."""
    word = "damaged" if revision.damage else "removed" if revision.removed else ""
    return f"r{revision.revision} {word}".strip()


def _cells(row: Delivered, language: Language) -> tuple[str, ...]:
    return row.channel, row.recipient, str(row.send), str(row.state), f"r{row.revision}", language.instant(row.at)
