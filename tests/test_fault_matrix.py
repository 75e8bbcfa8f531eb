"""A sample of the fault matrix: each fault of the API at one endpoint, and one fault of each channel and service."""

import fault_matrix
import pytest
from fault_matrix import CHANNEL_PROMISES, PAGE, Promise, endpoint_promises, observe

ENDPOINTS = ("license", "teams", "permissions", "account-utilizations", "organization")
"""Those of which a report needs one response or two."""
SLOWEST = "ledger in PostgreSQL"
"""Its silence is in the tests of the ledger."""


def sample() -> list[tuple[Promise, str]]:
    """Return a promise and a target for each fault of the API, and for each channel and service."""
    promises = list(endpoint_promises())
    chosen = []
    for number, fault in enumerate(dict.fromkeys(promise.fault for promise in promises)):
        endpoint = ENDPOINTS[number % len(ENDPOINTS)]
        chosen += [(each, endpoint) for each in promises if each.fault == fault and endpoint in each.targets]
    for target in dict.fromkeys(promise.targets[0] for promise in CHANNEL_PROMISES):
        fault = "connection reset" if target == SLOWEST else "silence"
        chosen += [(each, target) for each in CHANNEL_PROMISES if (each.fault, each.targets) == (fault, (target,))]
    return chosen


@pytest.mark.filterwarnings("ignore:Artifact creation outside of a flow:FutureWarning")
@pytest.mark.parametrize(
    ("promise", "target"), [pytest.param(*case, id=f"{case[0].fault} at {case[1]}") for case in sample()]
)
async def test_a_fault_costs_what_is_promised(promise: Promise, target: str) -> None:
    assert await observe(promise, target) == promise.outcome


def test_the_page_has_the_tables_of_the_promises() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert fault_matrix.with_tables(page) == page
