import json
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reporting.archive import Archive, Bundle
from reporting.archive import folder as folder_module
from reporting.errors import ArchiveError
from reporting.month import Month
from reporting.snapshot import Fetch, Snapshot

OCTOBER = Month(2026, 10)
DOCUMENTS = {"report.html": b"<p>412", "charts/people.png": b"\x89PNG"}
FETCHED_AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
SNAPSHOT = Snapshot(
    month="2026-10",
    host="console.example",
    fetches={"license": Fetch(endpoint="license", started_at=FETCHED_AT, ended_at=FETCHED_AT)},
)
RESTRICTED = {"people.csv": b"ann", **SNAPSHOT.files()}
FACTS = {"outcome": "0f3c", "profile": {"name": "acme", "token": "**********"}}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "reports")


def seal(archive: Archive, revision: int = 1, *, month: Month = OCTOBER, organization: str = "acme") -> Bundle:
    return archive.seal(organization, month, revision, DOCUMENTS, RESTRICTED, FACTS)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_bundle_gives_back_what_was_sealed(archive: Archive, tmp_path: Path) -> None:
    sealed = seal(archive)
    bundle = Bundle(tmp_path / "reports" / "acme" / "2026-10" / "r1")

    assert bundle.folder == sealed.folder
    assert (bundle.organization, bundle.month, bundle.revision) == ("acme", OCTOBER, 1)
    assert bundle.documents() == DOCUMENTS
    assert bundle.snapshot() == SNAPSHOT
    assert bundle.read("restricted/people.csv") == b"ann"
    assert bundle.read("report.html") == b"<p>412"
    assert bundle.path("charts/people.png") == bundle.folder / "charts" / "people.png"
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


def test_what_names_people_is_for_the_owner_alone(archive: Archive) -> None:
    bundle = seal(archive)

    assert mode(bundle.folder / "restricted") == 0o700
    assert mode(bundle.path("restricted/people.csv")) == 0o600
    assert mode(bundle.path("restricted/raw/license.json")) == 0o600


def test_a_sealed_revision_is_never_changed(archive: Archive) -> None:
    bundle = seal(archive)

    with pytest.raises(ArchiveError, match="r1 is sealed already and is never changed"):
        archive.seal("acme", OCTOBER, 1, {"report.html": b"other"}, {}, {})

    assert bundle.documents() == DOCUMENTS


def test_what_a_dead_run_left_is_cleared(archive: Archive, tmp_path: Path) -> None:
    leftover = tmp_path / "reports" / "acme" / "2026-10" / "r1"
    (leftover / "restricted").mkdir(parents=True)
    (leftover / "half.html").touch()

    assert archive.latest("acme", OCTOBER) is None
    assert archive.bundles("acme") == []
    bundle = seal(archive)

    assert sorted(path.name for path in bundle.folder.iterdir()) == [
        "charts",
        "manifest.json",
        "report.html",
        "restricted",
    ]


def test_bundles_come_by_month_and_revision_and_the_latest_is_the_highest(archive: Archive) -> None:
    for month, revision in ((OCTOBER, 1), (OCTOBER, 2), (OCTOBER, 10), (Month(2026, 9), 1)):
        seal(archive, revision, month=month)
    seal(archive, 3, organization="bolt")

    found = [(str(bundle.month), bundle.revision) for bundle in archive.bundles("acme")]
    latest = archive.latest("acme", OCTOBER)

    assert found == [("2026-09", 1), ("2026-10", 1), ("2026-10", 2), ("2026-10", 10)]
    assert latest is not None
    assert latest.revision == 10
    assert archive.latest("acme", Month(2026, 8)) is None
    assert archive.bundles("nobody") == []


def test_a_changed_file_is_not_believed(archive: Archive) -> None:
    bundle = seal(archive)
    bundle.path("report.html").write_bytes(b"<p>999")

    with pytest.raises(ArchiveError, match="was changed after it was sealed"):
        bundle.documents()
    assert bundle.snapshot() == SNAPSHOT


