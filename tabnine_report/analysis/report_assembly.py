"""The whole report, put together from its parts."""

import importlib.metadata

from tabnine_report.analysis import active_users as people
from tabnine_report.analysis import feature_usage, money, seats, teams
from tabnine_report.analysis.api_data import ApiData
from tabnine_report.analysis.data_quality import data_quality
from tabnine_report.analysis.findings import findings, ordinary
from tabnine_report.analysis.governance import governance
from tabnine_report.analysis.headline import headline
from tabnine_report.analysis.recommended_actions import last_month_actions, recommended_actions
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.revision_changes import revision_changes
from tabnine_report.analysis.rule_context import rule_context
from tabnine_report.analysis.targets import aimed, targets, with_targets
from tabnine_report.analysis.working_days import WorkingDays
from tabnine_report.model.findings import Note
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.prior_reports import NO_PRIOR_REPORTS, PriorReports
from tabnine_report.model.report import MonthlyReport, Organization
from tabnine_report.profile.profile import Profile
from tabnine_report.usage_api.snapshot import Snapshot


def build_report(  # noqa: PLR0913 - each is a part of what the report is made of, and named where it is called
    snapshot: Snapshot,
    profile: Profile,
    *,
    revision: int,
    draft: bool,
    prior_reports: PriorReports = NO_PRIOR_REPORTS,
    note: Note | None = None,
) -> MonthlyReport:
    """Build the report of a month from what was fetched for it and what other bundles tell.

    The same snapshot, profile, revision, inputs and note give the same report.

    Args:
        snapshot: What was fetched, failures included.
        profile: Whose report it is, and how it writes.
        revision: The bundle's revision, from 1.
        draft: Whether only a draft was asked for.
        prior_reports: What the report takes from other bundles.
        note: What somebody wrote about the month.

    Raises:
        BuildError: If `organization` is missing; whatever else is missing makes figures unavailable.
    """
    days = WorkingDays(profile.report.country)
    settings = profile.report
    context = ReportContext(
        ApiData.of(snapshot), profile.language, days, prior_reports, settings.price, profile.targets
    )
    read, language, month = context.answers, context.language, context.month
    wanted = targets(context)
    used, stickiness = people.people(context), people.on_a_working_day(context)
    unused, agents = seats.unused_tile(context), people.agent_users(context)
    page_one_kpis = aimed((used, stickiness, unused, agents, *money.page_one_kpis(context)), wanted)
    adoption = with_targets(people.adoption(context, page_one_kpis), wanted)
    usage = feature_usage.feature_usage(context, agents)
    costs, spent = money.seat_spend_kpis(context), money.agents(context, page_one_kpis)
    seats_section = with_targets(seats.seats(context, unused, costs, spent), wanted)
    kpis = _each_once(
        *page_one_kpis,
        *adoption.kpis,
        *(kpi for feature in usage.features for kpi in feature.kpis),
        *usage.factors,
        *seats_section.kpis,
        *seats_section.money,
        *(seats_section.agents.kpis if seats_section.agents else ()),
        *seats_section.accounts,
    )
    governed = governance(context)
    of_governance = (one.kpi for one in governed.accounts if one.kpi is not None)
    shown = teams.teams(context, profile.report.minimum_group)
    looked_at = rule_context(
        context, (*kpis, *of_governance), shown.rows if shown else (), profile.usage_api.token_expires
    )
    found = findings(looked_at)
    report = MonthlyReport(
        program_version=importlib.metadata.version("tabnine-report"),
        organization=Organization(id=read.organization.id, name=read.organization.name, profile=profile.name),
        title=profile.report.title,
        month=str(month),
        month_label=language.month(month),
        compared_with=str(context.previous),
        locale=profile.report.locale,
        time_zone=profile.time_zone,
        accent=profile.report.accent,
        logo=profile.report.logo,
        revision=revision,
        draft=draft,
        complete=_is_complete(context),
        working_days=len(context.working_days.of(month)),
        data_as_of=snapshot.ended_at,
        headline=headline(context, used, unused, draft=draft),
        page_one_kpis=page_one_kpis,
        findings=found,
        ordinary=ordinary(looked_at, found),
        recommended_actions=recommended_actions(looked_at),
        last_month_actions=last_month_actions(looked_at, prior_reports.previous_month),
        note=note,
        adoption=adoption,
        feature_usage=usage,
        teams=shown,
        seats=seats_section,
        governance=governed,
        data_quality=data_quality(context, page_one_kpis, kpis),
    )
    return report.model_copy(
        update={"revision_changes": revision_changes(report, prior_reports.earlier_revision, language)}
    )


def _is_complete(context: ReportContext) -> bool:
    """Tell whether nothing is missing that the API could have told.

    What the API's way of counting leaves out, such as a block that an installation does not have, the month of the
    change of versions or the organization's first days, is missing in every report and makes none incomplete.
    """
    month = context.month
    told = (
        context.figure("active_users", month),
        context.figure("accounts", month),
        context.accounts.seats(),
    )
    missing = context.answers.failures or context.answers.has_failed_teams
    return not (missing or context.answers.month_is_open) and all(figure.known for figure in told)


def _each_once(*kpis: Kpi) -> tuple[Kpi, ...]:
    return tuple({kpi.key: kpi for kpi in kpis}.values())
