"""The catalog of words and those who use it agree: no word that nothing says, nothing said without a word."""

import ast
import re
import tomllib
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLES = tomllib.loads((ROOT / "templates" / "words" / "en.toml").read_text(encoding="utf-8"))
KEYS = {f"{table}.{name}" for table, words in TABLES.items() for name in words}

# A key as it stands in code or template; the documents' names look like keys and are none.
KEY = re.compile(rf"(?:{'|'.join(TABLES)})\.(?!(?:html|json|pdf|txt|xlsx)$)[a-z0-9_-]*[a-z0-9]")
# The headline's keys are put together from what is known.
HEADLINES = {f"people{change}{seats}" for change, seats in product(("", "_change"), ("", "_seats"))}


@pytest.fixture(scope="module")
def modules() -> list[ast.Module]:
    paths = [path for folder in ("cli", "flows", "tasks", "tabnine_report") for path in (ROOT / folder).rglob("*.py")]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in paths]


@pytest.fixture(scope="module")
def constants(modules: list[ast.Module]) -> set[str]:
    """Every text in the code that is a part of it, enumerations' values included."""
    nodes = (node for module in modules for node in ast.walk(module))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.fixture(scope="module")
def written_out(constants: set[str]) -> set[str]:
    """Every key that stands as it is in the code or in a template."""
    templates = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.j2"))
    quoted = {quoted for _, quoted in re.findall(r"(['\"])(.*?)\1", templates)}
    return {text for text in constants | quoted if KEY.fullmatch(text)}


@pytest.fixture(scope="module")
def composed(modules: list[ast.Module], constants: set[str], written_out: set[str]) -> set[str]:
    """Every key that an f-string makes: `label.{key}` with a text of the code in its gap, or `{key}_few` of a key."""
    fillings = constants | HEADLINES
    keys = set()
    for text in (node for module in modules for node in ast.walk(module) if isinstance(node, ast.JoinedStr)):
        pattern = "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else "(.+)" for part in text.values
        )
        if KEY.match(pattern.replace("\\", "").replace("(.+)", "x")):
            keys |= {key for key in KEYS if (match := re.fullmatch(pattern, key)) and set(match.groups()) <= fillings}
        elif ending := re.fullmatch(r"\(\.\+\)(_[a-z]+)", pattern):
            keys |= {f"{key}{ending[1]}" for key in written_out}
    return keys


def test_every_key_in_use_is_in_the_catalog(written_out: set[str]) -> None:
    assert written_out
    assert written_out - KEYS == set()


def test_every_key_of_the_catalog_is_used(written_out: set[str], composed: set[str]) -> None:
    assert KEYS - written_out - composed == set()
