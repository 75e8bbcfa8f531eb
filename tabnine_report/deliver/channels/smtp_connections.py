"""The connections to a mail server: opened as configured, kept for further messages, not used after failures."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPResponseException

from tabnine_report.deliver.channels.smtp_errors import TRANSIENT, SmtpErrors
from tabnine_report.model.errors import DeliveryDeferred, DeliveryError, DeliveryFailed, DeliveryRejected
from tabnine_report.profile.addresses import parse_mailbox
from tabnine_report.profile.channel_settings import EmailSettings
from tabnine_report.profile.network import tls_context
from tabnine_report.profile.usage_api_settings import NetworkSettings

MAX_CONNECTIONS = 4
"""How many connections to a mail server a run has at once."""
MAX_FAILURES = 2
"""The number of consecutive failures after which a mail server is no longer used."""
TOTAL_SECONDS = 3600.0
"""For how long a channel sends messages. The pauses before further attempts do not count."""

_QUIT_SECONDS = 2.0
_OAUTH = {"xoauth2", "oauthbearer"}

Begin = Callable[[SMTP], Awaitable[None]]


class SmtpConnections:
    """The connections of one channel.

    A mail server that fails at `MAX_FAILURES` consecutive messages is no longer used, because each further one would
    wait just as long. Only a connection that cannot be opened, or is lost, is a failure, also by a timeout.

    Args:
        settings: The mail server and the login.
        network: The certificate authorities to trust.
        step_seconds: The time limit of each step.
        max_connections: How many connections there may be at once.

    Raises:
        SettingsError: If the file of certificate authorities cannot be used.
    """

    def __init__(
        self, settings: EmailSettings, network: NetworkSettings, step_seconds: float, max_connections: int
    ) -> None:
        self._settings = settings
        self._tls = None if settings.security == "none" else tls_context(network)
        self._step_seconds = step_seconds
        self._max_connections = max_connections
        self._errors = SmtpErrors(settings)
        self._idle: list[SMTP] = []
        self._started_at: float | None = None
        self._spent_seconds = 0.0
        self._is_proven = False
        self._failures = 0
        self._last_failure = DeliveryError()

    @property
    def parallel(self) -> int:
        """How many messages may be sent at once: one until the mail server has responded to it."""
        return self._max_connections if self._is_proven else 1

    @asynccontextmanager
    async def conversation(self, begin: Begin) -> AsyncIterator[SMTP]:
        """Yield a connection on which a message has begun; it is kept unless it fails.

        Args:
            begin: Begins the message with the command MAIL. It is called again on another connection if a kept one
                turns out to be closed.

        Raises:
            DeliveryError: If there is no connection, or the message could not begin.
        """
        self._check()
        while True:
            is_new = not self._idle
            connection = await self._opened() if is_new else self._idle.pop()
            async with self._kept(connection):
                try:
                    await begin(connection)
                except DeliveryError:
                    # A mail server may close a connection after some messages: that is no failure.
                    if is_new or connection.is_connected:
                        raise
                    continue
                yield connection
                return

    async def probe(self) -> None:
        """Open a connection and close it.

        Raises:
            DeliveryError: If it cannot be opened.
        """
        await _quit(await self._open())

    async def close(self) -> None:
        """Close the kept connections. The next message opens a new one, also after too many failures."""
        idle, self._idle = self._idle, []
        self._is_proven, self._failures = False, 0
        if self._started_at is not None:
            self._spent_seconds += _now() - self._started_at
            self._started_at = None
        await asyncio.gather(*map(_quit, idle))

    def _check(self) -> None:
        """Raise an error if the message is not to be tried."""
        self._started_at = self._started_at or _now()
        if self._spent_seconds + _now() - self._started_at > TOTAL_SECONDS:
            raise DeliveryFailed(
                f"The message was not tried, because sending by email took longer than {TOTAL_SECONDS / 60:g} minutes. "
                "Run the month again to send it."
            )
        if self._failures >= MAX_FAILURES:
            kind = DeliveryDeferred if isinstance(self._last_failure, DeliveryDeferred) else DeliveryFailed
            raise kind(
                f"The message was not tried, because {self._failures} messages in a row failed. "
                f"The last failure: {self._last_failure}"
            )

    @asynccontextmanager
    async def _kept(self, connection: SMTP) -> AsyncIterator[None]:
        """Keep a connection for the next message if it is usable after the block; otherwise close it."""
        is_usable = False
        try:
            yield
            is_usable = True
        except DeliveryError as error:
            if not connection.is_connected:
                self._fail(error)
            else:
                self._succeed()
                is_usable = isinstance(error, DeliveryRejected) and await _reset(connection)
            raise
        finally:
            if is_usable and connection.is_connected:
                self._succeed()
                self._idle.append(connection)
            else:
                connection.close()

    def _succeed(self) -> None:
        self._is_proven, self._failures = True, 0

    def _fail(self, error: DeliveryError) -> None:
        self._failures += 1
        self._last_failure = error

    async def _opened(self) -> SMTP:
        try:
            return await self._open()
        except DeliveryError as error:
            self._fail(error)
            raise

    async def _open(self) -> SMTP:
        """Return a connection that is ready for a message: encrypted as configured, and logged in."""
        connection = SMTP(
            hostname=self._settings.host,
            port=self._settings.port,
            local_hostname=self._ehlo_name,
            use_tls=self._settings.security == "tls",
            start_tls=False,
            tls_context=self._tls,
            timeout=self._step_seconds,
        )
        try:
            with self._errors.nothing_sent("cannot be reached"):
                await connection.connect()
            await self._greet(connection)
            if self._settings.security == "starttls":
                await self._start_tls(connection)
            await self._log_in(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    @property
    def _ehlo_name(self) -> str:
        return self._settings.ehlo_name or parse_mailbox(self._settings.sender).domain

    async def _greet(self, connection: SMTP) -> None:
        advice = "Set email.ehlo_name to the full name of this machine, as the mail server knows it."
        rejected = ""
        with self._errors.nothing_sent("does not respond to the greeting"):
            try:
                await connection.ehlo()
            except SMTPHeloError as error:
                if error.code in TRANSIENT or not connection.is_connected:
                    raise
                rejected = f"{error.code} {error.message}"
        if rejected:
            raise self._errors.not_sent(f"rejected the greeting EHLO {self._ehlo_name}", rejected, advice)

    async def _start_tls(self, connection: SMTP) -> None:
        if not connection.supports_extension("starttls"):
            raise DeliveryFailed(
                f"{self._errors.server} does not offer STARTTLS. Nothing was sent. Ask its operator, or correct "
                'email.port and email.security ("tls" encrypts from the first byte).'
            )
        with self._errors.nothing_sent("could not start TLS"):
            await connection.starttls()
        await self._greet(connection)

    async def _log_in(self, connection: SMTP) -> None:
        if self._settings.username is None or self._settings.password is None:
            return
        self._check_login_methods(connection)
        problem = ""
        is_transient = False
        try:
            await connection.login(self._settings.username, self._settings.password.get_secret_value())
        except SMTPResponseException as error:
            is_transient = error.code in TRANSIENT
            problem = f"rejected the login with {error.code}"
        except (SMTPException, OSError, ValueError) as error:
            problem = f"could not process the login ({type(error).__name__})"
        # Raised here, outside the handlers: the server's response to a login may quote the password.
        if problem:
            kind = DeliveryDeferred if is_transient else DeliveryFailed
            raise kind(f"{self._errors.server} {problem}. Nothing was sent. Check email.username and email.password.")

    def _check_login_methods(self, connection: SMTP) -> None:
        """Raise an error if the mail server offers no login with a password."""
        if connection.supported_auth_methods:
            return
        offered = ", ".join(sorted(connection.server_auth_methods)).upper()
        if set(connection.server_auth_methods) & _OAUTH:
            raise DeliveryFailed(
                f"{self._errors.server} accepts only logins with OAuth 2 ({self._errors.shown(offered)}), which "
                "tabnine-report does not support. Nothing was sent. Use a mail server that accepts a password, or one "
                "that needs no login from this machine."
            )
        methods = f"only these methods: {self._errors.shown(offered)}" if offered else "no login on this connection"
        raise DeliveryFailed(
            f"{self._errors.server} offers {methods}. Nothing was sent. Check email.port and email.security, or remove "
            "email.username and email.password."
        )


async def _reset(connection: SMTP) -> bool:
    """End a rejected message, and return whether the connection can be used for another one."""
    try:
        await connection.rset()
    except (SMTPException, OSError):
        return False
    return True


async def _quit(connection: SMTP) -> None:
    with suppress(SMTPException, OSError):
        await connection.quit(timeout=_QUIT_SECONDS)
    connection.close()


def _now() -> float:
    """Return the time of the event loop's clock."""
    return asyncio.get_running_loop().time()
