"""The marks of checks and of last month's actions."""

from typing import get_args

from svg_reader import Drawing

from tabnine_report.render.charts.marks import Kind, mark
from tabnine_report.render.colors import palette

COLORS = palette("#3b4cca")


def test_marks_of_different_meaning_have_different_shapes() -> None:
    marks = {kind: mark(kind, "done", COLORS) for kind in get_args(Kind)}

    assert marks["passed"] == marks["done"]
    assert len(set(marks.values())) == len(marks) - 1


def test_a_mark_has_its_word_and_is_hidden_from_screen_readers() -> None:
    assert all('aria-hidden="true"' in mark(kind, "done", COLORS) for kind in get_args(Kind))
    assert Drawing(mark("open", "not <known>", COLORS)).title == "not <known>"
