"""A message that tries the way of the report by email, and cannot be taken for the report."""

from tabnine_report.deliver.message import Message
from tabnine_report.text.i18n import Language


def test_message(organization: str, language: Language) -> Message:
    """Write the message.

    Args:
        organization: The profile's name.
        language: Writes it.
    """
    return Message(
        subject=language.translate("trial.subject", organization=organization),
        text=f"{language.translate('trial.text', organization=organization)}\n",
    )
