"""The whole report, put together from its parts."""

import importlib.metadata

from reporting.build import answers, money, people, seats, teams, use
from reporting.build.about import about
from reporting.build.findings import findings, ordinary
from reporting.build.headline import headline
from reporting.build.material import Material
from reporting.build.revised import revised
from reporting.build.rules.rule import Grounds
from reporting.build.targets import aimed, targets
from reporting.build.working_days import working_days
from reporting.inputs import NO_INPUTS, Inputs
from reporting.measure import Measure
from reporting.report import MonthlyReport, Organization
from reporting.settings.profile import Profile
from reporting.snapshot import Snapshot


def build_report(
    snapshot: Snapshot, profile: Profile, *, revision: int, draft: bool, inputs: Inputs = NO_INPUTS
) -> MonthlyReport:
    """Build the report of a month from what was fetched for it and what other bundles tell.

    The same snapshot, profile, revision and inputs give the same report.

    Args:
        snapshot: What was fetched, failures included.
        profile: Whose report it is, and how it writes.
        revision: The bundle's revision, from 1.
        draft: Whether only a draft was asked for.
        inputs: What the report takes from other bundles.

    Raises:
        BuildError: If `organization` is missing; whatever else is missing makes figures unavailable.
    """
    material = Material(answers.read(snapshot), profile.language, inputs, profile.report.price, profile.targets)
    read, language, month = material.answers, material.language, material.month
    wanted = targets(material)
    used, habit = people.people(material), people.on_a_working_day(material)
    unused, agents = seats.unused_tile(material), people.agent_people(material)
    tiles = aimed((used, habit, unused, agents, *money.tiles(material)), wanted)
    adoption = people.adoption(material, tiles)
    usage = use.use(material, agents)
    licence = seats.seats(material, unused, money.seat_costs(material), money.agents(material, tiles))
    measures = _each_once(
        *tiles,
        *adoption.measures,
        *(measure for feature in usage.features for measure in feature.measures),
        *usage.factors,
        *licence.measures,
        *licence.money,
        *(licence.agents.measures if licence.agents else ()),
        *licence.accounts,
    )
    grounds = Grounds(month, language, {measure.key: measure for measure in measures})
    found = findings(grounds)
    report = MonthlyReport(
        program_version=importlib.metadata.version("tabnine-report"),
        organization=Organization(id=read.organization.id, name=read.organization.name, profile=profile.name),
        title=profile.report.title,
        month=str(month),
        month_label=language.month(month),
        compared_with=str(material.previous),
        locale=profile.report.locale,
        time_zone=profile.time_zone,
        accent=profile.report.accent,
        revision=revision,
        draft=draft,
        complete=_is_complete(material),
        working_days=len(working_days(month)),
        data_as_of=snapshot.ended_at,
        headline=headline(material, used, unused, draft=draft),
        tiles=tiles,
        findings=found,
        ordinary=ordinary(grounds, found),
        adoption=adoption.model_copy(update={"measures": aimed(adoption.measures, wanted)}),
        use=usage,
        teams=teams.teams(material, profile.report.minimum_group),
        seats=licence.model_copy(update={"measures": aimed(licence.measures, wanted)}),
        about=about(material, tiles, measures),
    )
    return report.model_copy(update={"revised": revised(report, inputs.earlier, language)})


def _is_complete(material: Material) -> bool:
    """Tell whether nothing is missing that the API could have told.

    What the API's way of counting leaves out, such as a block that an installation does not have, the month of the
    change of versions or the organization's first days, is missing in every report and makes none incomplete.
    """
    month = material.month
    told = (
        material.of_month("people")(month),
        material.of_month("accounts")(month),
        material.accounts.seats(),
    )
    missing = material.answers.failures or material.answers.teams_unanswered
    return not (missing or material.answers.month_is_open) and all(figure.known for figure in told)


def _each_once(*measures: Measure) -> tuple[Measure, ...]:
    return tuple({measure.key: measure for measure in measures}.values())
