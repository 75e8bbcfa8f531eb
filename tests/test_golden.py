"""The documents of one fixed report match the expected documents in tests/golden/."""

from difflib import unified_diff
from itertools import islice

import pytest
from golden import GOLDEN, golden_documents

MAX_DIFF_LINES = 60


@pytest.fixture(scope="module")
def documents() -> dict[str, str]:
    return golden_documents()


@pytest.mark.parametrize("name", ["report.html", "email.html", "email.txt", "slack.json", "report.json"])
def test_a_document_matches_the_expected_one(name: str, documents: dict[str, str]) -> None:
    expected = (GOLDEN / name).read_text(encoding="utf-8").splitlines()

    diff = unified_diff(expected, documents[name].splitlines(), "expected", "rendered", lineterm="", n=1)
    changes = "\n".join(islice(diff, MAX_DIFF_LINES))

    assert not changes, f"{name} has changed. If the change is intended, run `make golden`:\n{changes}"


def test_every_expected_document_is_rendered(documents: dict[str, str]) -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(documents)
