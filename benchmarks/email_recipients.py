"""Measure how long an email to many recipients takes on a slow mail server: `make bench-email`.

The server, in this process, sends each response after a pause. Each message has a PDF of 250 kB.
"""

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from scripted_relay import ScriptedRelay, serving

from tabnine_report.deliver.channels.email import EmailChannel
from tabnine_report.deliver.delivery import deliver
from tabnine_report.deliver.ledger.ledger import Ledger
from tabnine_report.deliver.message import Attachment, Message
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.profile.channel_settings import EmailSettings
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.text.i18n import Language

PDF_BYTES = 250_000


def main() -> None:
    """Send the messages and print the time."""
    parser = argparse.ArgumentParser(description="Measure an email to many recipients on a slow mail server.")
    parser.add_argument("--recipients", type=int, default=500, help="number of recipients (default: 500)")
    parser.add_argument("--pause", type=float, default=0.3, help="seconds before each response (default: 0.3)")
    arguments = parser.parse_args()
    asyncio.run(_measure(arguments.recipients, arguments.pause))


async def _measure(number: int, pause: float) -> None:
    recipients = tuple(f"person-{at}@acme-{at % 7}.example" for at in range(number))
    pdf = Attachment("report.pdf", "application/pdf", b"%PDF-1.7 " + bytes(PDF_BYTES))
    message = Message(
        subject="412 people used Tabnine", text="412 people.\n", html="<p>412 people</p>", attachments=(pdf,)
    )
    request = DeliveryRequest("acme", "2026-10", 1, RecipientScope.UNDELIVERED, requested_at=_now())
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(f"sqlite:///{Path(folder) / 'ledger.db'}", _now)
        async with serving(ScriptedRelay(pause_seconds=pause)) as relay:
            settings = EmailSettings(host="127.0.0.1", port=relay.port, security="none", sender="reports@acme.example")
            channel = EmailChannel(
                settings, NetworkSettings(), recipients, language=Language("en", ZoneInfo("UTC")), clock=_now
            )
            begin = time.monotonic()
            receipts = await deliver(channel, message, request, ledger)
            seconds = time.monotonic() - begin
            await channel.close()
    sent = sum(receipt.state is DeliveryState.SENT for receipt in receipts)
    if sent != number or sorted(relay.accepted) != sorted(f"TO:<{recipient}>" for recipient in recipients):
        raise SystemExit(f"{sent} of {number} were sent, and the server accepted {len(relay.accepted)} messages.")
    print(f"{number} recipients in {seconds:.0f} s, {relay.sessions} connections, at most {relay.most_at_once} at once")


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
