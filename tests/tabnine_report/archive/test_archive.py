"""What holds of every archive, in a folder as in a bucket."""

import json
from datetime import timedelta

import pytest
from sealing import DOCUMENTS, FACTS, OCTOBER, SNAPSHOT, files_in, seal, write
from upath import UPath

from tabnine_report.archive import Archive, Bundle, place
from tabnine_report.archive import bucket as bucket_module
from tabnine_report.model.errors import AlreadySealed, ArchiveError
from tabnine_report.model.month import Month


def test_a_bundle_gives_back_what_was_sealed(archive: Archive, location: UPath) -> None:
    sealed = seal(archive)
    bundle = Bundle(f"{location}/acme/2026-10/r1")

    assert str(bundle.folder) == str(sealed.folder) == f"{location}/acme/2026-10/r1"
    assert (bundle.organization, bundle.month, bundle.revision) == ("acme", OCTOBER, 1)
    assert bundle.documents() == DOCUMENTS
    assert bundle.snapshot() == SNAPSHOT
    assert bundle.read("restricted/people.csv") == b"ann"
    assert bundle.read("report.html") == b"<p>412"
    assert bundle.path("charts/people.png").read_bytes() == b"\x89PNG"
    assert bundle.manifest["facts"] == FACTS


def test_the_manifest_says_size_and_digest_of_every_file(archive: Archive) -> None:
    bundle = seal(archive)

    files = json.loads((bundle.folder / "manifest.json").read_bytes())["files"]

    assert list(files) == [
        "charts/people.png",
        "report.html",
        "restricted/people.csv",
        "restricted/raw/license.json",
        "restricted/raw/snapshot.json",
    ]
    assert files["report.html"] == {
        "size": 6,
        "sha256": "bc9f211934f14713734599f2c9318fdcf676690144eef2062ac2590eba28c031",
    }


def test_a_sealed_revision_is_never_changed(archive: Archive) -> None:
    bundle = seal(archive)

    with pytest.raises(AlreadySealed, match="r1 is sealed already and is never changed"):
        archive.seal("acme", OCTOBER, 1, {"report.html": b"other"}, {}, {})

    assert bundle.documents() == DOCUMENTS


def test_what_a_dead_run_left_is_cleared(archive: Archive, location: UPath) -> None:
    write(location / "acme/2026-10/r1/half.html", b"half")
    write(location / "acme/2026-10/r1/restricted/raw/half.json", b"half")

    assert archive.latest("acme", OCTOBER) is None
    assert archive.bundles("acme") == []
    bundle = seal(archive)

    assert files_in(bundle.folder) == [
        "charts/people.png",
        "manifest.json",
        "report.html",
        *(f"restricted/{name}" for name in ("people.csv", "raw/license.json", "raw/snapshot.json")),
    ]


def test_bundles_come_by_month_and_revision_and_the_latest_is_the_highest(archive: Archive, location: UPath) -> None:
    for month, revision in ((OCTOBER, 1), (OCTOBER, 2), (OCTOBER, 10), (Month(2026, 9), 1)):
        seal(archive, revision, month=month)
    seal(archive, 3, organization="bolt")
    write(location / "acme/2026-10/rx/manifest.json", b"{}")
    write(location / "acme/notes/r1/manifest.json", b"{}")

    found = [(str(bundle.month), bundle.revision) for bundle in archive.bundles("acme")]
    latest = archive.latest("acme", OCTOBER)

    assert found == [("2026-09", 1), ("2026-10", 1), ("2026-10", 2), ("2026-10", 10)]
    assert archive.revisions("acme", OCTOBER) == [1, 2, 10]
    assert latest is not None
    assert latest.revision == 10
    assert archive.latest("acme", Month(2026, 8)) is None
    assert archive.bundles("nobody") == []


def test_a_changed_file_is_not_believed(archive: Archive) -> None:
    bundle = seal(archive)
    write(bundle.path("report.html"), b"<p>999")

    with pytest.raises(ArchiveError, match=r"report\.html was changed after it was sealed; restore it from a backup"):
        bundle.documents()
    assert bundle.snapshot() == SNAPSHOT


def test_a_damaged_bundle_does_not_stand_in_the_way_of_another(archive: Archive) -> None:
    first, second = seal(archive, 1), seal(archive, 2)
    write(first.folder / "manifest.json", b"{")

    latest = archive.latest("acme", OCTOBER)

    assert latest is not None
    assert latest.folder == second.folder
    assert archive.sealed("acme") == [(OCTOBER, 1), (OCTOBER, 2)]
    with pytest.raises(ArchiveError, match=r"r1 is no bundle: its manifest\.json is not one of this program's"):
        archive.bundle("acme", OCTOBER, 1)


