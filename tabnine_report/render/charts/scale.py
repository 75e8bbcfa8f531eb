"""The round numbers of a chart's scale."""

import math

_INTERVALS = 3
"""The number of distances between lines that a scale has at most."""


def scale_marks(highest: float, lowest: float = 0.0) -> tuple[float, ...]:
    """Return the round numbers from `lowest`, rounded down, to below or at `highest`; 0 alone if there is no value.

    Args:
        highest: The highest value of the chart.
        lowest: The value at which the scale begins; 0 for columns, which must start there.
    """
    if highest <= lowest:
        return (lowest,)
    step = _step((highest - lowest) / _INTERVALS)
    first = math.floor(lowest / step)
    return tuple(number * step for number in range(first, math.floor(highest / step + 1e-9) + 1))


def _step(least: float) -> float:
    """Return the smallest round number that is at least `least` and needs no decimal in its compact form.

    Counts have no fractions, so a step is never below 1; and 2,500 would be written as 2.5K, but 25,000 is 25K.
    """
    if least <= 1:
        return 1.0
    magnitude = 10.0 ** math.floor(math.log10(least))
    steps = (1.0, 2.0, 5.0, 10.0) if math.log10(magnitude) % 3 == 0 else (1.0, 2.0, 2.5, 5.0, 10.0)
    return next(step * magnitude for step in steps if step * magnitude >= least)
