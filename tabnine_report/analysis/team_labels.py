"""Label teams so that each is distinguishable: two teams may have the same name, only their IDs differ."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from unicodedata import normalize

from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import ELLIPSIS, NAME_LENGTH, sanitize
from tabnine_report.usage_api.endpoints.teams import Team

_SHORTEST = 4
"""The number of characters of an ID that a label has at least."""


def team_labels(teams: Sequence[Team], reserved: Collection[str], language: Language) -> Mapping[str, str]:
    """Return the label of each team by its ID: its name, with the end of its ID if another label looks the same.

    Args:
        teams: All teams of the organization, not only those that are shown, so that a label stays the same if another
            team is hidden.
        reserved: Labels that the report uses for other rows.
        language: Writes the labels.
    """
    labels = {team.id: team.name for team in teams}
    alike: set[str] = set()
    while found := _look_alike(labels, reserved) - alike:
        alike |= found
        endings = _endings(sorted(alike))
        labels |= {team.id: _label(team.name, endings[team.id], language) for team in teams if team.id in alike}
    return labels


def appearance(name: str) -> str:
    """Return what readers can distinguish in a name: not case, spacing, or different forms of a character."""
    return " ".join(normalize("NFKC", sanitize(name, NAME_LENGTH)).casefold().split())


def _look_alike(labels: Mapping[str, str], reserved: Collection[str]) -> set[str]:
    """Return the IDs of the teams whose label looks like another one."""
    seen = Counter(map(appearance, [*labels.values(), *reserved]))
    return {key for key, label in labels.items() if seen[appearance(label)] > 1}


def _endings(ids: Sequence[str]) -> Mapping[str, str]:
    """Return the end of each ID, as short as possible but not the same for two."""
    longest = max(map(len, ids))
    length = next(n for n in range(_SHORTEST, longest + _SHORTEST + 1) if len({key[-n:] for key in ids}) == len(ids))
    return {key: key if len(key) <= length + 1 else f"{ELLIPSIS}{key[-length:]}" for key in ids}


def _label(name: str, ending: str, language: Language) -> str:
    """Return a name with the end of an ID, which remains even if the name is too long."""
    ending = sanitize(ending)
    rest = len(language.translate("teams.with_id", name="", id=ending))
    return language.translate("teams.with_id", name=sanitize(name, max(1, NAME_LENGTH - rest)), id=ending)
