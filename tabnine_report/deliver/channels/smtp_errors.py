"""What an error of the SMTP library means for a message, in a sentence that names the mail server."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtplib import SMTPException, SMTPResponseException

from tabnine_report.model.errors import DeliveryDeferred, DeliveryFailed, DeliveryRejected
from tabnine_report.profile.channel_settings import EmailSettings
from tabnine_report.text.redaction import redact
from tabnine_report.text.sanitizing import sanitize

TRANSIENT = range(400, 500)
"""The responses of a server that may accept the same message later, such as 451 for greylisting."""
ERROR = range(400, 600)
SUCCESS = range(200, 300)

_RESPONSE_LENGTH = 300


class SmtpErrors:
    """Explains the errors of one mail server.

    Args:
        settings: The mail server. Its password is removed from every response, because a server may quote it.
    """

    def __init__(self, settings: EmailSettings) -> None:
        self.server = f"The mail server {settings.host}:{settings.port}"
        self._password = settings.password

    @contextmanager
    def rejection(self, subject: str) -> Iterator[None]:
        """Raise DeliveryRejected if the server rejects a step, DeliveryFailed if the connection is lost.

        Raises:
            DeliveryDeferred: If the server may accept the step later.
        """
        with self.nothing_sent("closed the connection before it had the message"):
            try:
                yield
            except SMTPResponseException as error:
                if error.code not in ERROR:
                    raise
                # Not chained, here and below: a server may quote the password at any step.
                raise self.rejected(subject, error.code, error.message) from None

    @contextmanager
    def nothing_sent(self, problem: str, advice: str = "") -> Iterator[None]:
        """Raise DeliveryFailed for any error before the content is sent; see `rejection` for a temporary one."""
        try:
            yield
        except (SMTPException, OSError, ValueError) as error:
            code = error.code if isinstance(error, SMTPResponseException) else 0
            raise self.not_sent(problem, str(error), advice, is_transient=code in TRANSIENT) from None

    def rejected(self, subject: str, code: int, message: str) -> DeliveryRejected:
        """Return the error of a rejection; its class states whether the server may accept the message later."""
        shown = self.shown(f"{code} {message}")
        if code in TRANSIENT:
            return DeliveryDeferred(f"{self.server} does not accept {subject} at the moment: {shown}")
        return DeliveryRejected(f"{self.server} rejected {subject}: {shown}")

    def not_sent(
        self, problem: str, reason: str, advice: str = "", *, is_transient: bool = False
    ) -> DeliveryFailed | DeliveryDeferred:
        """Return the error of a message that was not sent."""
        advice = advice or "Check email.host, email.port and email.security."
        kind = DeliveryDeferred if is_transient else DeliveryFailed
        return kind(f"{self.server} {problem} ({self.shown(reason)}). Nothing was sent. {advice}")

    def shown(self, response: str) -> str:
        """Return a server's response on one line and without the password."""
        secrets = (self._password.get_secret_value(),) if self._password else ()
        return sanitize(redact(response, secrets), _RESPONSE_LENGTH)
