"""The receivers of what a run sends, as local servers: a webhook and a mailbox."""

import json
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as SMTP_POLICY
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Webhook:
    """A receiver of Slack messages with a configurable status; as Slack, it refuses one without text."""

    def __init__(self) -> None:
        self.payloads: list[dict[str, Any]] = []
        self.status = 200
        received = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not payload.get("text"):
                    self.answer(400, b"no_text")
                    return
                received.payloads.append(payload)
                self.answer(received.status, b"ok" if received.status == 200 else b"no_service")

            def answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/services/T000/B000/hush"

    def text(self) -> str:
        """Return everything received, as text."""
        return json.dumps(self.payloads, ensure_ascii=False)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Monitor:
    """A monitor that expects signs of life: records the addresses that are requested."""

    def __init__(self, path: str = "/ping/hush") -> None:
        self.paths: list[str] = []
        self.status = 200
        received = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                received.paths.append(self.path)
                self.send_response(received.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}{path}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass
class Mail:
    """What the mail server accepted, which recipients it rejects, and for which the connection breaks at the end.

    Such a message has arrived, but the sender cannot know that.
    """

    port: int = 0
    messages: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    unconfirmed: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 No such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        message = BytesParser(EmailMessage, policy=SMTP_POLICY).parsebytes(content)
        self.messages += [(address, message) for address in envelope.rcpt_tos]
        if self.unconfirmed.intersection(envelope.rcpt_tos):
            assert server.transport is not None
            server.transport.close()
        return "250 OK"

    def recipients(self) -> list[str]:
        return sorted(address for address, _ in self.messages)
