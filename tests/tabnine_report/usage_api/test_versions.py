from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import instant
from tabnine_report.usage_api.records import UsageBucket, UsageBucketV1, UsageBucketV2
from tabnine_report.usage_api.snapshot import Failure
from tabnine_report.usage_api.versions import BEFORE_ACTIVITY, FROZEN, NOT_TOLD, Serving, Servings, Usage, decide

NOT_OFFERED = Failure(error="RequestRejected", message="Not offered.", status=404)
V2_DOWN = Failure(error="ServerError", message="The second is down.", status=500)
V1_DOWN = Failure(error="NoResponse", message="The first is down.")
FIRST, LAST = Month(2026, 3), Month(2026, 8)
MONTHS = FIRST.back(-5).last(6)  # March to August 2026; 6.2 came in May.
REST_MISSING = "What the newer version counted in it is missing: The second is down."


def usage(kind: type[UsageBucket], marks: str) -> dict[Month, UsageBucket]:
    """Six months from March: a digit is people, a dot is a month that is not told."""
    return {
        month: kind.model_validate({"from": instant(month.start), "to": instant(month.end), "activeUsers": int(mark)})
        for month, mark in zip(MONTHS, marks, strict=True)
        if mark != "."
    }


def v1(marks: str) -> Usage:
    return usage(UsageBucketV1, marks)


def v2(marks: str) -> Usage:
    return usage(UsageBucketV2, marks)


def split(month: str) -> str:
    return f"Two versions of the API counted {Month.parse(month).first_day:%B %Y}, each a part of it."


def written(servings: Servings) -> str:
    """Write servings as one letter a month: 1 and 2 whole, a and b partial, dash for none."""
    letters = {("v1", False): "1", ("v2", False): "2", ("v1", True): "a", ("v2", True): "b", (None, False): "-"}
    return "".join(letters[serving.version, serving.partial] for serving in servings.by_month.values())


def reasons(servings: Servings) -> list[str]:
    return [serving.reason for serving in servings.by_month.values() if serving.reason]


ACCOUNTS = dict.fromkeys(MONTHS, 9)


