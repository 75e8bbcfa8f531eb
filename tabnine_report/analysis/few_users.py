"""Suppression of what a few people did: volumes and cost of a feature that too few people of the organization used.

With two agent users, the agent spend is their spend. So every volume and amount of such a feature is suppressed in that
month, and whatever is computed from it. The number of users itself is shown.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from tabnine_report.analysis.metric_definitions import AGENT_METRICS, METRICS
from tabnine_report.model.figure import Figure
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language

FEATURE_USERS: Mapping[str, str] = {"completions": "completion_users", "chat": "chat_users", "agent": "agent_users"}
"""The metric with the users of each feature."""

_VOLUMES: Mapping[str, tuple[str, ...]] = {
    "completions": ("completions", "completion_characters", "keystrokes", "completion_lines", "productivity_factor"),
    "chat": ("chat_volume", "useful_chat_interactions", "chat_lines", "chat_characters", "productivity_factor"),
    "agent": (
        "agent_volume",
        "agent_lines_added",
        "agent_lines_added_accepted",
        "agent_lines_removed",
        "agent_lines_removed_accepted",
        *AGENT_METRICS,
    ),
}
"""The metrics that show how much a feature was used. The productivity factor mixes the characters of two features."""


@cache
def features_of(key: str) -> tuple[str, ...]:
    """Return the features whose volumes a metric shows, or is computed from."""
    parts = [part for part in METRICS if part in METRICS[key].formula_words and part != key]
    own = (feature for feature, keys in _VOLUMES.items() if key in keys)
    return tuple(dict.fromkeys((*own, *(feature for part in parts for feature in features_of(part)))))


def is_of_few(counts: Iterable[Figure], minimum: int, figure: Figure) -> bool:
    """Return whether a volume is that of too few people.

    Args:
        counts: The numbers of people who may have contributed, by different ways of counting; some may be missing.
        minimum: The minimum group size, in people; a minimum of 1 suppresses nothing.
        figure: The volume. If it is more than zero, somebody contributed, even if no count has users.
    """
    known = [count.value for count in counts if count.value is not None]
    if not figure.known or not known:
        return False
    people = [number for number in known if number] or [int(bool(figure.value))]
    return 0 < min(people) < minimum


def suppressed(figure: Figure, feature: str, month: Month, minimum: int, language: Language) -> Figure:
    """Return a volume without its value, and with the reason."""
    reason = language.translate(
        f"reason.few_users_{feature}", minimum=language.count(minimum), month=language.month(month)
    )
    return figure.suppressed(reason)
