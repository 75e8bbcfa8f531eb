"""Notes on figures: the reason why a figure is partial or unavailable."""

from collections.abc import Sequence

from tabnine_report.analysis.api_data import ApiData
from tabnine_report.model.figure import Figure
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.base_records import Period, Record
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.reading_problems import UnreadableRow
from tabnine_report.usage_api.snapshot import Failure


def note_with_reason(figure: Figure, note: str) -> str:
    """Return a figure's note followed by the reason why it is not fully measured; both may be empty."""
    return " · ".join(part for part in (note if figure.known else "", figure.reason) if part)


def without_data(endpoint: Endpoint, failure: Failure, language: Language) -> str:
    """Return the reason for a figure whose endpoint failed or is not offered; data quality has the details."""
    if failure.is_not_offered:
        return language.translate(f"endpoint_not_offered.{endpoint}", status=str(failure.status))
    return language.translate("reason.not_fetched", what=language.translate(f"endpoint.{endpoint}"))


def too_late(what: str, endpoint: Endpoint, api_data: ApiData, language: Language) -> str:
    """Return the reason for an as-of figure that was fetched after the next month was final.

    Args:
        what: The figures in lower case, such as `seats`.
        endpoint: The endpoint that they come from.
        api_data: The API's data.
        language: Writes the reason.
    """
    day, next_month = language.day_of(api_data.received_at(endpoint)), language.month(api_data.month.back(-1))
    return language.translate("reason.too_late", what=what, day=day, month=next_month)


def month_not_fetched(endpoint: Endpoint, month: Month, language: Language) -> str:
    """Return the reason for a figure of a month that is a gap in the responses of an endpoint."""
    what = language.translate(f"endpoint.{endpoint}")
    return language.translate("reason.month_not_fetched", what=what, month=language.month(month))


def without_value(
    language: Language, record: Record | None, field: str, month: Month | None = None, *, block: str = ""
) -> str:
    """Return the reason for a figure whose field has no value: it is invalid or absent.

    Args:
        language: Writes the reason.
        record: The record that should have the field; None if there is none.
        field: The path of the field as the API names it, as in `chat.activeUsers`.
        month: The month of the record; None for a record as of now.
        block: The block that the record itself is, as in `license`; the path begins with it.
    """
    if isinstance(record, Period) and record.is_unreadable:
        return language.translate("reason.period_unreadable", month=language.month(record.month))
    if record is not None and record.is_invalid(field.removeprefix(f"{block}.")):
        return language.translate("reason.field_invalid", field=field)
    if month is None:
        return language.translate("reason.field_absent_now", field=field)
    return language.translate("reason.field_absent", field=field, month=language.month(month))


def unreadable_rows(language: Language, unreadable: Sequence[UnreadableRow], rows: int) -> str:
    """Return how many of the rows of a list could not be read, and why; empty if all could be read."""
    if not unreadable:
        return ""
    problems = (language.translate(f"reason.row_{row.problem}", field=row.field) for row in unreadable)
    return language.translate(
        "reason.unreadable_rows",
        count=rows,
        number=language.count(len(unreadable)),
        rows=language.count(rows),
        problems=", ".join(dict.fromkeys(problems)),
    )
