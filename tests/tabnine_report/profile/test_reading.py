"""A profile is checked as a whole; all problems are reported at once and never show a value."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel

from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.channel_settings import ChannelTables
from tabnine_report.profile.profile import Profile
from tabnine_report.profile.reading import (
    DeploymentSettings,
    load_profile,
    read_admin_contacts,
    read_deployment_settings,
)
from tabnine_report.profile.references import ReferenceKind
from tabnine_report.profile.report_settings import SeatPrice

MINIMAL = """
name = "acme"
time_zone = "Europe/Berlin"

[usage_api]
base_url = "https://console.tabnine.com"
token = "${TABNINE_TOKEN}"
"""

EMAIL = """
[email]
host = "smtp.acme.example"
port = 587
security = "starttls"
sender = "Usage reports <reports@acme.example>"
recipients = ["cto@acme.example"]
"""

Load = Callable[..., Profile]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(text: str, **variables: str) -> Profile:
        path = tmp_path / "acme.toml"
        path.write_text(text, encoding="utf-8")
        values = {"TABNINE_TOKEN": "s3cr3t-token", **variables}

        def resolve(kind: ReferenceKind, name: str) -> str | None:
            return values.get(name if kind == "environment" else f"secret:{name}")

        return load_profile(path, resolve)

    return load


def load_problems(load: Load, text: str, **variables: str) -> list[str]:
    with pytest.raises(SettingsError) as error_info:
        load(text, **variables)
    return error_info.value.problems


def test_a_minimal_profile_has_the_documented_defaults(load: Load) -> None:
    profile = load(MINIMAL)
    assert profile.usage_api.token.get_secret_value() == "s3cr3t-token"
    assert profile.report.settle_days == 1
    assert profile.report.minimum_group == 5
    assert profile.report.when_incomplete == "hold_required"
    assert profile.privacy.people == "counts"
    assert profile.email is None
    assert profile.slack is None
    assert profile.folder is None


def test_relative_paths_are_relative_to_the_profile(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    profile = load(MINIMAL + '[folder]\npath = "outbox"\n')
    assert profile.archive.location == str(tmp_path / "reports")
    assert profile.archive.ledger.get_secret_value() == f"sqlite:///{tmp_path}/reports/ledger.db"
    assert profile.folder is not None
    assert profile.folder.path == tmp_path / "outbox"


def test_absolute_paths_are_kept(load: Load) -> None:
    profile = load(MINIMAL + '[archive]\nlocation = "/srv/reports"\nledger = "sqlite:////srv/ledger.db"\n')
    assert profile.archive.location == "/srv/reports"
    assert profile.archive.ledger.get_secret_value() == "sqlite:////srv/ledger.db"
    assert profile.archive.ledger_file == Path("/srv/ledger.db")


def test_a_postgresql_ledger_is_kept_and_is_a_secret(load: Load) -> None:
    url = "postgresql+psycopg://reports:${PASSWORD}@db.acme.example/reports"
    profile = load(MINIMAL + f'[archive]\nledger = "{url}"\n', PASSWORD="hush")
    assert profile.archive.ledger.get_secret_value() == url.replace("${PASSWORD}", "hush")
    assert profile.archive.ledger_file is None
    assert "hush" not in repr(profile) + str(profile.without_secrets())


def test_every_problem_is_reported_at_once_with_its_key(load: Load) -> None:
    text = """
name = "Acme Inc"
time_zone = "Europe/Berlinn"
color = "blue"

[usage_api]
base_url = "http://console.tabnine.com"
token = "${MISSING_TOKEN}"
retries = 3

