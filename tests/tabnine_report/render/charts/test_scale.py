"""The round numbers of a scale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.render.charts.scale import scale_marks


@pytest.mark.parametrize(
    ("highest", "lowest", "expected"),
    [
        (220, 0, (0, 100, 200)),
        (540, 200, (200, 400)),
        (520, 230, (200, 300, 400, 500)),
        (2, 0, (0, 1, 2)),
        (0, 0, (0,)),
        (87_108, 0, (0, 50_000)),
    ],
)
def test_the_lines_are_at_round_numbers(highest: float, lowest: float, expected: tuple[float, ...]) -> None:
    assert scale_marks(highest, lowest) == expected


@given(st.integers(1, 10**9))
def test_a_scale_from_zero_has_two_to_four_lines_within_the_values(highest: int) -> None:
    marks = scale_marks(highest)

    assert marks[0] == 0
    assert 2 <= len(marks) <= 4
    assert marks[-1] <= highest
