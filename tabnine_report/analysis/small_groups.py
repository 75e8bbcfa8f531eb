"""Which groups of people are too small to be shown, and which others have to go with them.

Whoever knows the organization's total can subtract what is shown. So a small group is hidden together with another one,
until what is left over is the figure of at least two groups with enough people. A person is in one team or in none.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """A team, or everybody in no team.

    Attributes:
        key: What tells it from the others.
        sizes: How many people it is, in every way that they are counted: as accounts now, as people of the month, as
            people of the month before; None where that is not known. All groups count in the same order.
    """

    key: str
    sizes: tuple[int | None, ...]

    @property
    def known_sizes(self) -> tuple[int, ...]:
        """The sizes that are known."""
        return tuple(size for size in self.sizes if size is not None)

    @property
    def is_empty(self) -> bool:
        """Whether nobody is in it, as far as is known: such a group neither needs a cover nor is one."""
        return not any(self.known_sizes) and bool(self.known_sizes)

    def is_small(self, minimum: int) -> bool:
        """Tell whether somebody is in it, and fewer than the minimum in any way of counting; 1 hides nobody."""
        return minimum > 1 and not self.is_empty and any(size < minimum for size in self.known_sizes)


@dataclass(frozen=True)
class Disclosure:
    """What may be shown.

    Attributes:
        teams: The keys of the teams that may be shown singly.
        hidden: The keys of those that may not, without those that nobody is in.
        together: Whether the hidden ones may be shown together.
        without_team: Whether those in no team may be shown.
    """

    teams: frozenset[str]
    suppressed: frozenset[str]
    combined: bool
    without_team: bool


def disclose(teams: Sequence[Group], without_team: Group, minimum: int) -> Disclosure:
    """Choose what may be shown.

    A small team takes the smallest others with it, until the hidden ones are at least two and the minimum of people. If
    those in no team are few, they are hidden as well, and never without at least one team; then the hidden teams are
    not shown together either, because that would leave those in no team over.

    Args:
        teams: The teams.
        without_team: Everybody in no team.
        minimum: The fewest people that may be shown.
    """
    suppressed = [team for team in teams if team.is_small(minimum)]
    others = sorted(
        (team for team in teams if not team.is_small(minimum) and not team.is_empty),
        key=lambda team: (min(team.known_sizes, default=0), team.key),
    )
    apart = without_team.is_small(minimum)
    if apart and not suppressed:
        suppressed, others = others[:1], others[1:]
    elif suppressed:
        while others and not _is_covered(suppressed, minimum):
            suppressed.append(others.pop(0))
    covered = not suppressed or _is_covered(suppressed, minimum)
    return Disclosure(
        teams=frozenset(team.key for team in others),
        suppressed=frozenset(team.key for team in suppressed),
        combined=bool(suppressed) and covered and not apart,
        without_team=covered and not apart and not without_team.is_empty,
    )


def disclose_volume(shown: Disclosure, users: Sequence[Group], without_team: Group, minimum: int) -> Disclosure:
    """Narrow down what may be shown to a volume that only some people of each group made, such as what agents cost.

    A large team's cost may be one person's. So it is shown only of groups that may be shown by those who made it as
    well, and a group that nobody of made any has none to hide.

    Args:
        shown: What may be shown of the groups themselves.
        users: The teams, by how many of their people made the volume.
        without_team: Everybody in no team, likewise.
        minimum: The fewest people that may be shown.
    """
    apart = disclose(users, without_team, minimum)
    nobody = frozenset(group.key for group in users if group.is_empty)
    return Disclosure(
        teams=shown.teams & (apart.teams | nobody),
        suppressed=shown.suppressed | apart.suppressed,
        combined=shown.combined and apart.combined and shown.suppressed - nobody == apart.suppressed,
        without_team=shown.without_team and apart.without_team,
    )


def _is_covered(suppressed: Sequence[Group], minimum: int) -> bool:
    """Tell whether hidden groups are at least two, and the minimum of people in every way that is known."""
    counts = [
        [size for size in sizes if size is not None] for sizes in zip(*(g.sizes for g in suppressed), strict=True)
    ]
    return len(suppressed) > 1 and all(sum(sizes) >= minimum for sizes in counts if sizes)
