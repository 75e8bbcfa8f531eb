"""Files are removed exactly when they expire, and a tombstone records the removal first."""

from datetime import UTC, datetime
from itertools import product

import pytest
from sealing import DOCUMENTS, OCTOBER, SNAPSHOT, files_in, seal, write
from upath import UPath

from tabnine_report.archive import Archive, Bundle, BundlePart, Removal, Retention, purge
from tabnine_report.archive.bucket import Bucket
from tabnine_report.archive.folder import Folder
from tabnine_report.archive.integrity import find_damage
from tabnine_report.archive.retention import _add_months
from tabnine_report.model.errors import ArchiveError, ContentRemoved
from tabnine_report.model.month import Month

PEOPLE_A_YEAR = Retention(personal_data_months=12)
BUNDLE_2_YEARS = Retention(personal_data_months=12, bundle_months=24)
# The bundle's responses were fetched on 2 November 2026 at 6:00.
JUST_BEFORE = datetime(2027, 11, 2, 5, 59, tzinfo=UTC)
A_YEAR_LATER = datetime(2027, 11, 2, 6, 0, tzinfo=UTC)
TWO_YEARS_LATER = datetime(2028, 11, 2, 6, 0, tzinfo=UTC)
TOMBSTONE = Removal(BundlePart.RESTRICTED, A_YEAR_LATER, "archive.keep_personal_data_months = 12")


def test_nothing_is_removed_by_default_or_before_it_expires(archive: Archive) -> None:
    seal(archive)
    assert purge(archive, "acme", Retention(), TWO_YEARS_LATER) == ([], [])
    assert purge(archive, "acme", PEOPLE_A_YEAR, JUST_BEFORE) == ([], [])


def test_expired_restricted_files_are_removed_and_the_rest_stays_intact(archive: Archive) -> None:
    bundle = seal(archive)
    size = sum(bundle.files[name]["size"] for name in bundle.files if name.startswith("restricted/"))

    purged, errors = purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER)

    assert errors == []
    assert [(str(p.bundle), p.removal, p.files, p.size) for p in purged] == [(str(bundle.folder), TOMBSTONE, 3, size)]
    after = Bundle(bundle.folder)
    assert files_in(after.folder) == [
        "charts/people.png",
        "manifest.json",
        "report.html",
        "restricted-removed.json",
    ]
    assert after.removals == {BundlePart.RESTRICTED: TOMBSTONE}
    assert after.documents() == DOCUMENTS
    assert after.snapshot() is None
    assert find_damage(after) == []
    with pytest.raises(
        ContentRemoved, match=r"people\.csv was removed on 2027-11-02 by archive\.keep_personal_data_months"
    ):
        after.read("restricted/people.csv")


def test_a_dry_run_returns_the_same_and_removes_nothing(archive: Archive) -> None:
    bundle = seal(archive)
    planned, _ = purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER, dry_run=True)

    assert bundle.snapshot() == SNAPSHOT
    assert planned == purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER)[0]


def test_a_second_purge_does_nothing_and_keeps_the_date_in_the_tombstone(archive: Archive) -> None:
    bundle = seal(archive)
    purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER)

    assert purge(archive, "acme", PEOPLE_A_YEAR, TWO_YEARS_LATER) == ([], [])
    assert Bundle(bundle.folder).removals[BundlePart.RESTRICTED].at == A_YEAR_LATER


def test_an_expired_bundle_keeps_its_manifest(archive: Archive) -> None:
    seal(archive, 1)
    bundle = seal(archive, 2)
    purge(archive, "acme", BUNDLE_2_YEARS, A_YEAR_LATER)

    purged, _ = purge(archive, "acme", BUNDLE_2_YEARS, TWO_YEARS_LATER)

    assert [(p.removal.rule, p.files) for p in purged] == [("archive.keep_months = 24", 2)] * 2
    assert files_in(bundle.folder) == ["bundle-removed.json", "manifest.json", "restricted-removed.json"]
    after = archive.bundle("acme", OCTOBER, 2)
    assert (after.revision, after.snapshot()) == (2, None)
    assert find_damage(after) == []
    with pytest.raises(ContentRemoved, match=r"report\.html was removed on 2028-11-02 by archive\.keep_months = 24"):
        after.read("report.html")


