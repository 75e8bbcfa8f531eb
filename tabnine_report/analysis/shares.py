"""Shares of a whole, and the reason where there is none."""

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.model.figure import Figure, State, ratio
from tabnine_report.text.i18n import Language


def share(part: Figure, whole: Figure, language: Language, exceeds_key: str = "") -> Figure:
    """Return a part's share of a whole; unavailable if the whole is too small for a percentage.

    Args:
        part: The part.
        whole: The whole.
        language: Writes the reason.
        exceeds_key: The catalog's key of the reason for a part that exceeds the whole, with the placeholders `part`
            and `whole`. If empty, a share may exceed 100%.
    """
    quotient = ratio(part, whole, if_zero=language.translate("reason.division_by_zero"))
    if quotient.value is None or whole.value is None:
        return quotient
    if whole.value < SMALLEST_BASE:
        smallest = language.count(SMALLEST_BASE)
        return Figure.unavailable(quotient.unit, language.translate("reason.small_base", smallest=smallest))
    if exceeds_key and quotient.value > 1:
        reason = language.translate(exceeds_key, part=language.value(part), whole=language.value(whole))
        return Figure.unavailable(quotient.unit, reason)
    return quotient


def share_note(language: Language, key: str, part: Figure, whole: Figure) -> str:
    """Return a note on a part's share of a whole; empty if either is missing, or is partial and not a bound.

    Args:
        language: Writes the note.
        key: The catalog's key of the note. `<key>_few` is for a whole too small for a percentage, `<key>_over` for a
            part that exceeds the whole.
        part: The part.
        whole: The whole.
    """
    quotient = ratio(part, whole, if_zero=language.translate("reason.division_by_zero"))
    complete = quotient.state is State.MEASURED or quotient.bound
    if quotient.value is None or not complete or whole.value is None:
        return ""
    if quotient.at_most and quotient.value >= 1:
        return ""  # "At most 100%" states nothing.
    form = f"{key}_few" if whole.value < SMALLEST_BASE else key
    if quotient.value > 1:
        form = f"{key}_over"
    return language.translate(form, count=whole.value, share=language.value(quotient), whole=language.value(whole))
