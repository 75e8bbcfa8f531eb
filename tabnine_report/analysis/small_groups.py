"""Suppression of groups that are too small to be shown.

A reader who knows the organization's total can subtract the groups that are shown. So other groups are suppressed with
a small one, until the remainder is the sum of at least two groups with enough people. Each person is in one team or in
none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tabnine_report.model.figure import Figure


@dataclass(frozen=True)
class Group:
    """A team, or the users in no team.

    Attributes:
        key: The ID of the team; empty for the users in no team.
        sizes: The number of people by each way of counting, such as accounts as of now, active users of the month and
            active users of the previous month; None if unknown. All groups have the same ways in the same order.
    """

    key: str
    sizes: tuple[int | None, ...]

    @property
    def known_sizes(self) -> tuple[int, ...]:
        """The sizes that are known."""
        return tuple(size for size in self.sizes if size is not None)

    @property
    def is_empty(self) -> bool:
        """Whether it has no people by any known size. An empty group needs no protection and provides none."""
        return not any(self.known_sizes) and bool(self.known_sizes)

    def is_small(self, minimum: int) -> bool:
        """Return whether it has fewer people than the minimum by any known size, or may have fewer: no size is known.

        A minimum of 1 suppresses nothing.
        """
        return minimum > 1 and not self.is_empty and min(self.known_sizes, default=0) < minimum


@dataclass(frozen=True)
class Disclosure:
    """The groups that may be shown.

    Attributes:
        teams: The keys of the teams that may be shown individually.
        suppressed: The keys of the teams that may not, without empty ones.
        combined: Whether the sum of the suppressed teams may be shown.
        without_team: Whether the users in no team may be shown.
    """

    teams: frozenset[str]
    suppressed: frozenset[str]
    combined: bool
    without_team: bool


def disclose(teams: Sequence[Group], without_team: Group, minimum: int) -> Disclosure:
    """Return the groups that may be shown.

    With a small team, the smallest other teams are suppressed, until at least two teams with the minimum of people are.
    If the users in no team are few, they are suppressed together with teams of at least the minimum. The sum of the
    suppressed teams is then not shown either, because the remainder would be the users in no team.

    Args:
        teams: The teams.
        without_team: The users in no team, with those of teams of unknown size if these cannot be distinguished.
        minimum: The minimum group size, in people.
    """
    suppressed = [team for team in teams if team.is_small(minimum)]
    others = sorted(
        (team for team in teams if not team.is_small(minimum) and not team.is_empty),
        key=lambda team: (min(team.known_sizes, default=0), team.key),
    )
    is_rest_small = without_team.is_small(minimum)
    if suppressed:
        while others and not _is_protected(suppressed, minimum):
            suppressed.append(others.pop(0))
    if is_rest_small:
        while others and not (suppressed and _reaches([*suppressed, without_team], minimum)):
            suppressed.append(others.pop(0))
    covered = not suppressed or _is_protected(suppressed, minimum)
    return Disclosure(
        teams=frozenset(team.key for team in others),
        suppressed=frozenset(team.key for team in suppressed),
        combined=bool(suppressed) and covered and not is_rest_small,
        without_team=covered and not is_rest_small and not without_team.is_empty,
    )


def disclose_volume(shown: Disclosure, users: Sequence[Group], without_team: Group, minimum: int) -> Disclosure:
    """Return the groups whose volume may be shown, if only some people of a group contribute to it, as to agent spend.

    The spend of a large team may be one person's. So a volume is shown only if both the group and its contributors are
    large enough. A group without contributors has nothing to protect.

    Args:
        shown: The groups that may be shown.
        users: The teams, by their number of contributors.
        without_team: The contributors in no team.
        minimum: The minimum group size, in people.
    """
    by_users = disclose(users, without_team, minimum)
    unused = frozenset(group.key for group in users if group.is_empty)
    return Disclosure(
        teams=shown.teams & (by_users.teams | unused),
        suppressed=shown.suppressed | by_users.suppressed,
        combined=shown.combined and by_users.combined and shown.suppressed - unused == by_users.suppressed,
        without_team=shown.without_team and by_users.without_team,
    )


def group_behind(key: str, contributors: int | None, volume: Figure) -> Group:
    """Return the group behind a volume; one without reported contributors counts as one person's.

    If neither is known, the size is unknown: a reader may be able to compute the volume from those of other groups.
    """
    if contributors is None and not volume.known:
        return Group(key, (None,))
    return Group(key, (contributors or int(bool(volume.value)),))


def _is_protected(suppressed: Sequence[Group], minimum: int) -> bool:
    """Return whether there are at least two groups, with at least the minimum of people by every known size."""
    return len(suppressed) > 1 and _reaches(suppressed, minimum)


def _reaches(groups: Sequence[Group], minimum: int) -> bool:
    """Return whether groups together have at least the minimum of people by every known size."""
    counts = [[size for size in sizes if size is not None] for sizes in zip(*(g.sizes for g in groups), strict=True)]
    return all(sum(sizes) >= minimum for sizes in counts if sizes)
