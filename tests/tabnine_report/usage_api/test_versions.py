from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints.usage import UsageBucket, UsageBucketV1, UsageBucketV2
from tabnine_report.usage_api.query import format_instant
from tabnine_report.usage_api.snapshot import Failure
from tabnine_report.usage_api.versions import (
    BEFORE_ACTIVITY,
    BOTH_COUNTED,
    FROZEN,
    NO_DATA,
    UNDECIDED,
    Serving,
    Servings,
    Usage,
    decide,
)

NOT_OFFERED = Failure(error="FeatureNotAvailable", message="Not offered.", status=404)
V2_DOWN = Failure(error="ServerError", message="Version 2 is down.", status=500)
V1_DOWN = Failure(error="NoResponse", message="Version 1 is down.")
FIRST, LAST = Month(2026, 3), Month(2026, 8)
MONTHS = FIRST.back(-5).last(6)  # March to August 2026; 6.2 came in May.
REST_MISSING = "The data of version 2 is missing: Version 2 is down."


GAP = Failure(error="ServerError", message="The month could not be fetched.", status=504)
V1_GAP = "The data of version 1 is missing: The month could not be fetched."
V2_GAP = "The data of version 2 is missing: The month could not be fetched."


def usage(kind: type[UsageBucket], marks: str) -> dict[Month, UsageBucket | Failure]:
    """Return six months from March: a digit is the number of active users, a dot an omitted month, ? a gap."""
    return {
        month: GAP
        if mark == "?"
        else kind.model_validate(
            {"from": format_instant(month.start), "to": format_instant(month.end), "activeUsers": int(mark)}
        )
        for month, mark in zip(MONTHS, marks, strict=True)
        if mark != "."
    }


def v1(marks: str) -> Usage:
    return usage(UsageBucketV1, marks)


def v2(marks: str) -> Usage:
    return usage(UsageBucketV2, marks)


def as_text(servings: Servings) -> str:
    """Return one character per month: 1 and 2 complete, a and b partial, a dash for none."""
    letters = {("v1", False): "1", ("v2", False): "2", ("v1", True): "a", ("v2", True): "b", (None, False): "-"}
    return "".join(letters[serving.version, serving.partial] for serving in servings.by_month.values())


def reasons(servings: Servings) -> list[str]:
    return [serving.reason for serving in servings.by_month.values() if serving.reason]


ACCOUNTS = dict.fromkeys(MONTHS, 9)


