"""docs/findings.md, written from the table of rules: `make findings` renews it, and a test holds it true."""

import inspect
import textwrap
from collections.abc import Iterator, Sequence

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.rules.rule import ActionRule, Rule
from tabnine_report.analysis.rules.table import ACTIONS, FINDINGS, MOST_ASKS, MOST_FINDINGS, MOST_FOR_FULL
from tabnine_report.text.i18n import wording

_WIDTH = 120

THRESHOLDS = {
    "days_after_month": "days from the month's end in which the day lies",
    "fewest_months": "whole months before it, at least",
    "fewest_movements": "movements between whole months before it, at least",
    "half": "share of all people that is told when it is passed",
    "least": "how many, at least",
    "least_accounts": "accounts more, at least",
    "least_invitations": "invitations at each of the month ends, at least",
    "least_people": "people, at least",
    "least_seats": "seats, at least",
    "least_share": "share of the base, at least",
    "months": "months looked at",
    "months_ahead": "months ahead, at most",
    "months_since": "months since the last such record, at least",
    "times_ordinary": "times the ordinary movement (the median before), at least",
}
"""What each threshold means, by its name in the table."""

_HEAD = f"""# Findings and asks

<!-- Written from the code: after a change of the rules, `make findings` renews it. -->

Rules find what is worth a sentence; no language model has a part in it. The heaviest speak: at most {MOST_FINDINGS} on
page one for every reader and {MOST_FOR_FULL} more for the full edition. If nothing was unlike an ordinary month, the
report says so. At most {MOST_ASKS} things are asked for, each of a role and by a day, and the report of the month after
says what became of each.

For all of them: no month is compared with a partial or missing one; there is no percentage on a base under
{SMALLEST_BASE}; a cause is never named; what is only an estimate says "at least"; days count from the month's end and
never from today.
"""

_FOLLOWED = """## What becomes of the asks

An ask is held against the figure that it rests on, a month later: *worse* if that has grown, *done* if it is now under
the least that is asked about, *open* otherwise, and *not known* where one of the two figures is missing or partial. A
new token is done when the profile names a later day. However the figure changed, the report does not say by whom.
"""


def findings_page() -> str:
    """Write the page."""
    return "\n".join([_HEAD, *_chapter("What is found", FINDINGS), *_chapter("What is asked for", ACTIONS), _FOLLOWED])


def _chapter(title: str, rules: Sequence[Rule]) -> Iterator[str]:
    yield f"## {title}\n"
    for rule in rules:
        yield "\n".join([f"### `{rule.name}`", "", inspect.getdoc(rule.find) or "", "", *_items(rule), ""])


def _items(rule: Rule) -> Iterator[str]:
    yield _item(f"Weight: {rule.weight}")
    if isinstance(rule, ActionRule):
        yield _item(f"Who: {wording(rule.who)}")
    for key in rule.says:
        yield _item(f"Says: {wording(key)}")
    if rule.evidence:
        yield _item(f"Rests on: {', '.join(f'`{name}`' for name in rule.evidence)}")
    for name, value in rule.thresholds.items():
        yield _item(f"`{name}`: {value:g} {THRESHOLDS[name]}")
    if rule.edition == "full":
        yield _item("Only in the full edition")


def _item(text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)
