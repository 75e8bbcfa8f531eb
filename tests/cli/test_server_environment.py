"""A Prefect server gets no variable that a profile may refer to."""

import os
import subprocess
import sys

import pytest

from cli.server_environment import is_for_server, only_for_server

SHOWN = [sys.executable, "-c", "import os; print(*sorted(os.environ))"]


def started_with(monkeypatch: pytest.MonkeyPatch, **variables: str) -> list[str]:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    with only_for_server():
        shown = subprocess.run(SHOWN, capture_output=True, text=True, check=True).stdout.split()
    assert dict(os.environ) == before
    return [name for name in variables if name in shown]


def test_a_process_started_for_the_server_gets_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"PREFECT_HOME": "/tmp/x", "LC_ALL": "C.UTF-8", "TZ": "UTC"}  # noqa: S108 - not used
    secrets = {"TABNINE_TOKEN": "t", "SMTP_PASSWORD": "p", "AWS_SECRET_ACCESS_KEY": "k", "HTTPS_PROXY": "http://u:p@h"}

    assert started_with(monkeypatch, **settings, **secrets) == list(settings)


def test_the_environment_is_complete_after_an_error() -> None:
    before = dict(os.environ)
    with pytest.raises(RuntimeError), only_for_server():
        raise RuntimeError

    assert dict(os.environ) == before


@pytest.mark.parametrize("name", ["PATHS", "HOMEPAGE_TOKEN", "MY_PREFECT_TOKEN", "LC", "LANGUAGE_TOKEN"])
def test_a_name_that_only_resembles_a_setting_is_hidden(name: str) -> None:
    assert not is_for_server(name)
