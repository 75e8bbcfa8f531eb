"""The spend on unused seats: on the unassigned ones and on those of inactive accounts."""

from collections.abc import Mapping

from tabnine_report.model.figure import Figure, total
from tabnine_report.model.kpi import Kpi


def unused_spend(kpis: Mapping[str, Kpi]) -> Figure | None:
    """Return the monthly spend on unused seats; None without a seat price, or if a part or all of it is not known."""
    if not {"unassigned_seat_spend", "inactive_account_spend"} <= kpis.keys():
        return None
    spend = total(kpis[key].figure for key in ("unassigned_seat_spend", "inactive_account_spend"))
    return spend if spend.value else None
