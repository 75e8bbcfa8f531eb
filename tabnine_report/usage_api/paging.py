"""Fetch a paged list: return the complete list or raise an error.

The API pages by `offset` and `limit`, reports the number of rows in `meta.total`, and the start of the next page in
`meta.next`. A server may omit any of these, or report the rows of the page as the total, and the largest accepted
`limit` is not documented.
"""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

from tabnine_report.model.errors import PagingError, RequestRejected, ResponseTooLarge, UsageApiError
from tabnine_report.usage_api.base_records import Row
from tabnine_report.usage_api.concurrency import gather_all
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.parsing_thread import ParsingThread
from tabnine_report.usage_api.request_errors import list_too_large
from tabnine_report.usage_api.response_memory import MAX_ENDPOINT_BYTES
from tabnine_report.usage_api.response_reading import PageSize, counts_rows_of_page, read_each, read_page
from tabnine_report.usage_api.snapshot import Response

PAGE_SIZES = (1000, 500, 200, 100, 50, 10)
"""The requested page sizes, largest first; the next one is used if the server rejects one."""

MAX_PAGES = 5000
MAX_PASSES = 3

FetchPage = Callable[[Mapping[str, str]], Coroutine[Any, Any, Response]]
"""Fetches one page, given `offset` and `limit`."""

_log = logging.getLogger(__name__)


class PagedList:
    """A list of the API.

    Args:
        endpoint: Its endpoint.
        fetch_page: Fetches one page.
        parsing: Reads large pages.
    """

    def __init__(self, endpoint: Endpoint, fetch_page: FetchPage, parsing: ParsingThread) -> None:
        self._endpoint = endpoint
        self._fetch_page = fetch_page
        self._parsing = parsing

    async def all_pages(self) -> tuple[Response, ...]:
        """Fetch every page of the list.

        Users may join and leave between two requests. If the pages do not fit together, the list is fetched again, up
        to `MAX_PASSES` times. One change cannot be detected: a row leaves an early page while another joins the last
        one.

        Returns:
            The pages in the order of their offsets, at least one.

        Raises:
            PagingError: If no pass returned a complete list: the number of rows differs from `meta.total`, a row was
                returned twice, the offset did not advance, or there are too many pages.
            ResponseTooLarge: If the pages are larger than a run reads, which the first page may already show.
            UsageApiError: If a page could not be fetched.
        """
        for number in range(1, MAX_PASSES):
            try:
                return await self._new_pass().run()
            except PagingError as error:
                _log.warning("Fetching a list failed in pass %d, starting over: %s", number, str(error))
        return await self._new_pass().run()

    async def all_pages_or_total(self) -> tuple[Response, ...]:
        """Fetch every page of the list, or only its total if it is too large."""
        try:
            return await self.all_pages()
        except ResponseTooLarge as error:
            _log.warning("Only the number of rows is fetched. %s", error)
        return await self.total()

    async def total(self) -> tuple[Response, ...]:
        """Fetch one page of one row for its `meta.total`, or every page if the server does not report that of the list.

        Raises:
            UsageApiError: See `all_pages`.
        """
        page = await self._page(0, 1)
        if page.total is None or await self._page_after(page, limit=1):
            return await self.all_pages()
        return (page.response,)

    def _new_pass(self) -> "_Pass":
        return _Pass(self._endpoint, self._page, self._page_after)

    async def _page(self, offset: int, limit: int) -> "_Page":
        response = await self._fetch_page({"offset": str(offset), "limit": str(limit)})
        return await self._parsing.run(len(response.body), lambda: _Page.read(offset, response, self._endpoint))

    async def _page_after(self, first: "_Page", limit: int) -> "_Page | None":
        """Return the page after a first page that claims to be the whole list; None if it is the whole list.

        Some servers report the number of rows in the page as the total. Others reject an offset after the last row, or
        ignore the offset.
        """
        if not first.rows or first.total != first.rows:
            return None
        try:
            page = await self._page(first.rows, limit)
        except RequestRejected:
            return None
        return page if page.ids - first.ids else None


@dataclass(frozen=True)
class _Page:
    """What paging needs of one page: its rows take up to ten times the memory of its text.

    Attributes:
        offset: Its offset.
        response: The response.
        size: How many rows it and the list have.
        ids: The ids of its rows; a row without a readable id has none.
        next_offset: The start of the next page; None if it is not known.
        is_last: Whether the page states that it is the last one: `next` is present and null.
    """

    offset: int
    response: Response
    size: PageSize
    ids: frozenset[str]
    next_offset: int | None
    is_last: bool

    @classmethod
    def read(cls, offset: int, response: Response, endpoint: str) -> Self:
        content = read_page(response, endpoint)
        meta = content.meta
        return cls(
            offset=offset,
            response=response,
            size=PageSize(len(content.data), content.total),
            ids=frozenset(row.id for row in read_each(Row, content.data)),
            next_offset=meta.next.offset if meta and meta.next else None,
            is_last=meta is not None and meta.next is None and "next" in meta.model_fields_set,
        )

    @property
    def rows(self) -> int:
        return self.size.rows

    @property
    def total(self) -> int | None:
        return self.size.total


class _Pass:
    """One pass over a list from its first page to its last."""

    def __init__(
        self,
        endpoint: Endpoint,
        fetch_page: Callable[[int, int], Awaitable[_Page]],
        fetch_page_after: Callable[[_Page, int], Awaitable[_Page | None]],
    ) -> None:
        self._endpoint = endpoint
        self._fetch_page = fetch_page
        self._fetch_page_after = fetch_page_after
        self._pages: dict[int, _Page] = {}
        self._ids: set[str] = set()
        """The ids of all pages so far; a row without a readable id counts only as a row."""

    async def run(self) -> tuple[Response, ...]:
        try:
            return await self._run()
        except UsageApiError:
            self._pages.clear()  # The error's traceback refers to this pass, and the pages may be large.
            raise

    async def _run(self) -> tuple[Response, ...]:
        first, limit = await self._first_page()
        following = await self._fetch_page_after(first, limit)
        if following:
            self._add(following)
            await self._fetch_in_sequence(following, limit, trusts_next=not first.is_last)
        elif first.total is None:
            await self._fetch_in_sequence(first, limit)
        else:
            await self._fetch_concurrently(first, first.total)
        pages = [self._pages[offset] for offset in sorted(self._pages)]
        rows, totals = sum(page.rows for page in pages), {page.total for page in pages if page.total is not None}
        if totals - {rows} and not counts_rows_of_page(page.size for page in pages):
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

    async def _fetch_concurrently(self, first: _Page, total: int) -> None:
        """Fetch the rest of a list of known length."""
        size = first.rows
        if total > size * MAX_PAGES:
            raise self._error(f"it reports {total} rows, but its first page has {size}")
        expected_bytes = len(first.response.body) * total // max(size, 1)
        if expected_bytes > MAX_ENDPOINT_BYTES:
            raise list_too_large(self._endpoint, total, expected_bytes)
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
        page = await self._fetch_page(offset, limit)
        self._add(page)
        return page

    def _add(self, page: _Page) -> None:
        # An id that is repeated within a page is the server's, and affects only its row.
        if not self._ids.isdisjoint(page.ids):
            raise self._error(f"the page at offset {page.offset} repeats a row. Users may have joined or left")
        self._ids.update(page.ids)
        self._pages[page.offset] = page

    def _error(self, problem: str) -> PagingError:
        return PagingError(f"{self._endpoint}: the list is incomplete: {problem}.", endpoint=self._endpoint)
