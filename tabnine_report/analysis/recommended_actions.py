"""What is asked for, and what became of what the report of the month before asked for."""

from collections import Counter
from collections.abc import Sequence

from tabnine_report.analysis.rules.movement import has_method_change, whole
from tabnine_report.analysis.rules.rule import RuleContext
from tabnine_report.analysis.rules.table import ACTIONS, MOST_ASKS
from tabnine_report.model.findings import ActionState, ActionStatus, LastMonthActions, RecommendedAction
from tabnine_report.model.report import MonthlyReport

_TOKEN = "renew_token"  # noqa: S105 - the name of a rule


def recommended_actions(rule_context: RuleContext) -> tuple[RecommendedAction, ...]:
    """Give what is asked for, heaviest first and at most three."""
    heaviest_first = sorted(ACTIONS, key=lambda rule: -rule.weight)
    asked = [action for rule in heaviest_first if (action := rule.action(rule_context)) is not None]
    return tuple(asked[:MOST_ASKS])


def last_month_actions(rule_context: RuleContext, previous: MonthlyReport | None) -> LastMonthActions:
    """Tell what became of the asks of the month before; of none where it asked for nothing, or there is no report.

    Args:
        rule_context: What is known of this month.
        previous: The report of the month before.
    """
    followed = tuple(_followed(rule_context, action) for action in previous.recommended_actions) if previous else ()
    if not followed:
        return LastMonthActions(title="", recommended_actions=())
    for_executives = [one for one in followed if one.edition == "executive"]
    return LastMonthActions(
        title=_title(rule_context, followed),
        title_for_executives=_title(rule_context, for_executives),
        recommended_actions=followed,
    )


def _title(rule_context: RuleContext, followed: Sequence[ActionStatus]) -> str:
    """Count the outcomes in one sentence; empty where there are none."""
    language, counted = rule_context.language, Counter(one.outcome for one in followed)
    outcomes = ", ".join(
        language.translate(f"action.count_{outcome}", number=language.count(counted[outcome]))
        for outcome in ActionState
        if counted[outcome]
    )
    if not outcomes:
        return ""
    return language.translate("action.followed", month=language.month_name(rule_context.previous), outcomes=outcomes)


def _followed(rule_context: RuleContext, action: RecommendedAction) -> ActionStatus:
    """Tell what became of one ask: done where the rule would not ask for the number of now, however it came to it."""
    if action.rule == _TOKEN:
        return _followed_token(rule_context, action)
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
        outcome = ActionState.WORSE
    else:
        outcome = ActionState.DONE if number < rule.thresholds["least"] else ActionState.OPEN
    sentence = language.translate(f"action.{outcome}", then=language.value(then), now=language.value(now))
    return ActionStatus(action=action, outcome=outcome, sentence=sentence, figures={key: now})


def _followed_token(rule_context: RuleContext, action: RecommendedAction) -> ActionStatus:
    ends, language = rule_context.token_expires, rule_context.language
    if ends is None:
        return _unknown(rule_context, action)
    outcome = ActionState.DONE if ends > action.by else ActionState.OPEN
    return ActionStatus(
        action=action,
        outcome=outcome,
        sentence=language.translate(f"action.token_{outcome}", day=language.date(ends)),
        figures={},
    )


def _unknown(rule_context: RuleContext, action: RecommendedAction, why: str = "") -> ActionStatus:
    sentence = rule_context.language.translate("action.unknown_because" if why else "action.unknown", why=why)
    return ActionStatus(action=action, outcome=ActionState.UNKNOWN, sentence=sentence, figures={})
