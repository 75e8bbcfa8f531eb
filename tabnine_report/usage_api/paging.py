"""Reading a list that comes in pages, so that it is whole or an error says that it is not.

The API counts rows by `offset` and `limit`, says how many there are in `meta.total`, and where the next page begins in
`meta.next`; none of this is certain on every server, and the largest accepted `limit` is undocumented.
"""

import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from tabnine_report.model.errors import PagingError, RequestRejected
from tabnine_report.usage_api.concurrency import gather_all
from tabnine_report.usage_api.page_records import Page, Row
from tabnine_report.usage_api.reading import page as read_page
from tabnine_report.usage_api.snapshot import Response

LIMITS = (1000, 500, 200, 100, 50, 10)
"""Page sizes asked for, largest first; the next one when the server refuses one."""

MOST_PAGES = 5000
READINGS = 3

Ask = Callable[[Mapping[str, str]], Coroutine[Any, Any, Response]]
"""Asks for one page, given `offset` and `limit`."""

_log = logging.getLogger(__name__)


async def whole_list(endpoint: str, ask: Ask) -> tuple[Response, ...]:
    """Read every page of a list.

    People join and leave between two pages, so a list whose pages do not fit together is read again, up to three times
    in all. One change cannot be seen in the pages: a row that leaves an early page while another joins the last.

    Returns:
        The pages in the order of their offsets, at least one.

    Raises:
        PagingError: If no reading gave a whole list: rows and `meta.total` differ, a row came twice, the offset did not
            advance, or there is no end to the pages.
        UsageApiError: If a page could not be had.
    """
    for reading in range(1, READINGS):
        try:
            return await _Reading(endpoint, ask).read()
        except PagingError as error:
            _log.warning("Reading %d of a list failed, reading it again: %s", reading, error)
    return await _Reading(endpoint, ask).read()


async def total_only(endpoint: str, ask: Ask) -> tuple[Response, ...]:
    """Ask how many rows a list has: one page of one row, or every page where the server does not count them."""
    answer = await ask({"offset": "0", "limit": "1"})
    if read_page(answer, endpoint).meta.total is None:
        return await whole_list(endpoint, ask)
    return (answer,)


@dataclass(frozen=True)
class _Page:
    """One page with where it begins."""

    offset: int
    answer: Response
    content: Page[Row]

    @property
    def rows(self) -> int:
        return len(self.content.data)

    @property
    def total(self) -> int | None:
        return self.content.meta.total

    @property
    def next_offset(self) -> int | None:
        return self.content.meta.next.offset if self.content.meta.next else None

    @property
    def is_last(self) -> bool:
        """Whether the page itself says that none follows: `next` is there and null."""
        return self.next_offset is None and "next" in self.content.meta.model_fields_set


class _Reading:
    """One reading of a list from its first page to its last."""

    def __init__(self, endpoint: str, ask: Ask) -> None:
        self._endpoint = endpoint
        self._ask = ask
        self._pages: dict[int, _Page] = {}
        self._ids: set[str] = set()

    async def read(self) -> tuple[Response, ...]:
        first, limit = await self._first_page()
        if first.total is None:
            await self._follow(first, limit)
        else:
            await self._spread(first.rows, first.total)
        pages = [self._pages[offset] for offset in sorted(self._pages)]
        rows, totals = len(self._ids), {one.total for one in pages if one.total is not None}
        if totals - {rows}:
            said = " or ".join(map(str, sorted(totals)))
            raise self._error(f"{rows} rows came where it says that there are {said}; people may have joined or left")
        return tuple(one.answer for one in pages)

    async def _first_page(self) -> tuple[_Page, int]:
        """Find the largest page that the server takes; a refusal of all of them is told as of the first.

        Which of the parameters a 400 is about cannot be told from its words, so every one is taken for the limit's.
        """
        refusals = []
        for limit in LIMITS:
            try:
                return await self._page(0, limit), limit
            except RequestRejected as error:
                if error.status != HTTPStatus.BAD_REQUEST:
                    raise
                refusals.append(error)
        raise refusals[0]

    async def _spread(self, size: int, total: int) -> None:
        """Read the rest of a list of known length, its pages at once."""
        if total > size * MOST_PAGES:
            raise self._error(f"it says that there are {total} rows, but gave {size} on its first page")
        await gather_all(self._span(start, size, total) for start in range(size, total, size or 1))

    async def _span(self, start: int, size: int, total: int) -> None:
        """Read the rows of one page, in several requests where the server gives fewer than asked for."""
        offset = start
        while offset < min(start + size, total):
            page = await self._page(offset, start + size - offset)
            if not page.rows:
                break  # The list became shorter; counting the rows will tell.
            offset += page.rows

    async def _follow(self, page: _Page, limit: int) -> None:
        """Read the rest of a list of unknown length, page by page.

        The offset goes on by the rows that came: a `next` that adds the limit where fewer rows came would skip some.
        Without any `next` so far, only an empty page is an end.
        """
        told = False
        while page.rows and not page.is_last and not (told and page.next_offset is None):
            told = told or page.next_offset is not None
            if page.next_offset is not None and page.next_offset <= page.offset:
                raise self._error(f"the page at offset {page.offset} names {page.next_offset} as the next one's")
            page = await self._page(page.offset + page.rows, limit)

    async def _page(self, offset: int, limit: int) -> _Page:
        if len(self._pages) >= MOST_PAGES:
            raise self._error(f"it does not end after {MOST_PAGES} pages")
        answer = await self._ask({"offset": str(offset), "limit": str(limit)})
        page = _Page(offset, answer, read_page(answer, self._endpoint))
        ids = [row.id for row in page.content.data]
        if len(set(ids)) < len(ids) or not self._ids.isdisjoint(ids):
            raise self._error(f"a row of the page at offset {offset} came twice; people may have joined or left")
        self._ids.update(ids)
        self._pages[offset] = page
        return page

    def _error(self, what: str) -> PagingError:
        return PagingError(f"{self._endpoint}: the list did not come whole: {what}.", endpoint=self._endpoint)
