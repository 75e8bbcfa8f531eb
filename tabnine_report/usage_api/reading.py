"""Reading records out of a fetch: the one way from the text of an answer to what it says.

It works on stored answers as on fresh ones. The client calls `check` on everything it fetched, so that an answer of
another shape is a failure of its endpoint and not a surprise while building.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from tabnine_report.model.errors import UnexpectedResponse
from tabnine_report.model.month import Month
from tabnine_report.usage_api.agent_records import AgentUsageBucket
from tabnine_report.usage_api.endpoints import USAGE_HISTORY, USAGE_MONTH, Endpoint
from tabnine_report.usage_api.page_records import Page, Row
from tabnine_report.usage_api.records import (
    AccountUtilization,
    AccountUtilizations,
    Admin,
    Admins,
    License,
    LicenseAnswer,
    Organization,
    Period,
    Record,
    Team,
    TeamAccounts,
    UsageAnswer,
    UsageBucket,
    UsageBucketV1,
    UsageBucketV2,
    User,
)
from tabnine_report.usage_api.snapshot import Fetch, Response

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R", bound=Record)
P = TypeVar("P", bound=Period)

_LONGEST = {"daily": timedelta(days=6), "monthly": timedelta(days=62)}
"""Above this a bucket is of another granularity than was asked for."""

_WRONG = {
    "missing": "is missing",
    "greater_than_equal": "is negative",
    "less_than_equal": "is too large",
    "string_type": "is not a text",
    "string_too_short": "is empty",
    "float_type": "is not a number",
    "finite_number": "is not a number",
    "list_type": "is not a list",
    "tuple_type": "is not a list",
    "model_type": "is not an object",
    "datetime_parsing": "is not an instant",
    "datetime_from_date_parsing": "is not an instant",
    "timezone_aware": "is an instant without an offset",
}
"""What is wrong with a field, by pydantic's name for the error."""


def organization(fetch: Fetch) -> Organization:
    """Read who the token belongs to.

    Raises:
        UnexpectedResponse: If the answer is of another shape; so for every function here.
    """
    return _read(Organization, _one(fetch), fetch.endpoint)


def teams(fetch: Fetch) -> list[Team]:
    """Read the teams, in the API's order; an organization may have none."""
    return _rows(Team, fetch.answers, fetch.endpoint)


def license(fetch: Fetch) -> License:  # noqa: A001 - the endpoint's own word; nobody wants the interpreter's here
    """Read the license."""
    return _read(LicenseAnswer, _one(fetch), fetch.endpoint).license


def admins(fetch: Fetch) -> list[Admin]:
    """Read the accounts that have the Admin role."""
    return _read(Admins, _one(fetch), fetch.endpoint).root


def account_utilizations(fetch: Fetch) -> list[AccountUtilization]:
    """Read the accounts of each month, in the API's order; months that it does not tell are not there."""
    return _read(AccountUtilizations, _one(fetch), fetch.endpoint).root


def usage(fetch: Fetch, query: str) -> list[UsageBucket]:
    """Read the buckets of one question to either version of usage, of the organization or a team, in the API's order.

    Periods without use may be left out by the API. For the question about the whole month, the bucket's period is
    taken from the envelope, or from what was asked when the envelope does not repeat it, because the bucket's own
    `from` and `to` have been seen wrong there.

    Raises:
        UnexpectedResponse: Also if the whole month comes in more than one bucket or is another month, if a bucket is of
            a longer period than was asked for, or if one period is told twice and differently: people cannot be added,
            and which of the two is right cannot be known.
    """
    answer = _one(fetch, query)
    if fetch.endpoint in (Endpoint.USAGE_V2, Endpoint.TEAM_USAGE_V2):
        return [*_buckets(answer, _read(UsageAnswer[UsageBucketV2], answer, fetch.endpoint), fetch.endpoint)]
    return [*_buckets(answer, _read(UsageAnswer[UsageBucketV1], answer, fetch.endpoint), fetch.endpoint)]


def agent_usage(fetch: Fetch, query: str) -> list[AgentUsageBucket]:
    """Read what agents of the organization or a team took: the buckets of one question, in the API's order.

    Periods are read, and refused, as those of `usage`.
    """
    answer = _one(fetch, query)
    return _buckets(answer, _read(UsageAnswer[AgentUsageBucket], answer, fetch.endpoint), fetch.endpoint)


def team_accounts(fetch: Fetch, team_id: str) -> TeamAccounts:
    """Read the accounts of one team."""
    return _read(TeamAccounts, _one(fetch, team_id), fetch.endpoint)


def usage_by_month(fetch: Fetch) -> dict[Month, UsageBucket]:
    """Read the use of each month that is told of, by the month in UTC.

    The reported month comes from the question about exactly that month, the others from the history; a month that is
    not there had no use, or was not told.
    """
    buckets = [*usage(fetch, USAGE_HISTORY), *usage(fetch, USAGE_MONTH)]
    return {bucket.month: bucket for bucket in buckets}


def user_total(fetch: Fetch, query: str) -> int:
    """Read how many accounts a question found: what the list says of itself, or else the rows that came."""
    pages = [page(answer, fetch.endpoint) for answer in _answers(fetch, query)]
    total = pages[0].meta.total
    return total if total is not None else sum(len(one.data) for one in pages)


