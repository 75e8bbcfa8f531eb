"""What the report says: `[report]`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import holidays
from babel import Locale, UnknownLocaleError
from babel.numbers import is_currency
from pydantic import (
    AfterValidator,
    Field,
    PositiveFloat,
    PositiveInt,
    ValidationInfo,
    field_serializer,
    field_validator,
)

from tabnine_report.model.logo import Logo, logo_at, read_logo
from tabnine_report.profile.settings_table import Table, under_folder


def _locale(name: str) -> str:
    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        raise ValueError("is not a locale, like en or en_GB") from None
    return name


def _country(name: str) -> str:
    country, divided, subdivision = name.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    if name and country not in known:
        raise ValueError("is not a country whose holidays are known, written as ISO 3166 has it, like DE")
    if divided and subdivision not in known[country]:
        raise ValueError(f"names no part of {country} with holidays of its own; there are: {', '.join(known[country])}")
    return name


def _currency(code: str) -> str:
    if not is_currency(code):
        raise ValueError("is not a currency of ISO 4217, like EUR")
    return code


@dataclass(frozen=True)
class SeatPrice:
    """What one seat costs a month."""

    amount: float
    currency: str


class ReportSettings(Table):
    """`[report]`: what the report says and when it may go out.

    Attributes:
        title: What the report calls itself.
        logo: The organization's logo, which a profile names by its file; checked when the profile is read.
        accent: The color of the reported month, `#rrggbb`; a pale one is darkened until it reads as text on white.
        locale: How numbers and dates are written, as `en` or `en_GB`.
        country: Whose public holidays are no working days, as `DE` or `DE-BY`; empty where none are known.
        seat_price: What one seat costs a month; without it the report tells no cost of seats.
        currency: The price's currency, by its ISO 4217 code: given with the price, and only with it.
        minimum_group: The fewest people of a team that may be shown on its own.
        settle_days: How many whole local days after a month's end its figures are taken as final.
        when_incomplete: Whether a report with missing figures is delivered and marked, or held back.
        release: Whether a report goes out by itself, or once the admins were shown it and a person ran the month again.
    """

    title: Annotated[str, Field(min_length=1, max_length=80, pattern=r"\S")] = "Tabnine usage"
    logo: Logo | None = None
    accent: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#3b4cca"
    locale: Annotated[str, AfterValidator(_locale)] = "en"
    country: Annotated[str, AfterValidator(_country)] = ""
    seat_price: Annotated[PositiveFloat, Field(allow_inf_nan=False)] | None = None
    currency: Annotated[str, AfterValidator(_currency)] | None = None
    minimum_group: Annotated[PositiveInt, Field(le=1000)] = 5
    settle_days: Annotated[int, Field(ge=0, le=28)] = 1
    when_incomplete: Literal["mark", "hold"] = "mark"
    release: Literal["automatic", "after_approval"] = "automatic"

    @field_validator("logo", mode="before")
    @classmethod
    def _read_logo(cls, file: object, info: ValidationInfo) -> Logo | None:
        if file is None:
            return None
        if not isinstance(file, str) or not file:
            raise ValueError("must be the path of an SVG or PNG file")
        return logo_at(file) if file.startswith("data:") else read_logo(under_folder(Path(file), info))

    @field_serializer("logo")
    def _tell_logo(self, logo: Logo | None) -> str | None:
        """Write the logo as an address that holds all of it: a manifest's profile gives the same report again."""
        return logo.address if logo else None

    @field_validator("currency")
    @classmethod
    def _of_the_price(cls, currency: str | None, info: ValidationInfo) -> str | None:
        if "seat_price" in info.data and (info.data["seat_price"] is None) != (currency is None):
            raise ValueError("and report.seat_price go together: give both or neither")
        return currency

    @property
    def price(self) -> SeatPrice | None:
        """The price of a seat; None where the profile names none."""
        if self.seat_price is None or self.currency is None:
            return None
        return SeatPrice(self.seat_price, self.currency)
