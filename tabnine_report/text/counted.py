"""Write a number with its noun, for sentences that are only in English."""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 team`, `2 teams`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
