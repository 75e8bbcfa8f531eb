"""Measure the deliveries per second of a ledger in PostgreSQL: `make bench-ledger`.

Eight threads claim, hand over and settle the deliveries of 50 organizations, on a temporary server on this machine.
Each delivery is claimed twice, and made once.
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import product

from postgresql import new_database, programs, serve_postgresql

from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope

THREADS = 8
ORGANIZATIONS = 50
RECIPIENTS = 10


def main() -> None:
    """Measure several rounds, each in a new database, and print the results."""
    parser = argparse.ArgumentParser(description="Measure the deliveries per second of a ledger in PostgreSQL.")
    parser.add_argument("--rounds", type=int, default=3, help="number of measurements (default: 3)")
    rounds: int = parser.parse_args().rounds
    binaries = programs()
    if binaries is None:
        raise SystemExit("PostgreSQL is not installed on this machine. Install it, for example: apt install postgresql")
    with serve_postgresql(binaries) as port:
        for _ in range(rounds):
            seconds, claimed, refused = _measure(new_database(port))
            print(
                f"{claimed} deliveries in {seconds:.1f} s: {claimed / seconds:.0f} deliveries a second, "
                f"{(claimed + refused) / seconds:.0f} claims a second"
            )


def _measure(url: str) -> tuple[float, int, int]:
    """Return the seconds, and how many claims got the delivery and how many did not."""
    # A run opens the ledger once for each channel.
    ledgers = {f"organization-{number}": Ledger(url, _now) for number in range(ORGANIZATIONS)}
    for ledger in ledgers.values():
        ledger.check()
    recipients = [f"person-{number}@example.com" for number in range(RECIPIENTS)]
    work = [pair for pair in product(ledgers, recipients) for _ in range(2)]
    begin = time.monotonic()
    with ThreadPoolExecutor(THREADS) as threads:
        claimed = sum(threads.map(lambda pair: _deliver(ledgers[pair[0]], *pair), work))
    return time.monotonic() - begin, claimed, len(work) - claimed


def _deliver(ledger: Ledger, organization: str, recipient: str) -> bool:
    """Claim and settle a delivery as a run does; return whether this thread got it."""
    request = DeliveryRequest(organization, "2026-10", 1, RecipientScope.UNDELIVERED, requested_at=_now())
    claim = ledger.claim(request, "email", recipient)
    if not isinstance(claim, Claim):
        return False
    ledger.hand_over(claim)
    ledger.settle(claim, DeliveryState.SENT, "250 OK")
    return True


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
