"""What is asked for, and what became of what the report of the month before asked for."""

from collections import Counter
from collections.abc import Sequence

from tabnine_report.analysis.rules.movement import is_counted_anew, whole
from tabnine_report.analysis.rules.rule import Grounds
from tabnine_report.analysis.rules.table import ASKS, MOST_ASKS
from tabnine_report.model.findings import Ask, AskOutcome, FollowedAsk, FollowUp
from tabnine_report.model.report import MonthlyReport

_TOKEN = "renew_token"  # noqa: S105 - the name of a rule


def asks(grounds: Grounds) -> tuple[Ask, ...]:
    """Give what is asked for, heaviest first and at most three."""
    heaviest_first = sorted(ASKS, key=lambda rule: -rule.weight)
    asked = [ask for rule in heaviest_first if (ask := rule.ask(grounds)) is not None]
    return tuple(asked[:MOST_ASKS])


def follow_up(grounds: Grounds, previous: MonthlyReport | None) -> FollowUp:
    """Tell what became of the asks of the month before; of none where it asked for nothing, or there is no report.

    Args:
        grounds: What is known of this month.
        previous: The report of the month before.
    """
    followed = tuple(_followed(grounds, ask) for ask in previous.asks) if previous else ()
    if not followed:
        return FollowUp(title="", asks=())
    for_executives = [one for one in followed if one.edition == "executive"]
    return FollowUp(
        title=_title(grounds, followed), title_for_executives=_title(grounds, for_executives), asks=followed
    )


def _title(grounds: Grounds, followed: Sequence[FollowedAsk]) -> str:
    """Count the outcomes in one sentence; empty where there are none."""
    language, counted = grounds.language, Counter(one.outcome for one in followed)
    outcomes = ", ".join(
        language.say(f"ask.count_{outcome}", number=language.count(counted[outcome]))
        for outcome in AskOutcome
        if counted[outcome]
    )
    if not outcomes:
        return ""
    return language.say("ask.followed", month=language.month_name(grounds.previous), outcomes=outcomes)


def _followed(grounds: Grounds, ask: Ask) -> FollowedAsk:
    """Tell what became of one ask: done where the rule would not ask for the number of now, however it came to it."""
    if ask.rule == _TOKEN:
        return _followed_token(grounds, ask)
    language, rule = grounds.language, next((rule for rule in ASKS if rule.name == ask.rule), None)
    key = next(iter(ask.figures), "")
    if rule is None or key not in grounds.measures:
        return _unknown(grounds, ask)
    then, now = ask.figures[key], grounds.figure(key)
    if is_counted_anew(grounds.measures[key], grounds.month):
        return _unknown(grounds, ask, language.say("reason.counted_anew", month=language.month(grounds.month)))
    number, before = whole(now), whole(then)
    if number is None or before is None:
        return _unknown(grounds, ask, now.reason)
    if number > before:
        outcome = AskOutcome.WORSE
    else:
        outcome = AskOutcome.DONE if number < rule.thresholds["least"] else AskOutcome.OPEN
    sentence = language.say(f"ask.{outcome}", then=language.value(then), now=language.value(now))
    return FollowedAsk(ask=ask, outcome=outcome, sentence=sentence, figures={key: now})


def _followed_token(grounds: Grounds, ask: Ask) -> FollowedAsk:
    ends, language = grounds.token_expires, grounds.language
    if ends is None:
        return _unknown(grounds, ask)
    outcome = AskOutcome.DONE if ends > ask.by else AskOutcome.OPEN
    return FollowedAsk(
        ask=ask, outcome=outcome, sentence=language.say(f"ask.token_{outcome}", day=language.date(ends)), figures={}
    )


def _unknown(grounds: Grounds, ask: Ask, why: str = "") -> FollowedAsk:
    sentence = grounds.language.say("ask.unknown_because" if why else "ask.unknown", why=why)
    return FollowedAsk(ask=ask, outcome=AskOutcome.UNKNOWN, sentence=sentence, figures={})
