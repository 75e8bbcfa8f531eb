"""Resolve the references in a profile: `${NAME}` to an environment variable, `${secret:a-name}` to a stored secret.

The caller provides the function that looks a reference up, so this module knows no secret store.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

ReferenceKind = Literal["environment", "secret"]
Resolver = Callable[[ReferenceKind, str], str | None]
"""Returns the value of a reference by kind and name, or None if it is not set."""

_REFERENCE = re.compile(r"\$\{(secret:)?([A-Za-z0-9_.-]+)\}")
_BLOCK_NAME = re.compile(r"[a-z0-9-]+")


@dataclass
class ReferenceProblems:
    """The references that could not be resolved.

    Attributes:
        by_key: By key, one sentence per reference, which names the key and the variable or secret.
    """

    by_key: dict[str, list[str]] = field(default_factory=dict)

    @property
    def sentences(self) -> list[str]:
        """The sentences of all keys."""
        return [sentence for sentences in self.by_key.values() for sentence in sentences]


def find_references(value: Any, key: str = "") -> Iterator[tuple[str, tuple[ReferenceKind, str]]]:  # noqa: ANN401 - TOML
    """Yield the key, and the kind and name, of every reference in a TOML value."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from find_references(part, f"{key}.{name}".lstrip("."))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from find_references(part, f"{key}.{index}")
    elif isinstance(value, str):
        for match in _REFERENCE.finditer(value):
            yield key, ("secret" if match[1] else "environment", match[2])


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
        is_possible = kind == "environment" or _BLOCK_NAME.fullmatch(match[2])
        problem = (
            "which is not set" if is_possible else 'but Prefect accepts only a-z, 0-9 and "-" in the name of a block'
        )
        problems.by_key.setdefault(key, []).append(f"{key} needs {source}, {problem}")
        return match[0]

    return _REFERENCE.sub(look_up, value)