def test_the_next_purge_completes_an_interrupted_one(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = seal(archive)

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "remove", cut_off)
        patch.setattr(Bucket, "remove", cut_off)
        with pytest.raises(KeyboardInterrupt):
            purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER)

    interrupted = Bundle(bundle.folder)
    assert interrupted.snapshot() is None
    assert interrupted.documents() == DOCUMENTS
    assert len(find_damage(interrupted)) == 3
    assert (
        "restricted/people.csv still exists, although archive.keep_personal_data_months = 12 requires its removal. "
        "Run the purge again."
    ) in find_damage(interrupted)
    # An interrupted removal is completed under its original rule, even if the settings have changed.
    ((completed,), _) = purge(archive, "acme", Retention(), TWO_YEARS_LATER)
    assert completed.removal == TOMBSTONE
    assert find_damage(Bundle(bundle.folder)) == []


def test_a_bundle_that_cannot_be_purged_is_reported_and_the_others_are_purged(archive: Archive) -> None:
    damaged, whole = seal(archive, month=Month(2026, 9)), seal(archive)
    write(damaged.folder / "manifest.json", b"{")

    purged, (error,) = purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER)

    assert [str(removed.bundle) for removed in purged] == [str(whole.folder)]
    assert error.startswith("Revision 1 of 2026-09 could not be purged: ")


def test_a_purge_removes_files_left_by_dead_runs(archive: Archive, location: UPath) -> None:
    seal(archive)
    leftover = "r2" if "://" not in str(location) else ".sealing-r1-0a0a"
    write(location / f"acme/2026-10/{leftover}/restricted/people.csv", b"ann")

    purge(archive, "acme", PEOPLE_A_YEAR, JUST_BEFORE)

    assert not any(name.startswith(leftover) for name in files_in(location / "acme/2026-10"))


def test_a_bundle_without_restricted_files_gets_no_tombstone(archive: Archive) -> None:
    archive.seal("acme", OCTOBER, 1, DOCUMENTS, {}, {})

    assert purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER) == ([], [])


def test_a_bundle_of_unknown_age_is_reported(archive: Archive) -> None:
    archive.seal("acme", OCTOBER, 1, {}, {"people.csv": b"ann"}, {})

    _, (error,) = purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER)

    assert "does not record when the responses were fetched" in error


def test_personal_data_from_an_earlier_bundle_expires_by_its_own_age(archive: Archive) -> None:
    a_year_apart = {"from": "2026-11-02T06:00:00+00:00", "to": "2027-11-01T06:00:00+00:00"}
    seal(archive, fetched=a_year_apart)

    purged, _ = purge(archive, "acme", Retention(personal_data_months=12, bundle_months=12), A_YEAR_LATER)

    assert [removed.removal.part for removed in purged] == [BundlePart.RESTRICTED]


def test_purging_an_unknown_organization_does_nothing(archive: Archive) -> None:
    assert purge(archive, "nobody", PEOPLE_A_YEAR, A_YEAR_LATER) == ([], [])


@pytest.mark.parametrize(
    ("months", "expected"), [(1, (2027, 2, 28)), (12, (2028, 1, 31)), (13, (2028, 2, 29)), (11, (2027, 12, 31))]
)
def test_adding_months_uses_the_last_day_of_shorter_months(months: int, expected: tuple[int, int, int]) -> None:
    later = _add_months(datetime(2027, 1, 31, 6, tzinfo=UTC), months)
    assert (later.year, later.month, later.day) == expected


def test_an_invalid_tombstone_is_reported(archive: Archive) -> None:
    bundle = seal(archive)
    write(bundle.folder / "restricted-removed.json", b"{}")

    with pytest.raises(
        ArchiveError, match=r"restricted-removed\.json, which records a removal, was changed or cannot be read"
    ):
        Bundle(bundle.folder).snapshot()


def test_a_flipped_bit_in_a_tombstone_is_detected() -> None:
    content = TOMBSTONE.write()
    assert Removal.read(content) == TOMBSTONE
    for position, bit in product(range(len(content)), range(8)):
        flipped = bytearray(content)
        flipped[position] ^= 1 << bit
        with pytest.raises((ValueError, KeyError, TypeError)):
            Removal.read(bytes(flipped))
