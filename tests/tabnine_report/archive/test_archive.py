"""Archives in folders and in buckets behave the same."""

import json
from datetime import timedelta

import pytest
from sealing import DOCUMENTS, FACTS, OCTOBER, SNAPSHOT, files_in, seal, write
from upath import UPath

from tabnine_report.archive import Archive, Bundle, resolve_location
from tabnine_report.archive import bucket as bucket_module
from tabnine_report.archive.layout import write_manifest
from tabnine_report.model.errors import AlreadySealed, ArchiveError
from tabnine_report.model.month import Month


def test_a_bundle_returns_what_was_sealed(archive: Archive, location: UPath) -> None:
    bundle_at_sealing = seal(archive)
    bundle = Bundle(f"{location}/acme/2026-10/r1")

    assert str(bundle.folder) == str(bundle_at_sealing.folder) == f"{location}/acme/2026-10/r1"
    assert (bundle.organization, bundle.month, bundle.revision) == ("acme", OCTOBER, 1)
    assert bundle.documents() == DOCUMENTS
    assert bundle.snapshot() == SNAPSHOT
    assert bundle.read("restricted/people.csv") == b"ann"
    assert bundle.read("report.html") == b"<p>412"
    assert bundle.path("charts/people.png").read_bytes() == b"\x89PNG"
    assert bundle.manifest["facts"] == FACTS


def test_the_manifest_records_size_and_digest_of_every_file(archive: Archive) -> None:
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

    with pytest.raises(AlreadySealed, match="r1 is already sealed and never changes"):
        archive.seal("acme", OCTOBER, 1, {"report.html": b"other"}, {}, {})

    assert bundle.documents() == DOCUMENTS


def test_sealing_removes_files_left_by_a_dead_run(archive: Archive, location: UPath) -> None:
    write(location / "acme/2026-10/r1/half.html", b"half")
    write(location / "acme/2026-10/r1/restricted/raw/half.json", b"half")

    assert archive.bundles("acme") == []
    bundle = seal(archive)

    assert files_in(bundle.folder) == [
        "charts/people.png",
        "manifest.json",
        "report.html",
        *(f"restricted/{name}" for name in ("people.csv", "raw/license.json", "raw/snapshot.json")),
    ]


def test_bundles_and_revisions_are_ordered(archive: Archive, location: UPath) -> None:
    for month, revision in ((OCTOBER, 1), (OCTOBER, 2), (OCTOBER, 10), (Month(2026, 9), 1)):
        seal(archive, revision, month=month)
    seal(archive, 3, organization="bolt")
    for name in ("rx", "r0", "r01", f"r{2**31}"):
        write(location / "acme/2026-10" / name / "manifest.json", b"{}")
    write(location / "acme/notes/r1/manifest.json", b"{}")

    bundles = [(str(bundle.month), bundle.revision) for bundle in archive.bundles("acme")]

    assert bundles == [("2026-09", 1), ("2026-10", 1), ("2026-10", 2), ("2026-10", 10)]
    assert archive.revisions("acme", OCTOBER) == [1, 2, 10]
    assert archive.revisions("acme", Month(2026, 8)) == []
    assert archive.bundles("nobody") == []


def test_reading_a_changed_file_fails(archive: Archive) -> None:
    bundle = seal(archive)
    write(bundle.path("report.html"), b"<p>999")

    with pytest.raises(ArchiveError, match=r"report\.html was changed after it was sealed\. Restore it from a backup"):
        bundle.documents()
    assert bundle.snapshot() == SNAPSHOT


def test_a_damaged_bundle_does_not_affect_other_bundles(archive: Archive) -> None:
    first, second = seal(archive, 1), seal(archive, 2)
    write(first.folder / "manifest.json", b"{")

    assert archive.bundle("acme", OCTOBER, 2).folder == second.folder
    assert archive.list_revisions("acme") == [(OCTOBER, 1), (OCTOBER, 2)]
    with pytest.raises(ArchiveError, match=r"r1 is not a bundle: manifest\.json is not a manifest of this program"):
        archive.bundle("acme", OCTOBER, 1)


@pytest.mark.parametrize("wrong", ["2026-09/r1", "2026-10/r2"])
def test_a_bundle_in_the_folder_of_another_revision_is_rejected(archive: Archive, location: UPath, wrong: str) -> None:
    bundle = seal(archive)
    for folder in (location / "acme" / wrong, location / "a copy"):
        for name in files_in(bundle.folder):
            write(folder / name, (bundle.folder / name).read_bytes())

    with pytest.raises(ArchiveError, match=f"{wrong} contains revision 1 of 2026-10, so it is in the wrong folder"):
        Bundle(location / "acme" / wrong)
    assert Bundle(location / "a copy").documents() == DOCUMENTS


def test_restricted_files_can_be_missing_without_breaking_the_rest(archive: Archive) -> None:
    bundle = seal(archive)

    bundle.path("restricted/people.csv").unlink()
    assert bundle.snapshot() == SNAPSHOT

    for name in ("license", "snapshot"):
        bundle.path(f"restricted/raw/{name}.json").unlink()
    assert bundle.snapshot() is None
    assert bundle.documents() == DOCUMENTS


