"""What is to be kept no longer goes, when it is that old and not before; a tombstone says so first."""

from datetime import UTC, datetime
from itertools import product

import pytest
from sealing import DOCUMENTS, OCTOBER, SNAPSHOT, files_in, seal, write
from upath import UPath

from tabnine_report.archive import Archive, Bundle, Part, Removal, Retention, purge
from tabnine_report.archive.bucket import Bucket
from tabnine_report.archive.folder import Folder
from tabnine_report.archive.integrity import damages
from tabnine_report.archive.retention import _months_after
from tabnine_report.model.errors import ArchiveError, ContentRemoved
from tabnine_report.model.month import Month

PEOPLE_A_YEAR = Retention(people_months=12)
BUNDLE_2_YEARS = Retention(people_months=12, bundle_months=24)
# The bundle's answers were fetched on 2 November 2026 at 6:00.
JUST_BEFORE = datetime(2027, 11, 2, 5, 59, tzinfo=UTC)
A_YEAR_LATER = datetime(2027, 11, 2, 6, 0, tzinfo=UTC)
TWO_YEARS_LATER = datetime(2028, 11, 2, 6, 0, tzinfo=UTC)
TOMBSTONE = Removal(Part.RESTRICTED, A_YEAR_LATER, "archive.keep_people_months = 12")


def test_nothing_goes_by_itself(archive: Archive) -> None:
    seal(archive)
    assert purge(archive, "acme", Retention(), TWO_YEARS_LATER) == ([], [])
    assert purge(archive, "acme", PEOPLE_A_YEAR, JUST_BEFORE) == ([], [])


def test_what_names_people_goes_when_it_is_old_enough_and_the_rest_stays_whole(archive: Archive) -> None:
    bundle = seal(archive)
    size = sum(bundle.files[name]["size"] for name in bundle.files if name.startswith("restricted/"))

    purged, troubles = purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER)

    assert troubles == []
    assert [(str(p.bundle), p.removal, p.files, p.size) for p in purged] == [(str(bundle.folder), TOMBSTONE, 3, size)]
    after = Bundle(bundle.folder)
    assert files_in(after.folder) == [
        "charts/people.png",
        "manifest.json",
        "report.html",
        "restricted-removed.json",
    ]
    assert after.removals == {Part.RESTRICTED: TOMBSTONE}
    assert after.documents() == DOCUMENTS
    assert after.snapshot() is None
    assert damages(after) == []
    with pytest.raises(ContentRemoved, match=r"people\.csv was removed on 2027-11-02, by archive\.keep_people_months"):
        after.read("restricted/people.csv")


def test_a_dry_run_tells_the_same_and_removes_nothing(archive: Archive) -> None:
    bundle = seal(archive)
    would, _ = purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER, dry_run=True)

    assert bundle.snapshot() == SNAPSHOT
    assert would == purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER)[0]


def test_a_second_purge_has_nothing_to_do_and_the_tombstone_keeps_its_day(archive: Archive) -> None:
    bundle = seal(archive)
    purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER)

    assert purge(archive, "acme", PEOPLE_A_YEAR, TWO_YEARS_LATER) == ([], [])
    assert Bundle(bundle.folder).removals[Part.RESTRICTED].at == A_YEAR_LATER


def test_of_a_whole_bundle_the_manifest_stays_and_says_what_there_was(archive: Archive) -> None:
    seal(archive, 1)
    bundle = seal(archive, 2)
    purge(archive, "acme", BUNDLE_2_YEARS, A_YEAR_LATER)

    purged, _ = purge(archive, "acme", BUNDLE_2_YEARS, TWO_YEARS_LATER)

    assert [(p.removal.rule, p.files) for p in purged] == [("archive.keep_months = 24", 2)] * 2
    assert files_in(bundle.folder) == ["bundle-removed.json", "manifest.json", "restricted-removed.json"]
    after = archive.latest("acme", OCTOBER)
    assert after is not None
    assert (after.revision, after.snapshot()) == (2, None)
    assert damages(after) == []
    with pytest.raises(ContentRemoved, match=r"report\.html was removed on 2028-11-02, by archive\.keep_months = 24"):
        after.read("report.html")


