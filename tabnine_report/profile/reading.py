"""The profile file: one TOML file an organization, its references resolved, checked before anything runs.

Secrets stand in the file as references, `${NAME}` for an environment variable and `${secret:NAME}` for a secret kept
elsewhere; a resolver that the caller hands in looks them up. All problems of a file are collected into one
`SettingsError`, each naming its key or variable and never its value.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.channel_settings import AdminSettings, EmailSettings
from tabnine_report.profile.profile import AdminsAlone, Profile
from tabnine_report.profile.report_settings import ReportSettings
from tabnine_report.profile.settings_table import Table
from tabnine_report.profile.usage_api_settings import NetworkSettings

AnyTable = TypeVar("AnyTable", bound=Table)
ReferenceKind = Literal["environment", "secret"]
Resolver = Callable[[ReferenceKind, str], str | None]
"""Looks a referenced value up: the kind and the name in, the value or None out."""

# With or without the mark that editors on Windows put before a text.
_ENCODING = "utf-8-sig"
_REFERENCE = re.compile(r"\$\{(secret:)?([A-Za-z0-9_.-]+)\}")


@dataclass(frozen=True)
class Heading:
    """The little of a profile that can be known without its secrets: whose it is, and when its months are final."""

    name: str
    zone: ZoneInfo
    settle_days: int


def read_heading(path: Path) -> Heading:
    """Read a profile's heading and check nothing else.

    Raises:
        Exception: Any, if the file is not a profile; only for callers to whom the heading is a courtesy.
    """
    document = tomllib.loads(path.read_text(encoding=_ENCODING))
    settle_days = document.get("report", {}).get("settle_days", ReportSettings().settle_days)
    return Heading(str(document["name"]), ZoneInfo(document["time_zone"]), int(settle_days))


def read_admins(path: Path, resolve: Resolver) -> AdminsAlone:
    """Read of a profile that cannot be used as a whole how to tell its admins so.

    Args:
        path: The TOML file.
        resolve: Looks references up; only those in the tables `[admins]`, `[email]` and `[network]`.

    Raises:
        Exception: Any, if the file is no TOML, or its network cannot be used: then nobody can be told.
    """
    document = tomllib.loads(path.read_text(encoding=_ENCODING))
    # Whom the report goes to is no matter here.
    relay = {key: value for key, value in document.get("email", {}).items() if key != "recipients"}
    email = _usable(EmailSettings, relay, resolve)
    network = _usable(NetworkSettings, document.get("network", {}), resolve)
    if network is None:
        raise SettingsError(f"Profile {path}", ["network cannot be used"])
    reached: dict[str, Any] = {}
    for key, value in document.get("admins", {}).items():
        one = _usable(AdminSettings, {key: value}, resolve)
        if one is not None and (key != "email" or email is not None):
            reached[key] = getattr(one, key)
    try:
        zone = ZoneInfo(document["time_zone"])
    except (KeyError, TypeError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    return AdminsAlone(str(document.get("name", path.stem)), zone, email, AdminSettings(**reached), network)


def load_profile(path: Path, resolve: Resolver) -> Profile:
    """Read and check a profile.

    Args:
        path: The TOML file; relative paths in it are relative to its folder.
        resolve: Looks references up.

    Raises:
        SettingsError: With every problem of the file, unresolved references among them.
    """
    try:
        document = tomllib.loads(path.read_text(encoding=_ENCODING))
    except OSError as error:
        raise SettingsError(f"Profile {path}", [f"cannot be read: {error.strerror}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"Profile {path}", [f"is not TOML: {error}"]) from error
    problems: list[str] = []
    unresolved: set[str] = set()
    resolved = _resolved(document, "", resolve, problems, unresolved)
    # The archive's defaults are paths beside the profile, too: its table is read even when it is not there.
    resolved.setdefault("archive", {})
    try:
        profile = Profile.model_validate(resolved, context={"folder": path.parent.resolve()})
    except ValidationError as error:
        problems += [sentence for key, sentence in _sentences(error) if key not in unresolved]
    if problems:
        raise SettingsError(f"Profile {path}", problems)
    return profile


def _resolved(value: Any, key: str, resolve: Resolver, problems: list[str], unresolved: set[str]) -> Any:  # noqa: ANN401 - TOML
    """Replace every reference in a TOML value; note those that lead nowhere."""
    if isinstance(value, dict):
        return {
            name: _resolved(part, f"{key}.{name}".lstrip("."), resolve, problems, unresolved)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [_resolved(part, f"{key}.{n}", resolve, problems, unresolved) for n, part in enumerate(value)]
    if not isinstance(value, str):
        return value

    def look_up(match: re.Match[str]) -> str:
        kind: ReferenceKind = "secret" if match[1] else "environment"
        found = resolve(kind, match[2])
        if not found:
            what = f"the secret {match[2]}" if kind == "secret" else f"the environment variable {match[2]}"
            problems.append(f"{key} needs {what}, which is not set")
            unresolved.add(key)
        return found or match[0]

    return _REFERENCE.sub(look_up, value)


def _usable(kind: type[AnyTable], table: Any, resolve: Resolver) -> AnyTable | None:  # noqa: ANN401 - TOML
    """Give one table by itself; None where it cannot be used."""
    problems: list[str] = []
    try:
        resolved = _resolved(table, "", resolve, problems, set())
        return None if problems else kind.model_validate(resolved)
    except (ValidationError, SettingsError):
        return None


def _sentences(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Say each problem in one sentence that names the key and never the value."""
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
                yield key, f"{key} is not written as docs/configuration.md says"
            case _:
                yield key, f"{key}: {problem['msg'][:1].lower()}{problem['msg'][1:]}"
