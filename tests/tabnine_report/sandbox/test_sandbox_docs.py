"""docs/sandbox.md documents every endpoint, every kind of fault, and the defaults."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from tabnine_report.sandbox.endpoints import ENDPOINTS
from tabnine_report.sandbox.faults import Kind, parse_fault
from tabnine_report.sandbox.quirks import Quirks
from tabnine_report.sandbox.server import DEFAULT_TOKEN
from tabnine_report.sandbox.world import SAAS_CUTOVER

PAGE = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_endpoint_is_documented(endpoint: str) -> None:
    assert f"`{endpoint}`" in PAGE


@pytest.mark.parametrize("kind", sorted({*get_args(Kind)} - {"status"}))
def test_every_kind_of_fault_is_documented(kind: str) -> None:
    assert f"| `{kind}" in PAGE


@pytest.mark.parametrize("quirk", [field.name for field in fields(Quirks)])
def test_every_difference_between_installations_is_documented(quirk: str) -> None:
    assert re.search(rf"`--(no-)?{quirk.replace('_', '-')}\b", PAGE)


def test_the_documented_defaults_are_correct() -> None:
    assert f"`{DEFAULT_TOKEN}`" in PAGE
    assert f"by default {SAAS_CUTOVER}" in PAGE


def test_the_documented_faults_are_valid() -> None:
    examples = [part.split('"')[0] for part in PAGE.split('--fault "')[1:]]

    assert [len(examples), *(parse_fault(spec).remaining for spec in examples[:2])] == [3, 2, 1]
