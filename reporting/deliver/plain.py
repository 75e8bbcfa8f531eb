"""What others said, made fit to be shown and stored: one printable line that is not endless."""

LONGEST = 300


def plain(text: str, longest: int = LONGEST) -> str:
    """Give a text as one line without controls, those of direction included; a longer one ends in an ellipsis."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