def users(fetch: Fetch, query: str) -> list[User]:
    """Read the accounts of a question that was asked for every row. Personal data."""
    return _rows(User, _answers(fetch, query), fetch.endpoint)


def page(answer: Response, endpoint: str) -> Page[Row]:
    """Read one page of a list: the ids of its rows, and what it says of the whole."""
    return _read(Page[Row], answer, endpoint)


def check(fetch: Fetch) -> None:
    """Read everything that was fetched from an endpoint, for the error alone.

    Raises:
        UnexpectedResponse: If an answer is of another shape.
    """
    match fetch.endpoint:
        case Endpoint.ORGANIZATION:
            organization(fetch)
        case Endpoint.TEAMS:
            teams(fetch)
        case Endpoint.LICENSE:
            license(fetch)
        case Endpoint.PERMISSIONS:
            admins(fetch)
        case Endpoint.ACCOUNT_UTILIZATIONS:
            account_utilizations(fetch)
        case Endpoint.TEAM_ACCOUNTS:
            _check_each(fetch, team_accounts)
        case Endpoint.USAGE_V1 | Endpoint.USAGE_V2 | Endpoint.TEAM_USAGE_V1 | Endpoint.TEAM_USAGE_V2:
            _check_each(fetch, usage)
        case Endpoint.AGENT_USAGE | Endpoint.TEAM_AGENT_USAGE:
            _check_each(fetch, agent_usage)
        case Endpoint.USERS:
            _rows(User, fetch.answers, fetch.endpoint)


def _check_each(fetch: Fetch, read: Callable[[Fetch, str], object]) -> None:
    for query in {answer.query for answer in fetch.answers}:
        read(fetch, query)


def _buckets(answer: Response, envelope: UsageAnswer[P], endpoint: str) -> list[P]:
    """Take the buckets out of their envelope; see `usage` for the question about the whole month."""
    buckets = list(envelope.usage.data)
    granularity = answer.params.get("granularity")
    if granularity in _LONGEST:
        _check_periods(answer, buckets, granularity, endpoint)
    if granularity != "all":
        return buckets
    if len(buckets) > 1:
        raise _misshapen(endpoint, answer, "usage.data", f"holds {len(buckets)} buckets where one was asked for")
    asked = datetime.fromisoformat(answer.params["from"])
    period = {"start": envelope.start or asked, "end": envelope.end or datetime.fromisoformat(answer.params["to"])}
    whole = [bucket.model_copy(update=period) for bucket in buckets]
    if any(bucket.month != Month.of(asked) for bucket in whole):
        raise _misshapen(endpoint, answer, "from", "is not the month that was asked for")
    return whole


def _check_periods(answer: Response, buckets: Sequence[Period], granularity: str, endpoint: str) -> None:
    """See that every bucket is of one day, or month, and no day or month is told in two ways."""
    ordered = sorted(buckets, key=lambda bucket: bucket.start)
    # A bucket ends where the next one begins at the latest, whatever its `to` says.
    ends = [min(one.end, following.start) for one, following in pairwise(ordered)] + [one.end for one in ordered[-1:]]
    if any(end - one.start > _LONGEST[granularity] for one, end in zip(ordered, ends, strict=True)):
        raise _misshapen(endpoint, answer, "usage.data", f"holds a bucket of a longer period than {granularity} ones")
    told: dict[object, Period] = {}
    for bucket in buckets:
        period = bucket.day if granularity == "daily" else bucket.month
        same = {"start": bucket.start, "end": bucket.end}
        if told.setdefault(period, bucket).model_copy(update=same) != bucket:
            raise _misshapen(endpoint, answer, "usage.data", f"tells {period} twice, and not alike")


def _rows(kind: type[R], answers: Iterable[Response], endpoint: str) -> list[R]:
    pages = [_read(Page[kind], answer, endpoint) for answer in answers]  # type: ignore[valid-type]
    return [row for one in pages for row in one.data]


def _one(fetch: Fetch, query: str | None = None) -> Response:
    """Give the only answer to the only question, or to the one named."""
    return _answers(fetch, query)[0]


def _answers(fetch: Fetch, query: str | None) -> tuple[Response, ...]:
    answers = fetch.answers if query is None else fetch.to(query)
    if not answers:
        asked = f"the question {query!r}" if query else "it"
        raise UnexpectedResponse(f"{fetch.endpoint}: there is no answer to {asked}.", endpoint=fetch.endpoint)
    return answers


def _read(kind: type[M], answer: Response, endpoint: str) -> M:
    try:
        return kind.model_validate(answer.json_body())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        wrong = str(first["ctx"]["error"]) if first["type"] == "value_error" else _WRONG.get(first["type"])
        raise _misshapen(endpoint, answer, _path(first["loc"]), wrong or "is not what it should be") from error


def _path(steps: tuple[int | str, ...]) -> str:
    """Write where a field stands: `usage.data[3].activeUsers`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.lstrip(".") or "the answer"


def _misshapen(endpoint: str, answer: Response, path: str, wrong: str) -> UnexpectedResponse:
    return UnexpectedResponse(
        f"{endpoint}: {path} {wrong}; the API no longer answers {answer.path} as this version reads it, "
        "so look for a newer one.",
        endpoint=endpoint,
        status=answer.status,
    )
