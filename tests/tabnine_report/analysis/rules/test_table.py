"""Tests that the table of rules is complete, unambiguous and consistent with the rules."""

import inspect

import pytest

from tabnine_report.analysis.rules.rule import Rule
from tabnine_report.analysis.rules.table import ACTIONS, FINDINGS
from tabnine_report.text.i18n import wording

RULES = (*FINDINGS, *ACTIONS)


def test_rule_names_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rules", [FINDINGS, ACTIONS])
def test_rules_are_sorted_by_distinct_weights(rules: tuple[Rule, ...]) -> None:
    weights = [rule.weight for rule in rules]
    assert weights == sorted(set(weights), reverse=True)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_thresholds_match_the_parameters_of_the_rule(rule: Rule) -> None:
    keywords = [
        name for name, part in inspect.signature(rule.find).parameters.items() if part.kind is part.KEYWORD_ONLY
    ]
    assert sorted(rule.thresholds) == sorted(keywords)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_described_in_one_sentence(rule: Rule) -> None:
    sentence = inspect.getdoc(rule.find)
    assert sentence is not None
    assert sentence.count(".") == 1
    assert sentence.endswith(".")


@pytest.mark.parametrize(("rule", "words"), [(rule.name, words) for rule in ACTIONS for words in rule.words])
def test_an_action_has_the_same_words_in_the_report_and_in_the_form(rule: str, words: str) -> None:
    title = wording(f"action_title.{words}").replace("{on_day}", "").replace(",", "").rstrip("?.")
    assert wording(f"action_decision.{rule}").lower().endswith(title.lower())
