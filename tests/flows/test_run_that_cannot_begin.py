"""A scheduled run whose profile or month cannot be used is told to the admins wherever they can still be reached."""

from collections.abc import Callable
from pathlib import Path

import pytest
from receivers import Mail, Webhook

from flows.monthly_report import monthly_report
from tabnine_report.model.errors import MonthError, ReportingError, SettingsError

pytestmark = [
    pytest.mark.usefixtures("_on_the_2nd"),
    # Prefect's client leaves connections to its server for the garbage collector to close.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
]


def add_login_that_is_not_set(profile: str) -> None:
    with_login = 'username = "reports"\npassword = "${A_PASSWORD_NOT_SET}"\nsender ='
    path = Path(profile)
    path.write_text(path.read_text(encoding="utf-8").replace("sender =", with_login), encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "month", "error", "said"),
    [
        ("[targets]\nnonsense = 1", "last complete month", SettingsError, "targets.nonsense is not a known key"),
        ("", "2026-11", MonthError, "2026-11 is still open"),
        ("", "October", MonthError, "October"),
    ],
)
async def test_the_admins_hear_why_and_nobody_else_does(
    *,
    write_profile: Callable[..., str],
    mail: Mail,
    channel: Webhook,
    admins: Webhook,
    more: str,
    month: str,
    error: type[ReportingError],
    said: str,
) -> None:
    with pytest.raises(error):
        await monthly_report(write_profile(more=more), month)
    assert len(admins.payloads) == 1
    assert "could not start" in admins.text()
    assert said in admins.text()
    assert mail.recipients() == ["it-tools@acme.example"]
    assert channel.payloads == []


async def test_a_missing_variable_is_told_by_the_channels_that_do_not_need_it(
    write_profile: Callable[..., str], mail: Mail, admins: Webhook
) -> None:
    profile = write_profile(token="${A_TOKEN_NOT_SET}")
    add_login_that_is_not_set(profile)
    with pytest.raises(SettingsError):
        await monthly_report(profile)
    assert "the environment variable A_TOKEN_NOT_SET, which is not set" in admins.text()
    assert "use the month 2026-10" in admins.text()
    assert mail.recipients() == []
