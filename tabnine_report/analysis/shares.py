"""Shares of a whole, and when there is none to tell."""

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.model.figure import Figure, State, ratio
from tabnine_report.text.i18n import Language


def share(part: Figure, whole: Figure, language: Language, exceeded: str = "") -> Figure:
    """Give a part's share of a whole; unavailable where the whole is too small for a percentage.

    Args:
        part: The part.
        whole: The whole.
        language: Writes the reason.
        exceeded: The sentence that stands where the part is more than the whole, with gaps for both; such a share is
            given where it is empty.
    """
    divided = ratio(part, whole)
    if divided.value is None or whole.value is None:
        return divided
    if whole.value < SMALLEST_BASE:
        smallest = language.count(SMALLEST_BASE)
        return Figure.unavailable(divided.unit, language.translate("reason.small_base", smallest=smallest))
    if exceeded and divided.value > 1:
        said = language.translate(exceeded, part=language.value(part), whole=language.value(whole))
        return Figure.unavailable(divided.unit, said)
    return divided


def share_note(language: Language, key: str, part: Figure, whole: Figure) -> str:
    """Write a part's share of a whole: without a percentage on a small whole, and nothing where one is uncertain.

    Args:
        language: Writes it.
        key: The sentence's key; with `_few` behind it the one for a small whole, with `_over` for a part that is more
            than the whole.
        part: The part.
        whole: The whole.
    """
    divided = ratio(part, whole)
    if divided.value is None or divided.state is not State.MEASURED or whole.value is None:
        return ""
    form = f"{key}_few" if whole.value < SMALLEST_BASE else key
    if divided.value > 1:
        form = f"{key}_over"
    return language.translate(form, count=whole.value, share=language.value(divided), whole=language.value(whole))