[email]
host = "smtp.acme.example"
port = 587
security = "maybe"
sender = "reports"
recipients = ["cto@acme.example", "nobody", "CTO@acme.example"]
"""
    problems = load_problems(load, text)
    keys = [problem.split(" ")[0].rstrip(":") for problem in problems]
    assert sorted(keys) == [
        "color",
        "email.recipients.1",
        "email.security",
        "email.sender",
        "name",
        "time_zone",
        "usage_api.base_url",
        "usage_api.retries",
        "usage_api.token",
    ]
    assert "usage_api.token needs the environment variable MISSING_TOKEN, which is not set" in problems


def test_a_missing_secret_is_reported_by_name(load: Load) -> None:
    problems = load_problems(load, MINIMAL.replace("${TABNINE_TOKEN}", "${secret:tabnine-token}"))
    assert problems == ["usage_api.token needs the secret tabnine-token, which is not set"]


@pytest.mark.parametrize("name", ["TABNINE-TOKEN", "tabnine_token", "tabnine.token"])
def test_a_secret_with_a_name_that_prefect_does_not_accept_is_reported(load: Load, name: str) -> None:
    problems = load_problems(load, MINIMAL.replace("${TABNINE_TOKEN}", f"${{secret:{name}}}"))
    assert problems == [
        f'usage_api.token needs the secret {name}, but Prefect accepts only a-z, 0-9 and "-" in the name of a block'
    ]


def test_a_secret_reference_is_resolved(load: Load) -> None:
    text = MINIMAL.replace("${TABNINE_TOKEN}", "${secret:tabnine-token}")
    profile = load(text, **{"secret:tabnine-token": "from-the-vault"})
    assert profile.usage_api.token.get_secret_value() == "from-the-vault"


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ('[slack]\nwebhook_url = "${HOOK}"\n', "slack.webhook_url"),
        ('[admins]\nslack_webhook_url = "${HOOK}"\n', "admins.slack_webhook_url"),
        ('[network]\nproxy = "${HOOK}"\n', "network.proxy"),
        ('[archive]\nledger = "${HOOK}"\n', "archive.ledger"),
        ('[archive]\nledger = "postgresql+psycopg://u:${HOOK}\\n@db.example/x"\n', "archive.ledger"),
    ],
)
def test_no_error_message_contains_a_value(load: Load, table: str, key: str) -> None:
    problems = load_problems(load, MINIMAL + table, HOOK="ftp://hooks.example/T000/B000/hush")
    assert [problem.split(" ")[0] for problem in problems] == [key]
    assert "hush" not in problems[0]


@pytest.mark.parametrize(
    "proxy",
    [
        "http://u:hush@proxy.example:99999",
        "http://u:hush/x@proxy.example:3128",
        "http://u:hush#x@proxy.example:3128",
        "http://u:hush\n@proxy.example:3128",
        "http://u:[hush@proxy.example:3128",
    ],
)
def test_an_invalid_proxy_is_rejected_without_showing_it(load: Load, proxy: str) -> None:
    problems = load_problems(load, MINIMAL + '[network]\nproxy = "${PROXY}"\n', PROXY=proxy)
    assert problems == ["network.proxy is not the URL of a proxy such as http://proxy.acme.example:3128"]


def test_neither_repr_nor_the_copy_without_secrets_contains_a_secret(load: Load) -> None:
    text = MINIMAL + EMAIL + 'username = "u"\npassword = "${PASSWORD}"\n[slack]\nwebhook_url = "${HOOK}"\n'
    profile = load(text, PASSWORD="p4ssw0rd", HOOK="https://hooks.example/T000/B000/hush")
    for text_form in (repr(profile), str(profile.without_secrets())):
        for secret in ("s3cr3t-token", "p4ssw0rd", "hush"):
            assert secret not in text_form


@pytest.mark.parametrize("url", ["http://127.0.0.1:8722", "http://localhost:8722", "http://[::1]:8722"])
def test_plain_http_is_accepted_on_this_machine_only(load: Load, url: str) -> None:
    assert load(MINIMAL.replace("https://console.tabnine.com", url)).usage_api.base_url == url


@pytest.mark.parametrize("token", ["", " ", "two words", "line\\nbreak"])
def test_an_invalid_token_is_rejected(load: Load, token: str) -> None:
    problems = load_problems(load, MINIMAL.replace("${TABNINE_TOKEN}", token))
    assert problems == ["usage_api.token is empty, or contains a space or a control character"]


def test_an_empty_variable_counts_as_missing(load: Load) -> None:
    problems = load_problems(load, MINIMAL, TABNINE_TOKEN="")
    assert problems == ["usage_api.token needs the environment variable TABNINE_TOKEN, which is not set"]


@pytest.mark.parametrize("address", ["a@b@c", "a b@c.example", "a@c.example\\r\\nBcc: x@y.example", "@c.example", "a@"])
def test_an_invalid_email_address_is_rejected(load: Load, address: str) -> None:
    problems = load_problems(load, MINIMAL + EMAIL.replace("cto@acme.example", address))
    assert problems == ["email.recipients.0 is not an email address"]


def test_the_login_requires_user_password_and_encryption(load: Load) -> None:
    assert load_problems(load, MINIMAL + EMAIL + 'username = "u"\n') == [
        "email.password and email.username must be set together"
    ]
    unencrypted = EMAIL.replace("starttls", "none") + 'username = "u"\npassword = "p"\n'
    assert load_problems(load, MINIMAL + unencrypted) == [
        'email.password would be sent unencrypted: email.security must be "starttls" or "tls"'
    ]


def test_a_blank_title_is_rejected(load: Load) -> None:
    assert load_problems(load, MINIMAL + '[report]\ntitle = "   "\n') == [
        "report.title has an invalid format; see docs/configuration.md"
    ]


@pytest.mark.parametrize(
    ("report", "problem"),
    [
        ("seat_price = 39", "report.currency and report.seat_price must be set together"),
        ('currency = "EUR"', "report.currency and report.seat_price must be set together"),
        ('seat_price = 39\ncurrency = "eur"', "report.currency is not an ISO 4217 currency such as EUR"),
        ('seat_price = 39\ncurrency = "Euros"', "report.currency is not an ISO 4217 currency such as EUR"),
        ('seat_price = 0\ncurrency = "EUR"', "report.seat_price: input should be greater than 0"),
        ('seat_price = inf\ncurrency = "EUR"', "report.seat_price: input should be a finite number"),
    ],
)
def test_a_price_is_a_number_and_requires_a_currency(load: Load, report: str, problem: str) -> None:
    assert load_problems(load, f"{MINIMAL}\n[report]\n{report}") == [problem]


def test_a_price_and_targets_are_read(load: Load) -> None:
    profile = load(
        f'{MINIMAL}\n[report]\nseat_price = 39\ncurrency = "EUR"\n'
        "[targets]\nadoption_rate = 0.85\nunassigned_seats = 50\nagent_spend_usd = 3500\nnotice_by = 2026-11-30"
    )

    assert profile.report.price == SeatPrice(39, "EUR")
    assert profile.targets.model_dump() == {
        "adoption_rate": 0.85,
        "unassigned_seats": 50,
        "agent_spend_usd": 3500,
        "notice_by": date(2026, 11, 30),
    }
    assert load(MINIMAL).report.price is None


def test_admins_by_email_require_the_relay(load: Load) -> None:
    problems = load_problems(load, MINIMAL + '[admins]\nemail = ["it@acme.example"]\n')
    assert problems == ["admins contains email addresses, which require the relay of [email]"]


def test_a_file_that_is_missing_or_not_toml_is_reported(load: Load, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml: cannot be read: No such file"):
        load_profile(tmp_path / "none.toml", lambda _kind, _name: None)
    assert "is not TOML" in load_problems(load, "name = ")[0]


def test_a_byte_order_mark_is_ignored(load: Load) -> None:
    assert load(f"\ufeff{MINIMAL}").name == "acme"


@pytest.mark.parametrize(
    "line",
    [
        f"{'.'.join('a' * 20_000)} = 1",
        f"[{'.'.join('a' * 1000)}]",
        f"title = {'[' * 50}{']' * 50}",
        "[report]\nx.a.b.c.d.e.f.g.h.i.j.k = 1",
    ],
    ids=["dotted key", "table", "lists", "just too deep"],
)
def test_tables_and_lists_nested_too_deeply_are_reported(load: Load, line: str) -> None:
    with pytest.raises(SettingsError, match="has tables nested more than 10 levels deep"):
        load(f"{line}\n{MINIMAL}" if not line.startswith("[") else f"{MINIMAL}\n{line}")


def test_a_number_of_too_many_digits_is_reported(load: Load) -> None:
    with pytest.raises(SettingsError, match="is not TOML"):
        load(f"{MINIMAL}\n[targets]\nunassigned_seats = {'9' * 5000}")


def numbers_of(table: type[BaseModel], path: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Yield the key of each number of a profile, and its maximum as JSON Schema states it in two ways."""
    for name, field in table.model_fields.items():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from numbers_of(kind, f"{path}{name}.")
        schema = table.model_json_schema()["properties"][name]
        for option in schema.get("anyOf", [schema]):
            if option.get("type") in {"integer", "number"}:
                yield f"{path}{name}", [option.get("maximum"), option.get("exclusiveMaximum")]


