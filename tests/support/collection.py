"""What pytest collects and what it measures, for the conftest."""

from pathlib import Path

import pytest

COLLECTED = pytest.StashKey[set[Path]]()
"""The test files of the run, before `-k` and `-m` select some of their tests."""

NOT_MEASURED = (
    "benchmarks/",
    "tabnine_report/analysis/rules/test_no_rule_on_parts.py",
    "tabnine_report/analysis/test_against_the_sandbox.py",
    "tabnine_report/analysis/test_few_users.py",
    "tabnine_report/analysis/test_lower_bounds.py",
    "tabnine_report/analysis/test_odd_values.py",
    "tabnine_report/render/html/test_in_a_browser.py",
    "tabnine_report/render/test_locales.py",
    "tabnine_report/render/test_one_truth.py",
)
"""The tests that run without coverage, because they repeat for many reports what faster tests do once.

Python takes twice as long while coverage measures it. The property tests run without it, too.
"""
