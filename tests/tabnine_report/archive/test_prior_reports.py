"""Prior reports come from the newest readable bundle of each month; an unreadable bundle never fails the run."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_report import sample_report

from tabnine_report.archive import Archive, Bundle
from tabnine_report.archive.prior_reports import newest_report, read_prior_reports, read_snapshot
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import NO_PRIOR_REPORTS, UnreadableReport

OCTOBER = Month(2026, 10)
Seal = Callable[..., Bundle]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


@pytest.fixture
def seal(archive: Archive) -> Seal:
    def seal_report(month: str, revision: int = 1, people: int = 400) -> Bundle:
        report = sample_report().model_copy(update={"month": month, "revision": revision})
        # The sample report has 412 active users in several places.
        text = json.dumps(report.model_dump(mode="json")).replace('"value": 412,', f'"value": {people},')
        return archive.seal("acme", Month.parse(month), revision, {"report.json": text.encode()}, {}, {})

    return seal_report


def damage(bundle: Bundle, name: str = "report.json") -> None:
    (bundle.folder / name).write_bytes(b"{}")


def test_the_first_report_of_an_organization_has_no_prior_reports(archive: Archive) -> None:
    assert read_prior_reports(archive, "acme", OCTOBER) == NO_PRIOR_REPORTS


def test_each_month_comes_from_its_newest_revision(archive: Archive, seal: Seal) -> None:
    seal("2026-08", 1, 380)
    seal("2026-09", 1, 389)
    seal("2026-09", 2, 390)
    seal("2026-10", 1, 411)

    prior_reports = read_prior_reports(archive, "acme", OCTOBER)

    months = [(month.month, month.revision, month.figures["active_users"].value) for month in prior_reports.months]
    assert months == [("2026-08", 1, 380), ("2026-09", 2, 390)]
    assert prior_reports.previous_month is not None
    assert (prior_reports.previous_month.month, prior_reports.previous_month.revision) == ("2026-09", 2)
    assert prior_reports.earlier_revision is not None
    assert prior_reports.earlier_revision.page_one_kpis[0].figure.value == 411


def test_the_newest_readable_report_is_that_of_any_month(archive: Archive, seal: Seal) -> None:
    assert newest_report(archive, "acme") is None
    seal("2024-01")
    seal("2027-05")
    damage(seal("2027-06"))

    newest = newest_report(archive, "acme")
    assert newest is not None
    assert newest.month == "2027-05"


def test_revision_10_is_newer_than_revision_9(archive: Archive, seal: Seal) -> None:
    for revision in range(1, 11):
        seal("2026-09", revision, 400 + revision)

    assert read_prior_reports(archive, "acme", OCTOBER).months[0].figures["active_users"].value == 410


def test_only_the_12_months_before_are_read(archive: Archive, seal: Seal) -> None:
    for month in ("2025-09", "2025-10", "2026-11"):
        seal(month)

    assert [month.month for month in read_prior_reports(archive, "acme", OCTOBER).months] == ["2025-10"]


@pytest.mark.parametrize("name", ["report.json", "manifest.json"])
def test_a_damaged_bundle_is_named_and_replaced_by_an_older_revision(archive: Archive, seal: Seal, name: str) -> None:
    seal("2026-09", 1, 389)
    damage(seal("2026-09", 2, 390), name)

    prior_reports = read_prior_reports(archive, "acme", OCTOBER)

    assert prior_reports.months[0].figures["active_users"].value == 389
    assert prior_reports.previous_month is not None
    assert prior_reports.previous_month.revision == 1
    assert prior_reports.unreadable_reports == (UnreadableReport(month="2026-09", revision=2),)


def test_a_month_with_only_a_damaged_bundle_is_left_out(archive: Archive, seal: Seal) -> None:
    damage(seal("2026-09"))
    damage(seal("2026-10"))

    prior_reports = read_prior_reports(archive, "acme", OCTOBER)

    assert (prior_reports.previous_month, prior_reports.earlier_revision, prior_reports.months) == (None, None, ())
    assert [report.month for report in prior_reports.unreadable_reports] == ["2026-09", "2026-10"]

    assert read_prior_reports(archive, "other", OCTOBER) == NO_PRIOR_REPORTS


def test_a_revision_with_a_damaged_document_is_followed_by_the_next_one(archive: Archive) -> None:
    text = json.dumps(sample_report().model_dump(mode="json")).encode()
    damage(archive.seal("acme", OCTOBER, 1, {"report.json": text, "report.pdf": b"%PDF"}, {}, {}), "report.pdf")

    prior_reports = read_prior_reports(archive, "acme", OCTOBER)

    assert prior_reports.earlier_revision is None
    assert prior_reports.unreadable_reports == (UnreadableReport(month="2026-10", revision=1),)
    assert read_prior_reports(archive, "acme", Month(2026, 11)).previous_month is not None


def test_a_report_of_an_unreadable_version_is_named(archive: Archive) -> None:
    archive.seal("acme", Month(2026, 9), 1, {"report.json": b'{"pages": []}'}, {}, {})

    prior_reports = read_prior_reports(archive, "acme", OCTOBER)

    assert (prior_reports.previous_month, prior_reports.months) == (None, ())
    assert prior_reports.unreadable_reports == (UnreadableReport(month="2026-09", revision=1),)


def test_bundles_of_other_organizations_are_not_read(archive: Archive, seal: Seal) -> None:
    seal("2026-09")

    assert read_prior_reports(archive, "other", OCTOBER) == NO_PRIOR_REPORTS


def test_damaged_answers_are_treated_as_removed(archive: Archive) -> None:
    files = {"raw/snapshot.json": b'{"month": "2026-10", "host": "h", "endpoints": []}'}
    bundle = archive.seal("acme", OCTOBER, 1, {}, files, {})
    assert read_snapshot(bundle) is not None

    damage(bundle, "restricted/raw/snapshot.json")

    assert read_snapshot(bundle) is None