def test_partially_missing_answers_are_rejected(archive: Archive) -> None:
    bundle = seal(archive)
    bundle.path("restricted/raw/license.json").unlink()

    with pytest.raises(ArchiveError, match=r"license\.json is missing\. Restore it from a backup"):
        bundle.snapshot()


def test_unreadable_answers_name_the_version_that_wrote_them(archive: Archive) -> None:
    bundle = archive.seal(
        "acme", OCTOBER, 1, {}, {"raw/snapshot.json": b"{}"}, {"build_info": {"tabnine-report": "9.0"}}
    )

    with pytest.raises(ArchiveError, match=r"written by tabnine-report 9\.0\. This version cannot read its responses"):
        bundle.snapshot()


def test_an_unreadable_report_names_the_version_that_wrote_it(archive: Archive) -> None:
    bundle = archive.seal(
        "acme", OCTOBER, 1, {"report.json": b'{"page_one_kpis": 4}'}, {}, {"build_info": {"tabnine-report": "0.0.9"}}
    )

    with pytest.raises(ArchiveError, match=r"Install tabnine-report 0\.0\.9 in a separate environment"):
        bundle.report()


def test_a_bundle_without_restricted_files_has_no_restricted_folder(archive: Archive) -> None:
    bundle = archive.seal("acme", OCTOBER, 1, DOCUMENTS, {}, FACTS)

    assert files_in(bundle.folder) == ["charts/people.png", "manifest.json", "report.html"]
    assert bundle.snapshot() is None


@pytest.mark.parametrize("name", ["report.pdf", "../r1/report.html", "manifest.json", "/etc/hosts"])
def test_a_bundle_reads_only_files_in_its_manifest(archive: Archive, name: str) -> None:
    with pytest.raises(ArchiveError, match=r"See manifest\.json for its files"):
        seal(archive).read(name)


def test_a_folder_without_a_manifest_is_not_a_bundle(location: UPath) -> None:
    with pytest.raises(ArchiveError, match=r"is not a bundle: it has no manifest\.json"):
        Bundle(location)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "\xff",
        "[" * 100_000,
        f'{{"a": {"9" * 5000}}}',
        '{"organization": "a", "month": "2026-13", "revision": 1}',
    ],
)
def test_an_invalid_manifest_is_rejected(location: UPath, text: str) -> None:
    write(location / "manifest.json", text.encode("latin-1"))

    with pytest.raises(ArchiveError, match="is not a manifest of this program"):
        Bundle(location)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("revision", "1"),
        ("files", ["report.html"]),
        ("files", {"report.html": "digest"}),
        ("files", {"report.html": {"sha256": None}}),
        ("facts", []),
        ("facts", {"build_info": "0.1"}),
        ("month", 202610),
    ],
)
def test_a_manifest_with_a_valid_digest_and_other_types_is_rejected(archive: Archive, part: str, value: object) -> None:
    bundle = seal(archive)
    manifest = {name: known for name, known in bundle.manifest.items() if name != "digest"}
    write(bundle.folder / "manifest.json", write_manifest({**manifest, part: value}))
    with pytest.raises(ArchiveError):
        Bundle(bundle.folder)


@pytest.mark.parametrize("text", ["[" * 100_000, "[]", "null"])
def test_a_file_of_another_shape_is_an_error_of_its_bundle(archive: Archive, text: str) -> None:
    content = {"report.json": text.encode(), "inputs/months.json": text.encode()}
    restricted = {"raw/snapshot.json": text.encode()}
    bundle = archive.seal("acme", OCTOBER, 1, content, restricted, FACTS)
    for read in (bundle.report, bundle.snapshot, bundle.prior_reports):
        with pytest.raises(ArchiveError, match="This version cannot read its"):
            read()


def test_a_draft_replaces_the_last_one_and_is_not_a_bundle(archive: Archive, location: UPath) -> None:
    archive.save_draft("acme", OCTOBER, {"report.html": b"first", "old.html": b""})
    folder = archive.save_draft("acme", OCTOBER, {"report.html": b"second"})

    assert str(folder) == f"{location}/acme/2026-10/draft"
    assert (folder / "report.html").read_bytes() == b"second"
    assert files_in(folder) == ["report.html"]
    assert archive.bundles("acme") == []


def test_a_check_removes_its_own_probe_and_those_of_dead_runs(
    archive: Archive, location: UPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_module, "PROBE_LIFETIME", timedelta(seconds=-1))
    write(location / ".probe-of-a-dead-run", b"a probe")

    archive.check()

    assert files_in(location) == []


@pytest.mark.parametrize("scheme", ["gs", "az"])
def test_a_missing_driver_is_named_with_the_command_that_installs_it(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("gcsfs", "adlfs"):
        monkeypatch.setitem(__import__("sys").modules, module, None)

    with pytest.raises(
        ArchiveError, match=rf"not installed\. Install the project's extra {scheme}: .* -e '\.\[{scheme}\]'"
    ):
        Archive(f"{scheme}://reports/sub")


def test_an_unsupported_location_is_rejected() -> None:
    with pytest.raises(
        ArchiveError, match=r"ftp://reports is not supported\. Use a folder or one of s3://, gs://, az://"
    ):
        resolve_location("ftp://reports")
