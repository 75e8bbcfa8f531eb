"""Notes on figures: the reason why a figure is partial or unavailable."""

from tabnine_report.analysis.api_data import ApiData
from tabnine_report.model.figure import Figure
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints import Endpoint


def note_with_reason(figure: Figure, note: str) -> str:
    """Return a figure's note followed by the reason why it is not fully measured; both may be empty."""
    return " · ".join(part for part in (note if figure.known else "", figure.reason) if part)


def not_fetched(endpoint: Endpoint, language: Language) -> str:
    """Return the reason for a figure whose endpoint failed; the data quality section has the details."""
    return language.translate("reason.not_fetched", what=language.translate(f"endpoint.{endpoint}"))


def too_late(what: str, endpoint: Endpoint, answers: ApiData, language: Language) -> str:
    """Return the reason for an as-of figure that was fetched after the next month was final.

    Args:
        what: The figures in lower case, such as `seats`.
        endpoint: The endpoint that they come from.
        answers: The API's responses.
        language: Writes the reason.
    """
    day, next_month = language.day_of(answers.received_at(endpoint)), language.month(answers.month.back(-1))
    return language.translate("reason.too_late", what=what, day=day, month=next_month)


def month_not_fetched(endpoint: Endpoint, month: Month, language: Language) -> str:
    """Return the reason for a figure of a month that is a gap in the responses of an endpoint."""
    what = language.translate(f"endpoint.{endpoint}")
    return language.translate("reason.month_not_fetched", what=what, month=language.month(month))
