"""What changed: the rules' findings, heaviest first, and what to say where nothing changed.

Only whole months are compared, and a movement is told only if it is beyond what is ordinary between two months of this
organization. No rule names a cause.
"""

from reporting.build.rules.movement import moves, relative
from reporting.build.rules.rule import Grounds
from reporting.build.rules.table import FEWEST_MOVEMENTS, FINDINGS, MOST_FINDINGS
from reporting.figure import State
from reporting.sections import Finding


def findings(grounds: Grounds) -> tuple[Finding, ...]:
    """Give what the rules find, heaviest first."""
    heaviest_first = sorted(FINDINGS, key=lambda rule: -rule.weight)
    found = [finding for rule in heaviest_first if (finding := rule.finding(grounds)) is not None]
    return tuple(found[:MOST_FINDINGS])


def ordinary(grounds: Grounds, found: tuple[Finding, ...]) -> str:
    """Give what to say when nothing was found that tells what the month was like; empty when something was."""
    if any(rule.kind == "month" for rule in FINDINGS for finding in found if rule.name == finding.rule):
        return ""
    people = grounds.measures["people"]
    if people.figure.state is not State.MEASURED:
        key = "finding.not_whole"
    elif people.change is None or not people.change.absolute.known:
        key = "finding.nothing_to_compare"
    elif relative(people) is None or _movements(grounds) <= FEWEST_MOVEMENTS:
        key = "finding.ordinary_unknown"
    else:
        key = "finding.ordinary"
    return grounds.language.say(key, month=grounds.language.month_name(grounds.month))


def _movements(grounds: Grounds) -> int:
    return sum(move is not None for move in moves(grounds.measures["people"].history))
