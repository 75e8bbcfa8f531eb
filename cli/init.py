"""`tabnine-report init`: writes the profile of a new organization, stores its secrets, and checks both."""

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from prefect.blocks.system import Secret
from prefect.settings import PREFECT_API_URL

from cli.check import check
from cli.questions import NEW_PROFILE, Questions, comma_separated, number
from cli.run import run
from cli.terminal import command_line, print_line
from flows.prefect_server import prefect_client
from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.reading import find_problems
from tabnine_report.runs.profile_file import profiles_folder

_ADDRESSES = {"email.recipients": "executives", "admins.email": "admins"}
_CONSOLE = "https://console.tabnine.com"
_SECRETS = {
    "usage_api.token": ("TABNINE_TOKEN", "Token of the Usage Metrics API"),
    "email.password": ("SMTP_PASSWORD", "Password at the mail server"),
    "slack.webhook_url": ("SLACK_WEBHOOK_URL", "Address of the Slack webhook for the report"),
    "admins.slack_webhook_url": ("ADMIN_SLACK_WEBHOOK_URL", "Address of the Slack webhook for the admins' notices"),
}
"""For each key with a secret, its environment variable and the question; the block is named `acme-smtp-password`."""


def init(  # noqa: PLR0913 - each is a setting
    *,
    name: str = "",
    base_url: str = "",
    time_zone: str = "",
    recipient: tuple[str, ...] = (),
    admin: tuple[str, ...] = (),
    mail_host: str = "",
    mail_port: str = "",
    mail_security: str = "",
    mail_user: str = "",
    sender: str = "",
    slack: Annotated[bool | None, Parameter(negative="--no-slack")] = None,
    admin_slack: Annotated[bool | None, Parameter(negative="--no-admin-slack")] = None,
) -> int:
    """Write the profile of a new organization, store its secrets, and check everything that a run needs.

    In a terminal, the command asks for what the options leave open. If PREFECT_API_URL names a server, the secrets are
    stored there as Secret blocks: the values of TABNINE_TOKEN, SMTP_PASSWORD, SLACK_WEBHOOK_URL and
    ADMIN_SLACK_WEBHOOK_URL, or what you type if these variables are not set. Otherwise, the profile refers to the
    variables.

    Args:
        name: The organization's short name: a-z, 0-9 and "-".
        base_url: The address of the Tabnine console.
        time_zone: The organization's time zone, such as Europe/Berlin.
        recipient: The email address of an executive; repeat the option for several.
        admin: The email address of an admin; repeat the option for several.
        mail_host: The mail server, if there are email addresses.
        mail_port: The port of the mail server.
        mail_security: The encryption of the connection to the mail server: "starttls", "tls" or "none".
        mail_user: The user name at the mail server, if it requires a login.
        sender: The sender of the emails.
        slack: Deliver the report to a Slack channel.
        admin_slack: Notify the admins in a Slack channel.
    """
    questions = Questions(_find_problem)
    ask = questions.ask
    ask("name", "Short name of the organization: a-z, 0-9 and -", name)
    file = profiles_folder() / f"{questions.settings['name']}.toml"
    if file.exists():
        raise SettingsError(f"Profile {file}", ["already exists. Edit it, or choose another name"])
    ask("usage_api.base_url", "Address of the Tabnine console", base_url, default=_CONSOLE)
    ask("time_zone", "Time zone", time_zone, default=_local_time_zone())
    for (key, whose), addresses in zip(_ADDRESSES.items(), (recipient, admin), strict=True):
        question = f"Email addresses of the {whose}, separated by commas; empty: none"
        ask(key, question, ",".join(addresses), is_needed=False, read=comma_separated)
    secrets = ["usage_api.token"]
    if questions.settings.keys() & {"email.recipients", "admins.email"}:
        ask("email.host", "Mail server", mail_host)
        ask("email.port", "Port of the mail server", mail_port, default="587", read=number)
        ask("email.security", "Encryption of the mail server: starttls, tls or none", mail_security, default="starttls")
        ask("email.sender", "Email address of the sender", sender)
        ask("email.username", "User name at the mail server; empty without a login", mail_user, is_needed=False)
    if "email.username" in questions.settings:
        secrets.append("email.password")
    if questions.confirm("Deliver the report to a Slack channel?", slack):
        secrets.append("slack.webhook_url")
    if questions.confirm("Notify the admins in a Slack channel?", admin_slack):
        secrets.append("admins.slack_webhook_url")
    _add(file, questions, secrets)
    return _check(questions, secrets)


