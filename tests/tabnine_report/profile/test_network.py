"""Network settings select the proxy and the certificate authorities."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.network import proxy_for, tls_context
from tabnine_report.profile.usage_api_settings import NetworkSettings


@pytest.mark.parametrize(
    ("host", "no_proxy", "direct"),
    [
        ("console.acme.example", ("console.acme.example",), True),
        ("Console.Acme.example", ("console.acme.EXAMPLE",), True),
        ("console.acme.example", (".acme.example",), True),
        ("acme.example", (".acme.example",), True),
        ("notacme.example", (".acme.example",), False),
        ("console.acme.example", ("acme.example",), False),
        ("console.acme.example", ("other.example", ".example"), True),
        ("console.acme.example", (), False),
        ("console.acme.example", ("",), False),
    ],
)
def test_no_proxy_matches_hosts_and_domains(host: str, no_proxy: tuple[str, ...], *, direct: bool) -> None:
    network = NetworkSettings(proxy=SecretStr("http://proxy.example:3128"), no_proxy=no_proxy)
    proxy = proxy_for(f"https://{host}/path", network)
    assert proxy == (None if direct else "http://proxy.example:3128")


def test_without_a_proxy_connections_are_direct() -> None:
    assert proxy_for("https://console.acme.example", NetworkSettings()) is None


def test_a_file_without_certificates_is_rejected(tmp_path: Path) -> None:
    bundle = tmp_path / "authorities.pem"
    bundle.write_text("no certificate")
    with pytest.raises(SettingsError, match=r"authorities.pem contains no readable certificates"):
        tls_context(NetworkSettings.model_construct(ca_bundle=bundle))
