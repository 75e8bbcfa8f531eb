"""The recommended actions, and the status of those that last month's report recommended.

The figures decide the status. An admin's answer adds what was decided; it decides the status only where the admin
declined, or where no figure can.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import at_least, has_method_change
from tabnine_report.analysis.rules.rule import ActionRule
from tabnine_report.analysis.rules.table import ACTIONS, MAX_ACTIONS, MAX_FULL_EDITION_ONLY
from tabnine_report.model.answers import ActionAnswer, Answer
from tabnine_report.model.figure import Figure, Unit, difference
from tabnine_report.model.findings import ActionState, ActionStatus, LastMonthActions, RecommendedAction
from tabnine_report.model.report import MonthlyReport
from tabnine_report.text.i18n import Language

_TOKEN = "renew_token"  # noqa: S105 - the name of a rule


@dataclass(frozen=True)
class _Outcome:
    """What the figures show about an action a month later.

    Attributes:
        state: The state that they show.
        text: The figures of both months, or why the state is not known.
        subject: What the text is about, for a sentence without an answer.
        change: By how much the figure rose or fell, after a comma; empty if it did not, or cannot be compared.
        figures: This month's figures, by name.
    """

    state: ActionState
    text: str
    subject: str
    change: str = ""
    figures: Mapping[str, Figure] = field(default_factory=dict)


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


def last_month_actions(
    rule_context: RuleContext, previous: MonthlyReport | None, answers: Iterable[ActionAnswer] = ()
) -> LastMonthActions:
    """Return the status of last month's actions; empty if there were none, or if last month has no report.

    Args:
        rule_context: This month's data.
        previous: Last month's report.
        answers: The admins' answers to it.
    """
    actions = previous.recommended_actions if previous else ()
    if not actions:
        return LastMonthActions(title="", statuses=())
    language, by_rule = rule_context.language, {answer.rule: answer for answer in answers}
    days = {_day(by_rule.get(action.rule), language) for action in actions}
    day = "" if len(days) > 1 else days.pop()
    title = (
        language.translate("action.decided_on", day=day)
        if day
        else language.translate("action.recommended_in", month=language.month_name(rule_context.previous))
    )
    statuses = (_status(rule_context, action, by_rule.get(action.rule), day) for action in actions)
    return LastMonthActions(title=title, statuses=tuple(statuses))


def _day(answer: ActionAnswer | None, language: Language) -> str:
    return language.day_and_month(answer.at.astimezone(language.zone).date()) if answer else ""


def _status(
    rule_context: RuleContext, action: RecommendedAction, answer: ActionAnswer | None, day: str
) -> ActionStatus:
    """Return the status of an action with its answer.

    Args:
        rule_context: This month's data.
        action: The action.
        answer: The answer; None if there is none.
        day: The day of all answers, which the title states; empty if it states none.
    """
    rule = next((rule for rule in ACTIONS if rule.name == action.rule), None)
    outcome = _token_outcome(rule_context, action) if action.rule == _TOKEN else _outcome(rule_context, action, rule)
    state, translate = outcome.state, rule_context.language.translate
    if answer is None:
        sentence = translate("action.unanswered", subject=outcome.subject, outcome=outcome.text)
    else:
        sentence = translate(
            "action.answered",
            decision=translate(f"action_decision.{action.rule}") if rule else outcome.subject,
            details=", ".join(_details(answer, day, rule_context.language)),
            outcome=outcome.text + outcome.change,
        )
        if answer.answer is Answer.DECLINED:
            state = ActionState.DECLINED
        elif answer.answer is Answer.DONE and state is ActionState.UNKNOWN:
            state = ActionState.DONE
    return ActionStatus(action=action, state=state, sentence=sentence, figures=dict(outcome.figures), answer=answer)


def _details(answer: ActionAnswer, day: str, language: Language) -> Iterator[str]:
    """Yield the answer, with its day unless the title states it, the owner, and the comment."""
    word, own_day = language.translate(f"action.{answer.answer}"), _day(answer, language)
    yield word if own_day == day else language.translate("action.on_own_day", answer=word, day=own_day)
    if answer.owner:
        yield language.translate("action.owner", owner=answer.owner)
    if answer.comment:
        yield language.translate("action.comment", comment=answer.comment)


def _outcome(rule_context: RuleContext, action: RecommendedAction, rule: ActionRule | None) -> _Outcome:
    """Return the status of an action: it is done if its rule no longer recommends it, regardless of the cause."""
    language, key = rule_context.language, next(iter(action.figures), "")
    if rule is None or key not in rule_context.kpis:
        subject = language.translate("action.titled", title=action.title.removesuffix("."))
        return _Outcome(ActionState.UNKNOWN, language.translate("action.no_figure"), subject)
    then, now = action.figures[key], rule_context.figure(key)
    number, before = at_least(now), at_least(then)
    are_known = number is not None and before is not None
    is_changed = are_known and has_method_change(rule_context.kpis[key], rule_context.month)
    text = language.translate(
        "action.method_changed" if is_changed else "action.then_and_now",
        then=language.qualified(then, short=True),
        now=language.qualified(now, short=True),
    )
    subject = _lower(rule_context.kpis[key].label)
    if number is None or before is None or is_changed:
        return _Outcome(ActionState.UNKNOWN, text, subject)
    if number > before:
        state = ActionState.WORSE
    else:
        state = ActionState.DONE if _is_done(rule_context, rule, number) else ActionState.OPEN
    return _Outcome(state, text, subject, _change(then, now, language), {key: now})


def _change(then: Figure, now: Figure, language: Language) -> str:
    """Return by how much a figure rose or fell, after a comma; empty if it did not, or if that is not known.

    Two lower bounds, such as "at least 40" and "at least 2", have no known difference.
    """
    if then.bound or now.bound or then.currency != now.currency:
        return ""
    change = difference(now, then)
    if not change.value:
        return ""
    size = language.value(change.with_value(abs(change.value)), short=True)
    direction = "more" if change.value > 0 else "less" if change.unit is Unit.MONEY else "fewer"
    return language.translate(f"action.{direction}", size=size)


def _is_done(rule_context: RuleContext, rule: ActionRule, number: float) -> bool:
    """Return whether the figure is below the rule's threshold; without one, whether the rule no longer applies."""
    if "min_count" in rule.thresholds:
        return number < rule.thresholds["min_count"]
    return rule.evaluate(rule_context) is None


def _token_outcome(rule_context: RuleContext, action: RecommendedAction) -> _Outcome:
    expires, language = rule_context.token_expires, rule_context.language
    subject = language.translate("action.token")
    if expires is None:
        return _Outcome(ActionState.UNKNOWN, language.translate("action.token_unknown"), subject)
    state = ActionState.DONE if expires > action.due else ActionState.OPEN
    return _Outcome(state, language.translate(f"action.token_{state}", day=language.date(expires)), subject)


def _lower(label: str) -> str:
    """Return a label within a sentence: `Inactive accounts` as `inactive accounts`."""
    return label[:1].lower() + label[1:]
