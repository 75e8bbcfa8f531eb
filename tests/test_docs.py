"""The documentation matches the code: settings, commands, links, paths, make targets and generated pages."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from guide import NOT_RUN, OPERATIONS, OTHER_BLOCKS, code_blocks, code_spans, commands
from pydantic import BaseModel, SecretStr

from cli.main import app
from tabnine_report.analysis.rules.table import ACTIONS, FINDINGS
from tabnine_report.analysis.rules_documentation import THRESHOLDS, findings_page
from tabnine_report.model.report import json_schema
from tabnine_report.profile.printed_references import _LOGINS, _secret_keys
from tabnine_report.profile.profile import Profile
from tabnine_report.usage_api.endpoints import Endpoint

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")))

BUNDLE_FOLDERS = {"inputs/", "restricted/"}
"""Folders in a bundle of the archive, which look like paths of the project."""

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


def profile_keys(table: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in table.model_fields.items():
        tables = [part for part in (field.annotation, *get_args(field.annotation)) if is_table(part)]
        if tables:
            yield from profile_keys(tables[0], f"{name}.")
        else:
            yield f"{prefix}{name}"


def is_table(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def test_every_profile_key_is_documented_and_every_documented_key_exists() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `([a-z_.]+)` \|", text, re.MULTILINE)
    assert sorted(documented) == sorted(profile_keys(Profile))


def test_the_keys_that_may_refer_to_secret_blocks_are_documented() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    documented = re.search(r"Secret blocks are\s+therefore allowed only in(.+?)\. Do not", text, re.DOTALL)
    assert documented is not None
    secret = {f"{table}.{key}" for table, key in _LOGINS} | set(_secret_keys(Profile))
    assert set(re.findall(r"`([a-z_.]+)`", documented[1])) == secret


def toml_text(default: object) -> str:
    match default:
        case SecretStr():
            return default.get_secret_value()
        case bool():
            return str(default).lower()
        case float():
            return f"{default:g}"
        case _:
            return str(default)


def test_every_documented_default_is_the_default_of_the_profile() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| ([^|]+) \|", text, re.MULTILINE))
    checked = 0
    for name, field in Profile.model_fields.items():
        table = next(part for part in (field.annotation, *get_args(field.annotation)) if part is not type(None))
        for key, part in table.model_fields.items() if is_table(table) else ():
            documented = rows[f"{name}.{key}"].strip()
            if part.is_required():
                assert documented == "required", f"{name}.{key}"
            elif part.default not in (None, (), ""):
                assert documented == toml_text(part.default), f"{name}.{key}"
                checked += 1
    assert checked > 10


@every_document
def test_every_link_within_the_project_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if "://" not in target:
            assert (document.parent / target).exists(), target


@every_document
def test_every_make_target_in_a_document_exists(document: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    mentioned = re.findall(r"(?:^ {4}|`)make ([a-z-]+)", document.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(mentioned) <= set(targets)


@every_document
def test_every_command_of_ours_in_a_document_has_these_options(document: Path) -> None:
    """Commands in code blocks are complete; those in sentences may lack arguments."""
    for command in commands(document):
        if words := _arguments(command):
            app.parse_args(words, exit_on_error=False, print_error=False)
    for span in code_spans(document):
        if words := _arguments(span):
            assert words[0] in app, span
            options = [word for word in words[1:] if word.startswith("--")]
            assert set(options) <= {"--help", "--debug"} | _options(words[0]), span


def test_make_test_guide_runs_every_command_of_the_guide_except_for_these() -> None:
    found = commands(OPERATIONS)
    blocks = [block for block in code_blocks(OPERATIONS) if not block.startswith(OTHER_BLOCKS)]
    assert sum(len(block.splitlines()) for block in blocks) == len(found)
    assert NOT_RUN.keys() <= set(found)
    assert (ROOT / "deploy" / "compose.yaml").exists()


def test_every_picture_is_small_and_in_the_guide() -> None:
    pictures = {path.name for path in (ROOT / "docs" / "ui").iterdir()}
    shown = re.findall(r"\]\(ui/([a-z-]+\.png)\)", OPERATIONS.read_text(encoding="utf-8"))
    assert pictures == set(shown)
    assert [name for name in pictures if (ROOT / "docs" / "ui" / name).stat().st_size > 150_000] == []


def _arguments(command: str) -> list[str]:
    """Return the arguments of our command in a line; nothing if the line has another command."""
    found = re.search(r"(?:^|&& |/)tabnine-report (\w.*)", command)
    return shlex.split(found[1]) if found else []


def _options(command: str) -> set[str]:
    return {name for argument in app[command].assemble_argument_collection() for name in argument.names}


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md", "docs/security.md"])
def test_every_path_in_a_guide_exists(name: str) -> None:
    code_spans = re.findall(r"`([^`\n]+)`", (ROOT / name).read_text(encoding="utf-8"))
    paths = [span for span in code_spans if re.fullmatch(r"[\w.-]+/[\w./-]*", span) and span not in BUNDLE_FOLDERS]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in (name for name in app if not name.startswith("-")):
        assert f"tabnine-report {command}" in text, command


def test_the_findings_page_matches_the_rules() -> None:
    """`make findings` updates the page after a change of a rule, a threshold or a sentence."""
    assert (ROOT / "docs" / "findings.md").read_text(encoding="utf-8") == findings_page()


def test_every_threshold_is_explained_and_every_explanation_belongs_to_a_threshold() -> None:
    assert set(THRESHOLDS) == {name for rule in (*FINDINGS, *ACTIONS) for name in rule.thresholds}


def test_the_published_schema_matches_the_model() -> None:
    """`make schema` updates the schema after a change of the model."""
    published = (ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8")
    assert json.loads(published) == json_schema()


def test_every_endpoint_is_documented_with_the_permission_that_it_seems_to_need() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    section = text.partition("## The API token")[2].partition("\n## ")[0]
    documented = {
        endpoint: permission
        for permission, endpoints in re.findall(r"^\| ([a-z ]+) \| (`.+) \|$", section, re.MULTILINE)
        for endpoint in re.findall(r"`([a-z0-9-]+)`", endpoints)
    }
    assert documented == {str(endpoint): endpoint.spec.permission for endpoint in Endpoint}
