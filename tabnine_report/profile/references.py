"""Resolve the references in a profile: `${NAME}` to an environment variable, `${secret:NAME}` to a stored secret.

The caller provides the function that looks a reference up, so this module knows no secret store.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

ReferenceKind = Literal["environment", "secret"]
Resolver = Callable[[ReferenceKind, str], str | None]
"""Returns the value of a reference by kind and name, or None if it is not set."""

_REFERENCE = re.compile(r"\$\{(secret:)?([A-Za-z0-9_.-]+)\}")


@dataclass
class ReferenceProblems:
    """The references that could not be resolved.

    Attributes:
        sentences: One sentence per reference, which names the key and the variable or secret.
        keys: The keys with such references.
    """

    sentences: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)


def resolve_references(value: Any, resolve: Resolver, problems: ReferenceProblems, key: str = "") -> Any:  # noqa: ANN401 - TOML
    """Return a TOML value with every reference replaced.

    Args:
        value: The value; tables and lists are searched, too.
        resolve: Looks references up.
        problems: Collects the references that are not set; they stay in the returned value.
        key: The value's key, as `usage_api.token`; empty for a whole document.
    """
    if isinstance(value, dict):
        return {
            name: resolve_references(part, resolve, problems, f"{key}.{name}".lstrip("."))
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [resolve_references(part, resolve, problems, f"{key}.{index}") for index, part in enumerate(value)]
    if not isinstance(value, str):
        return value

    def look_up(match: re.Match[str]) -> str:
        kind: ReferenceKind = "secret" if match[1] else "environment"
        resolved = resolve(kind, match[2])
        if resolved:
            return resolved
        source = f"the secret {match[2]}" if kind == "secret" else f"the environment variable {match[2]}"
        problems.sentences.append(f"{key} needs {source}, which is not set")
        problems.keys.add(key)
        return match[0]

    return _REFERENCE.sub(look_up, value)
