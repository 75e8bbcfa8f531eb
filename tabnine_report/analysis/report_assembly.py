"""The whole report, put together from its parts."""

import importlib.metadata

from tabnine_report.analysis import active_users as people
from tabnine_report.analysis import answers, money, seats, teams
from tabnine_report.analysis import feature_usage as use
from tabnine_report.analysis.data_quality import about
from tabnine_report.analysis.findings import findings, ordinary
from tabnine_report.analysis.governance import governance
from tabnine_report.analysis.headline import headline
from tabnine_report.analysis.recommended_actions import asks, follow_up
from tabnine_report.analysis.report_context import Material
from tabnine_report.analysis.revision_changes import revised
from tabnine_report.analysis.rule_context import grounds
from tabnine_report.analysis.targets import aimed, targets, with_targets
from tabnine_report.analysis.working_days import WorkingDays
from tabnine_report.model.findings import Note
from tabnine_report.model.kpi import Measure
from tabnine_report.model.prior_reports import NO_INPUTS, Inputs
from tabnine_report.model.report import MonthlyReport, Organization
from tabnine_report.profile.profile import Profile
from tabnine_report.usage_api.snapshot import Snapshot


def build_report(  # noqa: PLR0913 - each is a part of what the report is made of, and named where it is called
    snapshot: Snapshot,
    profile: Profile,
    *,
    revision: int,
    draft: bool,
    inputs: Inputs = NO_INPUTS,
    note: Note | None = None,
) -> MonthlyReport:
    """Build the report of a month from what was fetched for it and what other bundles tell.

    The same snapshot, profile, revision, inputs and note give the same report.

    Args:
        snapshot: What was fetched, failures included.
        profile: Whose report it is, and how it writes.
        revision: The bundle's revision, from 1.
        draft: Whether only a draft was asked for.
        inputs: What the report takes from other bundles.
        note: What somebody wrote about the month.

    Raises:
        BuildError: If `organization` is missing; whatever else is missing makes figures unavailable.
    """
    days = WorkingDays(profile.report.country)
    settings = profile.report
    material = Material(answers.read(snapshot), profile.language, days, inputs, settings.price, profile.targets)
    read, language, month = material.answers, material.language, material.month
    wanted = targets(material)
    used, habit = people.people(material), people.on_a_working_day(material)
    unused, agents = seats.unused_tile(material), people.agent_people(material)
    tiles = aimed((used, habit, unused, agents, *money.tiles(material)), wanted)
    adoption = with_targets(people.adoption(material, tiles), wanted)
    usage = use.use(material, agents)
    costs, spent = money.seat_costs(material), money.agents(material, tiles)
    licence = with_targets(seats.seats(material, unused, costs, spent), wanted)
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
    governed = governance(material)
    of_governance = (one.measure for one in governed.accounts if one.measure is not None)
    shown = teams.teams(material, profile.report.minimum_group)
    looked_at = grounds(
        material, (*measures, *of_governance), shown.rows if shown else (), profile.usage_api.token_expires
    )
    found = findings(looked_at)
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
        logo=profile.report.logo,
        revision=revision,
        draft=draft,
        complete=_is_complete(material),
        working_days=len(material.working_days.of(month)),
        data_as_of=snapshot.ended_at,
        headline=headline(material, used, unused, draft=draft),
        tiles=tiles,
        findings=found,
        ordinary=ordinary(looked_at, found),
        asks=asks(looked_at),
        follow_up=follow_up(looked_at, inputs.previous),
        note=note,
        adoption=adoption,
        use=usage,
        teams=shown,
        seats=licence,
        governance=governed,
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
