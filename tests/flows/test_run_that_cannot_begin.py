"""If a run cannot start because of its profile or month, the admins are notified by the channels that still work."""

from collections.abc import Callable
from pathlib import Path

import pytest
from receivers import Mail, Webhook

from flows.monthly_report import monthly_report
from tabnine_report.model.errors import MonthError, ReportingError, SettingsError

pytestmark = pytest.mark.usefixtures("_on_the_2nd")


def add_login_with_unset_password(profile: str) -> None:
    with_login = 'username = "reports"\npassword = "${A_PASSWORD_NOT_SET}"\nsender ='
    path = Path(profile)
    path.write_text(path.read_text(encoding="utf-8").replace("sender =", with_login), encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "month", "error", "message"),
    [
        ("[targets]\nnonsense = 1", "last complete month", SettingsError, "targets.nonsense is not a known key"),
        ("", "2026-11", MonthError, "2026-11 is still open"),
        ("", "October", MonthError, "October"),
    ],
)
async def test_only_the_admins_are_notified_why(
    *,
    write_profile: Callable[..., str],
    mail: Mail,
    channel: Webhook,
    admins: Webhook,
    more: str,
    month: str,
    error: type[ReportingError],
    message: str,
) -> None:
    with pytest.raises(error):
        await monthly_report(write_profile(more=more), month)
    assert len(admins.payloads) == 1
    assert "could not start" in admins.text()
    assert message in admins.text()
    assert mail.recipients() == ["it-tools@acme.example"]
    assert channel.payloads == []


async def test_a_missing_variable_is_reported_by_the_channels_that_do_not_need_it(
    write_profile: Callable[..., str], mail: Mail, admins: Webhook
) -> None:
    profile = write_profile(token="${A_TOKEN_NOT_SET}")
    add_login_with_unset_password(profile)
    with pytest.raises(SettingsError):
        await monthly_report(profile)
    assert "the environment variable A_TOKEN_NOT_SET, which is not set" in admins.text()
    assert "use the month 2026-10" in admins.text()
    assert mail.recipients() == []
