"""The table of rules: complete, unambiguous, and in agreement with the tests that it names."""

import inspect

import pytest

from reporting.build.rules.rule import Rule
from reporting.build.rules.table import FINDINGS


def test_every_rule_has_a_name_and_a_weight_of_its_own() -> None:
    assert len({rule.name for rule in FINDINGS}) == len({rule.weight for rule in FINDINGS}) == len(FINDINGS)


@pytest.mark.parametrize("rule", FINDINGS, ids=lambda rule: rule.name)
def test_a_rule_has_the_thresholds_that_its_test_asks_for(rule: Rule) -> None:
    keywords = [
        name for name, part in inspect.signature(rule.find).parameters.items() if part.kind is part.KEYWORD_ONLY
    ]
    assert sorted(rule.thresholds) == sorted(keywords)


@pytest.mark.parametrize("rule", FINDINGS, ids=lambda rule: rule.name)
def test_a_rule_says_in_one_sentence_what_it_looks_for(rule: Rule) -> None:
    sentence = inspect.getdoc(rule.find)
    assert sentence is not None
    assert sentence.count(".") == 1
    assert sentence.endswith(".")
