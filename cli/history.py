"""`tabnine-report history`: which months there are, and who got what and when."""

import sys
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.terminal import tell
from reporting.archive.integrity import damage
from reporting.deliver.owing import ORDINARY, Entry
from reporting.language import Language
from reporting.settings.profile import Profile
from tasks.profiles import open_profile
from tasks.storage import archive_of, ledger_of

_WIDE = 1000


def history(*, profile: str) -> None:
    """Show the months, their revisions, and who got what and when.

    Args:
        profile: The organization's profile: a name in the folder of profiles, or a file.
    """
    settings = open_profile(profile)
    language = settings.language
    revisions, damaged = _revisions(settings)
    rows = ledger_of(settings).deliveries(settings.name)
    if not revisions and not rows:
        tell(f"No report of {settings.name} has been made yet.")
        return
    table = Table(
        "Month", "Revisions", "Channel", "Recipient", "Send", "State", "Revision", "When", box=None, pad_edge=False
    )
    months = sorted(revisions.keys() | {row.month for row in rows}, reverse=True)
    by_month = {month: list(of_month) for month, of_month in groupby(rows, key=lambda row: row.month)}
    for month in months:
        for n, row in enumerate(by_month.get(month, [None])):
            head = (month, ", ".join(revisions.get(month, ["none"]))) if n == 0 else ("", "")
            cells = ("", "nobody yet", "", "", "", "") if row is None else _cells(row, language)
            table.add_row(*(Text(cell) for cell in (*head, *cells)))
    # Where nobody watches, a row is a line, and an address whole.
    Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE).print(table)
    for sentence in damaged:
        tell(sentence)


def _revisions(profile: Profile) -> tuple[dict[str, list[str]], list[str]]:
    """Give each month's revisions with what there is to say of them in a word, and a sentence for each damaged one."""
    archive = archive_of(profile)
    revisions: dict[str, list[str]] = {}
    sentences = []
    for month, revision in archive.sealed(profile.name):
        found = damage(archive, profile.name, month, revision)
        sentences += [found] if found else []
        word = "damaged" if found else "removed" if archive.bundle(profile.name, month, revision).is_removed else ""
        revisions.setdefault(str(month), []).append(f"r{revision} {word}".strip())
    return revisions, sentences


def _cells(entry: Entry, language: Language) -> tuple[str, ...]:
    when = language.instant(entry.settled_at or entry.claimed_at)
    # The ordinary delivery is nothing to speak of; each deliberate repeat has its number.
    send = "" if entry.send == ORDINARY else str(entry.send)
    return entry.channel, entry.recipient, send, str(entry.state), f"r{entry.revision}", when
