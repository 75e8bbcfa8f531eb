"""A person settles a delivery with what the notice shows, however it was pasted."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from profile_file import write_profile

from tabnine_report.deliver.ledger.ledger import Claim
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.errors import LedgerError
from tabnine_report.profile.profile import Profile
from tabnine_report.runs.context import load_context
from tabnine_report.runs.settlement import settle
from tabnine_report.runs.storage import ledger_of

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
CTO = "cto@acme.example"


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return load_context(write_profile(tmp_path), "2026-10", draft=False, at=AT, resolve=lambda *_: None).profile


def test_a_pasted_recipient_may_have_invisible_characters(profile: Profile) -> None:
    ledger = ledger_of(profile)
    claim = ledger.claim(DeliveryRequest("acme", "2026-10", 1, RecipientScope.UNDELIVERED, AT), "email", CTO)
    assert isinstance(claim, Claim)
    ledger.settle(claim, DeliveryState.UNCONFIRMED, "")

    settled = settle(profile, "2026-10\n", "email ", f" \u200b{CTO.upper()}\0\n", "sent")

    assert settled == f"The delivery by email to {CTO} for 2026-10 is settled as sent."


@pytest.mark.parametrize("typed", ["x" * 300_000, "a\0b\x1b[31m"])
def test_a_delivery_that_does_not_exist_is_named_in_a_short_sentence(profile: Profile, typed: str) -> None:
    with pytest.raises(LedgerError, match="has no delivery by") as caught:
        settle(profile, "2026-10", typed, typed, "sent")
    sentence = str(caught.value).partition("\n")[0]
    assert len(sentence) < 1000
    assert sentence.isprintable()
