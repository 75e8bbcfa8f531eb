"""`tabnine-report history`: lists the months with their states, revisions and deliveries."""

import sys
from collections.abc import Iterator
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.terminal import print_line
from tabnine_report.runs.delivery_history import Delivery, DeliveryHistory, MonthHistory, SealedRevision, read_history
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import archive_of, ledger_of, month_records_of, release_records_of
from tabnine_report.text.i18n import Language
from tasks.read_profile import open_ledger_profile

_UNLIMITED_WIDTH = 1000


def history(*, profile: str, json: Annotated[bool, Parameter(negative=())] = False) -> None:
    """List each month with its state, its revisions, what each revision changed, and its deliveries.

    Args:
        profile: The profile: a name in the profiles folder, or the path of a file.
        json: Print JSON; docs/operations.md describes its fields.
    """
    settings = open_ledger_profile(profile)
    report_history = read_history(
        archive_of(settings),
        ledger_of(settings).deliveries(settings.name),
        release_records_of(settings).read_all(),
        month_records_of(settings).read_all(),
        settings.name,
    )
    if json:
        print_line(report_history.model_dump_json(indent=2))
    elif not report_history.months:
        print_line(f"There are no reports of {settings.name} yet.")
    else:
        _print(report_history, settings.language)


def _print(report_history: DeliveryHistory, language: Language) -> None:
    table = Table(
        *("Month", "Report", "Revisions", "Channel", "Recipient", "Send", "State", "Revision", "Time"),
        box=None,
        pad_edge=False,
    )
    for month in report_history.months:
        revisions = ", ".join(_label(revision) for revision in month.revisions)
        for number, delivery in enumerate(month.deliveries or [None]):
            first_cells = (month.month, _report_state(month), revisions or "none") if number == 0 else ("", "", "")
            cells = ("", "not delivered", "", "", "", "") if delivery is None else _cells(delivery, language)
            table.add_row(*(Text(cell) for cell in (*first_cells, *cells)))
    # Outside a terminal, each row is one line with the whole address.
    Console(highlight=False, width=None if sys.stdout.isatty() else _UNLIMITED_WIDTH).print(table)
    reasons = [
        f"{month.month}  {_report_state(month)}: {month.reason}" for month in report_history.months if month.reason
    ]
    for line in ["", *reasons] if reasons else []:
        print_line(line)
    revised = [(month.month, revision) for month in report_history.months for revision in month.revisions]
    changes = [f"{month} r{revision.revision}  {revision.changed}" for month, revision in revised if revision.changed]
    for line in ["", *changes] if changes else []:
        print_line(line)
    for name, revision in revised:
        for event in _events(revision, language):
            print_line(f"{name} r{revision.revision}  {event}")
    for _, revision in revised:
        if revision.damage:
            print_line(revision.damage)


def _report_state(month: MonthHistory) -> str:
    """Return how the month's last run ended; `not recorded` if no run has recorded it."""
    return RunStatus(month.state).label if month.state else "not recorded"


def _events(revision: SealedRevision, language: Language) -> Iterator[str]:
    """Yield when a revision was withheld, and who released it."""
    if revision.withheld_at:
        yield f"Withheld on {language.instant(revision.withheld_at)}."
    if revision.released_at:
        yield f"Released by {revision.released_by} on {language.instant(revision.released_at)}."


def _label(revision: SealedRevision) -> str:
    withheld = "withheld" if revision.withheld_at and not revision.released_at else ""
    state = "damaged" if revision.damage else "removed" if revision.removed else withheld
    return f"r{revision.revision} {state}".strip()


def _cells(delivery: Delivery, language: Language) -> tuple[str, ...]:
    return (
        delivery.channel,
        delivery.recipient,
        str(delivery.send),
        str(delivery.state),
        f"r{delivery.revision}",
        language.instant(delivery.at),
    )
