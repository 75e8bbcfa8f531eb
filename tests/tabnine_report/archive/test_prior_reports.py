"""What a report takes from the archive: the newest readable bundle of each month, and never a failure of the run."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_report import sample_report

from tabnine_report.archive import Archive, Bundle
from tabnine_report.archive.prior_reports import answers_of, read_inputs
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import NO_INPUTS, UnreadableReport

OCTOBER = Month(2026, 10)
Seal = Callable[..., Bundle]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


@pytest.fixture
def seal(archive: Archive) -> Seal:
    def one(month: str, revision: int = 1, people: int = 400, *, report: bytes = b"") -> Bundle:
        made = sample_report().model_copy(update={"month": month, "revision": revision})
        # The sample has 412 people, wherever they stand.
        text = json.dumps(made.model_dump(mode="json")).replace('"value": 412,', f'"value": {people},')
        content = report or text.encode()
        return archive.seal("acme", Month.parse(month), revision, {"report.json": content}, {}, {})

    return one


def damage(bundle: Bundle, name: str = "report.json") -> None:
    (bundle.folder / name).write_bytes(b"{}")


def test_an_organizations_first_report_takes_nothing(archive: Archive) -> None:
    assert read_inputs(archive, "acme", OCTOBER) == NO_INPUTS


def test_each_month_is_told_by_its_newest_revision(archive: Archive, seal: Seal) -> None:
    seal("2026-08", 1, 380)
    seal("2026-09", 1, 389)
    seal("2026-09", 2, 390)
    seal("2026-10", 1, 411)

    prior_reports = read_inputs(archive, "acme", OCTOBER)

    told = [(one.month, one.revision, one.figures["active_users"].value) for one in prior_reports.months]
    assert told == [("2026-08", 1, 380), ("2026-09", 2, 390)]
    assert prior_reports.previous is not None
    assert (prior_reports.previous.month, prior_reports.previous.revision) == ("2026-09", 2)
    assert prior_reports.earlier is not None
    assert prior_reports.earlier.page_one_kpis[0].figure.value == 411


def test_the_tenth_revision_is_newer_than_the_ninth(archive: Archive, seal: Seal) -> None:
    for revision in range(1, 11):
        seal("2026-09", revision, 400 + revision)

    assert read_inputs(archive, "acme", OCTOBER).months[0].figures["active_users"].value == 410


def test_only_the_twelve_months_before_are_told(archive: Archive, seal: Seal) -> None:
    for month in ("2025-09", "2025-10", "2026-11"):
        seal(month)

    assert [one.month for one in read_inputs(archive, "acme", OCTOBER).months] == ["2025-10"]


@pytest.mark.parametrize("name", ["report.json", "manifest.json"])
def test_an_older_revision_stands_in_for_a_damaged_one_which_is_named(archive: Archive, seal: Seal, name: str) -> None:
    seal("2026-09", 1, 389)
    damage(seal("2026-09", 2, 390), name)

    prior_reports = read_inputs(archive, "acme", OCTOBER)

    assert prior_reports.months[0].figures["active_users"].value == 389
    assert prior_reports.previous is not None
    assert prior_reports.previous.revision == 1
    assert prior_reports.unreadable_reports == (UnreadableReport(month="2026-09", revision=2),)


def test_a_month_with_nothing_but_a_damaged_bundle_is_left_out(archive: Archive, seal: Seal) -> None:
    damage(seal("2026-09"))
    damage(seal("2026-10"))

    prior_reports = read_inputs(archive, "acme", OCTOBER)

    assert (prior_reports.previous, prior_reports.earlier, prior_reports.months) == (None, None, ())
    assert [one.month for one in prior_reports.unreadable_reports] == ["2026-09", "2026-10"]


def test_figures_of_another_versions_report_are_read_though_the_report_is_not(archive: Archive, seal: Seal) -> None:
    people = {"value": 389, "unit": "people"}
    other = {
        "pages": [
            {"page_one_kpis": [{"key": "active_users", "label": "Active users", "figure": people, "shade": "red"}]}
        ]
    }
    seal("2026-09", report=json.dumps(other).encode())

    prior_reports = read_inputs(archive, "acme", OCTOBER)

    assert prior_reports.months[0].figures["active_users"].value == 389
    assert prior_reports.previous is None
    assert prior_reports.unreadable_reports == (UnreadableReport(month="2026-09", revision=1),)


def test_another_organizations_bundles_tell_nothing(archive: Archive, seal: Seal) -> None:
    seal("2026-09")

    assert read_inputs(archive, "other", OCTOBER) == NO_INPUTS


def test_answers_that_are_damaged_are_as_good_as_removed(archive: Archive) -> None:
    files = {"raw/snapshot.json": b'{"month": "2026-10", "host": "h", "endpoints": []}'}
    bundle = archive.seal("acme", OCTOBER, 1, {}, files, {})
    assert answers_of(bundle) is not None

    damage(bundle, "restricted/raw/snapshot.json")

    assert answers_of(bundle) is None
