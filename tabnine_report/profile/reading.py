"""Read and check a profile, one TOML file per organization.

All problems of a file are raised together in one `SettingsError`. Each names its key or variable, never its value.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from tabnine_report.model.edition import EDITIONS, Edition
from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.addresses import is_allowed, mailbox_of
from tabnine_report.profile.base_table import SettingsTable
from tabnine_report.profile.channel_settings import AdminSettings, ChannelTables, EmailSettings
from tabnine_report.profile.printed_references import printed_references
from tabnine_report.profile.profile import AdminContacts, Profile
from tabnine_report.profile.profile_parts import ArchiveProfile
from tabnine_report.profile.references import ReferenceProblems, Resolver, resolve_references
from tabnine_report.profile.report_settings import ReportSettings
from tabnine_report.profile.schedule import NO_SCHEDULE
from tabnine_report.profile.usage_api_settings import NetworkSettings

AnyTable = TypeVar("AnyTable", bound=SettingsTable)
AnyProfile = TypeVar("AnyProfile", bound=ArchiveProfile)

# Accepts the byte order mark that some Windows editors write.
_ENCODING = "utf-8-sig"
_MAX_DEPTH = 10


@dataclass(frozen=True)
class ProfileHeader:
    """The part of a profile that needs no secrets.

    Attributes:
        name: The profile's name.
        zone: Its time zone.
        settle_days: How many local days after its end a month becomes final.
    """

    name: str
    zone: ZoneInfo
    settle_days: int


@dataclass(frozen=True)
class DeploymentSettings:
    """What a deployment needs of a profile; no secrets.

    Attributes:
        name: The organization's name.
        zone: The time zone of the schedule.
        settle_days: How many local days after its end a month becomes final.
        cron: When runs start; None if they are started manually.
        editions: The editions that have readers.
    """

    name: str
    zone: ZoneInfo
    settle_days: int
    cron: str | None
    editions: tuple[Edition, ...]


def read_header(path: Path) -> ProfileHeader:
    """Read a profile's header without checking the rest.

    Raises:
        Exception: Any exception if the file is not a profile. Call this only where a missing header is acceptable.
    """
    document = tomllib.loads(path.read_text(encoding=_ENCODING))
    settle_days = document.get("report", {}).get("settle_days", ReportSettings().settle_days)
    return ProfileHeader(str(document["name"]), ZoneInfo(document["time_zone"]), int(settle_days))


def read_admin_contacts(path: Path, resolve: Resolver) -> AdminContacts:
    """Read how to notify the admins from a profile that is otherwise invalid.

    Args:
        path: The TOML file.
        resolve: Looks references up; used only for the tables `[admins]`, `[email]` and `[network]`.

    Raises:
        Exception: Any exception if the file is not TOML or its network settings are invalid, so no notice is possible.
    """
    document = tomllib.loads(path.read_text(encoding=_ENCODING))
    # An invalid recipient must not prevent the notice to the admins.
    relay = {key: value for key, value in document.get("email", {}).items() if key != "recipients"}
    problems: list[str] = []
    email = _valid_table(EmailSettings, relay, resolve, problems)
    network = _valid_table(NetworkSettings, document.get("network", {}), resolve, problems)
    if network is None:
        raise SettingsError(f"Profile {path}", ["network is invalid"])
    contacts: dict[str, Any] = {}
    for key, value in document.get("admins", {}).items():
        if key == "email":
            contacts[key] = _usable_addresses(value, email, resolve, problems)
        elif (admins := _valid_table(AdminSettings, {key: value}, resolve, problems)) is not None:
            contacts[key] = getattr(admins, key)
    try:
        zone = ZoneInfo(document["time_zone"])
    except (KeyError, TypeError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    name = str(document.get("name", path.stem))
    return AdminContacts(name, zone, email, AdminSettings(**contacts), network, tuple(problems))


def load_profile(path: Path, resolve: Resolver) -> Profile:
    """Read and check a profile.

    Args:
        path: The TOML file. Relative paths in it are relative to its folder.
        resolve: Looks references up.

    Raises:
        SettingsError: If the file has problems, with all of them.
    """
    return _validate(Profile, _read(path), path, resolve)


def load_part(path: Path, part: type[AnyProfile], resolve: Resolver) -> AnyProfile:
    """Read and check the part of a profile that a command needs; the known keys of other parts may be invalid.

    Args:
        path: The TOML file. Relative paths in it are relative to its folder.
        part: The part; only its keys are read, and only their references are looked up.
        resolve: Looks references up.

    Raises:
        SettingsError: If this part of the file has problems, with all of them.
    """
    return _validate(part, _select(_read(path), part, Profile), path, resolve)


def find_problems(document: dict[str, Any]) -> dict[str, str]:
    """Return the problems of a profile that is being written, by key; references are not looked up.

    Args:
        document: The tables of the profile.
    """
    resolved, references = _resolve(document, lambda _kind, _name: None)
    try:
        Profile.model_validate(resolved)
    except ValidationError as error:
        return {key: sentence for key, sentence in _describe_problems(error) if key not in references.by_key}
    return {}


def read_deployment_settings(path: Path, resolve: Resolver) -> DeploymentSettings:
    """Read what a deployment needs, and check the profile as far as that is possible without its secrets.

    Args:
        path: The TOML file. Relative paths in it are relative to its folder.
        resolve: Looks references up. A reference that it does not find is a problem only in a key that is needed.

    Raises:
        SettingsError: If the file has problems, with all of them.
    """
    resolved, references = _resolve(_read(path), resolve)
    problems = [
        sentence
        for key, sentences in references.by_key.items()
        if key in {"name", "time_zone"} or key.startswith("report.") or key.endswith(".edition")
        for sentence in sentences
    ]
    context = {"folder": path.parent.resolve()}
    try:
        Profile.model_validate(resolved, context=context)
    except ValidationError as error:
        problems += [sentence for key, sentence in _describe_problems(error) if key not in references.by_key]
    if problems:
        raise SettingsError(f"Profile {path}", problems)
    report = ReportSettings.model_validate(resolved.get("report", {}), context=context)
    tables = [*(resolved.get(name, {}) for name in ChannelTables.model_fields), *resolved.get("audiences", ())]
    mentioned = {"executive", *(table.get("edition") for table in tables)}
    return DeploymentSettings(
        name=resolved["name"],
        zone=ZoneInfo(resolved["time_zone"]),
        settle_days=report.settle_days,
        cron=None if report.cron == NO_SCHEDULE else report.cron,
        editions=tuple(edition for edition in EDITIONS if edition in mentioned),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(path.read_text(encoding=_ENCODING))
    except OSError as error:
        raise SettingsError(f"Profile {path}", [f"cannot be read: {error.strerror}"]) from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"Profile {path}", [f"is not TOML: {error}"]) from error
    if _is_deeper(document, _MAX_DEPTH):
        raise SettingsError(f"Profile {path}", [f"has tables nested more than {_MAX_DEPTH} levels deep"])
    return document


def _is_deeper(document: dict[str, Any], levels: int) -> bool:
    """Return whether a TOML document has tables or lists on more levels: functions that call themselves read them."""
    level: list[Any] = [document]
    for _ in range(levels):
        values = (value for part in level for value in (part.values() if isinstance(part, dict) else part))
        level = [value for value in values if isinstance(value, dict | list)]
    return bool(level)


def _select(document: dict[str, Any], part: type[SettingsTable], whole: type[SettingsTable]) -> dict[str, Any]:
    """Return a TOML table without the keys that only other parts have. An unknown key stays, because it is an error."""
    selected = {
        key: value for key, value in document.items() if key in part.model_fields or key not in whole.model_fields
    }
    for key, field in part.model_fields.items():
        kind, whole_kind = field.annotation, whole.model_fields[key].annotation
        if isinstance(selected.get(key), dict) and _is_table(kind) and _is_table(whole_kind):
            selected[key] = _select(selected[key], kind, whole_kind)
    return selected


def _is_table(annotation: object) -> TypeGuard[type[SettingsTable]]:
    return isinstance(annotation, type) and issubclass(annotation, SettingsTable)


def _validate(kind: type[AnyProfile], document: dict[str, Any], path: Path, resolve: Resolver) -> AnyProfile:
    resolved, references = _resolve(document, resolve)
    problems = references.sentences
    try:
        profile = kind.model_validate(resolved, context={"folder": path.parent.resolve()})
    except ValidationError as error:
        problems += [sentence for key, sentence in _describe_problems(error) if key not in references.by_key]
    if problems:
        raise SettingsError(f"Profile {path}", problems)
    return profile


def _resolve(document: dict[str, Any], resolve: Resolver) -> tuple[dict[str, Any], ReferenceProblems]:
    references = ReferenceProblems()
    resolved = resolve_references(document, resolve, references)
    for key, sentence in printed_references(document, Profile):
        references.by_key.setdefault(key, []).append(sentence)
    # The defaults of `[archive]` are relative to the profile, so the table is validated even if it is missing.
    resolved.setdefault("archive", {})
    return resolved, references


def _valid_table(
    table_type: type[AnyTable],
    table: Any,  # noqa: ANN401 - TOML
    resolve: Resolver,
    problems: list[str],
) -> AnyTable | None:
    """Return one table of a profile, or None if it is invalid; add the reasons to the problems."""
    references = ReferenceProblems()
    try:
        resolved = resolve_references(table, resolve, references)
        if not references.sentences:
            return table_type.model_validate(resolved)
    except SettingsError as error:
        problems.append(str(error))
    except ValidationError as error:
        problems += [f"{sentence}." for _, sentence in _describe_problems(error)]
    problems += [f"{sentence}." for sentence in references.sentences]
    return None


def _usable_addresses(
    addresses: Any,  # noqa: ANN401 - TOML
    relay: EmailSettings | None,
    resolve: Resolver,
    problems: list[str],
) -> list[str]:
    """Return the admins' addresses that a relay can reach: an invalid one must not prevent the notice to the others."""
    if relay is None:
        return []
    tables = [_valid_table(AdminSettings, {"email": [address]}, resolve, problems) for address in addresses]
    valid = {mailbox_of(address): address for table in tables if table is not None for address in table.email}
    return [address for address in valid.values() if is_allowed(address, relay.allowed_domains)]


def _describe_problems(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Yield the key of each problem and a sentence that names the key and never the value."""
    for problem in error.errors(include_input=False, include_url=False):
        key = ".".join(str(part) for part in problem["loc"])
        match problem["type"]:
            case "missing":
                yield key, f"{key} is missing"
            case "extra_forbidden":
                yield key, f"{key} is not a known key"
            case "value_error":
                yield key, f"{key} {problem['ctx']['error']}".strip()
            case "model_type" | "dict_type":
                yield key, f"{key} must be a table"
            case "tuple_type":
                yield key, f"{key} must be a list"
            case "string_pattern_mismatch":
                yield key, f"{key} has an invalid format; see docs/configuration.md"
            case _:
                yield key, f"{key}: {problem['msg'][:1].lower()}{problem['msg'][1:]}"
