"""pytest collects every test file, and selects those without a make target of their own."""

from pathlib import Path

import pytest
from collection import COLLECTED, NOT_MEASURED

TESTS = Path(__file__).parent
TARGETS = {TESTS / "browser", TESTS / "guide"}


@pytest.fixture(autouse=True)
def _every_test(request: pytest.FixtureRequest) -> None:
    if [Path(argument).resolve() for argument in request.config.args] != [TESTS]:
        pytest.skip("This run was started with some of the test files only.")


def test_pytest_collects_every_test_file(request: pytest.FixtureRequest) -> None:
    """By default, it skips folders of some names, such as `build` and `dist`."""
    assert set(TESTS.rglob("test_*.py")) == request.config.stash[COLLECTED]


def test_what_takes_minutes_is_not_selected_by_default(request: pytest.FixtureRequest) -> None:
    assert {path.parent for path in request.config.stash[COLLECTED]} >= TARGETS
    assert not [item for item in request.session.items if item.path.parent in TARGETS]


def test_a_test_that_is_not_measured_exists() -> None:
    assert [path for path in NOT_MEASURED if not (TESTS / path).exists()] == []
