"""A message that tries the way of the report by email, and cannot be taken for the report."""

from tabnine_report.deliver.message import Message
from tabnine_report.text.i18n import Language


def trial_message(organization: str, language: Language) -> Message:
    """Write the message.

    Args:
        organization: The profile's name.
        language: Writes it.
    """
    return Message(
        subject=language.say("trial.subject", organization=organization),
        text=f"{language.say('trial.text', organization=organization)}\n",
    )
