"""`tabnine-report settle`: records the outcome of a delivery that the program could not confirm."""

from typing import Annotated

from cyclopts import Parameter

from cli.terminal import print_line
from tabnine_report.runs.settlement import Outcome
from tabnine_report.runs.settlement import settle as settle_delivery
from tasks.read_profile import open_ledger_profile


def settle(
    *,
    profile: str,
    month: str,
    channel: str,
    recipient: str,
    outcome: Annotated[Outcome, Parameter(name="--as")],
) -> None:
    """Record the outcome of an unconfirmed delivery, after asking the recipient, or that a sent message bounced.

    Args:
        profile: The profile: a name in the profiles folder, or the path of a file.
        month: The month as YYYY-MM.
        channel: The channel of the delivery, as listed by `history`.
        recipient: The recipient, as listed by `history`.
        outcome: "sent": the recipient has the report. "failed": the recipient does not have it; the next run sends it
            again. "bounced": the message came back to the sender; the next run sends it again.
    """
    print_line(settle_delivery(open_ledger_profile(profile), month, channel, recipient, outcome))
