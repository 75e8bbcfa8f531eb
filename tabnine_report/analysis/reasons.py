"""Notes on figures: the reason why a figure is partial or unavailable."""

from tabnine_report.model.figure import Figure
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints import Endpoint


def note_with_reason(figure: Figure, note: str) -> str:
    """Return a figure's note followed by the reason why it is not fully measured; both may be empty."""
    return " · ".join(part for part in (note if figure.known else "", figure.reason) if part)


def not_fetched(endpoint: Endpoint, language: Language) -> str:
    """Return the reason for a figure whose endpoint failed; the data quality section has the details."""
    return language.translate("reason.not_fetched", what=language.translate(f"endpoint.{endpoint}"))
