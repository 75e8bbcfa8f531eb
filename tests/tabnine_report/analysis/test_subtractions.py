"""No subtraction of printed numbers of teams, of the users in no team and of the organization reveals a few people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from small_organization import AgentUse, Build, Organization, TeamUse, accounts_of

from tabnine_report.model.figure import Figure
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import Teams
from tabnine_report.usage_api.endpoints import Endpoint

MINIMUM = 5


@dataclass(frozen=True)
class Truth:
    """What a group really did, and which requests about it fail.

    Attributes:
        members: Its accounts.
        people: Its active users in September and October.
        completers: Its users of completions in October.
        agents: Its agent users in October.
        fails: The endpoints whose request for it fails.
    """

    members: int
    people: tuple[int, int]
    completers: int
    agents: int
    fails: frozenset[Endpoint] = frozenset()


def truths(endpoints: tuple[Endpoint, ...]) -> st.SearchStrategy[Truth]:
    counts = st.integers(0, 9) | st.integers(10, 30)
    return st.builds(
        lambda members, people, parts, fails: Truth(
            members, people, min(parts[0], people[1]), min(parts[1], people[1]), frozenset(fails)
        ),
        st.just(0) | counts,
        st.tuples(counts, counts),
        st.tuples(counts, counts),
        st.sets(st.sampled_from(endpoints), max_size=2) if endpoints else st.just(set()),
    )


PER_TEAM = (Endpoint.TEAM_USAGE_V1, Endpoint.TEAM_ACCOUNT_UTILIZATIONS, Endpoint.TEAM_AGENT_USAGE)
organizations = st.tuples(st.lists(truths(PER_TEAM), min_size=1, max_size=4), truths(()))
LARGE = Truth(20, (15, 15), 12, 11)


def completions(at: int, truth: Truth) -> int:
    return truth.completers and 1000 * 2**at


def spend(at: int, truth: Truth) -> float:
    return float(truth.agents and 7 * 3**at)


def organization(acme: Organization, teams: list[Truth], without_team: Truth) -> Organization:
    """Set the responses for teams `t0`, `t1` and so on; the last group is that of the users in no team."""
    groups = [*teams, without_team]
    before, now = (sum(group.people[at] for group in groups) for at in range(2))
    done = sum(completions(at, group) for at, group in enumerate(groups))
    acme.v1.people |= {"2026-09": before, "2026-10": now}
    acme.v1.days = {"2026-10-01": min(1, now)}
    acme.v1.blocks["2026-10"] = {
        "codeCompletions": {"activeUsers": sum(group.completers for group in groups), "completions": done},
        "agent": {"activeUsers": sum(group.agents for group in groups)},
    }
    accounts = sum(group.members for group in groups)
    acme.accounts = {str(month): accounts_of(month, accounts) for month in Month(2026, 10).last(13)}
    acme.users = (accounts - without_team.members, without_team.members, 0, 0)
    acme.with_teams(
        **{
            f"t{at}": TeamUse(team.members, team.people, (0, completions(at, team)), team.agents, team.completers)
            for at, team in enumerate(teams)
        }
    )
    acme.agents = AgentUse(
        cost={"2026-10": sum(spend(at, group) for at, group in enumerate(groups))},
        models={},
        users=sum(group.agents for group in groups),
        teams={f"t{at}": (team.agents, spend(at, team)) for at, team in enumerate(teams)},
    )
    acme.team_failures = {
        endpoint: tuple(f"t{at}" for at, team in enumerate(teams) if endpoint in team.fails) for endpoint in PER_TEAM
    }
    return acme


def shown_sets(section: Teams, volume: str) -> list[frozenset[int]]:
    """Return the groups behind every volume that is printed; -1 stands for the users in no team."""
    rows = {int(row.name.removeprefix("T")): getattr(row, volume) for row in section.rows}
    sets = [frozenset({at}) for at, figure in rows.items() if is_known(figure)]
    if section.smaller and is_known(getattr(section.smaller, volume, None)):
        sets.append(frozenset())  # The caller fills in the suppressed teams.
    if section.no_team and is_known(getattr(section.no_team, volume, None)):
        sets.append(frozenset({-1}))
    return sets


def is_known(figure: Figure | None) -> bool:
    return figure is not None and figure.known


def derivable(everybody: frozenset[int], shown: list[frozenset[int]]) -> Iterator[frozenset[int]]:
    """Yield the groups behind each printed volume, and behind the total minus any of them."""
    yield from shown
    for some in chain.from_iterable(combinations(shown, number) for number in range(1, len(shown) + 1)):
        yield everybody.difference(*some)


def check(report: MonthlyReport, contributors: Mapping[int, int], volume: str, total: Figure) -> None:
    """Check that every derivable volume is that of nobody or of enough people."""
    section = report.teams
    assert section is not None
    everybody = frozenset(contributors)
    rows = {int(row.name.removeprefix("T")) for row in section.rows}
    hidden = frozenset(at for at in everybody - rows if at >= 0)
    shown = [behind or hidden for behind in shown_sets(section, volume)]
    for behind in derivable(everybody, shown) if total.known else shown:
        people = sum(contributors[at] for at in behind)
        assert not 0 < people < MINIMUM or people == sum(contributors.values()), (volume, behind)
    # The number of active users of the organization is always shown.
    assert volume == "active_users" or not total.known or not 0 < sum(contributors.values()) < MINIMUM


@given(organizations)
@example(([LARGE, Truth(0, (0, 0), 0, 0, frozenset({Endpoint.TEAM_USAGE_V1}))], Truth(30, (2, 2), 2, 0)))
@example(([LARGE, LARGE, Truth(20, (2, 2), 2, 1, frozenset({Endpoint.TEAM_USAGE_V1}))], Truth(1, (1, 1), 1, 0)))
@example(([LARGE, Truth(20, (15, 15), 2, 15)], LARGE))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=25)
def test_no_subtraction_reveals_what_a_few_people_did(
    acme: Organization, build: Build, drawn: tuple[list[Truth], Truth]
) -> None:
    teams, without_team = drawn
    report = build(organization(acme, teams, without_team), minimum_group=MINIMUM)
    groups = dict(enumerate(teams)) | {-1: without_team}
    kpis = report.kpis()

    check(report, {at: one.completers for at, one in groups.items()}, "completions", kpis["completions"].figure)
    check(report, {at: one.agents for at, one in groups.items()}, "agent_spend", kpis["agent_spend"].figure)
    check(report, {at: one.people[1] for at, one in groups.items()}, "active_users", kpis["active_users"].figure)
