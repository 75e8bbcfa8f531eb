"""Tests that the catalog has exactly the keys that code and templates use, and is written in plain English."""

import ast
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from tabnine_report.profile.profile import Profile

ROOT = Path(__file__).parents[2]
TABLES = tomllib.loads((ROOT / "templates" / "words" / "en.toml").read_text(encoding="utf-8"))
KEYS = {f"{table}.{name}" for table, words in TABLES.items() for name in words}
PROFILE_KEYS = {
    f"{table}.{name}"
    for table, field in Profile.model_fields.items()
    for settings in (field.annotation, *get_args(field.annotation))
    for name in getattr(settings, "model_fields", ())
}
"""The keys of a profile, such as `email.host`, which look like those of the catalog."""

# A key in code or a template. Document names look like keys, so they are excluded.
KEY = re.compile(rf"(?:{'|'.join(TABLES)})\.(?!(?:html|json|pdf|txt|xlsx)$)[a-z0-9_-]*[a-z0-9]")


@pytest.fixture(scope="module")
def modules() -> list[ast.Module]:
    paths = [path for folder in ("cli", "flows", "tasks", "tabnine_report") for path in (ROOT / folder).rglob("*.py")]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in paths]


@pytest.fixture(scope="module")
def constants(modules: list[ast.Module]) -> set[str]:
    """Return all string constants in the code, including enumeration values."""
    nodes = (node for module in modules for node in ast.walk(module))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.fixture(scope="module")
def written_out(constants: set[str]) -> set[str]:
    """Return the keys that code or templates contain literally."""
    templates = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.j2"))
    quoted = {quoted for _, quoted in re.findall(r"(['\"])(.*?)\1", templates)}
    return {text for text in constants | quoted if KEY.fullmatch(text)}


@pytest.fixture(scope="module")
def composed(modules: list[ast.Module], constants: set[str], written_out: set[str]) -> set[str]:
    """Return the keys that f-strings compose, such as `label.{key}` with a constant, or `{key}_few` with a key."""
    keys = set()
    for text in (node for module in modules for node in ast.walk(module) if isinstance(node, ast.JoinedStr)):
        pattern = "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else "(.+)" for part in text.values
        )
        if KEY.match(pattern.replace("\\", "").replace("(.+)", "x")):
            keys |= {key for key in KEYS if (match := re.fullmatch(pattern, key)) and set(match.groups()) <= constants}
        elif ending := re.fullmatch(r"\(\.\+\)(_[a-z]+)", pattern):
            keys |= {f"{key}{ending[1]}" for key in written_out}
    return keys


def test_every_key_in_use_is_in_the_catalog(written_out: set[str]) -> None:
    assert written_out
    assert written_out - KEYS - PROFILE_KEYS == set()


def test_every_key_of_the_catalog_is_used(written_out: set[str], composed: set[str]) -> None:
    assert KEYS - written_out - composed == set()


OLD_IDIOM = re.compile(
    r"counted anew|what became of|held against|\bof those people\b|not used\b|\bthe asks?\b|working-day people"
    r"|\bAPI (?:tells|told|gave|was asked)|cannot be told|went out\b|worked out from|ordinary|so many|asked for",
    re.IGNORECASE,
)
REPORT_TABLES = [
    name for name in TABLES if name not in ("delivery", "preview", "trial", "notice", "run", "endpoint", "failure")
]


@pytest.mark.parametrize("table", REPORT_TABLES)
def test_the_report_is_written_in_plain_english(table: str) -> None:
    assert [(key, text) for key, text in TABLES[table].items() if OLD_IDIOM.search(str(text))] == []
