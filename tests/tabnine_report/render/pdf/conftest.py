"""Measure the coverage of the PDF process, which slows it down, only where it is the subject of the tests."""

import os
from collections.abc import Iterator

import pytest
from measured_processes import COVERAGE_SETTINGS

from tabnine_report.render.pdf import process


@pytest.fixture(scope="module", autouse=True)
def _measure_pdf_processes() -> Iterator[None]:
    """Pass coverage's settings to the PDF process, which inherits only the variables that it needs."""
    with pytest.MonkeyPatch.context() as patch:
        if COVERAGE_SETTINGS in os.environ:
            patch.setattr(process, "_INHERITED_VARIABLES", (*process._INHERITED_VARIABLES, COVERAGE_SETTINGS))
        yield
