"""The table of rules: complete, unambiguous, and in agreement with the tests that it names."""

import inspect

import pytest

from tabnine_report.analysis.rules.rule import Rule
from tabnine_report.analysis.rules.table import ACTIONS, FINDINGS

RULES = (*FINDINGS, *ACTIONS)


def test_every_rule_has_a_name_of_its_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rules", [FINDINGS, ACTIONS])
def test_the_rules_stand_heaviest_first_and_no_two_weigh_the_same(rules: tuple[Rule, ...]) -> None:
    weights = [rule.weight for rule in rules]
    assert weights == sorted(set(weights), reverse=True)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_the_thresholds_that_its_test_asks_for(rule: Rule) -> None:
    keywords = [
        name for name, part in inspect.signature(rule.find).parameters.items() if part.kind is part.KEYWORD_ONLY
    ]
    assert sorted(rule.thresholds) == sorted(keywords)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_says_in_one_sentence_what_it_looks_for(rule: Rule) -> None:
    sentence = inspect.getdoc(rule.find)
    assert sentence is not None
    assert sentence.count(".") == 1
    assert sentence.endswith(".")
