"""The documents of one fixed report come out as they are kept: a change of them is a change that somebody meant."""

from difflib import unified_diff
from itertools import islice

import pytest
from golden import GOLDEN, golden_documents

LINES = 60


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return golden_documents()


@pytest.mark.parametrize("name", ["report.html", "email.html", "email.txt", "slack.json", "report.json"])
def test_a_document_comes_out_as_it_is_kept(name: str, made: dict[str, str]) -> None:
    kept = (GOLDEN / name).read_text(encoding="utf-8").splitlines()

    changed = "\n".join(islice(unified_diff(kept, made[name].splitlines(), "kept", "made", lineterm="", n=1), LINES))

    assert not changed, f"{name} comes out otherwise; if that is meant, `make golden` renews it:\n{changed}"


def test_nothing_else_is_kept(made: dict[str, str]) -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(made)
