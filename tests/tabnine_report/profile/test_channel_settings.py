"""Which profiles have the same admins, and whether a profile has any."""

import pytest

from tabnine_report.profile.addresses import EmailAddresses, SecretWebAddress
from tabnine_report.profile.channel_settings import AdminSettings


class FurtherAdminSettings(AdminSettings):
    """Settings with further channels to the admins, as someone may add them."""

    chat_webhook_url: SecretWebAddress | None = None
    pagers: EmailAddresses = ()


ADDRESSES = {
    "slack_webhook_url": "https://hooks.example/services/T0/{}",
    "email": ["{}@acme.example"],
    "chat_webhook_url": "https://chat.example/{}",
    "pagers": ["{}@pager.example"],
}


def admins(field: str, name: str) -> FurtherAdminSettings:
    template = ADDRESSES[field]
    address = template.format(name) if isinstance(template, str) else [each.format(name) for each in template]
    return FurtherAdminSettings.model_validate({field: address})


@pytest.mark.parametrize("field", ADDRESSES)
def test_every_address_identifies_the_admins_and_is_a_channel(field: str) -> None:
    assert admins(field, "ann").has_channel
    assert admins(field, "ann").addresses == admins(field, "ann").addresses
    assert admins(field, "ann").addresses != admins(field, "bob").addresses
    assert admins(field, "ann").addresses != FurtherAdminSettings().addresses


def test_the_same_address_in_another_field_is_another_channel() -> None:
    same = "https://hooks.example/services/T0/B0"
    assert (
        FurtherAdminSettings.model_validate({"slack_webhook_url": same}).addresses
        != FurtherAdminSettings.model_validate({"chat_webhook_url": same}).addresses
    )


def test_the_order_of_addresses_and_the_other_settings_do_not_matter() -> None:
    one = {"email": ["ann@acme.example", "bob@acme.example"]}
    other = {"email": ["bob@acme.example", "ann@acme.example"], "due_day": 9, "warn_days": 60}
    other["heartbeat_url"] = "https://monitor.example/1"
    assert AdminSettings.model_validate(one).addresses == AdminSettings.model_validate(other).addresses


def test_settings_without_an_address_have_no_channel() -> None:
    assert not AdminSettings.model_validate({"heartbeat_url": "https://monitor.example/1"}).has_channel


def test_the_addresses_do_not_print_a_secret() -> None:
    assert "ann" not in repr(admins("slack_webhook_url", "ann").addresses)
