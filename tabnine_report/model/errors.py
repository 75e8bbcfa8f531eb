"""What can go wrong, as one tree.

    ReportingError                the root: anything that this project says in its own words
    ├── SettingsError             the profile, a variable or a command line cannot be used
    ├── MonthError                the month is not one that a report can be made of
    ├── UsageApiError             asking one endpoint did not give an answer to build on
    │   ├── NoResponse              no answer came: refused, unresolved, timed out, cut off before the status
    │   ├── UntrustedCertificate            no answer was asked for: the host's certificate is not trusted
    │   ├── ServerError         the server answered that it cannot just now (429, 500, 502, 503, 504)
    │   ├── MalformedResponse         an answer came, but cut short or not JSON
    │   ├── UnexpectedResponse       JSON came, but a field that the report rests on is missing or of another type
    │   ├── PagingError           the pages together are not the list that they claim to be
    │   └── RequestRejected        the server will never answer this request (400, 404, 422 and the like)
    │       ├── TokenRejected      401: the token is wrong, expired or of another organization
    │       └── FeatureNotAvailable   403: the organization does not have this, or the token may not read it
    ├── BuildError                the snapshot holds too little to build a report at all
    ├── RenderError               a document could not be made
    ├── ArchiveError              a bundle could not be written, read or believed
    │   ├── AlreadySealed         another run sealed this revision first
    │   └── ContentRemoved        a rule of the archive removed what is asked for
    ├── LedgerError               the ledger could not be opened, read or written
    └── DeliveryError             a message did not reach, or may not have reached, its recipient
        ├── DeliveryRejected       the other side said no, for this recipient or message
        ├── DeliveryFailed        the message was surely not handed over: free to be tried again
        └── DeliveryUnconfirmed       it was being handed over when the line went dead: never blindly sent again

Each message is one plain sentence for people: what failed, on what, what to do. None ever holds a secret.
"""

from typing import ClassVar


class ReportingError(Exception):
    """The root: catch it where a run ends and something else must go on.

    Attributes:
        retryable: Whether the same call may succeed a little later without anybody changing anything.
        step: What the run was doing, for the admins' notice: "fetching", "building" and the like.
    """

    retryable: ClassVar[bool] = False
    step: ClassVar[str] = "running"


class SettingsError(ReportingError):
    """When a profile, a variable or a command line cannot be used; found before the first request.

    Args:
        subject: What was read, such as the profile's file.
        problems: One sentence a problem, each naming the key or the variable and never its value.
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
    """When the month asked for is open, in the future, or no month at all."""

    step = "choosing the month"


class UsageApiError(ReportingError):
    """When asking one endpoint did not give an answer to build on.

    Args:
        message: The sentence for people; it names host and endpoint.
        endpoint: The endpoint's name as in `tabnine_report.usage_api.endpoints`.
        status: The HTTP status, or None when no answer came.
        request_id: The id that the server gave its answer, where it gave one: what its support asks for.
    """

    step = "fetching"

    def __init__(
        self, message: str, *, endpoint: str, status: int | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.endpoint = endpoint
        self.status = status
        self.request_id = request_id

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the keyword arguments when an error crosses a process or is stored."""
        return _rebuild, (type(self), str(self), self.endpoint, self.status, self.request_id), self.__dict__


def _rebuild(
    cls: type[UsageApiError], message: str, endpoint: str, status: int | None, request_id: str | None
) -> UsageApiError:
    return cls(message, endpoint=endpoint, status=status, request_id=request_id)


class NoResponse(UsageApiError):
    """When no answer came: connection refused, name unresolved, timed out, cut off before the status."""

    retryable = True


class UntrustedCertificate(UsageApiError):
    """When the host, or the proxy before it, shows a certificate that is not trusted: it gets no request."""


class ServerError(UsageApiError):
    """When the server answered that it cannot just now: 429, 500, 502, 503, 504.

    Args:
        message: As for every `UsageApiError`; so are endpoint, status and request id.
        endpoint: See there.
        status: See there.
        request_id: See there.
        retry_after_seconds: How long the server asks to wait, where it says so.
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
    """When an answer came, but cut short or not JSON."""

    retryable = True


class UnexpectedResponse(UsageApiError):
    """When JSON came, but a field that the report rests on is missing or of another type."""


class PagingError(UsageApiError):
    """When the pages together are not the list that they claim to be: rows changed between two pages."""

    retryable = True


class RequestRejected(UsageApiError):
    """When the server will never answer this request: 400, 404, 422 and the like. Asked once, not again."""


class TokenRejected(RequestRejected):
    """When the server answered 401: the token is wrong, expired or of another organization."""


class FeatureNotAvailable(RequestRejected):
    """When the organization does not have this, or the token may not read it: 403.

    Where an endpoint need not be there, it is also any other status that says so; such a request is made once.
    """


class BuildError(ReportingError):
    """When the snapshot holds too little to build a report at all."""

    step = "building"


class RenderError(ReportingError):
    """When a document could not be made."""

    step = "rendering"


class ArchiveError(ReportingError):
    """When a bundle could not be written, read or believed."""

    step = "keeping the report"


class AlreadySealed(ArchiveError):
    """When another run sealed this revision of a month first: what is new may be the next one."""


class ContentRemoved(ArchiveError):
    """When what is asked for was removed by a rule of the archive, as it says itself."""


class LedgerError(ReportingError):
    """When the ledger could not be opened, read or written."""

    step = "keeping the ledger"


class DeliveryError(ReportingError):
    """When a message did not reach, or may not have reached, its recipient."""

    step = "delivering"


class DeliveryRejected(DeliveryError):
    """When the other side said no, for this recipient or this message; free to be tried again after a change."""


class DeliveryFailed(DeliveryError):
    """When the message was surely not handed over; free to be tried again."""


class DeliveryUnconfirmed(DeliveryError):
    """When the line went dead while the message was handed over; told to the admins, never blindly sent again."""