def test_what_is_restricted_can_be_removed_without_breaking_the_rest(archive: Archive) -> None:
    bundle = seal(archive)

    bundle.path("restricted/people.csv").unlink()
    assert bundle.snapshot() == SNAPSHOT

    shutil.rmtree(bundle.folder / "restricted")
    assert bundle.snapshot() is None
    assert bundle.documents() == DOCUMENTS


def test_answers_that_are_gone_in_part_are_not_believed(archive: Archive) -> None:
    bundle = seal(archive)
    bundle.path("restricted/raw/license.json").unlink()

    with pytest.raises(ArchiveError, match=r"license\.json cannot be read"):
        bundle.snapshot()


def test_answers_of_another_version_are_said_to_be_of_one(archive: Archive) -> None:
    bundle = archive.seal("acme", OCTOBER, 1, {}, {"raw/snapshot.json": b"{}"}, {"program_version": "9.0"})

    with pytest.raises(ArchiveError, match=r"written by tabnine-report 9\.0, whose answers this version cannot read"):
        bundle.snapshot()


def test_a_bundle_without_anything_restricted_has_no_folder_for_it(archive: Archive) -> None:
    bundle = archive.seal("acme", OCTOBER, 1, DOCUMENTS, {}, FACTS)

    assert not (bundle.folder / "restricted").exists()
    assert bundle.snapshot() is None


@pytest.mark.parametrize("name", ["report.pdf", "../r1/report.html", "manifest.json", "/etc/hosts"])
def test_a_bundle_gives_only_what_its_manifest_lists(archive: Archive, name: str) -> None:
    with pytest.raises(ArchiveError, match=r"manifest\.json lists what it has"):
        seal(archive).read(name)


def test_a_folder_that_is_no_bundle_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"is no bundle: it has no manifest\.json"):
        Bundle(tmp_path)
    with pytest.raises(ArchiveError, match="is no bundle"):
        Bundle(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "[]", "{}", "\xff", '{"organization": "a", "month": "2026-13", "revision": 1}'])
def test_a_strange_manifest_is_said_to_be_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="latin-1")

    with pytest.raises(ArchiveError, match="not one of this program's"):
        Bundle(tmp_path)


def test_a_draft_takes_the_place_of_the_last_one_and_is_no_bundle(archive: Archive) -> None:
    archive.keep_draft("acme", OCTOBER, {"report.html": b"first", "old.html": b""})
    folder = archive.keep_draft("acme", OCTOBER, {"report.html": b"second"})

    assert (folder / "report.html").read_bytes() == b"second"
    assert not (folder / "old.html").exists()
    assert archive.latest("acme", OCTOBER) is None


def test_a_check_leaves_nothing_behind(archive: Archive, tmp_path: Path) -> None:
    archive.check()

    assert list((tmp_path / "reports").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named_by_check_and_seal(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file", encoding="utf-8")

    with pytest.raises(ArchiveError, match=f"^{tmp_path / 'reports'} cannot be written to"):
        archive.check()
    with pytest.raises(ArchiveError, match=r"check archive\.location"):
        seal(archive)


def test_a_full_disk_is_found_before_anything_is_fetched(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "LEAST_FREE_BYTES", 10**18)

    with pytest.raises(ArchiveError, match="MB left; make room"):
        archive.check()


SEAL = """
import sys
from pathlib import Path
from reporting.archive import Archive
from reporting.errors import ArchiveError
from reporting.month import Month

print("ready", flush=True)
sys.stdin.readline()
me = sys.argv[2].encode()
try:
    Archive(Path(sys.argv[1])).seal("acme", Month(2026, 10), 1, {f"{n}.txt": me for n in range(20)}, {}, {})
except ArchiveError as error:
    print(error)
else:
    print("sealed")
"""


def test_of_three_processes_that_seal_at_once_one_does_and_its_bundle_is_whole(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SEAL, str(tmp_path), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b", "c")
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = {name: process.communicate(timeout=60)[0].strip() for name, process in zip("abc", processes, strict=True)}

    (sealer,) = (name for name, words in said.items() if words == "sealed")
    assert sum("sealed already" in words for words in said.values()) == 2
    (bundle,) = Archive(tmp_path).bundles("acme")
    assert bundle.documents() == {f"{n}.txt": sealer.encode() for n in range(20)}
