"""Fetch a paged list: return the complete list or raise an error.

The API pages by `offset` and `limit`, reports the number of rows in `meta.total`, and the start of the next page in
`meta.next`. A server may omit any of these, or report the rows of the page as the total, and the largest accepted
`limit` is not documented.
"""

import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from tabnine_report.model.errors import PagingError, RequestRejected
from tabnine_report.usage_api.base_records import Page, Row
from tabnine_report.usage_api.concurrency import gather_all
from tabnine_report.usage_api.query import TOTAL_PAGE
from tabnine_report.usage_api.response_reading import counts_rows_of_page, read_each, read_page
from tabnine_report.usage_api.snapshot import Response

PAGE_SIZES = (1000, 500, 200, 100, 50, 10)
"""The requested page sizes, largest first; the next one is used if the server rejects one."""

MAX_PAGES = 5000
MAX_PASSES = 3

FetchPage = Callable[[Mapping[str, str]], Coroutine[Any, Any, Response]]
"""Fetches one page, given `offset` and `limit`."""

_log = logging.getLogger(__name__)


async def fetch_all_pages(endpoint: str, fetch_page: FetchPage) -> tuple[Response, ...]:
    """Fetch every page of a list.

    Users may join and leave between two requests. If the pages do not fit together, the list is fetched again, up to
    `MAX_PASSES` times. One change cannot be detected: a row leaves an early page while another joins the last one.

    Returns:
        The pages in the order of their offsets, at least one.

    Raises:
        PagingError: If no pass returned a complete list: the number of rows differs from `meta.total`, a row was
            returned twice, the offset did not advance, or there are too many pages.
        UsageApiError: If a page could not be fetched.
    """
    for number in range(1, MAX_PASSES):
        try:
            return await _Pass(endpoint, fetch_page).run()
        except PagingError as error:
            _log.warning("Fetching a list failed in pass %d, starting over: %s", number, error)
    return await _Pass(endpoint, fetch_page).run()


async def fetch_total(endpoint: str, fetch_page: FetchPage) -> tuple[Response, ...]:
    """Fetch one page of one row for its `meta.total`, or every page if the server does not report that of the list."""
    response = await fetch_page(TOTAL_PAGE)
    page = _Page(0, response, read_page(response, endpoint))
    if page.total is None or await _page_after(page, endpoint, fetch_page, limit=1):
        return await fetch_all_pages(endpoint, fetch_page)
    return (response,)


@dataclass(frozen=True)
class _Page:
    """One page with its offset."""

    offset: int
    response: Response
    content: Page

    @property
    def rows(self) -> int:
        return len(self.content.data)

    @property
    def ids(self) -> set[str]:
        """The ids of its rows; a row without a readable id has none."""
        return {row.id for row in read_each(Row, self.content.data)}

    @property
    def total(self) -> int | None:
        return self.content.total

    @property
    def next_offset(self) -> int | None:
        meta = self.content.meta
        return meta.next.offset if meta and meta.next else None

    @property
    def is_last(self) -> bool:
        """Whether the page states that it is the last one: `next` is present and null."""
        meta = self.content.meta
        return meta is not None and meta.next is None and "next" in meta.model_fields_set


async def _page_after(first: _Page, endpoint: str, fetch_page: FetchPage, limit: int) -> _Page | None:
    """Return the page after a first page that claims to be the whole list; None if it is the whole list.

    Some servers report the number of rows in the page as the total. Others reject an offset after the last row, or
    ignore the offset.
    """
    if not first.rows or first.total != first.rows:
        return None
    try:
        response = await fetch_page({"offset": str(first.rows), "limit": str(limit)})
    except RequestRejected:
        return None
    page = _Page(first.rows, response, read_page(response, endpoint))
    return page if page.ids - first.ids else None


class _Pass:
    """One pass over a list from its first page to its last."""

    def __init__(self, endpoint: str, fetch_page: FetchPage) -> None:
        self._endpoint = endpoint
        self._fetch_page = fetch_page
        self._pages: dict[int, _Page] = {}
        self._ids: set[str] = set()
        """The ids of all pages so far; a row without a readable id counts only as a row."""

    async def run(self) -> tuple[Response, ...]:
        first, limit = await self._first_page()
        following = await _page_after(first, self._endpoint, self._fetch_page, limit)
        if following:
            self._add(following)
            await self._fetch_in_sequence(following, limit, trusts_next=not first.is_last)
        elif first.total is None:
            await self._fetch_in_sequence(first, limit)
        else:
            await self._fetch_concurrently(first.rows, first.total)
        pages = [self._pages[offset] for offset in sorted(self._pages)]
        rows, totals = sum(page.rows for page in pages), {page.total for page in pages if page.total is not None}
        if totals - {rows} and not counts_rows_of_page([page.content for page in pages]):
            reported = " or ".join(map(str, sorted(totals)))
            raise self._error(f"it has {rows} rows but reports a total of {reported}. Users may have joined or left")
        return tuple(page.response for page in pages)

    async def _first_page(self) -> tuple[_Page, int]:
        """Return the first page in the largest size that the server accepts; if it accepts none, raise the first error.

        The message of a 400 does not reliably name the parameter, so every 400 is treated as one about `limit`.
        """
        rejections = []
        for limit in PAGE_SIZES:
            try:
                return await self._page(0, limit), limit
            except RequestRejected as error:
                if error.status != HTTPStatus.BAD_REQUEST:
                    raise
                rejections.append(error)
        raise rejections[0]

    async def _fetch_concurrently(self, size: int, total: int) -> None:
        """Fetch the rest of a list of known length."""
        if total > size * MAX_PAGES:
            raise self._error(f"it reports {total} rows, but its first page has {size}")
        await gather_all(self._fetch_range(start, size, total) for start in range(size, total, size or 1))

    async def _fetch_range(self, start: int, size: int, total: int) -> None:
        """Fetch the rows of one page, in several requests if the server returns fewer than requested."""
        offset = start
        while offset < min(start + size, total):
            page = await self._page(offset, start + size - offset)
            if not page.rows:
                break  # The list became shorter; the number of rows will show it.
            offset += page.rows

    async def _fetch_in_sequence(self, page: _Page, limit: int, *, trusts_next: bool = True) -> None:
        """Fetch the rest of a list of unknown length.

        The offset advances by the number of returned rows: a server that computes `next` from the limit would skip rows
        after a short page. If no page had a `next`, or it is not trusted, only an empty page ends the list.
        """
        has_next = False
        while page.rows and not (trusts_next and (page.is_last or (has_next and page.next_offset is None))):
            has_next = has_next or page.next_offset is not None
            if page.next_offset is not None and page.next_offset <= page.offset:
                raise self._error(f"the page at offset {page.offset} has {page.next_offset} as its next offset")
            page = await self._page(page.offset + page.rows, limit)

    async def _page(self, offset: int, limit: int) -> _Page:
        if len(self._pages) >= MAX_PAGES:
            raise self._error(f"it has more than {MAX_PAGES} pages")
        response = await self._fetch_page({"offset": str(offset), "limit": str(limit)})
        page = _Page(offset, response, read_page(response, self._endpoint))
        self._add(page)
        return page

    def _add(self, page: _Page) -> None:
        # An id that is repeated within a page is the server's, and costs only its row.
        if not self._ids.isdisjoint(page.ids):
            raise self._error(f"the page at offset {page.offset} repeats a row. Users may have joined or left")
        self._ids.update(page.ids)
        self._pages[page.offset] = page

    def _error(self, problem: str) -> PagingError:
        return PagingError(f"{self._endpoint}: the list is incomplete: {problem}.", endpoint=self._endpoint)
