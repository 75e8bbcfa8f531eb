"""A failure of the optional queries does not affect the others."""

from datetime import UTC, datetime

from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.usage import USAGE_MONTH
from tabnine_report.usage_api.query import QueryScope
from tabnine_report.usage_api.snapshot import Failure, Fetch, Response
from tasks import fetch

AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
SCOPE = QueryScope(Month(2026, 10), "org-1")
REJECTED = Failure(error="TokenRejected", message="The API token was rejected.", status=401)


def test_a_token_that_is_rejected_in_the_middle_leaves_the_month() -> None:
    month = Response(
        query=USAGE_MONTH, path="/usage", params={}, status=200, received_at=AT, elapsed_seconds=0.1, body="{}"
    )
    required = Fetch(endpoint=Endpoint.USAGE_V2, started_at=AT, ended_at=AT, responses=(month,))
    failed = Fetch(endpoint=Endpoint.USAGE_V2, started_at=AT, ended_at=AT, failure=REJECTED)
    sent = fetch._queries(Endpoint.USAGE_V2, SCOPE, "further")

    joined = fetch._joined(required, failed, sent)

    assert joined.failure is None
    assert joined.responses == (month,)
    assert [query.query for query in joined.failed_queries] == [query.name for query in sent]
    assert {query.message for query in joined.failed_queries} == {REJECTED.message}
    assert all(query.params["from"] for query in joined.failed_queries)


def test_an_endpoint_that_failed_is_not_asked_again() -> None:
    failed = Fetch(endpoint=Endpoint.USAGE_V2, started_at=AT, ended_at=AT, failure=REJECTED)
    assert not fetch._has_further_queries(Endpoint.USAGE_V2, SCOPE, failed)
    assert fetch._has_further_queries(Endpoint.USAGE_V2, SCOPE, failed.model_copy(update={"failure": None}))
    assert not fetch._has_further_queries(
        Endpoint.ACCOUNT_UTILIZATIONS, SCOPE, failed.model_copy(update={"failure": None})
    )
