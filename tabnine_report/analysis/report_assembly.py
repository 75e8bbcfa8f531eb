"""Build the monthly report from its sections."""

import importlib.metadata

from tabnine_report.analysis import adoption, feature_usage, money, seats, teams
from tabnine_report.analysis.api_data import ApiData
from tabnine_report.analysis.data_quality import data_quality
from tabnine_report.analysis.deck import deck
from tabnine_report.analysis.findings import findings, month_summary
from tabnine_report.analysis.governance import governance
from tabnine_report.analysis.headline import headline
from tabnine_report.analysis.quarter import quarter_kpis
from tabnine_report.analysis.recommended_actions import last_month_actions, recommended_actions
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.revision_changes import revision_changes
from tabnine_report.analysis.rule_context import build_rule_context
from tabnine_report.analysis.seat_breakdown import seat_breakdown
from tabnine_report.analysis.seat_outlook import seat_outlook
from tabnine_report.analysis.seats_title import seats_title
from tabnine_report.analysis.targets import add_targets, targets, with_targets
from tabnine_report.analysis.unit_costs import unit_costs
from tabnine_report.analysis.working_days import WorkingDays
from tabnine_report.model.answers import Note
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.prior_reports import NO_PRIOR_REPORTS, PriorReports
from tabnine_report.model.report import MonthlyReport, Organization
from tabnine_report.profile.profile import Profile
from tabnine_report.usage_api.snapshot import Snapshot


def build_report(  # noqa: PLR0913 - the inputs of the report, most of them keyword-only
    snapshot: Snapshot,
    profile: Profile,
    *,
    revision: int,
    draft: bool,
    prior_reports: PriorReports = NO_PRIOR_REPORTS,
    note: Note | None = None,
) -> MonthlyReport:
    """Build the report of a month from a snapshot and earlier reports.

    The same arguments always build the same report.

    Args:
        snapshot: The API's responses for the month, including failures.
        profile: The organization's profile.
        revision: The report's revision, starting at 1.
        draft: Whether the report is a draft.
        prior_reports: The figures of earlier reports.
        note: The organization's note on the month.

    Raises:
        BuildError: If `organization` is missing. Any other missing response makes figures unavailable.
    """
    days = WorkingDays(profile.report.country)
    settings = profile.report
    context = ReportContext(
        ApiData.of(snapshot, profile.zone, settings.settle_days),
        profile.language,
        days,
        settings.minimum_group,
        prior_reports,
        settings.price,
        profile.targets,
    )
    organization, language, month = context.api_data.organization, context.language, context.month
    targets_by_key = targets(context)
    monthly, daily = adoption.monthly_active_users(context), adoption.daily_active_users(context)
    unused, agents = seats.unused_seats_kpi(context), adoption.agent_users(context)
    page_one_kpis = add_targets((monthly, daily, unused, agents, *money.page_one_kpis(context)), targets_by_key)
    adoption_section = with_targets(adoption.adoption(context, page_one_kpis, quarter_kpis(context)), targets_by_key)
    usage = feature_usage.feature_usage(context, agents)
    seat_spend, agent_spend = money.seat_spend_kpis(context), money.agent_spend(context, page_one_kpis)
    seats_section = seats.seats(
        context,
        unused,
        title=seats_title(context, seat_spend, agent_spend.kpis),
        breakdown=seat_breakdown(context),
        outlook=seat_outlook(context),
        seat_spend=seat_spend,
        unit_costs=unit_costs(context),
        agent_spend=agent_spend,
    )
    seats_section = with_targets(seats_section, targets_by_key)
    kpis = _each_once(
        *page_one_kpis,
        *adoption_section.kpis,
        *(kpi for feature in usage.features for kpi in feature.kpis),
        *usage.factors,
        *seats_section.kpis,
        *seats_section.money,
        *seats_section.unit_costs,
        *(seats_section.agents.kpis if seats_section.agents else ()),
        *seats_section.accounts,
    )
    governance_section = governance(context)
    governance_kpis = (requirement.kpi for requirement in governance_section.accounts if requirement.kpi is not None)
    teams_section = teams.teams(context)
    team_rows = teams_section.rows if teams_section else ()
    all_kpis, token_expires = (*kpis, *governance_kpis), profile.usage_api.token_expires
    rules_input = build_rule_context(context, all_kpis, team_rows, seats_section, token_expires)
    actions = recommended_actions(rules_input)
    found = findings(rules_input, actions)
    report = MonthlyReport(
        program_version=importlib.metadata.version("tabnine-report"),
        organization=Organization(id=organization.id, name=organization.name or profile.name, profile=profile.name),
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
        headline=headline(context, monthly, unused, draft=draft),
        deck=deck(context, {kpi.key: kpi for kpi in kpis}, agent_spend),
        page_one_kpis=page_one_kpis,
        findings=found,
        month_summary=month_summary(rules_input, found),
        recommended_actions=actions,
        last_month_actions=last_month_actions(rules_input, prior_reports.previous_month, prior_reports.answers),
        note=note,
        adoption=adoption_section,
        feature_usage=usage,
        teams=teams_section,
        seats=seats_section,
        governance=governance_section,
        data_quality=data_quality(context, page_one_kpis, kpis),
    )
    return report.model_copy(
        update={"revision_changes": revision_changes(report, prior_reports.earlier_revision, language)}
    )


def _is_complete(context: ReportContext) -> bool:
    """Return whether the report has everything that the API can provide.

    Gaps that no rerun can fill do not make a report incomplete: a feature that the installation does not have, the
    month of a method change, or the days before the organization's first.
    """
    month = context.month
    required = [context.figure("active_users", month), context.accounts.reported("accounts", month)]
    if not context.accounts.has_no_seat_number:
        required.append(context.accounts.seats())
    missing = context.api_data.failures or context.api_data.has_failed_queries or context.has_no_features
    return not (missing or context.api_data.month_is_open) and all(figure.known for figure in required)


def _each_once(*kpis: Kpi) -> tuple[Kpi, ...]:
    return tuple({kpi.key: kpi for kpi in kpis}.values())
