"""Earlier months keep the figures of their sealed reports, whatever the API reports of them today."""

from collections.abc import Callable

import pytest
from small_organization import Organization, Usage, change, history, kpi

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.model.figure import Figure, Source, State, Unit
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import PriorReports, SealedMonth
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.profile import Profile
from tabnine_report.usage_api.endpoints import Endpoint

V1, V2, LICENSE = "/api/v1/organization/usage", "/api/v2/organization/usage", "/api/v1/license"
BuildWith = Callable[..., MonthlyReport]


def sealed_month(month: str, **figures: Figure) -> SealedMonth:
    return SealedMonth(month=month, revision=1, figures=figures)


def people(value: int, month: str = "2026-09", endpoint: str = V1) -> Figure:
    return Figure.measured(value, Unit.PEOPLE, Source(endpoint=endpoint, field="activeUsers", period=month))


@pytest.fixture
def build_with(profile: Profile) -> BuildWith:
    def report(organization: Organization, *months: SealedMonth) -> MonthlyReport:
        prior_reports = PriorReports(months=months)
        return build_report(organization.snapshot(), profile, revision=1, draft=False, prior_reports=prior_reports)

    return report


def figure_in(report: MonthlyReport, key: str, month: str) -> Figure:
    return next(point.figure for point in history(kpi(report, key)) if point.period == month)


def test_archived_figures_take_precedence_and_differences_are_noted(acme: Organization, build_with: BuildWith) -> None:
    report = build_with(acme, sealed_month("2026-09", active_users=people(35)))

    assert figure_in(report, "active_users", "2026-09").value == 35
    assert change(kpi(report, "active_users")).absolute.value == 5
    assert report.deck.startswith("5 more people than in September")
    assert (
        "For September 2026, the API now returns figures that differ from the archived report. "
        "This report shows the archived figures: Active users 35 (now: 36)."
    ) in report.data_quality.notes


def test_equal_figures_have_no_note(acme: Organization, build_with: BuildWith) -> None:
    report = build_with(acme, sealed_month("2026-09", active_users=people(36)))

    assert not any("other figures today" in note for note in report.data_quality.notes)


def test_a_month_missing_from_the_api_comes_from_the_archive(acme: Organization, build_with: BuildWith) -> None:
    for month in Month(2026, 1).last(4):
        del acme.v1.people[str(month)]
        del acme.accounts[str(month)]
    assert figure_in(build_with(acme), "active_users", "2025-12").value is None

    report = build_with(
        acme,
        sealed_month("2025-10", active_users=people(29, "2025-10")),
        sealed_month("2025-12", active_users=people(30)),
    )

    assert figure_in(report, "active_users", "2025-12").value == 30
    assert figure_in(report, "active_users", "2025-11").value is None


def test_missing_early_months_do_not_move_the_first_month(acme: Organization, build_with: BuildWith) -> None:
    for month in Month(2026, 8).last(11):
        del acme.v1.people[str(month)]
        del acme.accounts[str(month)]
    alone = build_with(acme)
    with_sealed_month = build_with(acme, sealed_month("2025-10", active_users=people(29, "2025-10")))

    assert figure_in(alone, "active_users", "2026-09").state is State.PARTIAL
    assert figure_in(with_sealed_month, "active_users", "2026-09").state is State.MEASURED


def test_a_complete_figure_replaces_an_archived_partial_one(acme: Organization, build_with: BuildWith) -> None:
    report = build_with(acme, sealed_month("2026-09", active_users=people(20).partial("Some days were missing.")))

    assert figure_in(report, "active_users", "2026-09").value == 36


def test_figures_from_days_no_longer_requested_come_from_the_archive(acme: Organization, build_with: BuildWith) -> None:
    report = build_with(acme, sealed_month("2026-08", average_daily_active_users=people(19, "2026-08")))

    assert figure_in(report, "average_daily_active_users", "2026-08").value == 19
    assert figure_in(report, "average_daily_active_users", "2026-07").value is None


def test_a_version_change_that_only_sealed_months_show_breaks_the_series(
    acme: Organization, build_with: BuildWith
) -> None:
    block = {"chat": {"activeUsers": 5, "messages": 300}}
    acme.failed[Endpoint.USAGE_V1] = 404
    acme.v2 = Usage(people={"2026-10": 40}, blocks={"2026-10": block}, days=acme.v1.days)
    interactions = Figure.measured(
        900, Unit.INTERACTIONS, Source(endpoint=V1, field="chat.interactions", period="2026-09")
    )

    report = build_with(acme, sealed_month("2026-09", active_users=people(36), chat_volume=interactions))

    volume = kpi(report, "chat_volume")
    assert volume.history is not None
    assert volume.history.breaks == ("2026-10",)
    assert figure_in(report, "chat_volume", "2026-09").unit is Unit.INTERACTIONS
    assert change(volume).absolute.value is None
    assert "Method change in October 2026: version 2" in change(volume).absolute.reason


def test_current_figures_are_compared_with_last_months_bundle(acme: Organization, build_with: BuildWith) -> None:
    seats = Figure.measured(58, Unit.SEATS, Source(endpoint=LICENSE, field="license.seats", period="now"))
    report = build_with(acme, sealed_month("2026-08", seats=seats), sealed_month("2026-09", seats=seats))

    assert change(kpi(report, "seats")).absolute.value == 2
    assert [(point.period, point.figure.value) for point in history(kpi(report, "seats"))][-4:] == [
        ("2026-07", None),
        ("2026-08", 58),
        ("2026-09", 58),
        ("2026-10", 60),
    ]
    assert kpi(report, "teams").change is None


def test_current_figures_are_compared_with_no_other_month(acme: Organization, build_with: BuildWith) -> None:
    seats = Figure.measured(58, Unit.SEATS, Source(endpoint=LICENSE, field="license.seats", period="now"))

    assert kpi(build_with(acme, sealed_month("2026-08", seats=seats)), "seats").change is None
    assert kpi(build_with(acme), "seats").change is None
