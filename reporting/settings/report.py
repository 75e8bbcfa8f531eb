"""What the report says: `[report]`."""

from typing import Annotated, Literal

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, Field, PositiveInt

from reporting.settings.table import Table


def _locale(name: str) -> str:
    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        raise ValueError("is not a locale, like en or en_GB") from None
    return name


class ReportSettings(Table):
    """`[report]`: what the report says and when it may go out.

    Attributes:
        title: What the report calls itself.
        accent: The colour of the reported month, `#rrggbb`.
        locale: How numbers and dates are written, as `en` or `en_GB`.
        minimum_group: The fewest people of a team that may be shown on its own.
        settle_days: How many whole local days after a month's end its figures are taken as final.
        when_incomplete: Whether a report with missing figures is delivered and marked, or held back.
        release: Whether a report goes out by itself, or once the admins were shown it and a person ran the month again.
    """

    title: Annotated[str, Field(min_length=1, max_length=80)] = "Tabnine usage"
    accent: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#3b4cca"
    locale: Annotated[str, AfterValidator(_locale)] = "en"
    minimum_group: Annotated[PositiveInt, Field(le=1000)] = 5
    settle_days: Annotated[int, Field(ge=0, le=28)] = 1
    when_incomplete: Literal["mark", "hold"] = "mark"
    release: Literal["automatic", "after_approval"] = "automatic"
