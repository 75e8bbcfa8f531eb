from pathlib import Path

import pytest

from cli.http_variables import check_http_variables
from cli.main import status

VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY")


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SSL_CERT_FILE", "/nonexistent/hush.pem"),
        ("SSL_CERT_FILE", "/"),
        ("all_proxy", "socks5://reader:hush@127.0.0.1:1"),
        ("HTTP_PROXY", "http://reader:hush@127.0.0.1:hush"),
        ("https_proxy", "ftp://reader:hush@127.0.0.1"),
    ],
)
def test_a_variable_with_which_prefect_cannot_be_imported_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert status(["history", "--profile", "acme"]) == 2
    error = capsys.readouterr().err
    assert name.upper() in error
    assert "hush" not in error


def test_usable_variables_are_accepted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    check_http_variables()
    monkeypatch.setenv("HTTPS_PROXY", "http://reader:hush@127.0.0.1:1")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    check_http_variables()
