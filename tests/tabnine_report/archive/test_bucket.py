"""What only an archive in a bucket has: a storage that must refuse to create an object twice, and staged files."""

import pytest
from sealing import DOCUMENTS, OCTOBER, files_in, seal, write
from upath import UPath

from tabnine_report.archive import Archive, Bundle
from tabnine_report.archive.bucket import Bucket
from tabnine_report.model.errors import ArchiveError


def test_a_storage_that_lets_objects_be_created_twice_is_refused_before_anything_is_fetched(
    bucket: UPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = bucket.fs.pipe_file
    monkeypatch.setattr(bucket.fs, "pipe_file", lambda path, value, mode: real(path, value))

    with pytest.raises(ArchiveError, match="lets an object be created twice"):
        Archive(bucket).check()
    assert files_in(bucket) == []


def test_a_bucket_that_is_not_there_is_said_not_to_be(bucket: UPath) -> None:
    archive = Archive("s3://nobodys-bucket/reports")

    with pytest.raises(ArchiveError, match=r"nobodys-bucket/reports cannot be written to \(The specified bucket does"):
        archive.check()


def test_credentials_that_are_not_there_are_missed_in_words(bucket: UPath, monkeypatch: pytest.MonkeyPatch) -> None:
    type(bucket.fs).clear_instance_cache()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(ArchiveError, match=r"cannot be written to \(its driver says NoCredentialsError\)"):
        Archive(f"{bucket}/other").check()
    type(bucket.fs).clear_instance_cache()


def test_nothing_that_names_people_stays_staged(bucket: UPath) -> None:
    seal(Archive(bucket))

    assert [name for name in files_in(bucket / "acme/2026-10") if not name.startswith("r1/")] == [".chosen-r1"]


def test_what_was_chosen_before_a_run_died_is_what_the_next_one_brings_to_its_end(
    bucket: UPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Bucket, "_publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            seal(Archive(bucket))
    assert Archive(bucket).revisions("acme", OCTOBER) == []

    with pytest.raises(ArchiveError, match="is sealed already"):
        Archive(bucket).seal("acme", OCTOBER, 1, {"report.html": b"another"}, {}, {})

    assert Bundle(bucket / "acme/2026-10/r1").documents() == DOCUMENTS
    assert not any(name.startswith(".sealing") for name in files_in(bucket / "acme/2026-10"))


def test_a_choice_whose_files_somebody_removed_is_named(bucket: UPath) -> None:
    write(bucket / "acme/2026-10/.chosen-r1", b'{"staged": ".sealing-r1-0a0a", "files": ["report.html"]}')

    with pytest.raises(ArchiveError, match=r"\.chosen-r1 names files that are gone: remove that object"):
        seal(Archive(bucket))


def test_what_was_staged_by_a_run_that_died_is_removed_when_its_revision_is_sealed(bucket: UPath) -> None:
    write(bucket / "acme/2026-10/.sealing-r1-0a0a/restricted/people.csv", b"ann")
    write(bucket / "acme/2026-10/.sealing-r2-0b0b/restricted/people.csv", b"may be alive")

    seal(Archive(bucket))

    staged = [name for name in files_in(bucket / "acme/2026-10") if name.startswith(".sealing")]
    assert staged == [".sealing-r2-0b0b/restricted/people.csv"]