def _find_problem(key: str, settings: Mapping[str, Any]) -> str:
    problems = find_problems(_tables(settings))
    problem = next((problem for at, problem in problems.items() if at == key or at.startswith(f"{key}.")), "")
    return f"{problem}. A display name with a comma needs quotes" if problem and key in _ADDRESSES else problem


def _add(file: Path, questions: Questions, secrets: Iterable[str]) -> None:
    """Store the secrets and write the profile; write nothing that a run would reject."""
    organization = questions.settings["name"]
    if PREFECT_API_URL.value():
        with prefect_client():
            values = {key: _secret(key, questions) for key in secrets}
            blocks = {key: f"{organization}-{_SECRETS[key][0].lower().replace('_', '-')}" for key in secrets}
            tables = _tables(questions.settings | values)
            if problems := find_problems(tables):
                raise SettingsError(NEW_PROFILE, list(problems.values()))
            for key, block in blocks.items():
                Secret(value=values[key]).save(block, overwrite=True, _sync=True)  # type: ignore[call-arg]
                print_line(f"Stored the secret {block} in Prefect.")
        references = {key: f"${{secret:{block}}}" for key, block in blocks.items()}
    else:
        references = {key: f"${{{_SECRETS[key][0]}}}" for key in secrets}
        if problems := find_problems(_tables(questions.settings | references)):
            raise SettingsError(NEW_PROFILE, list(problems.values()))
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as profile:
        profile.writelines(_lines(_tables(questions.settings | references)))
    print_line(f"Wrote {file}.")


def _secret(key: str, questions: Questions) -> str:
    variable, question = _SECRETS[key]
    return os.environ.get(variable) or questions.ask_secret(question, variable)


def _check(questions: Questions, secrets: Iterable[str]) -> int:
    """Check what a run needs, if its secrets are known, and offer a preview; print what to do next."""
    profile = questions.settings["name"]
    check_again = command_line(f"check --profile {profile}")
    unset = (
        [] if PREFECT_API_URL.value() else [_SECRETS[key][0] for key in secrets if not os.environ.get(_SECRETS[key][0])]
    )
    if unset:
        print_line("Set the variables, then check everything that a run needs:\n")
        for variable in unset:
            print_line(f"    export {variable}=…")
        print_line(f"    {check_again}")
        return 0
    result = check(profile=profile)
    if result != 0:
        print_line(f"\nCorrect the profile or the secrets, then check again:\n\n    {check_again}")
        return result
    has_admins = "admins.email" in questions.settings or "admins.slack_webhook_url" in secrets
    if has_admins and questions.confirm("Send the admins a preview of the last final month now?", None):
        result = run(profile=profile, delivery="preview")
    elif has_admins:
        print_line("\nTo send the admins a preview of the last final month:\n")
        print_line(f"    {command_line(f'run --profile {profile} --delivery preview')}")
    print_line("\nTo deliver the report, and to schedule it:\n")
    print_line(f"    {command_line(f'run --profile {profile}')}")
    print_line(f"    {command_line('deploy' if PREFECT_API_URL.value() else 'up')}")
    return result


def _local_time_zone() -> str:
    """Return the time zone of this machine, or UTC."""
    zone = Path("/etc/localtime").resolve().as_posix().partition("/zoneinfo/")[2]
    return zone if zone and not _find_problem("time_zone", {"time_zone": zone}) else "UTC"


def _tables(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings as the tables of a profile; keys without a table come first."""
    tables: dict[str, Any] = {key: value for key, value in settings.items() if "." not in key}
    nested: dict[str, dict[str, Any]] = defaultdict(dict)
    for key, value in settings.items():
        table, _, name = key.rpartition(".")
        if table:
            nested[table][name] = value
    return tables | nested


def _lines(tables: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a TOML file. Strings, numbers and lists of strings are written in TOML as in JSON."""
    yield "# Written by `tabnine-report init`. docs/configuration.md explains every key; example.toml lists them.\n\n"
    for name, value in tables.items():
        if isinstance(value, dict):
            yield f"\n[{name}]\n"
            for key, part in value.items():
                yield f"{key} = {json.dumps(part, ensure_ascii=False)}\n"
        else:
            yield f"{name} = {json.dumps(value, ensure_ascii=False)}\n"