def test_every_number_has_a_maximum_so_that_no_computation_overflows() -> None:
    limits = dict(numbers_of(Profile))
    assert {"report.seat_price", "targets.agent_spend_usd", "email.attachment_limit_mb"} <= limits.keys()
    assert [key for key, maximums in limits.items() if not any(maximums)] == []


@pytest.mark.parametrize(
    ("table", "key"),
    [("report", "logo"), ("network", "ca_bundle"), ("folder", "path"), ("archive", "location"), ("archive", "ledger")],
)
@pytest.mark.parametrize("path", ["~nobody-of-this-name/file", "a\\u0000b"])
def test_an_impossible_path_is_a_problem_of_its_key(load: Load, table: str, key: str, path: str) -> None:
    value = f"sqlite:///{path}" if key == "ledger" else path
    assert f"{table}.{key}" in load_problems(load, f'{MINIMAL}\n[{table}]\n{key} = "{value}"')[0]


@pytest.mark.parametrize(
    "address", ["https://xn--", "https://xn--a.example", "https://[::1", "https://a.example:99999"]
)
def test_a_host_that_no_request_can_name_is_rejected(load: Load, address: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(
            f'{MINIMAL.replace("https://console.tabnine.com", address)}\n[slack]\nwebhook_url = "{address}"\n'
            f'[network]\nproxy = "{address}"\n[archive]\nlink_base = "{address}"'
        )
    for key in ("usage_api.base_url", "slack.webhook_url", "network.proxy", "archive.link_base"):
        assert f"{key} is not " in str(caught.value)


def test_a_file_nested_too_deeply_is_not_toml(load: Load) -> None:
    assert "is not TOML" in load_problems(load, f"a = {'[' * 5000}")[0]


def test_a_value_of_the_wrong_type_is_reported_in_toml_terms(load: Load) -> None:
    text = MINIMAL.replace('name = "acme"', 'name = "Acme Inc"\nadmins = "it@acme.example"\nnetwork = {no_proxy = "x"}')
    assert load_problems(load, text) == [
        "name has an invalid format; see docs/configuration.md",
        "admins must be a table",
        "network.no_proxy must be a list",
    ]


def test_the_example_profile_is_valid() -> None:
    example = Path(__file__).parents[3] / "profiles" / "example.toml"
    values = {"SLACK_WEBHOOK_URL": "https://hooks.example/x", "ADMIN_SLACK_WEBHOOK_URL": "https://hooks.example/y"}
    profile = load_profile(example, lambda _kind, name: values.get(name, "secret"))
    assert profile.name == "acme"


@pytest.mark.parametrize(
    ("location", "left_out", "link_base"),
    [("reports", "presigned_link_days", "https://reports.acme.example"), ("s3://bucket/reports", "link_base", "")],
    ids=["folder", "bucket"],
)
def test_every_commented_key_of_the_example_is_known(
    location: str, left_out: str, link_base: str, tmp_path: Path
) -> None:
    """Presigned links, for a bucket, and the address of the archive are alternatives."""
    example = (Path(__file__).parents[3] / "profiles" / "example.toml").read_text(encoding="utf-8")
    (tmp_path / "company-ca.pem").write_text("", encoding="utf-8")
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    (tmp_path / "logo.svg").write_text(drawing, encoding="utf-8")
    lines = [
        line.removeprefix("# ") if " = " in line or line.startswith("# [") else line for line in example.splitlines()
    ]
    path = tmp_path / "all.toml"
    text = "\n".join(line for line in lines if not line.startswith(("${", f"{left_out} = ")))
    path.write_text(text.replace('location = "reports"', f'location = "{location}"'), encoding="utf-8")
    profile = load_profile(path, lambda _kind, name: "https://hooks.example/x" if name.endswith("_URL") else "secret")
    assert profile.email is not None
    assert profile.email.reply_to == "it-tools@acme.example"
    assert profile.archive.link_base == link_base
    assert profile.archive.presigned_link_days == (7 if not link_base else None)


@pytest.mark.parametrize("country", ["DE", "DE-BY", "US-CA", "CN"])
def test_countries_with_known_holidays_are_accepted(load: Load, country: str) -> None:
    assert load(f'{MINIMAL}\n[report]\ncountry = "{country}"\n').report.country == country


@pytest.mark.parametrize(
    ("country", "problem"),
    [
        (
            "Germany",
            "report.country is not a country with known public holidays; use an ISO 3166 code such as DE",
        ),
        ("de", "report.country is not a country with known public holidays; use an ISO 3166 code such as DE"),
        ("FR-BY", "report.country must end with a region of FR that has known public holidays: 57, 6AE,"),
        ("DE-", "report.country must end with a region of DE that has known public holidays: BB, BE, BW,"),
    ],
)
def test_an_unknown_country_or_region_is_reported(load: Load, country: str, problem: str) -> None:
    (problem_text,) = load_problems(load, f'{MINIMAL}\n[report]\ncountry = "{country}"\n')
    assert problem_text.startswith(problem)


SECRETS = """
[slack]
webhook_url = "${HOOK}"
edition = "full"

[admins]
slack_webhook_url = "${secret:admin-hook}"

[network]
proxy = "http://reports:${PROXY_PASSWORD}@proxy.acme.example:3128"

[archive]
ledger = "postgresql+psycopg://reports:${LEDGER_PASSWORD}@db.acme.example/reports"
"""


def read_deployment(tmp_path: Path, text: str, **variables: str) -> DeploymentSettings:
    path = tmp_path / "acme.toml"
    path.write_text(text, encoding="utf-8")
    return read_deployment_settings(path, lambda kind, name: variables.get(name) if kind == "environment" else None)


def test_every_recipient_must_be_in_the_allowed_domains(load: Load) -> None:
    email = EMAIL + 'allowed_domains = ["acme.example", ".globex.example"]\n'
    audience = '[[audiences]]\nname = "it"\nedition = "full"\nrecipients = ["it@eu.globex.example"]\n'
    assert load(MINIMAL + email + audience).email_recipients("full") == ("it@eu.globex.example",)

    others = email.replace('"cto@acme.example"', '"cto@acme.example", "cfo@acme.exarnple"')
    admins = '[admins]\nemail = ["ann@private.example"]\n'
    assert load_problems(load, MINIMAL + others) == [
        "email.recipients contains an address outside of email.allowed_domains, number 2"
    ]
    assert load_problems(load, MINIMAL + email + audience.replace(".globex", "") + admins) == [
        "audiences contains an address outside of email.allowed_domains, number 1",
        "admins contains an address outside of email.allowed_domains, number 1",
    ]


def test_an_invalid_admin_does_not_prevent_the_notice_to_the_others(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    admins = (
        '[admins]\nslack_webhook_url = "hush"\nemail = ["it@acme.example", "it@", "${GONE}", "Ann <ann@acme.example>"]'
    )
    path.write_text(f"{MINIMAL}{EMAIL}{admins}", encoding="utf-8")
    assert read_admin_contacts(path, lambda _kind, _name: None).admins.email == (
        "it@acme.example",
        "Ann <ann@acme.example>",
    )

    path.write_text(f'{MINIMAL}{EMAIL}allowed_domains = ["globex.example"]\n{admins}', encoding="utf-8")
    assert read_admin_contacts(path, lambda _kind, _name: None).admins.email == ()


def test_every_channel_with_an_edition_determines_those_of_a_deployment(tmp_path: Path) -> None:
    keys = {"slack": 'webhook_url = "${HOOK}"', "folder": 'path = "outbox"'}
    assert set(ChannelTables.model_fields) == {"email", *keys}

    for channel, address in keys.items():
        text = f'{MINIMAL}[{channel}]\n{address}\nedition = "full"\n'
        assert read_deployment(tmp_path, text).editions == ("executive", "full"), channel


def test_a_deployment_needs_no_secrets(tmp_path: Path) -> None:
    text = (
        f'{MINIMAL}[report]\nsettle_days = 4\n{EMAIL}username = "${{USER_NAME}}"\npassword = "${{PASSWORD}}"\n{SECRETS}'
    )
    assert read_deployment(tmp_path, text) == DeploymentSettings(
        name="acme",
        zone=ZoneInfo("Europe/Berlin"),
        settle_days=4,
        cron="0 7 5 * *",
        editions=("executive", "full"),
    )


@pytest.mark.parametrize(
    ("table", "editions"),
    [
        ("", ("executive",)),
        (EMAIL, ("executive",)),
        ('[folder]\npath = "outbox"\nedition = "full"\n', ("executive", "full")),
        (
            EMAIL + '[[audiences]]\nname = "it"\nedition = "full"\nrecipients = ["it@acme.example"]',
            ("executive", "full"),
        ),
    ],
)
def test_a_deployment_knows_the_editions_that_the_profile_builds(
    load: Load, tmp_path: Path, table: str, editions: tuple[str, ...]
) -> None:
    assert read_deployment(tmp_path, MINIMAL + table).editions == load(MINIMAL + table).editions == editions


def test_a_deployment_has_the_schedule_of_the_profile(tmp_path: Path) -> None:
    assert read_deployment(tmp_path, MINIMAL + '[report]\nschedule = "none"').cron is None
    assert read_deployment(tmp_path, MINIMAL + '[report]\nschedule = "30 6  3 * *"').cron == "30 6 3 * *"


def test_a_deployment_is_refused_with_every_problem_that_needs_no_secret(tmp_path: Path) -> None:
    text = f'{MINIMAL}{SECRETS}[report]\nschedule = "${{SCHEDULE}}"\ncolor = 1\n[targets]\nadoption_rate = 2\n'
    with pytest.raises(SettingsError) as error_info:
        read_deployment(tmp_path, text.replace('"Europe/Berlin"', '"${ZONE}"'))
    assert error_info.value.problems == [
        "time_zone needs the environment variable ZONE, which is not set",
        "report.schedule needs the environment variable SCHEDULE, which is not set",
        "report.color is not a known key",
        "targets.adoption_rate: input should be less than or equal to 1",
    ]


def test_a_deployment_uses_the_variables_that_are_set(tmp_path: Path) -> None:
    text = MINIMAL.replace('"acme"', '"${ORGANIZATION}"')
    assert read_deployment(tmp_path, text, ORGANIZATION="globex").name == "globex"


def test_a_schedule_that_reports_a_month_late_is_refused(load: Load) -> None:
    (problem,) = load_problems(load, MINIMAL + '[report]\nschedule = "0 7 31 * *"')
    assert problem.startswith("report would be late: 2027-01, for example, is final on 2027-02-02, and report.schedule")
    assert problem.endswith('Use, for example, report.schedule = "0 7 2 * *"')


def test_a_schedule_is_not_checked_against_an_invalid_time_zone(load: Load) -> None:
    text = MINIMAL.replace("Europe/Berlin", "Mars/Olympus") + '[report]\nschedule = "0 7 31 * *"'
    assert load_problems(load, text) == ["time_zone is not an IANA time zone such as Europe/Berlin"]
