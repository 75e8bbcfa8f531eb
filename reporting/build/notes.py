"""What stands beside a figure: its share of a whole, and the reason where it is not simply measured."""

from reporting.build.changes import SMALLEST_BASE
from reporting.figure import Figure, State, ratio
from reporting.language import Language
from reporting.usage_api.endpoints import Endpoint


def beside(figure: Figure, note: str) -> str:
    """Give what stands beside a figure: its note, and the reason where it is not simply measured."""
    return " · ".join(part for part in (note if figure.known else "", figure.reason) if part)


def not_fetched(endpoint: Endpoint, language: Language) -> str:
    """Say why an endpoint that failed gives no figure; the section about the data has the details."""
    return language.say("reason.not_fetched", what=language.say(f"endpoint.{endpoint}"))


def share_note(language: Language, key: str, part: Figure, whole: Figure) -> str:
    """Write a part's share of a whole: without a percentage on a small whole, and nothing where one is uncertain.

    Args:
        language: Writes it.
        key: The sentence's key; with `_few` behind it, the one for a small whole.
        part: The part.
        whole: The whole.
    """
    share = ratio(part, whole)
    if share.state is not State.MEASURED or whole.value is None:
        return ""
    form = key if whole.value >= SMALLEST_BASE else f"{key}_few"
    return language.say(form, count=whole.value, share=language.value(share), whole=language.value(whole))
