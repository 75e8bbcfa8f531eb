"""The recommended actions, and the status of those that last month's report recommended."""

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import at_least, has_method_change
from tabnine_report.analysis.rules.rule import ActionRule
from tabnine_report.analysis.rules.table import ACTIONS, MAX_ACTIONS, MAX_FULL_EDITION_ONLY
from tabnine_report.model.findings import ActionState, ActionStatus, LastMonthActions, RecommendedAction
from tabnine_report.model.report import MonthlyReport

_TOKEN = "renew_token"  # noqa: S105 - the name of a rule


def recommended_actions(rule_context: RuleContext) -> tuple[RecommendedAction, ...]:
    """Return the recommended actions in descending order of weight, up to the limit of each edition."""
    remaining = {"executive": MAX_ACTIONS, "full": MAX_FULL_EDITION_ONLY}
    results = []
    for rule in ACTIONS:
        action = rule.action(rule_context) if remaining[rule.edition] else None
        if action is not None:
            remaining[rule.edition] -= 1
            results.append(action)
    return tuple(results)


def last_month_actions(rule_context: RuleContext, previous: MonthlyReport | None) -> LastMonthActions:
    """Return the status of last month's actions; empty if there were none, or if last month has no report.

    Args:
        rule_context: This month's data.
        previous: Last month's report.
    """
    statuses = tuple(_status(rule_context, action) for action in previous.recommended_actions) if previous else ()
    if not statuses:
        return LastMonthActions(title="", statuses=())
    language = rule_context.language
    title = language.translate("action.recommended_in", month=language.month_name(rule_context.previous))
    return LastMonthActions(title=title, statuses=statuses)


def _status(rule_context: RuleContext, action: RecommendedAction) -> ActionStatus:
    """Return the status of an action: done if its rule would no longer recommend it, whatever the cause."""
    if action.rule == _TOKEN:
        return _token_status(rule_context, action)
    language, rule = rule_context.language, next((rule for rule in ACTIONS if rule.name == action.rule), None)
    key = next(iter(action.figures), "")
    if rule is None or key not in rule_context.kpis:
        return _unknown(action, language.translate("action.no_figure", title=action.title.removesuffix(".")))
    then, now = action.figures[key], rule_context.figure(key)
    number, before = at_least(now), at_least(then)
    are_known = number is not None and before is not None
    is_changed = are_known and has_method_change(rule_context.kpis[key], rule_context.month)
    sentence = language.translate(
        "action.method_changed" if is_changed else "action.then_and_now",
        what=_lower(rule_context.kpis[key].label),
        then=language.qualified(then, short=True),
        now=language.qualified(now, short=True),
    )
    if number is None or before is None or is_changed:
        return _unknown(action, sentence)
    if number > before:
        state = ActionState.WORSE
    else:
        state = ActionState.DONE if _is_done(rule_context, rule, number) else ActionState.OPEN
    return ActionStatus(action=action, state=state, sentence=sentence, figures={key: now})


def _is_done(rule_context: RuleContext, rule: ActionRule, number: float) -> bool:
    """Return whether the figure is below the rule's threshold; without one, whether the rule no longer applies."""
    if "min_count" in rule.thresholds:
        return number < rule.thresholds["min_count"]
    return rule.evaluate(rule_context) is None


def _token_status(rule_context: RuleContext, action: RecommendedAction) -> ActionStatus:
    expires, language = rule_context.token_expires, rule_context.language
    if expires is None:
        return _unknown(action, language.translate("action.token_unknown"))
    state = ActionState.DONE if expires > action.due else ActionState.OPEN
    return ActionStatus(
        action=action,
        state=state,
        sentence=language.translate(f"action.token_{state}", day=language.date(expires)),
        figures={},
    )


def _unknown(action: RecommendedAction, sentence: str) -> ActionStatus:
    return ActionStatus(action=action, state=ActionState.UNKNOWN, sentence=sentence, figures={})


def _lower(label: str) -> str:
    """Return a label within a sentence: `Inactive accounts` as `inactive accounts`."""
    return label[:1].lower() + label[1:]
