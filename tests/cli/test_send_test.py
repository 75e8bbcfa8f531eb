"""`check --send-test` checks email delivery with a message that is marked as a test."""

import asyncio
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP
from receivers import Mail

from cli.main import status
from tabnine_report.runs import clock
from tabnine_report.sandbox.server import serve_sandbox
from tabnine_report.sandbox.world import World


def profile_in(folder: Path, base_url: str, email: str) -> str:
    path = folder / "acme.toml"
    path.write_text(
        f'name = "acme"\ntime_zone = "Europe/Berlin"\n[usage_api]\nbase_url = "{base_url}"\ntoken = "sandbox-token"\n'
        f"{email}\n[archive]\nledger_durable = true\n",
        encoding="utf-8",
    )
    return str(path)


async def test_one_message_marked_as_a_test_is_sent_to_that_address_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mail, loop = Mail(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mail, hostname="localhost", loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    relay = (
        f'[email]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "reports@acme.example"\n'
        'recipients = ["cto@acme.example"]'
    )
    with serve_sandbox(World(users=60, teams=3), now=clock.now) as sandbox:
        profile = profile_in(tmp_path, sandbox.base_url, relay)
        await asyncio.to_thread(status, ["check", "--profile", profile, "--send-test", "ann@acme.example"])
        ((address, message),) = mail.messages
        assert address == "ann@acme.example"
        assert message["Subject"] == "TEST: delivery of the Tabnine report for acme"
        body = message.get_body(("plain",))
        assert body is not None
        assert "It contains no figures" in " ".join(body.get_content().split())
        assert "ok     test to ann@acme.example" in capsys.readouterr().out

        mail.refused.add("ann@acme.example")
        exit_code = await asyncio.to_thread(status, ["check", "--profile", profile, "--send-test", "ann@acme.example"])
    assert exit_code == 1
    assert "FAILED test to ann@acme.example" in capsys.readouterr().out
    server.close()
    await server.wait_closed()


RELAY = '[email]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nsender = "reports@acme.example"'


@pytest.mark.parametrize(
    ("email", "address", "error"),
    [
        ("", "ann@acme.example", "a test message requires the relay of [email]"),
        (
            RELAY,
            "ann at acme",
            "is not an email address",
        ),
        (
            f'{RELAY}\nallowed_domains = ["acme.example"]',
            "ann@private.example",
            "ann@private.example: is outside of email.allowed_domains",
        ),
    ],
)
def test_a_missing_relay_or_an_invalid_address_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], email: str, address: str, error: str
) -> None:
    profile = profile_in(tmp_path, "http://127.0.0.1:9", email)
    assert status(["check", "--profile", profile, "--send-test", address]) == 2
    assert error in capsys.readouterr().err
