"""Build one page of a list with a reference to the next one."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

from tabnine_report.sandbox import api_errors
from tabnine_report.sandbox.schemas import Json

Item = TypeVar("Item")

LastPage = Literal["null", "absent"]
"""Whether `next` is null or absent on the last page."""


def page(
    items: Sequence[Item], offset: int, limit: int, rows: Callable[[Sequence[Item]], list[Any]], last_page: LastPage
) -> Json:
    """Return at most `limit` rows from `offset`. An offset beyond the end returns an empty last page."""
    data = rows(items[offset : offset + limit])
    meta: Json = {"count": len(data), "total": len(items)}
    following = offset + limit
    if following < len(items):
        meta["next"] = {"limit": limit, "offset": following}
    elif last_page == "null":
        meta["next"] = None
    return {"data": data, "meta": meta}


def require_limit(limit: int, largest: int) -> None:
    """Raise 400 for a page size above the largest."""
    if limit > largest:
        raise api_errors.bad_request(f"limit: must be at most {largest}")
