"""Fixtures for every test."""

import os
from collections.abc import Iterator

import pytest

from tabnine_report.render.pdf import process

COVERAGE_SETTINGS = "COVERAGE_PROCESS_CONFIG"


@pytest.fixture(scope="session", autouse=True)
def _measure_pdf_processes() -> Iterator[None]:
    """Pass coverage's settings to the PDF process, which otherwise inherits only the variables that it needs."""
    with pytest.MonkeyPatch.context() as patch:
        if COVERAGE_SETTINGS in os.environ:
            patch.setattr(process, "_INHERITED_VARIABLES", (*process._INHERITED_VARIABLES, COVERAGE_SETTINGS))
        yield
