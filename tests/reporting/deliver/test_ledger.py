import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from pydantic import SecretStr

from reporting.deliver.ledger import LEASE, Claim, Entry, Ledger
from reporting.deliver.message import DeliveryState
from reporting.errors import LedgerError

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
CTO = "cto@acme.example"


class Clock:
    """Moves on a minute whenever it is asked."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reports" / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Ledger:
    return Ledger(SecretStr(f"sqlite:///{path}"), Clock())


def claim(ledger: Ledger, recipient: str = CTO, *, month: str = "2026-10", revision: int = 1) -> Claim | Entry:
    return ledger.claim("acme", month, "email", recipient, revision)


def claimed(ledger: Ledger, recipient: str = CTO) -> Claim:
    found = claim(ledger, recipient)
    assert isinstance(found, Claim)
    return found


def test_what_is_new_is_claimed_and_noted_with_its_instants(ledger: Ledger) -> None:
    mine = claimed(ledger)
    ledger.hand_over(mine)
    settled = ledger.settle(mine, DeliveryState.SENT, "250 OK")

    assert settled == Entry(
        organization="acme",
        month="2026-10",
        channel="email",
        recipient=CTO,
        revision=1,
        state=DeliveryState.SENT,
        message_id=mine.message_id,
        claimed_at=AT + timedelta(minutes=1),
        handed_over_at=AT + timedelta(minutes=2),
        settled_at=AT + timedelta(minutes=3),
        detail="250 OK",
    )
    assert ledger.deliveries("acme") == [settled]


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.UNKNOWN])
def test_what_was_sent_or_may_have_been_is_not_free(ledger: Ledger, state: DeliveryState) -> None:
    settled = ledger.settle(claimed(ledger), state, "")

    assert claim(ledger, revision=2) == settled


def test_what_somebody_else_is_sending_is_not_free(ledger: Ledger) -> None:
    claimed(ledger)
    found = claim(ledger)

    assert isinstance(found, Entry)
    assert found.state is DeliveryState.CLAIMED


@pytest.mark.parametrize("state", [DeliveryState.REFUSED, DeliveryState.FAILED])
def test_what_surely_did_not_arrive_is_free_again_under_the_same_id(ledger: Ledger, state: DeliveryState) -> None:
    first = claimed(ledger)
    ledger.hand_over(first)
    ledger.settle(first, state, "no")

    again = claim(ledger, revision=2)

    assert isinstance(again, Claim)
    assert (again.row, again.message_id) == (first.row, first.message_id)
    (entry,) = ledger.deliveries("acme")
    assert (entry.state, entry.revision, entry.detail) == (DeliveryState.CLAIMED, 2, "")
    assert (entry.handed_over_at, entry.settled_at) == (None, None)


def test_a_claim_whose_run_died_before_handing_over_is_free_an_hour_later(path: Path) -> None:
    dead = claimed(Ledger(f"sqlite:///{path}", lambda: AT))
    in_time = claim(Ledger(f"sqlite:///{path}", lambda: AT + LEASE))
    later = claim(Ledger(f"sqlite:///{path}", lambda: AT + LEASE + timedelta(seconds=1)))

    assert isinstance(in_time, Entry)
    assert isinstance(later, Claim)
    assert (later.row, later.message_id) == (dead.row, dead.message_id)


def test_a_claim_whose_run_died_after_handing_over_stays(path: Path) -> None:
    ledger = Ledger(f"sqlite:///{path}", lambda: AT)
    ledger.hand_over(claimed(ledger))

    assert isinstance(claim(Ledger(f"sqlite:///{path}", lambda: AT + timedelta(days=400))), Entry)


def test_who_was_taken_for_dead_may_not_hand_over(path: Path) -> None:
    ledger = Ledger(f"sqlite:///{path}", lambda: AT)
    slow = claimed(ledger)
    claimed(Ledger(f"sqlite:///{path}", lambda: AT + timedelta(days=1)))

    with pytest.raises(LedgerError, match="took this delivery for abandoned"):
        ledger.hand_over(slow)


def test_upper_and_lower_case_make_no_second_recipient(ledger: Ledger) -> None:
    claimed(ledger)

    assert isinstance(claim(ledger, "CTO@Acme.example"), Entry)


def test_months_organizations_channels_and_recipients_are_apart(ledger: Ledger) -> None:
    keys = [
        ("acme", "2026-10", "email", CTO),
        ("acme", "2026-09", "email", CTO),
        ("bolt", "2026-10", "email", CTO),
        ("acme", "2026-10", "slack", CTO),
        ("acme", "2026-10", "email", "ceo@acme.example"),
    ]
    claims = [ledger.claim(*key, revision=1) for key in keys]

    assert all(isinstance(found, Claim) for found in claims)
    assert len({found.message_id for found in claims}) == 5
    assert [(e.month, e.channel, e.recipient) for e in ledger.deliveries("acme")] == [
        ("2026-09", "email", CTO),
        ("2026-10", "email", "ceo@acme.example"),
        ("2026-10", "email", CTO),
        ("2026-10", "slack", CTO),
    ]
    assert len(ledger.deliveries("acme", "2026-10")) == 3
    assert ledger.deliveries("nobody") == []


def test_an_id_tells_the_month_and_no_address(ledger: Ledger, tmp_path: Path) -> None:
    message_id = claimed(ledger).message_id

    assert message_id.startswith("acme-2026-10-")
    assert "cto" not in message_id
    assert claimed(Ledger(f"sqlite:///{tmp_path}/other.db", Clock())).message_id == message_id


def test_it_outlasts_its_maker_and_keeps_instants_in_utc(path: Path) -> None:
    there = timezone(timedelta(hours=2))
    claimed(Ledger(f"sqlite:///{path}", lambda: AT.astimezone(there)))

    (entry,) = Ledger(f"sqlite:///{path}", Clock()).deliveries("acme")

    assert entry.claimed_at == AT
    assert entry.claimed_at.tzinfo is UTC


def test_a_ledger_that_can_be_written_passes_its_check(ledger: Ledger, path: Path) -> None:
    ledger.check()

    assert path.exists()


def test_a_file_that_is_no_ledger_is_said_to_be_none(path: Path, ledger: Ledger) -> None:
    path.parent.mkdir()
    path.write_bytes(b"Dear diary, " * 100)

    with pytest.raises(LedgerError, match=rf"^The ledger {path} cannot be used \(file is not a database\)"):
        ledger.check()


def test_a_ledger_of_another_program_is_found_by_the_check(path: Path, ledger: Ledger) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE deliveries (parcel TEXT)")

    with pytest.raises(LedgerError, match="no such column"):
        ledger.check()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file", encoding="utf-8")
    ledger = Ledger(f"sqlite:///{tmp_path}/reports/ledger.db", Clock())

    with pytest.raises(LedgerError, match="nothing is sent without it"):
        ledger.check()


def test_a_ledger_that_somebody_holds_is_waited_for_and_then_said_to_be_locked(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.deliver.ledger.BUSY_SECONDS", 0.05)
    impatient = Ledger(f"sqlite:///{path}", Clock())
    impatient.check()
    holder = sqlite3.connect(path, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="database is locked"):
            claim(impatient)
    finally:
        holder.close()


def test_an_error_tells_no_address(path: Path, ledger: Ledger) -> None:
    ledger.check()
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE deliveries")
    connection.execute("CREATE TABLE deliveries (id INTEGER)")
    connection.commit()
    connection.close()

    with pytest.raises(LedgerError) as caught:
        claim(ledger)

    assert CTO not in f"{caught.value} {caught.value.__cause__}"


def test_a_clock_is_asked_and_nothing_else(path: Path, clock: Callable[[], datetime]) -> None:
    ledger = Ledger(f"sqlite:///{path}", clock)
    ledger.settle(claimed(ledger), DeliveryState.SENT, "")

    (entry,) = ledger.deliveries("acme")
    assert entry.claimed_at == entry.settled_at == clock()
