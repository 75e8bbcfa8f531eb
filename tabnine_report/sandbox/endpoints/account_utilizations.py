"""`organization/account-utilizations`: the accounts by month."""

import re
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BeforeValidator, Field, WithJsonSchema

from tabnine_report.sandbox import api_errors
from tabnine_report.sandbox.calendar import ORGANIZATION_START
from tabnine_report.sandbox.route_dependencies import Served
from tabnine_report.sandbox.schemas import Json, Parameters, ResponseModel
from tabnine_report.sandbox.time_conversion import month_at

router = APIRouter()

_MONTH_PATTERN = r"^\d{4}-\d{2}$"
_MONTHS_PER_YEAR = 12
_DEFAULT_MONTHS_OF_HISTORY = 12


def _parse_month(text: object) -> int:
    if not isinstance(text, str) or not re.match(_MONTH_PATTERN, text, re.ASCII):
        raise ValueError("must be a month such as 2026-10")
    year, month = map(int, text.split("-"))
    if not 1 <= month <= _MONTHS_PER_YEAR:
        raise ValueError("must be a month from 01 to 12")
    return _MONTHS_PER_YEAR * year + month - 1


class AccountUtilizationsQuery(Parameters):
    """The first month as `YYYY-MM`, read as the number of the month; without one, the last 12 months."""

    start_date: (
        Annotated[int, BeforeValidator(_parse_month), WithJsonSchema({"type": "string", "pattern": _MONTH_PATTERN})]
        | None
    ) = None


class AccountUtilization(ResponseModel):
    """Accounts in one month; `month` counts from 0 (January) to 11."""

    year: int
    month: int = Field(ge=0, le=11)
    registered: int
    deactivated: int
    active: int
    pending: int


@router.get(
    "/api/v1/organization/account-utilizations",
    response_model=list[AccountUtilization],
    responses={422: {"description": "startDate lies in the future."}},
)
async def organization_account_utilizations(
    service: Served, query: Annotated[AccountUtilizationsQuery, Query()]
) -> list[Json]:
    """Return accounts by month; `month` counts from 0. The current month is not final.

    A first month before the organization's start is moved to the start.
    """
    at = service.at
    this_month = month_at(at)
    first = this_month - _DEFAULT_MONTHS_OF_HISTORY + 1 if query.start_date is None else query.start_date
    if first > this_month:
        raise api_errors.unprocessable("startDate: must not lie in the future")
    return [
        {
            "year": month // _MONTHS_PER_YEAR,
            "month": month % _MONTHS_PER_YEAR,
            "registered": counts.registered,
            "deactivated": counts.deactivated,
            "active": counts.active,
            "pending": counts.pending,
        }
        for month in range(max(first, month_at(ORGANIZATION_START)), this_month + 1)
        for counts in [service.world.accounts(month, at)]
    ]
