"""Fixtures: a small organization in October 2026, its profile, and a function that builds its report."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from small_organization import PEOPLE, Build, Organization, Usage, accounts_of

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.profile import Profile
from tabnine_report.profile.target_settings import TargetSettings


@pytest.fixture
def acme() -> Organization:
    october = Month(2026, 10)
    weekdays = [day for day in october.days if day.weekday() < 5]
    months = october.last(13)
    return Organization(
        accounts={str(month): accounts_of(month, 50 if month == october else 48) for month in months},
        v1=Usage(
            people={str(month): people for month, people in zip(months, PEOPLE, strict=True)},
            # A report without any figure of a feature would be incomplete.
            blocks={"2026-10": {"codeCompletions": {"lines": 500}}},
            days={str(day): 20 for day in weekdays},
        ),
    )


@pytest.fixture
def profile() -> Profile:
    return Profile.model_validate(
        {
            "name": "acme",
            "time_zone": "Europe/Berlin",
            "usage_api": {"base_url": "https://console.example", "token": "t0ken"},
            "archive": {},
        }
    )


@pytest.fixture
def build(profile: Profile) -> Build:
    def report(
        organization: Organization,
        *,
        draft: bool = False,
        minimum_group: int = 5,
        country: str = "",
        price: tuple[float | None, str | None] = (None, None),
        targets: Mapping[str, object] = MappingProxyType({}),
        **more: Any,
    ) -> MonthlyReport:
        amount, currency = price
        changes = {"minimum_group": minimum_group, "seat_price": amount, "currency": currency, "country": country}
        settings = profile.report.model_copy(update=changes)
        wanted = TargetSettings.model_validate(targets)
        asked = profile.model_copy(update={"report": settings, "targets": wanted})
        return build_report(organization.snapshot(), asked, revision=1, draft=draft, **more)

    return report
