"""Find references to secrets in keys whose values are not kept secret: documents, messages or manifests show them."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import SecretStr

from tabnine_report.profile.base_table import SettingsTable
from tabnine_report.profile.references import find_references

_TEXTS = frozenset({("report", "title"), ("audiences", "name")})
"""The keys whose values are free text."""
_LOGINS = frozenset({("email", "username")})
"""The keys whose values belong to a secret; some services issue both."""


def printed_references(document: Mapping[str, Any], profile: type[SettingsTable]) -> Iterator[tuple[str, str]]:
    """Yield the key, and a sentence about it, of each reference that would be printed.

    A key that is not secret must not refer to a Secret block, nor to a variable that a secret key refers to. A text
    must not contain any reference.

    Args:
        document: The profile as TOML.
        profile: The model of the whole profile.
    """
    secret_keys = {*map(_parts, _secret_keys(profile)), *_LOGINS}
    found = [(key, _parts(key), reference) for key, reference in find_references(document)]
    secrets = {reference for _, name, reference in found if name in secret_keys}
    for key, name, (kind, reference) in found:
        if name in secret_keys:
            continue
        if kind == "secret":
            yield key, f"{key} refers to the secret {reference}, but the value of this key is printed"
        elif (kind, reference) in secrets:
            yield key, f"{key} refers to the variable {reference}, which is the secret of another key"
        elif name in _TEXTS:
            yield key, f"{key} refers to the variable {reference}, but the value of this key is printed; write the text"


def _secret_keys(table: type[SettingsTable], prefix: str = "") -> Iterator[str]:
    for name, field in table.model_fields.items():
        for kind in _types_in(field.annotation):
            if kind is SecretStr:
                yield f"{prefix}{name}"
            elif issubclass(kind, SettingsTable):
                yield from _secret_keys(kind, f"{prefix}{name}.")


def _types_in(annotation: Any) -> Iterator[type]:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for part in get_args(annotation):
        yield from _types_in(part)


def _parts(key: str) -> tuple[str, ...]:
    """Return the parts of a key without the positions in lists: audiences and name."""
    return tuple(part for part in key.split(".") if not part.isdecimal())