def test_a_purge_that_was_cut_off_is_named_and_the_next_one_finishes_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = seal(archive)

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "remove", cut_off)
        patch.setattr(Bucket, "remove", cut_off)
        with pytest.raises(KeyboardInterrupt):
            purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER)

    begun = Bundle(bundle.folder)
    assert begun.snapshot() is None
    assert begun.documents() == DOCUMENTS
    assert len(damages(begun)) == 3
    assert "people.csv is there still, though archive.keep_people_months = 12 removes it: purge again." in str(
        damages(begun)
    )
    # Whatever the rules are by then: what was begun is finished as it began.
    ((finished,), _) = purge(archive, "acme", Retention(), TWO_YEARS_LATER)
    assert finished.removal == TOMBSTONE
    assert damages(Bundle(bundle.folder)) == []


def test_a_bundle_that_cannot_be_purged_is_named_and_the_others_are(archive: Archive) -> None:
    damaged, whole = seal(archive, month=Month(2026, 9)), seal(archive)
    write(damaged.folder / "manifest.json", b"{")

    purged, (trouble,) = purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER)

    assert [str(one.bundle) for one in purged] == [str(whole.folder)]
    assert trouble.startswith("Revision 1 of 2026-09 could not be purged: ")


def test_what_a_dead_run_left_names_people_too_and_goes(archive: Archive, location: UPath) -> None:
    seal(archive)
    dead = "r2" if "://" not in str(location) else ".sealing-r1-0a0a"
    write(location / f"acme/2026-10/{dead}/restricted/people.csv", b"ann")

    purge(archive, "acme", PEOPLE_A_YEAR, JUST_BEFORE)

    assert not any(name.startswith(dead) for name in files_in(location / "acme/2026-10"))


def test_a_bundle_without_anything_restricted_gets_no_tombstone_for_it(archive: Archive) -> None:
    archive.seal("acme", OCTOBER, 1, DOCUMENTS, {}, {})

    assert purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER) == ([], [])


def test_a_bundle_that_does_not_say_how_old_it_is_is_named(archive: Archive) -> None:
    archive.seal("acme", OCTOBER, 1, {}, {"people.csv": b"ann"}, {})

    _, (trouble,) = purge(archive, "acme", PEOPLE_A_YEAR, A_YEAR_LATER)

    assert "does not say when its answers were fetched" in trouble


def test_names_that_were_taken_from_an_earlier_bundle_are_as_old_as_they_are(archive: Archive) -> None:
    a_year_apart = {"from": "2026-11-02T06:00:00+00:00", "to": "2027-11-01T06:00:00+00:00"}
    seal(archive, fetched=a_year_apart)

    purged, _ = purge(archive, "acme", Retention(people_months=12, bundle_months=12), A_YEAR_LATER)

    assert [one.removal.part for one in purged] == [Part.RESTRICTED]


def test_an_archive_of_nobody_is_purged_of_nothing(archive: Archive) -> None:
    assert purge(archive, "nobody", PEOPLE_A_YEAR, A_YEAR_LATER) == ([], [])


@pytest.mark.parametrize(
    ("months", "expected"), [(1, (2027, 2, 28)), (12, (2028, 1, 31)), (13, (2028, 2, 29)), (11, (2027, 12, 31))]
)
def test_a_month_without_that_day_ends_on_its_last(months: int, expected: tuple[int, int, int]) -> None:
    later = _months_after(datetime(2027, 1, 31, 6, tzinfo=UTC), months)
    assert (later.year, later.month, later.day) == expected


def test_a_strange_tombstone_is_said_to_be_one(archive: Archive) -> None:
    bundle = seal(archive)
    write(bundle.folder / "restricted-removed.json", b"{}")

    with pytest.raises(
        ArchiveError, match=r"restricted-removed\.json, which says what was removed, was changed or cannot be read"
    ):
        Bundle(bundle.folder).snapshot()


def test_a_flipped_bit_of_a_tombstone_shows() -> None:
    content = TOMBSTONE.write()
    assert Removal.read(content) == TOMBSTONE
    for place, bit in product(range(len(content)), range(8)):
        flipped = bytearray(content)
        flipped[place] ^= 1 << bit
        with pytest.raises((ValueError, KeyError, TypeError)):
            Removal.read(bytes(flipped))


def test_a_tombstone_from_before_they_had_a_digest_is_read() -> None:
    content = b'{"part": "restricted", "at": "2027-11-02T06:00:00+00:00", "rule": "archive.keep_people_months = 12"}'
    assert Removal.read(content) == TOMBSTONE
