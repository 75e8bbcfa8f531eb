"""What holds for every test: no limit of time that a busy machine exceeds, and little work besides the test."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest
from collection import COLLECTED, NOT_MEASURED
from hypothesis import HealthCheck, settings
from receivers import Webhook

TESTS = Path(__file__).parent

# The time of an example depends on the machine. So does the time that Hypothesis takes to draw one.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
# With Python's default frequency, garbage collection takes a seventh of the time.
gc.set_threshold(50_000, 20, 20)
# Every client, also of the processes that the tests start, would read all public certificate authorities, which takes
# longer than most tests. No test connects to a public host. Prefect reads the variable when it is imported.
AUTHORITY = str(TESTS / "support" / "authority.pem")
os.environ["SSL_CERT_FILE"] = AUTHORITY


def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than processors, because many tests wait for servers and other processes."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the names of the collected files, and mark the tests that coverage does not measure."""
    config.stash[COLLECTED] = {item.path for item in items}
    for item in items:
        is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if is_property or item.path.relative_to(TESTS).as_posix().startswith(NOT_MEASURED):
            item.add_marker(pytest.mark.no_cover)


def pytest_collection_finish() -> None:
    """Exclude from garbage collection what lives until the end: the libraries and thousands of collected tests."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _one_authority() -> Iterator[None]:
    """Replace the authorities of certifi, which clients read that ignore the environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certifi, "where", lambda: AUTHORITY)
        yield


@pytest.fixture
def admins() -> Iterator[Webhook]:
    """Return the admins' webhook, which keeps what it receives."""
    webhook = Webhook()
    yield webhook
    webhook.stop()
