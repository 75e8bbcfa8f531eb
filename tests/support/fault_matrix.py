"""Try every fault with every endpoint and channel, and write docs/reliability.md from the outcomes: `make test-faults`.

`PROMISES` lists the promised outcomes; a run that observes another one fails and writes nothing. The tests observe one
case of each promise.
"""

import asyncio
import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import channel_faults
import endpoint_faults

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- The tables below are written by `make test-faults`. -->\n", "<!-- End of the tables. -->\n"


@dataclass(frozen=True)
class Promise:
    """The outcome of a fault at some parts of a run.

    Attributes:
        fault: The fault, as in "silent".
        targets: The endpoints, or the channels and services.
        outcome: What happens.
    """

    fault: str
    targets: tuple[str, ...]
    outcome: str


def endpoint_promises() -> Iterator[Promise]:
    """Yield the outcomes of the API's faults: all that keep an endpoint from responding cost the same."""
    for fault in endpoint_faults.FAULTS:
        costs: dict[str, list[str]] = {}
        for endpoint in endpoint_faults.ENDPOINTS:
            costs.setdefault(_cost(endpoint, fault), []).append(endpoint)
        for outcome, targets in costs.items():
            yield Promise(fault, tuple(targets), outcome)


def _cost(endpoint: str, fault: str) -> str:
    if endpoint == "organization":
        return "no report"
    if (endpoint, fault) in endpoint_faults.NOT_OFFERED:
        return "complete"
    return endpoint_faults.COSTS[endpoint]


CHANNEL_PROMISES = tuple(
    Promise(fault, (target,), outcome)
    for target, outcomes in channel_faults.OUTCOMES.items()
    for fault, outcome in outcomes.items()
)


async def observe(promise: Promise, target: str) -> str:
    """Return what happens if a fault occurs at a target."""
    if target in endpoint_faults.ENDPOINTS:
        return await endpoint_faults.observe(target, promise.fault)
    return await channel_faults.observe(target, promise.fault)


def tables() -> str:
    """Return the tables of the promised outcomes, as Markdown."""
    lines = ["", "### The API", "", "| fault | at | the report is |", "| --- | --- | --- |"]
    lines += [_row(promise) for promise in _joined(tuple(endpoint_promises()))]
    lines += ["", "### Channels and services", "", "| fault | at | outcome |", "| --- | --- | --- |"]
    lines += [_row(promise) for promise in _joined(CHANNEL_PROMISES)]
    return "\n".join([*lines, ""])


def _row(promise: Promise) -> str:
    return f"| {promise.fault} | {', '.join(promise.targets)} | {promise.outcome} |"


def _joined(promises: Sequence[Promise]) -> Iterator[Promise]:
    """Yield the promises with those of several faults in one row, if they cost the same."""
    faults: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for promise in promises:
        faults.setdefault((promise.targets, promise.outcome), []).append(promise.fault)
    for (targets, outcome), names in faults.items():
        yield Promise(", ".join(names), targets, outcome)


def with_tables(page: str) -> str:
    """Return the page with the current tables."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{tables()}{END}{rest.partition(END)[2]}"


async def main() -> int:
    """Observe every case, and write the page if each outcome is the promised one."""
    logging.disable(logging.CRITICAL)
    wrong: dict[tuple[str, str], str] = {}
    promises = (*endpoint_promises(), *CHANNEL_PROMISES)
    cases = [(promise, target) for promise in promises for target in promise.targets]
    for promise, target in cases:
        outcome = await observe(promise, target)
        if outcome != promise.outcome:
            wrong[promise.fault, target] = outcome
            sys.stdout.write(f"{promise.fault} at {target}: promised {promise.outcome!r}, observed {outcome!r}\n")
    sys.stdout.write(f"{len(cases) - len(wrong)} of {len(cases)} outcomes are as promised.\n")
    if not wrong:
        PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
