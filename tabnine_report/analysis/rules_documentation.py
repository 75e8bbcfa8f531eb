"""Generate docs/findings.md from the table of rules: `make findings` writes the page, and a test checks it."""

import inspect
import textwrap
from collections.abc import Iterator, Sequence

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.rule_context import NOTICE_DAYS
from tabnine_report.analysis.rules.rule import ActionRule, FindingRule, Rule
from tabnine_report.analysis.rules.table import ACTIONS, FINDINGS, MAX_ACTIONS, MAX_FINDINGS, MAX_FULL_EDITION_ONLY
from tabnine_report.text.i18n import wording

_WIDTH = 120

THRESHOLDS = {
    "days_after_month": "or fewer days after the month's end",
    "min_accounts": "or more additional accounts",
    "min_changes": "or more earlier changes between complete months",
    "min_count": "or more accounts, seats or invitations",
    "min_months": "or more earlier complete months",
    "min_people": "or more people",
    "min_share": "or more of the base (as a share)",
    "months": "months considered",
    "months_since": "or more months since the last such record",
    "share": "of the active users (as a share); if agent users reach it, the sentence mentions this",
    "times_typical": "or more times the typical change (the median of the earlier changes)",
}
"""The meaning of each threshold, by its name in the table."""

_HEAD = f"""# Findings and recommended actions

<!-- Generated from the code. After you change a rule, run `make findings`. -->

Rules decide what the report highlights; no language model is involved. Page one shows the findings with the highest
weights: at most {MAX_FINDINGS} in every edition, and at most {MAX_FULL_EDITION_ONLY} more in the full edition. If no
finding describes the month as a whole, the report states that it was a typical month, or why this is not known. The
report recommends at most {MAX_ACTIONS} actions, and {MAX_FULL_EDITION_ONLY} more in the full edition, each with an
owner (a role), a due date and, where there is one, its worth. The next report shows the status of each action.

All rules follow these principles:

- No rule compares a month with a partial or missing month.
- No percentage has a base under {SMALLEST_BASE}.
- No sentence names a cause.
- No finding repeats a key figure or an action.
- Lower bounds are marked with "at least", what an action can save at most with "up to".
- Periods of days start at the month's end, not at the date of the run.
- A due date is at least {NOTICE_DAYS} days after the date of the data, in a late run too. Only a fixed deadline, such
  as the end of the license, can be nearer; the reason then states how many days are left, or that it has passed.
"""

_STATUS = """## Status of last month's actions

The report compares the figure behind each action with its value a month later:

- *worse*: the figure has grown.
- *done*: the figure is below the threshold of the rule (`min_count`). For a rule without this threshold: the rule no
  longer applies.
- *open*: neither of these.
- *not known*: one of the two values is missing or partial.
- *not planned*: an admin declined the action.

The action to renew the API token is *done* when the profile names a later expiry date. The report does not name who
caused a change.

An admin can answer a recommended action (see [Answer a report](operations.md#answer-a-report)). The status then also
states the answer, its owner and comment, and by how much the figure rose or fell, if both values are known and use the
same method. The figures still decide the status: an action that was reported as done stays *open* if its figure is not
below the threshold. If no figure is available, the admin's answer decides the status.
"""


def findings_page() -> str:
    """Return the page."""
    chapters = (*_chapter("Findings", FINDINGS), *_chapter("Recommended actions", ACTIONS))
    return "\n".join([_HEAD, *chapters, _STATUS])


def _chapter(title: str, rules: Sequence[Rule]) -> Iterator[str]:
    yield f"## {title}\n"
    for rule in rules:
        yield "\n".join([f"### `{rule.name}`", "", inspect.getdoc(rule.find) or "", "", *_items(rule), ""])


def _items(rule: Rule) -> Iterator[str]:
    yield _item(f"Weight: {rule.weight}")
    if isinstance(rule, ActionRule):
        yield _item(f"Owner: {wording(rule.owner)}")
    tables = ("action_title", "action_reason") if isinstance(rule, ActionRule) else ("claim", "evidence")
    for words in rule.words:
        yield _item(f"Text: {' '.join(wording(f'{table}.{words}') for table in tables)}")
    if rule.evidence:
        yield _item(f"Figures: {', '.join(f'`{name}`' for name in rule.evidence)}")
    for name, value in rule.thresholds.items():
        yield _item(f"`{name}`: {value:g} {THRESHOLDS[name]}")
    if rule.edition == "full":
        yield _item("Only in the full edition")
    if isinstance(rule, FindingRule) and rule.repeated_by:
        yield _item(f"Not beside the action `{rule.repeated_by}`")


def _item(text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)