@pytest.mark.parametrize(
    ("first", "second", "registered", "expected", "cutover", "why"),
    [
        # Both answer.
        ("555...", "..5555", None, "11b222", Month(2026, 5), [split("2026-05")]),
        ("55....", "..5555", None, "112222", Month(2026, 5), []),
        ("550000", "005555", None, "112222", Month(2026, 5), []),
        ("......", "555555", None, "222222", None, []),
        ("555555", "......", None, "111111", None, []),
        ("555555", "555555", None, "b22222", None, [split("2026-03")]),
        ("555555", "..5555", None, "11b222", Month(2026, 5), [split("2026-05")]),
        ("555565", "..5555", None, "11b2b2", Month(2026, 5), [split("2026-05"), split("2026-07")]),
        ("55.555", "..5.55", None, "112a22", Month(2026, 5), [split("2026-06")]),
        # Quiet months when both answer.
        ("5055..", "...555", None, "111b22", Month(2026, 6), [split("2026-06")]),
        ("5.55..", "...555", None, "1-1b22", Month(2026, 6), [NOT_TOLD, split("2026-06")]),
        ("55....", "..5055", None, "112222", Month(2026, 5), []),
        ("55....", "..5.55", None, "112-22", Month(2026, 5), [NOT_TOLD]),
        ("550000", "000000", None, "112222", Month(2026, 5), []),
        ("55....", "......", None, "11----", None, [NOT_TOLD] * 4),
        # Before the first activity.
        ("000...", "...555", None, "---222", None, [BEFORE_ACTIVITY] * 3),
        ("0055..", "....55", None, "--1122", Month(2026, 7), [BEFORE_ACTIVITY] * 2),
        ("0055..", "....55", ACCOUNTS, "111122", Month(2026, 7), []),
        ("..55..", "....55", ACCOUNTS, "--1122", Month(2026, 7), [NOT_TOLD] * 2),
        ("......", "......", None, "------", None, [BEFORE_ACTIVITY] * 6),
        ("000000", "000000", ACCOUNTS, "222222", None, []),
        # The second is not offered.
        ("555555", NOT_OFFERED, None, "111111", None, []),
        ("555000", NOT_OFFERED, None, "111---", None, [FROZEN] * 3),
        ("555...", NOT_OFFERED, None, "111---", None, [FROZEN] * 3),
        ("000000", NOT_OFFERED, ACCOUNTS, "------", None, [FROZEN] * 6),
        ("000055", NOT_OFFERED, None, "----11", None, [BEFORE_ACTIVITY] * 4),
        ("000055", NOT_OFFERED, ACCOUNTS, "111111", None, []),
        ("505555", NOT_OFFERED, None, "111111", None, []),
        ("5.5555", NOT_OFFERED, None, "1-1111", None, [NOT_TOLD]),
        (V1_DOWN, NOT_OFFERED, ACCOUNTS, "------", None, ["The first is down."] * 6),
        # The second failed otherwise: from May 2026 on it may hold the rest.
        ("55500.", V2_DOWN, None, "11a---", None, [REST_MISSING]),
        ("055...", V2_DOWN, None, "-1a---", None, [BEFORE_ACTIVITY]),
        ("500000", V2_DOWN, None, "1-----", None, []),
        ("505...", V2_DOWN, None, "11a---", None, []),
        (V1_DOWN, V2_DOWN, None, "------", None, ["The first is down. The second is down."] * 6),
        # The first failed.
        (V1_DOWN, "..5555", None, "--b222", None, ["The first is down."] * 2),
        (V1_DOWN, "555055", None, "222222", None, []),
        (V1_DOWN, "5555.5", None, "2222-2", None, [NOT_TOLD]),
        (V1_DOWN, "......", None, "------", None, ["The first is down."] * 6),
    ],
)  # fmt: skip
def test_each_month_is_served_by_the_version_that_counted_it(
    first: str | Failure,
    second: str | Failure,
    registered: Mapping[Month, int] | None,
    *,
    expected: str,
    cutover: Month | None,
    why: Sequence[str],
) -> None:
    got = decide(
        MONTHS,
        first if isinstance(first, Failure) else v1(first),
        second if isinstance(second, Failure) else v2(second),
        registered,
    )
    assert written(got) == expected
    assert got.cutover == cutover
    assert reasons(got)[: len(why)] == why


def test_a_month_without_figures_tells_the_second_versions_trouble_when_it_may_have_them() -> None:
    got = decide(MONTHS, v1("555..."), V2_DOWN, None)
    assert got.by_month[Month(2026, 6)] == Serving(None, reason="The second is down.")


def test_the_month_in_which_the_second_begins_is_partial_while_the_first_is_unknown() -> None:
    got = decide(MONTHS, V1_DOWN, v2("..5555"), None)
    assert got.by_month[Month(2026, 5)] == Serving(
        "v2", partial=True, reason="What the older version counted in it is missing: The first is down."
    )


def test_months_come_oldest_first_however_they_are_asked_for() -> None:
    got = decide(reversed(MONTHS), v1("555..."), v2("...555"), None)
    assert list(got.by_month) == list(MONTHS)
    assert got.cutover == Month(2026, 6)


told = st.text("05.", min_size=6, max_size=6)


@given(
    told.map(v1) | st.just(V1_DOWN),
    told.map(v2) | st.sampled_from([V2_DOWN, NOT_OFFERED]),
    st.none() | st.dictionaries(st.sampled_from(MONTHS), st.integers(0, 9)),
)
def test_a_version_that_serves_has_a_bucket_and_what_is_missing_or_partial_has_a_reason(
    first: Usage, second: Usage, registered: Mapping[Month, int] | None
) -> None:
    got = decide(MONTHS, first, second, registered)
    assert list(got.by_month) == list(MONTHS)
    for month, serving in got.by_month.items():
        if serving.version:
            assert month in (first if serving.version == "v1" else second)
        assert bool(serving.reason) == (serving.partial or serving.version is None)
        for version in (first, second):
            active = not isinstance(version, Failure) and month in version and version[month].has_activity
            assert serving.version or not active
