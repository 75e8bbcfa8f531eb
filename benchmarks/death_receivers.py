"""Serve a mail server or Slack: `python benchmarks/death_receivers.py mail|slack PORT LOG`.

Each message that arrives is a line of the log before it is accepted, so that the log is complete when the program is
killed.
"""

import asyncio
import json
import sys
from email.parser import BytesParser
from email.policy import SMTP as SMTP_POLICY
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

ADMIN = "it-tools"
"""The admin's name in an address, and the folder of the admins' webhook."""


class Log:
    """The messages that arrived, one line each."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, organization: str, recipient: str, text: str) -> None:
        """Add a message."""
        line = json.dumps({"organization": organization, "recipient": recipient, "text": text})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


class Mailbox:
    """What aiosmtpd calls for each message."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's signature
        """Log the message for each recipient, and accept it."""
        content = envelope.content
        subject = str(BytesParser(policy=SMTP_POLICY).parsebytes(content)["subject"]) if content else ""  # type: ignore[arg-type]
        for address in envelope.rcpt_tos:
            name, _, domain = address.partition("@")
            self._log.write(domain.removesuffix(".example"), name, subject)
        return "250 OK"


async def _serve_mail(port: int, log: Log) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Mailbox(log), hostname="localhost", loop=loop), "127.0.0.1", port)
    await server.serve_forever()


def _serve_slack(port: int, log: Log) -> None:
    class Handler(BaseHTTPRequestHandler):
        """Logs what is posted to /services/ORGANIZATION/RECIPIENT."""

        def do_POST(self) -> None:
            """Log the message, and accept it."""
            payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            organization, recipient = self.path.split("/")[-2:]
            log.write(organization, recipient, str(payload.get("text")))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    kind, number, path = sys.argv[1:]
    if kind == "mail":
        asyncio.run(_serve_mail(int(number), Log(Path(path))))
    else:
        _serve_slack(int(number), Log(Path(path)))
