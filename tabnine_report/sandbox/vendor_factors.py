"""The three factors that version 1 of the usage API computes: shares from 0 to 1, rounded to three digits.

Each is None where there is too little to divide by; the API then leaves the field out.
"""

_LEAST_CHARACTERS = 1_000
_DIGITS = 3


def automation_factor(completion_characters: int, keystrokes: int) -> float | None:
    """The share of code characters that completions wrote."""
    return _share_of_characters(completion_characters, keystrokes)


def productivity_factor(completion_characters: int, chat_characters: int, keystrokes: int) -> float | None:
    """The share of characters that completions and chat wrote (inferred from the vendor's one example)."""
    return _share_of_characters(completion_characters + chat_characters, keystrokes)


def chat_consumption_rate(useful_interactions: int, interactions: int) -> float | None:
    """The share of chat answers that were copied, inserted or applied."""
    return round(useful_interactions / interactions, _DIGITS) if interactions else None


def _share_of_characters(written: int, keystrokes: int) -> float | None:
    if written + keystrokes < _LEAST_CHARACTERS:
        return None
    return round(written / (written + keystrokes), _DIGITS)
