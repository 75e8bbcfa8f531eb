"""The colors of all documents: ink, grays, a warning color, and the profile's accent, darkened if it is too pale."""

from dataclasses import dataclass

# WCAG 2.2, success criterion 1.4.3: text against its background.
_CONTRAST = 4.5
_STEP = 0.95
_LIGHT_SHARE = 0.53
"""The share of white in the lighter tone of the accent."""
_SHADE = "#f0f2f6"


@dataclass(frozen=True)
class Palette:
    """The colors of the templates, as `#rrggbb`. The first five are legible as text on white and on the shade.

    Attributes:
        accent: The reported month.
        light: A lighter tone of the accent, for fills.
        ink: Text.
        deck: The sentences below the headline.
        quiet: Secondary text.
        warning: Marks of missing and partial figures and of drafts.
        before: Earlier months in charts.
        past: Fills of earlier months in column charts.
        axis: The base line of charts, hatches, and outlines of partial values.
        rule: Hairlines.
        shade: Backgrounds, such as those of days off.
    """

    accent: str
    light: str
    ink: str = "#1a1d26"
    deck: str = "#3c4252"
    quiet: str = "#5a6070"
    warning: str = "#b23a0e"
    before: str = "#8c93a3"
    past: str = "#c3c8d6"
    axis: str = "#8b93a7"
    rule: str = "#d9dce3"
    shade: str = _SHADE


def palette(accent: str) -> Palette:
    """Return the colors for a profile's accent; a pale accent is darkened until it is legible on every background."""
    channels = _channels(accent)
    while contrast(_hex(channels), _SHADE) < _CONTRAST:
        channels = [value * _STEP for value in channels]
    return Palette(accent=_hex(channels), light=_hex([value + (255 - value) * _LIGHT_SHARE for value in channels]))


def contrast(color: str, background: str) -> float:
    """Return the contrast ratio of two colors `#rrggbb`, 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((_luminance(color), _luminance(background)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(value / 255) for value in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - defined by sRGB


def _channels(color: str) -> list[float]:
    return [float(int(color[at : at + 2], 16)) for at in (1, 3, 5)]


def _hex(channels: list[float]) -> str:
    return "#" + "".join(f"{int(value):02x}" for value in channels)
