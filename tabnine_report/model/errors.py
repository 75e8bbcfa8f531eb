"""The errors of the project, as one tree.

    ReportingError              the root of every error that the project raises on purpose
    ├── SettingsError           a profile, a variable or a command line is invalid
    ├── MonthError              the requested month cannot be reported
    ├── PrefectError            the run cannot use Prefect: no server responds, or its home folder cannot be written
    ├── UsageApiError           a request to an endpoint failed
    │   ├── NoResponse            no response arrived: connection refused, unknown host, timeout, lost connection
    │   ├── UntrustedCertificate  the certificate of the host is not trusted, so no request was sent
    │   ├── ServerError           the server is temporarily unable to respond: 429, 500, 502, 503, 504
    │   ├── MalformedResponse     the response is incomplete or not JSON
    │   ├── ResponseTooLarge      the response is larger than a run reads
    │   ├── UnexpectedResponse    the response is JSON, but a required field is missing or has the wrong type
    │   ├── PagingError           the pages do not add up to the list
    │   └── RequestRejected       the server rejects the request for good: 400, 404, 422 and others
    │       ├── TokenRejected       401: the token is invalid or expired, lacks a permission, or belongs elsewhere
    │       ├── AccessDenied        403: the token may lack the permission, or the organization lacks the feature
    │       └── FeatureNotAvailable the organization does not have an optional endpoint
    ├── BuildError              the snapshot has too little data to build a report
    ├── RenderError             a document could not be rendered
    ├── ArchiveError            a bundle could not be written, read or verified
    │   ├── AlreadySealed         another run sealed this revision first
    │   └── ContentRemoved        the requested content was removed by a retention rule
    ├── LedgerError             the ledger could not be opened, read or written
    └── DeliveryError           a message did not reach its recipient, or may not have
        ├── DeliveryRejected      the other side rejected the recipient or the message
        │   └── DeliveryDeferred    the other side does not accept it at the moment, and may accept it later
        ├── DeliveryFailed        the message was certainly not handed over, so it can be sent again
        └── DeliveryUnconfirmed   the connection broke during the handover, so it is never sent again automatically

Each message states what failed, on what, and what to do. No message ever contains a secret.
"""

from copy import copy
from typing import ClassVar, Self


class ReportingError(Exception):
    """The root of every error that the project raises on purpose.

    Attributes:
        retryable: Whether the same call may succeed shortly afterwards without any change.
        step: The step of the run that failed, as in `fetching` or `building`; admins read it in the notice.
    """

    retryable: ClassVar[bool] = False
    step: ClassVar[str] = "running"


class SettingsError(ReportingError):
    """A profile, a variable or a command line is invalid. Raised before the first request.

    Args:
        subject: The object that was read, such as the path of the profile.
        problems: One sentence for each problem. It names the key or the variable and never its value.
    """

    step = "reading the settings"

    def __init__(self, subject: str, problems: list[str]) -> None:
        super().__init__(subject, problems)
        self.subject = subject
        self.problems = problems

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return f"{self.subject}: {self.problems[0].rstrip('.')}."
        return "\n".join([f"{self.subject}: {len(self.problems)} problems", *(f"  - {p}" for p in self.problems)])


class MonthError(ReportingError):
    """The requested month is open, in the future, or not a month."""

    step = "choosing the month"


class PrefectError(ReportingError):
    """The run cannot use Prefect: no server responds, or its home folder cannot be written. Raised before the flow."""

    step = "starting"


class UsageApiError(ReportingError):
    """A request to an endpoint failed.

    Args:
        message: The message. It names the host and the endpoint.
        endpoint: The name of the endpoint, as in `tabnine_report.usage_api.endpoints`.
        status: The HTTP status; None if no response arrived.
        request_id: The request ID in the response, which the vendor's support needs; None if there is none.
    """

    step = "fetching"

    def __init__(
        self, message: str, *, endpoint: str, status: int | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.endpoint = endpoint
        self.status = status
        self.request_id = request_id

    def with_advice(self, sentence: str) -> Self:
        """Return the same error with a further sentence in its message."""
        advised = copy(self)
        advised.args = (f"{self} {sentence}",)
        return advised

    def __reduce__(self) -> tuple[object, ...]:
        """Support pickling despite the keyword arguments: errors cross processes and are stored."""
        return _rebuild, (type(self), str(self), self.endpoint, self.status, self.request_id), self.__dict__


def _rebuild(
    cls: type[UsageApiError], message: str, endpoint: str, status: int | None, request_id: str | None
) -> UsageApiError:
    return cls(message, endpoint=endpoint, status=status, request_id=request_id)


class NoResponse(UsageApiError):
    """No response arrived: connection refused, unknown host, timeout, connection lost before the status."""

    retryable = True


class UntrustedCertificate(UsageApiError):
    """The certificate of the host, or of a proxy in front of it, is not trusted. No request was sent."""


class ServerError(UsageApiError):
    """The server is temporarily unable to respond: 429, 500, 502, 503, 504.

    Args:
        message: See `UsageApiError`.
        endpoint: See `UsageApiError`.
        status: See `UsageApiError`.
        request_id: See `UsageApiError`.
        retry_after_seconds: The delay that the server requests, in seconds; None if it requests none.
    """

    retryable = True

    def __init__(
        self,
        message: str,
        *,
        endpoint: str,
        status: int | None = None,
        request_id: str | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message, endpoint=endpoint, status=status, request_id=request_id)
        self.retry_after_seconds = retry_after_seconds


class MalformedResponse(UsageApiError):
    """The response is incomplete or not JSON."""

    retryable = True


class ResponseTooLarge(UsageApiError):
    """The response, or all responses together, are larger than a run reads. They would be as large again."""


class UnexpectedResponse(UsageApiError):
    """The response is JSON, but a required field is missing or has the wrong type."""


class PagingError(UsageApiError):
    """The pages do not add up to the list, because rows changed between two requests."""

    retryable = True


class RequestRejected(UsageApiError):
    """The server rejects the request for good: 400, 404, 422 and others. It is not retried."""


class TokenRejected(RequestRejected):
    """The server responded with 401: the token is invalid or expired, lacks a permission, or belongs elsewhere."""


class AccessDenied(RequestRejected):
    """The server responded with 403: the token may lack the permission, or the organization lacks the feature."""


class FeatureNotAvailable(RequestRejected):
    """The organization does not have an optional endpoint: the response proves it, so this is not a failure."""


class BuildError(ReportingError):
    """The snapshot has too little data to build a report."""

    step = "building"


class RenderError(ReportingError):
    """A document could not be rendered."""

    step = "rendering"


class ArchiveError(ReportingError):
    """A bundle could not be written, read or verified."""

    step = "archiving the report"


class AlreadySealed(ArchiveError):
    """Another run sealed this revision of the month first. Newer data can become the next revision."""


class ContentRemoved(ArchiveError):
    """The requested content was removed by a retention rule, as the bundle records."""


class LedgerError(ReportingError):
    """The ledger could not be opened, read or written."""

    step = "recording deliveries"


class DeliveryError(ReportingError):
    """A message did not reach its recipient, or may not have."""

    step = "delivering"


class DeliveryRejected(DeliveryError):
    """The other side rejected the recipient or the message. It can be sent again after a change."""


class DeliveryDeferred(DeliveryRejected):
    """The other side does not accept the recipient or the message at the moment. The run sends it again later."""


class DeliveryFailed(DeliveryError):
    """The message was certainly not handed over. It can be sent again."""


class DeliveryUnconfirmed(DeliveryError):
    """The connection broke during the handover. Admins are notified; the message is never sent again automatically."""
