"""The recommended actions, and the status of those that last month's report recommended."""

from collections import Counter
from collections.abc import Sequence

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import has_method_change, whole
from tabnine_report.analysis.rules.table import ACTIONS, MAX_ACTIONS
from tabnine_report.model.findings import ActionState, ActionStatus, LastMonthActions, RecommendedAction
from tabnine_report.model.report import MonthlyReport

_TOKEN = "renew_token"  # noqa: S105 - the name of a rule


def recommended_actions(rule_context: RuleContext) -> tuple[RecommendedAction, ...]:
    """Return the recommended actions in descending order of weight, up to the limit."""
    by_weight = sorted(ACTIONS, key=lambda rule: -rule.weight)
    actions = [action for rule in by_weight if (action := rule.action(rule_context)) is not None]
    return tuple(actions[:MAX_ACTIONS])


def last_month_actions(rule_context: RuleContext, previous: MonthlyReport | None) -> LastMonthActions:
    """Return the status of last month's actions; empty if there were none, or if last month has no report.

    Args:
        rule_context: This month's data.
        previous: Last month's report.
    """
    statuses = tuple(_status(rule_context, action) for action in previous.recommended_actions) if previous else ()
    if not statuses:
        return LastMonthActions(title="", statuses=())
    for_executives = [status for status in statuses if status.edition == "executive"]
    return LastMonthActions(
        title=_title(rule_context, statuses),
        title_for_executives=_title(rule_context, for_executives),
        statuses=statuses,
    )


def _title(rule_context: RuleContext, statuses: Sequence[ActionStatus]) -> str:
    """Return the number of actions in each state in one sentence; empty if there are none."""
    language, counts = rule_context.language, Counter(status.state for status in statuses)
    parts = ", ".join(
        language.translate(f"action.count_{state}", number=language.count(counts[state]))
        for state in ActionState
        if counts[state]
    )
    if not parts:
        return ""
    return language.translate("action.statuses", month=language.month_name(rule_context.previous), statuses=parts)


def _status(rule_context: RuleContext, action: RecommendedAction) -> ActionStatus:
    """Return the status of an action: done if its rule would no longer recommend it, whatever the cause."""
    if action.rule == _TOKEN:
        return _token_status(rule_context, action)
    language, rule = rule_context.language, next((rule for rule in ACTIONS if rule.name == action.rule), None)
    key = next(iter(action.figures), "")
    if rule is None or key not in rule_context.kpis:
        return _unknown(rule_context, action)
    then, now = action.figures[key], rule_context.figure(key)
    if has_method_change(rule_context.kpis[key], rule_context.month):
        return _unknown(
            rule_context, action, language.translate("reason.method_change", month=language.month(rule_context.month))
        )
    number, before = whole(now), whole(then)
    if number is None or before is None:
        return _unknown(rule_context, action, now.reason)
    if number > before:
        state = ActionState.WORSE
    else:
        state = ActionState.DONE if number < rule.thresholds["min_count"] else ActionState.OPEN
    sentence = language.translate(f"action.{state}", then=language.value(then), now=language.value(now))
    return ActionStatus(action=action, state=state, sentence=sentence, figures={key: now})


def _token_status(rule_context: RuleContext, action: RecommendedAction) -> ActionStatus:
    expires, language = rule_context.token_expires, rule_context.language
    if expires is None:
        return _unknown(rule_context, action)
    state = ActionState.DONE if expires > action.due else ActionState.OPEN
    return ActionStatus(
        action=action,
        state=state,
        sentence=language.translate(f"action.token_{state}", day=language.date(expires)),
        figures={},
    )


def _unknown(rule_context: RuleContext, action: RecommendedAction, why: str = "") -> ActionStatus:
    sentence = rule_context.language.translate("action.unknown_because" if why else "action.unknown", why=why)
    return ActionStatus(action=action, state=ActionState.UNKNOWN, sentence=sentence, figures={})
