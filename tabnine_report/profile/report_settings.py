"""Define the content of the report and when it is delivered: `[report]`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import holidays
from babel import Locale, UnknownLocaleError
from babel.numbers import is_currency
from pydantic import (
    AfterValidator,
    Field,
    PositiveInt,
    ValidationInfo,
    field_serializer,
    field_validator,
)

from tabnine_report.model.logo import Logo
from tabnine_report.profile.base_table import Amount, SettingsTable, resolve_path
from tabnine_report.profile.logo import parse_logo_url, read_logo
from tabnine_report.profile.schedule import check_schedule, default_schedule


def _check_locale(name: str) -> str:
    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        raise ValueError("is not a locale such as en or en_GB") from None
    return name


def _check_country(name: str) -> str:
    country, separator, subdivision = name.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    if name and country not in known:
        raise ValueError("is not a country with known public holidays; use an ISO 3166 code such as DE")
    if separator and subdivision not in known[country]:
        raise ValueError(
            f"must end with a region of {country} that has known public holidays: {', '.join(known[country])}"
        )
    return name


def _check_currency(code: str) -> str:
    if not is_currency(code):
        raise ValueError("is not an ISO 4217 currency such as EUR")
    return code


@dataclass(frozen=True)
class SeatPrice:
    """The price of one seat per month."""

    amount: float
    currency: str


class ReportFormat(SettingsTable):
    """The part of `[report]` that commands on the archive and the ledger need.

    Attributes:
        locale: The format of numbers and dates, such as `en` or `en_GB`.
        settle_days: How many full local days after its end a month becomes final.
    """

    locale: Annotated[str, AfterValidator(_check_locale)] = "en"
    settle_days: Annotated[int, Field(ge=0, le=28)] = 1


class ReportSettings(ReportFormat):
    """`[report]`: the content of the report and when it is delivered.

    Attributes:
        title: The report's title.
        logo: The organization's logo. The profile names its file, which is checked when the profile is read.
        accent: The color of the reported month, `#rrggbb`. A pale color is darkened until it is readable on white.
        country: The country whose public holidays are not working days, such as `DE` or `DE-BY`; empty for none.
        seat_price: The price of one seat per month. Without it, the report shows no seat spend.
        currency: The currency of the price as an ISO 4217 code; required with `seat_price`.
        minimum_group: The smallest number of users for which a team is shown separately.
        schedule: When the runs start, as a cron expression in the profile's time zone; or `none`.
        run_limit_minutes: How long a run may take in all, with all its waiting.
        when_incomplete: Which incomplete or doubtful reports are withheld: none, those that lack required data or fail
            a cross-check of severity hold, or also those that lack any other data.
        release: Whether a report is delivered automatically, or after a person has released it.
    """

    title: Annotated[str, Field(min_length=1, max_length=80, pattern=r"\S")] = "Tabnine usage"
    logo: Logo | None = None
    accent: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#3b4cca"
    country: Annotated[str, AfterValidator(_check_country)] = ""
    seat_price: Amount | None = None
    currency: Annotated[str, AfterValidator(_check_currency)] | None = None
    minimum_group: Annotated[PositiveInt, Field(le=1000)] = 5
    schedule: Annotated[str, AfterValidator(check_schedule)] | None = None
    run_limit_minutes: Annotated[float, Field(gt=0, le=1440)] = 240.0
    when_incomplete: Literal["mark", "hold_required", "hold"] = "hold_required"
    release: Literal["automatic", "after_approval"] = "automatic"

    @field_validator("logo", mode="before")
    @classmethod
    def _read_logo(cls, file: object, info: ValidationInfo) -> Logo | None:
        if file is None:
            return None
        if not isinstance(file, str) or not file:
            raise ValueError("must be the path of an SVG or PNG file")
        return parse_logo_url(file) if file.startswith("data:") else read_logo(resolve_path(Path(file), info))

    @field_serializer("logo")
    def _serialize_logo(self, logo: Logo | None) -> str | None:
        """Return the logo as a `data:` URL, so that the profile in a manifest builds the same report again."""
        return logo.data_url if logo else None

    @field_validator("currency")
    @classmethod
    def _check_price_and_currency(cls, currency: str | None, info: ValidationInfo) -> str | None:
        if "seat_price" in info.data and (info.data["seat_price"] is None) != (currency is None):
            raise ValueError("and report.seat_price must be set together")
        return currency

    @property
    def cron(self) -> str:
        """The schedule, or its default."""
        return self.schedule or default_schedule(self.settle_days)

    @property
    def price(self) -> SeatPrice | None:
        """The price of a seat; None if the profile has none."""
        if self.seat_price is None or self.currency is None:
            return None
        return SeatPrice(self.seat_price, self.currency)