@pytest.mark.parametrize(
    ("first", "second", "registered", "expected", "cutover", "expected_reasons"),
    [
        # Both versions respond.
        ("555...", "..5555", None, "11b222", Month(2026, 5), [BOTH_COUNTED]),
        ("55....", "..5555", None, "112222", Month(2026, 5), []),
        ("550000", "005555", None, "112222", Month(2026, 5), []),
        ("......", "555555", None, "222222", None, []),
        ("555555", "......", None, "111111", None, []),
        ("555555", "555555", None, "b22222", None, [BOTH_COUNTED]),
        ("555555", "..5555", None, "11b222", Month(2026, 5), [BOTH_COUNTED]),
        ("555565", "..5555", None, "11b2b2", Month(2026, 5), [BOTH_COUNTED, BOTH_COUNTED]),
        ("55.555", "..5.55", None, "112a22", Month(2026, 5), [BOTH_COUNTED]),
        # Months without activity if both versions respond.
        ("5055..", "...555", None, "111b22", Month(2026, 6), [BOTH_COUNTED]),
        ("5.55..", "...555", None, "1-1b22", Month(2026, 6), [NO_DATA, BOTH_COUNTED]),
        ("55....", "..5055", None, "112222", Month(2026, 5), []),
        ("55....", "..5.55", None, "112-22", Month(2026, 5), [NO_DATA]),
        ("550000", "000000", None, "112222", Month(2026, 5), []),
        ("55....", "......", None, "11----", None, [NO_DATA] * 4),
        # Before the first activity.
        ("000...", "...555", None, "---222", None, [BEFORE_ACTIVITY] * 3),
        ("0055..", "....55", None, "--1122", Month(2026, 7), [BEFORE_ACTIVITY] * 2),
        ("0055..", "....55", ACCOUNTS, "111122", Month(2026, 7), []),
        ("..55..", "....55", ACCOUNTS, "--1122", Month(2026, 7), [NO_DATA] * 2),
        ("......", "......", None, "------", None, [BEFORE_ACTIVITY] * 6),
        ("000000", "000000", ACCOUNTS, "222222", None, []),
        # Version 2 is not offered.
        ("555555", NOT_OFFERED, None, "111111", None, []),
        ("555000", NOT_OFFERED, None, "111---", None, [FROZEN] * 3),
        ("555...", NOT_OFFERED, None, "111---", None, [FROZEN] * 3),
        ("000000", NOT_OFFERED, ACCOUNTS, "------", None, [FROZEN] * 6),
        ("000055", NOT_OFFERED, None, "----11", None, [BEFORE_ACTIVITY] * 4),
        ("000055", NOT_OFFERED, ACCOUNTS, "111111", None, []),
        ("505555", NOT_OFFERED, None, "111111", None, []),
        ("5.5555", NOT_OFFERED, None, "1-1111", None, [NO_DATA]),
        (V1_DOWN, NOT_OFFERED, ACCOUNTS, "------", None, ["Version 1 is down."] * 6),
        # Version 2 failed otherwise: from May 2026 on it may have the rest.
        ("55500.", V2_DOWN, None, "11a---", None, [REST_MISSING]),
        ("055...", V2_DOWN, None, "-1a---", None, [BEFORE_ACTIVITY]),
        ("500000", V2_DOWN, None, "1-----", None, []),
        ("505...", V2_DOWN, None, "11a---", None, []),
        (V1_DOWN, V2_DOWN, None, "------", None, ["Version 1 is down. Version 2 is down."] * 6),
        # Version 1 failed.
        (V1_DOWN, "..5555", None, "--b222", None, ["Version 1 is down."] * 2),
        (V1_DOWN, "555055", None, "222222", None, []),
        (V1_DOWN, "5555.5", None, "2222-2", None, [NO_DATA]),
        (V1_DOWN, "......", None, "------", None, ["Version 1 is down."] * 6),
    ],
)  # fmt: skip
def test_each_month_is_served_by_the_version_that_counted_it(
    first: str | Failure,
    second: str | Failure,
    registered: Mapping[Month, int] | None,
    *,
    expected: str,
    cutover: Month | None,
    expected_reasons: Sequence[str],
) -> None:
    got = decide(
        MONTHS,
        first if isinstance(first, Failure) else v1(first),
        second if isinstance(second, Failure) else v2(second),
        registered,
    )
    assert as_text(got) == expected
    assert got.cutover == cutover
    assert reasons(got)[: len(expected_reasons)] == expected_reasons


