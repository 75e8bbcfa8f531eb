"""The answers as pandas frames: a row a period, a column a field, and what is absent stays absent.

Every column is declared here, once, by the API's own name of the field.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from tabnine_report.usage_api.endpoints.account_utilizations import AccountUtilization
from tabnine_report.usage_api.endpoints.usage import UsageBucket

SHARES = ("productivityFactor",)
COUNTS = (
    "activeUsers",
    "codeCompletions.activeUsers",
    "codeCompletions.completions",
    "codeCompletions.charsCompleted",
    "codeCompletions.keystrokes",
    "codeCompletions.lines",
    "chat.activeUsers",
    "chat.interactions",
    "chat.usefulChatInteractions",
    "chat.lines",
    "chat.charsCompleted",
    "chat.messages",
    "chat.linesAdded",
    "agent.activeUsers",
    "agent.interactions",
    "agent.messages",
    "agent.linesAdded",
    "agent.linesAddedAccepted",
    "agent.linesRemoved",
    "agent.linesRemovedAccepted",
)
ACCOUNTS = ("registered", "active", "deactivated", "pending")

_USAGE_TYPES = dict.fromkeys(COUNTS, "Int64") | dict.fromkeys(SHARES, "Float64")
_ACCOUNTS_TYPES = dict.fromkeys(ACCOUNTS, "Int64")


def usage_frame(buckets: Mapping[str, UsageBucket]) -> pd.DataFrame:
    """Lay buckets out as a frame.

    Args:
        buckets: The bucket of each period, by the period's name: `2026-10` or `2026-10-01`.

    Returns:
        A row a period, indexed by its name, in the given order; the columns of `COUNTS` (Int64) and `SHARES` (Float64,
        0 to 1), with NA for a field that the bucket does not hold. No buckets give no rows and all columns.
    """
    rows = [_flat(bucket.model_dump(by_alias=True, exclude_none=True)) for bucket in buckets.values()]
    return _frame(rows, list(buckets), _USAGE_TYPES)


def accounts_frame(months: Iterable[AccountUtilization]) -> pd.DataFrame:
    """Lay the accounts of each month out as a frame.

    Returns:
        A row a month, indexed by `2026-10`, oldest first; the columns of `ACCOUNTS` (Int64), NA where the API gave
        nothing, or two numbers that differ.
    """
    rows: dict[str, dict[str, Any]] = {}
    for row in months:
        told = row.model_dump(include=set(ACCOUNTS))
        before = rows.setdefault(str(row.month), told)
        rows[str(row.month)] = {name: cell if before[name] == cell else None for name, cell in told.items()}
    return _frame(list(rows.values()), list(rows), _ACCOUNTS_TYPES).sort_index()


def value(frame: pd.DataFrame, period: str, column: str) -> int | float | None:
    """Give one cell as a plain number; None if the period has no row or the field was absent."""
    if period not in frame.index:
        return None
    cell = frame[column][period]
    if cell is pd.NA:
        return None
    return float(cell) if column in SHARES else int(cell)


def _frame(rows: list[dict[str, Any]], index: list[str], types: Mapping[str, str]) -> pd.DataFrame:
    columns = pd.DataFrame(rows, index=pd.Index(index, name="period", dtype=object), columns=list(types), dtype=object)
    return columns.astype(types)


def _flat(block: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Name the fields of inner blocks with a dot: `chat.activeUsers`."""
    flat: dict[str, Any] = {}
    for name, cell in block.items():
        flat |= _flat(cell, f"{prefix}{name}.") if isinstance(cell, Mapping) else {f"{prefix}{name}": cell}
    return flat
