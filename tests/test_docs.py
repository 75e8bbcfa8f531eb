"""The documentation is held true: what there is has its entry, and what has an entry is there."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretStr

from cli.main import app
from tabnine_report.analysis.rules.findings_page import THRESHOLDS, findings_page
from tabnine_report.analysis.rules.table import ACTIONS, FINDINGS
from tabnine_report.model.report import json_schema
from tabnine_report.profile.profile import Profile

ROOT = Path(__file__).parents[1]


def keys_of(table: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in table.model_fields.items():
        tables = [part for part in (field.annotation, *get_args(field.annotation)) if is_table(part)]
        if tables:
            yield from keys_of(tables[0], f"{name}.")
        else:
            yield f"{prefix}{name}"


def is_table(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def test_every_key_of_a_profile_has_its_row_and_every_row_its_key() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `([a-z_.]+)` \|", text, re.MULTILINE)
    assert sorted(documented) == sorted(keys_of(Profile))


def written(default: object) -> str:
    match default:
        case SecretStr():
            return default.get_secret_value()
        case bool():
            return str(default).lower()
        case float():
            return f"{default:g}"
        case _:
            return str(default)


def test_every_documented_default_is_the_real_one() -> None:
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
                assert documented == written(part.default), f"{name}.{key}"
                checked += 1
    assert checked > 10


@pytest.mark.parametrize("document", [*sorted(ROOT.glob("docs/*.md")), ROOT / "README.md"], ids=lambda path: path.name)
def test_every_link_within_the_project_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if "://" not in target:
            assert (document.parent / target).exists(), target


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in (name for name in app if not name.startswith("-")):
        assert f"tabnine-report {command}" in text, command


def test_the_page_of_findings_is_written_from_the_rules() -> None:
    """`make findings` writes it after a change of a rule, a threshold or a sentence."""
    assert (ROOT / "docs" / "findings.md").read_text(encoding="utf-8") == findings_page()


def test_every_threshold_is_explained_and_every_explanation_has_its_threshold() -> None:
    assert set(THRESHOLDS) == {name for rule in (*FINDINGS, *ACTIONS) for name in rule.thresholds}


def test_the_published_schema_is_the_models_own() -> None:
    """`make schema` writes it after a change of the model."""
    published = (ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8")
    assert json.loads(published) == json_schema()