@pytest.mark.parametrize(
    ("first", "second", "registered", "expected", "expected_reasons"),
    [
        # The history of both failed; only the reported month and the previous one were returned.
        ("????55", "????..", None, "----11", [GAP.message] * 4),
        ("????..", "????55", None, "----22", [GAP.message] * 4),
        ("?????5", "?????.", None, "-----1", [GAP.message] * 5),
        # Version 2 cannot have data before Tabnine 6.2, so its gaps before May do not matter.
        ("55....", "??5555", None, "112222", []),
        ("555...", "????55", None, "11a-22", [V2_GAP, GAP.message]),
        ("5.5...", "??.555", None, "1-1222", [NO_DATA]),
        # Version 1 may have the rest of the month in which version 2 starts, and of months before its own end.
        ("55?...", "..5555", None, "11b222", [V1_GAP]),
        ("55.?6.", "..5555", None, "112bb2", [V1_GAP, BOTH_COUNTED]),
        ("55??..", "..5555", None, "11b222", [V1_GAP]),
        ("?5....", "..5555", None, "-12222", [GAP.message]),
        ("??....", "..5555", None, "--2222", [GAP.message] * 2),
        # A month without activity after a gap is neither before the first activity nor certainly zero.
        ("?000..", "?...55", None, "----22", [GAP.message, *[UNDECIDED] * 3]),
        ("0?00..", "0...55", None, "----22", [BEFORE_ACTIVITY, GAP.message, *[UNDECIDED] * 2]),
        ("?000..", "?...55", ACCOUNTS, "-11122", [GAP.message]),
        # Version 2 is not offered.
        ("?55555", NOT_OFFERED, None, "-11111", [GAP.message]),
        ("??0000", NOT_OFFERED, None, "------", [*[GAP.message] * 2, *[UNDECIDED] * 4]),
        ("5500?0", NOT_OFFERED, None, "11----", [*[UNDECIDED] * 2, GAP.message, FROZEN]),
        ("????00", NOT_OFFERED, ACCOUNTS, "------", [*[GAP.message] * 4, *[FROZEN] * 2]),
        ("0?0005", NOT_OFFERED, None, "-----1", [BEFORE_ACTIVITY, GAP.message, *[UNDECIDED] * 3]),
        # One version failed.
        ("5?5500", V2_DOWN, None, "1-aa--", [GAP.message, REST_MISSING, REST_MISSING]),
        (V1_DOWN, "??.?55", None, "----b2", ["Version 1 is down."] * 2),
        (V1_DOWN, "55?5??", None, "22-2--", [GAP.message] * 3),
    ],
)  # fmt: skip
def test_nothing_is_concluded_from_a_gap(
    first: str | Failure,
    second: str | Failure,
    registered: Mapping[Month, int] | None,
    expected: str,
    expected_reasons: Sequence[str],
) -> None:
    got = decide(
        MONTHS,
        first if isinstance(first, Failure) else v1(first),
        second if isinstance(second, Failure) else v2(second),
        registered,
    )
    assert as_text(got) == expected
    assert reasons(got)[: len(expected_reasons)] == expected_reasons


def test_reason_is_the_failure_of_version_2_if_it_may_have_the_data() -> None:
    got = decide(MONTHS, v1("555..."), V2_DOWN, None)
    assert got.by_month[Month(2026, 6)] == Serving(None, reason="Version 2 is down.")


def test_first_month_of_version_2_is_partial_if_version_1_failed() -> None:
    got = decide(MONTHS, V1_DOWN, v2("..5555"), None)
    assert got.by_month[Month(2026, 5)] == Serving(
        "v2", partial=True, reason="The data of version 1 is missing: Version 1 is down."
    )


def test_months_are_sorted_oldest_first() -> None:
    got = decide(reversed(MONTHS), v1("555..."), v2("...555"), None)
    assert list(got.by_month) == list(MONTHS)
    assert got.cutover == Month(2026, 6)


marks = st.text("05.?", min_size=6, max_size=6)


@given(
    marks.map(v1) | st.just(V1_DOWN),
    marks.map(v2) | st.sampled_from([V2_DOWN, NOT_OFFERED]),
    st.none() | st.dictionaries(st.sampled_from(MONTHS), st.integers(0, 9)),
)
def test_serving_version_has_a_bucket_and_missing_or_partial_has_a_reason(
    first: Usage, second: Usage, registered: Mapping[Month, int] | None
) -> None:
    got = decide(MONTHS, first, second, registered)
    assert list(got.by_month) == list(MONTHS)
    for month, serving in got.by_month.items():
        if serving.version:
            served = first if serving.version == "v1" else second
            assert not isinstance(served, Failure)
            assert isinstance(served[month], UsageBucket)
        assert bool(serving.reason) == (serving.partial or serving.version is None)
        for version in (first, second):
            bucket = None if isinstance(version, Failure) else version.get(month)
            active = isinstance(bucket, UsageBucket) and bucket.has_activity
            assert serving.version or not active


@given(marks, marks, st.none() | st.just(ACCOUNTS))
def test_a_gap_adds_no_certainty(first: str, second: str, registered: Mapping[Month, int] | None) -> None:
    """A month with figures although something is missing has the same figures if the gaps turn out to be empty."""
    with_gaps = decide(MONTHS, v1(first), v2(second), registered).by_month
    filled = decide(MONTHS, v1(first.replace("?", ".")), v2(second.replace("?", ".")), registered).by_month
    for month in MONTHS:
        if with_gaps[month].version and not with_gaps[month].partial:
            assert filled[month].version == with_gaps[month].version
