"""One page of a list, and how to ask for the next one."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

Item = TypeVar("Item")
Json = dict[str, Any]

LastPage = Literal["null", "absent"]
"""How `next` says that there is no further page: by being null, or by not being there."""


def page(
    items: Sequence[Item], offset: int, limit: int, rows: Callable[[Sequence[Item]], list[Json]], last_page: LastPage
) -> Json:
    """The rows from `offset`, at most `limit`; an offset behind the end gives an empty last page."""
    data = rows(items[offset : offset + limit])
    meta: Json = {"count": len(data), "total": len(items)}
    following = offset + limit
    if following < len(items):
        meta["next"] = {"limit": limit, "offset": following}
    elif last_page == "null":
        meta["next"] = None
    return {"data": data, "meta": meta}
