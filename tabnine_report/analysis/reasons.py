"""What stands beside a figure: its note, and the reason where it is not simply measured."""

from tabnine_report.model.figure import Figure
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints import Endpoint


def beside(figure: Figure, note: str) -> str:
    """Give what stands beside a figure: its note, and the reason where it is not simply measured."""
    return " · ".join(part for part in (note if figure.known else "", figure.reason) if part)


def not_fetched(endpoint: Endpoint, language: Language) -> str:
    """Say why an endpoint that failed gives no figure; the section about the data has the details."""
    return language.translate("reason.not_fetched", what=language.translate(f"endpoint.{endpoint}"))