@pytest.mark.parametrize("wrong", ["2026-09/r1", "2026-10/r2"])
def test_a_bundle_in_the_place_of_another_is_not_believed(archive: Archive, location: UPath, wrong: str) -> None:
    bundle = seal(archive)
    for there in (location / "acme" / wrong, location / "a copy"):
        for name in files_in(bundle.folder):
            write(there / name, (bundle.folder / name).read_bytes())

    with pytest.raises(ArchiveError, match=f"{wrong} holds revision 1 of 2026-10: it stands in another one's place"):
        Bundle(location / "acme" / wrong)
    assert Bundle(location / "a copy").documents() == DOCUMENTS


def test_what_is_restricted_can_be_gone_without_breaking_the_rest(archive: Archive) -> None:
    bundle = seal(archive)

    bundle.path("restricted/people.csv").unlink()
    assert bundle.snapshot() == SNAPSHOT

    for name in ("license", "snapshot"):
        bundle.path(f"restricted/raw/{name}.json").unlink()
    assert bundle.snapshot() is None
    assert bundle.documents() == DOCUMENTS


def test_answers_that_are_gone_in_part_are_not_believed(archive: Archive) -> None:
    bundle = seal(archive)
    bundle.path("restricted/raw/license.json").unlink()

    with pytest.raises(ArchiveError, match=r"license\.json cannot be read: it is gone since it was sealed"):
        bundle.snapshot()


def test_answers_of_another_version_are_said_to_be_of_one(archive: Archive) -> None:
    bundle = archive.seal("acme", OCTOBER, 1, {}, {"raw/snapshot.json": b"{}"}, {"program_version": "9.0"})

    with pytest.raises(ArchiveError, match=r"written by tabnine-report 9\.0, whose answers this version cannot read"):
        bundle.snapshot()


def test_a_report_of_an_earlier_model_says_which_version_reads_it(archive: Archive) -> None:
    bundle = archive.seal(
        "acme", OCTOBER, 1, {"report.json": b'{"page_one_kpis": 4}'}, {}, {"program_version": "0.0.9"}
    )

    with pytest.raises(ArchiveError, match=r"; tabnine-report 0\.0\.9 in an environment of its own reads it"):
        bundle.report()


def test_a_bundle_without_anything_restricted_has_none(archive: Archive) -> None:
    bundle = archive.seal("acme", OCTOBER, 1, DOCUMENTS, {}, FACTS)

    assert files_in(bundle.folder) == ["charts/people.png", "manifest.json", "report.html"]
    assert bundle.snapshot() is None


@pytest.mark.parametrize("name", ["report.pdf", "../r1/report.html", "manifest.json", "/etc/hosts"])
def test_a_bundle_gives_only_what_its_manifest_lists(archive: Archive, name: str) -> None:
    with pytest.raises(ArchiveError, match=r"manifest\.json lists what it has"):
        seal(archive).read(name)


def test_a_place_that_is_no_bundle_is_said_to_be_none(location: UPath) -> None:
    with pytest.raises(ArchiveError, match=r"is no bundle: it has no manifest\.json"):
        Bundle(location)


@pytest.mark.parametrize("text", ["", "[]", "{}", "\xff", '{"organization": "a", "month": "2026-13", "revision": 1}'])
def test_a_strange_manifest_is_said_to_be_one(location: UPath, text: str) -> None:
    write(location / "manifest.json", text.encode("latin-1"))

    with pytest.raises(ArchiveError, match="not one of this program's"):
        Bundle(location)


def test_a_draft_takes_the_place_of_the_last_one_and_is_no_bundle(archive: Archive, location: UPath) -> None:
    archive.keep_draft("acme", OCTOBER, {"report.html": b"first", "old.html": b""})
    folder = archive.keep_draft("acme", OCTOBER, {"report.html": b"second"})

    assert str(folder) == f"{location}/acme/2026-10/draft"
    assert (folder / "report.html").read_bytes() == b"second"
    assert files_in(folder) == ["report.html"]
    assert archive.latest("acme", OCTOBER) is None


def test_a_check_leaves_nothing_behind_and_clears_what_a_dead_one_left(
    archive: Archive, location: UPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_module, "PROBE_LIVES", timedelta(seconds=-1))
    write(location / ".probe-of-a-dead-run", b"a probe")

    archive.check()

    assert files_in(location) == []


@pytest.mark.parametrize("scheme", ["gs", "az"])
def test_a_driver_that_is_not_installed_is_named_with_what_to_install(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("gcsfs", "adlfs"):
        monkeypatch.setitem(__import__("sys").modules, module, None)

    with pytest.raises(ArchiveError, match=rf"not installed: pip install 'tabnine-report\[{scheme}\]'"):
        Archive(f"{scheme}://reports/sub")


def test_a_place_of_an_unknown_kind_is_said_to_be_one() -> None:
    with pytest.raises(ArchiveError, match="ftp://reports is neither a folder nor one of s3://, gs://, az://"):
        place("ftp://reports")
