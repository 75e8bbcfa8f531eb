"""Archives in buckets need conditional writes and remove staged files."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from misbehaving_server import Behavior, answering, serve, silent
from sealing import DOCUMENTS, OCTOBER, files_in, seal, write
from upath import UPath

from tabnine_report.archive import Archive, Bundle
from tabnine_report.archive import bucket as bucket_module
from tabnine_report.archive.bucket import Bucket
from tabnine_report.model.errors import ArchiveError
from tabnine_report.model.month import Month


def test_check_rejects_a_storage_without_conditional_writes(bucket: UPath, monkeypatch: pytest.MonkeyPatch) -> None:
    real = bucket.fs.pipe_file
    monkeypatch.setattr(bucket.fs, "pipe_file", lambda path, value, mode: real(path, value))

    with pytest.raises(ArchiveError, match="allows two writers to create the same object"):
        Archive(bucket).check()
    assert files_in(bucket) == []


def test_a_missing_bucket_is_named(bucket: UPath) -> None:
    archive = Archive("s3://nobodys-bucket/reports")

    with pytest.raises(ArchiveError, match=r"Cannot write to s3://nobodys-bucket/reports: The specified bucket does"):
        archive.check()


def test_missing_credentials_are_named(bucket: UPath, monkeypatch: pytest.MonkeyPatch) -> None:
    type(bucket.fs).clear_instance_cache()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(ArchiveError, match=r"Cannot write to .*: the storage driver raised NoCredentialsError"):
        Archive(f"{bucket}/other").check()
    type(bucket.fs).clear_instance_cache()


@pytest.mark.parametrize(
    "behavior",
    [silent, answering(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", *[b"x"] * 100, pause_seconds=0.05)],
    ids=["silent", "slow"],
)
@pytest.mark.parametrize("operation", ["check", "read"])
def test_a_storage_that_does_not_respond_in_time_is_named(
    bucket: UPath, behavior: Behavior, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_module, "OPERATION_SECONDS", 0.3)
    with serve(behavior) as port:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        type(bucket.fs).clear_instance_cache()
        archive = Archive(f"s3://reports-{uuid4().hex}/acme")
        with pytest.raises(ArchiveError, match=r"s3://.*: the storage did not respond within 0\.3 seconds; check the"):
            archive.check() if operation == "check" else archive.revisions("acme", OCTOBER)
    type(bucket.fs).clear_instance_cache()


def test_no_personal_data_stays_staged(bucket: UPath) -> None:
    seal(Archive(bucket))

    assert [name for name in files_in(bucket / "acme/2026-10") if not name.startswith("r1/")] == [".chosen-r1"]


def test_the_next_run_completes_a_bundle_that_was_chosen_before_a_run_died(
    bucket: UPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Bucket, "_publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            seal(Archive(bucket))
    assert Archive(bucket).revisions("acme", OCTOBER) == []

    with pytest.raises(ArchiveError, match="is already sealed"):
        Archive(bucket).seal("acme", OCTOBER, 1, {"report.html": b"another"}, {}, {})

    assert Bundle(bucket / "acme/2026-10/r1").documents() == DOCUMENTS
    assert not any(name.startswith(".sealing") for name in files_in(bucket / "acme/2026-10"))


def test_a_choice_with_missing_files_is_named(bucket: UPath) -> None:
    write(bucket / "acme/2026-10/.chosen-r1", b'{"staged": ".sealing-r1-0a0a", "files": ["report.html"]}')

    with pytest.raises(ArchiveError, match=r"\.chosen-r1 names missing files; remove that object"):
        seal(Archive(bucket))


def test_sealing_removes_staged_files_of_dead_runs_of_the_same_revision(bucket: UPath) -> None:
    write(bucket / "acme/2026-10/.sealing-r1-0a0a/restricted/people.csv", b"ann")
    write(bucket / "acme/2026-10/.sealing-r2-0b0b/restricted/people.csv", b"may be alive")

    seal(Archive(bucket))

    staged = [name for name in files_in(bucket / "acme/2026-10") if name.startswith(".sealing")]
    assert staged == [".sealing-r2-0b0b/restricted/people.csv"]


def die(*_: object) -> None:
    raise KeyboardInterrupt


def die_before_the_manifest(storage: Bucket, path: UPath, content: bytes) -> bool:
    if path.name == "manifest.json":
        raise KeyboardInterrupt
    return CREATE(storage, path, content)


CREATE = Bucket._create


@pytest.mark.parametrize(
    ("step", "death"),
    [("_choose", die), ("_publish", die), ("_create", die_before_the_manifest)],
    ids=["staged", "chosen", "copied"],
)
def test_the_next_sealing_removes_what_a_killed_run_wrote_two_days_before(
    bucket: UPath, step: str, death: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(bucket)
    with monkeypatch.context() as patch:
        patch.setattr(Bucket, step, death)
        with pytest.raises(KeyboardInterrupt):
            seal(archive)
    written = set(files_in(bucket))
    archive.save_draft("acme", OCTOBER, DOCUMENTS)
    assert any(name.endswith("restricted/people.csv") for name in written)

    seal(archive, 2)
    assert written < set(files_in(bucket))  # the run may be alive

    monkeypatch.setattr(bucket_module, "UNSEALED_LIFETIME", timedelta(seconds=-5))
    seal(archive, month=Month(2026, 11))
    assert not written & set(files_in(bucket))
    assert files_in(bucket / "acme/2026-10/draft") == sorted(DOCUMENTS)
    assert [str(bundle.month) for bundle in archive.bundles("acme")] == ["2026-10", "2026-11"]
    assert not [name for name in files_in(bucket) if name.startswith(".probe")]


def test_a_sealed_bundle_that_lost_its_manifest_is_kept(bucket: UPath, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(bucket)
    seal(archive)
    (bucket / "acme/2026-10/r1/manifest.json").unlink()
    written = set(files_in(bucket))

    monkeypatch.setattr(bucket_module, "UNSEALED_LIFETIME", timedelta(seconds=-5))
    seal(archive, month=Month(2026, 11))

    assert written < set(files_in(bucket))


def test_an_interrupted_removal_is_completed(bucket: UPath, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (".sealing-r1-0a0a/manifest.json", ".chosen-r1", "r1/restricted/people.csv"):
        write(bucket / "acme/2026-10" / name, b"ann")
    monkeypatch.setattr(bucket_module, "UNSEALED_LIFETIME", timedelta(seconds=-5))
    real, archive = Bucket.remove, Archive(bucket)

    def interrupted(storage: Bucket, folder: UPath, names: Iterable[str]) -> None:
        real(storage, folder, names)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Bucket, "remove", interrupted)
        with pytest.raises(KeyboardInterrupt):
            archive.remove_leftovers("acme")
    assert files_in(bucket) == ["acme/2026-10/.sealing-r1-0a0a/manifest.json"]

    archive.remove_leftovers("acme")
    assert files_in(bucket) == []


def test_files_that_another_run_removes_at_the_same_time_are_no_error(
    bucket: UPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bucket, "files", lambda *_: {"2026-10/.sealing-r1-0a0a/manifest.json": 1})

    Archive(bucket).remove_leftovers("acme")
