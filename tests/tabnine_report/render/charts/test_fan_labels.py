"""The labels of the chart of accounts keep clear of each other and of the lines, whatever the numbers are."""

from itertools import combinations, pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from svg_reader import Drawing

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.accounts_fan import Deadline, Range, accounts_fan
from tabnine_report.render.charts.columns import AxisLabel, Labeled, Value
from tabnine_report.render.charts.fan_labels import FanLabels
from tabnine_report.render.charts.label_places import overlap
from tabnine_report.render.charts.scale import scale_marks
from tabnine_report.render.charts.svg import Anchor, Box
from tabnine_report.render.colors import palette

COLORS = palette("#3b4cca")
Case = dict[str, Any]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Return the numbers of a chart: usually near to each other, sometimes far apart."""
    most = draw(st.sampled_from((12, 120, 500, 4_000, 100_000)))
    count = draw(st.integers(4, 13))
    amounts = st.integers(0, most)
    accounts = draw(st.lists(st.integers(1, most), min_size=count, max_size=count))
    people = [min(draw(amounts), most_people) for most_people in accounts]
    partial = draw(st.sets(st.integers(0, count - 1), max_size=2))
    missing = draw(st.sets(st.integers(0, count - 2), max_size=2)) - partial
    seats = draw(st.integers(max(1, most // 2), 2 * most))
    end = draw(st.none() | st.floats(0.2, 12))
    low = draw(st.integers(accounts[-1] // 2, 2 * accounts[-1]))
    return {
        "accounts": accounts,
        "people": [None if at in missing else people[at] for at in range(count)],
        "partial": partial,
        "seats": seats,
        "end": end,
        "notice": draw(st.none() | st.floats(0.05, 0.95)) if end else None,
        "range": (low, low + draw(st.integers(0, most // 4))) if end and draw(st.booleans()) else None,
        "size": draw(st.sampled_from(((svg.FULL, 90.0), (svg.FULL, 150.0), (svg.FULL, 216.0), (svg.HALF, 160.0)))),
    }


def drawn(case: Case) -> Drawing:
    accounts, people, seats, end = case["accounts"], case["people"], case["seats"], case["end"]
    known = [*accounts, *(amount for amount in people if amount is not None)]
    likely: tuple[int, int] | None = case["range"]
    marks = scale_marks(max(*known, seats, likely[1] if likely else 0), min(known))
    first = next(amount for amount in people if amount is not None)
    width, height = case["size"]
    return Drawing(
        accounts_fan(
            [Value(amount) for amount in accounts],
            [Value(amount, partial=at in case["partial"]) for at, amount in enumerate(people)],
            seats,
            "Accounts",
            COLORS,
            scale=[Labeled(mark, f"{mark / 1000:g}K" if mark >= 1000 else f"{mark:g}") for mark in marks],
            axis=[AxisLabel(0, "Oct 2025")],
            labels=FanLabels(
                accounts=(f"{accounts[0]:,} accounts", f"{accounts[-1]:,} accounts."),
                users=(f"{first:,} active users", f"{people[-1]:,} active users."),
                seats=f"{seats:,} seats",
                unassigned=f"{max(seats - accounts[-1], 0):,} unassigned",
                inactive=f"at least {accounts[-1] - people[-1]:,} inactive",
                partial="May: partial",
            ),
            end=Deadline(end, ("License ends", "1 Feb 2027")) if end else None,
            notice=Deadline(end * case["notice"], ("Cancel by", "15 Dec 2026")) if case["notice"] else None,
            range_at_end=_range(*case["range"]) if case["range"] else None,
            width=width,
            height=height,
        )
    )


def _range(low: int, high: int) -> Range:
    return Range(low, high, (f"{low:,} to {high:,} accounts", "36 to 60 unassigned", "estimate"))


def boxes(chart: Drawing) -> dict[str, Box]:
    anchors: list[Anchor] = [element.get("text-anchor", "start") for element in chart.elements("text")]  # type: ignore[misc]
    return {
        words: svg.text_box(chart.place(words), words, anchor)
        for words, anchor in zip(chart.texts, anchors, strict=True)
    }


def segments(chart: Drawing) -> list[tuple[float, float, float, float]]:
    """Return the pieces of the lines of accounts and of active users."""
    found = []
    for color in (COLORS.quiet, COLORS.accent):
        for path in chart.elements("path", stroke=color):
            corners = [corner.split() for corner in path["d"].removeprefix("M").split("L")]
            places = [(float(x), float(y)) for x, y in corners]
            found += [(*start, *end) for start, end in pairwise(places)]
    return found


def meets(segment: tuple[float, float, float, float], box: Box) -> bool:
    x1, y1, x2, y2 = segment
    left, top, width, height = box
    steps = [(x1 + (x2 - x1) * step / 60, y1 + (y2 - y1) * step / 60) for step in range(61)]
    return any(left < x < left + width and top < y < top + height for x, y in steps)


@given(cases())
def test_no_label_covers_another_one_or_a_line_or_leaves_the_chart(case: Case) -> None:
    chart = drawn(case)
    found = boxes(chart)
    width, height = chart.size

    assert [pair for pair in combinations(found, 2) if overlap(found[pair[0]], found[pair[1]])] == []
    assert [words for words, box in found.items() for segment in segments(chart) if meets(segment, box)] == []
    for words, (x, y, room, line) in found.items():
        assert -1 <= x <= x + room <= width + 1, words
        assert 0 <= y <= y + line <= height, words


@given(cases())
def test_both_lines_are_always_named_in_print(case: Case) -> None:
    width, _ = case["size"]
    texts = drawn({**case, "size": (svg.FULL, 90.0)} if width < svg.FULL else case).texts

    assert f"{case['accounts'][-1]:,} accounts." in texts
    assert f"{case['people'][-1]:,} active users." in texts
