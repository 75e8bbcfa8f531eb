"""Compute the three ratios of version 1 of the usage API: shares from 0 to 1, rounded to three digits.

A ratio is None if its base is too small; the API then omits the field.
"""

_MIN_CHARACTERS = 1_000
_DIGITS = 3


def automation_factor(completion_characters: int, keystrokes: int) -> float | None:
    """Return the share of code characters written by completions."""
    return _share_of_characters(completion_characters, keystrokes)


def productivity_factor(completion_characters: int, chat_characters: int, keystrokes: int) -> float | None:
    """Return the share of characters written by completions and chat (inferred from the vendor's one example)."""
    return _share_of_characters(completion_characters + chat_characters, keystrokes)


def chat_consumption_rate(useful_interactions: int, interactions: int) -> float | None:
    """Return the share of chat answers that were copied, inserted or applied."""
    return round(useful_interactions / interactions, _DIGITS) if interactions else None


def _share_of_characters(written: int, keystrokes: int) -> float | None:
    if written + keystrokes < _MIN_CHARACTERS:
        return None
    return round(written / (written + keystrokes), _DIGITS)
