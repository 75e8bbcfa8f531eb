"""`check --send-test` tries the way by email with a message that nobody takes for a report."""

import asyncio
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP
from receivers import Mail

from cli.main import status
from tabnine_report.sandbox.server import serve_sandbox
from tasks import clock


def profile_in(folder: Path, base_url: str, email: str) -> str:
    path = folder / "acme.toml"
    path.write_text(
        f'name = "acme"\ntime_zone = "Europe/Berlin"\n[usage_api]\nbase_url = "{base_url}"\ntoken = "sandbox-token"\n'
        f"{email}\n[archive]\ndurable = true\n",
        encoding="utf-8",
    )
    return str(path)


async def test_one_message_named_as_a_test_goes_to_that_address_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mail, loop = Mail(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mail, hostname="localhost", loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    relay = (
        f'[email]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "reports@acme.example"\n'
        'recipients = ["cto@acme.example"]'
    )
    with serve_sandbox(now=clock.now) as sandbox:
        profile = profile_in(tmp_path, sandbox.base_url, relay)
        await asyncio.to_thread(status, ["check", "--profile", profile, "--send-test", "ann@acme.example"])
        ((address, message),) = mail.messages
        assert address == "ann@acme.example"
        assert message["Subject"] == "TEST: delivery of the Tabnine report for acme"
        assert "It contains no figures" in " ".join(message.get_body(("plain",)).get_content().split())
        assert "ok     test to ann@acme.example" in capsys.readouterr().out

        mail.refused.add("ann@acme.example")
        refused = await asyncio.to_thread(status, ["check", "--profile", profile, "--send-test", "ann@acme.example"])
    assert refused == 1
    assert "FAILED test to ann@acme.example" in capsys.readouterr().out
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize(
    ("email", "address", "said"),
    [
        ("", "ann@acme.example", "a test message requires the relay of [email]"),
        (
            '[email]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nsender = "reports@acme.example"',
            "ann at acme",
            "is not an email address",
        ),
    ],
)
def test_without_a_relay_or_an_address_it_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], email: str, address: str, said: str
) -> None:
    profile = profile_in(tmp_path, "http://127.0.0.1:9", email)
    assert status(["check", "--profile", profile, "--send-test", address]) == 2
    assert said in capsys.readouterr().err
