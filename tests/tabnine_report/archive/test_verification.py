"""Verify a real bundle of a small organization and report every difference."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from small_organization import Organization, Usage, accounts_of

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.archive import Archive, Bundle, Retention, purge, verification
from tabnine_report.archive.build_info import build_info
from tabnine_report.archive.verification import verify
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import NO_PRIOR_REPORTS
from tabnine_report.profile.profile import Profile
from tabnine_report.render.documents import render_documents
from tabnine_report.usage_api.snapshot import Snapshot

OCTOBER = Month(2026, 10)
Seal = Callable[..., Bundle]


@pytest.fixture(scope="module")
def profile() -> Profile:
    return Profile.model_validate(
        {
            "name": "acme",
            "time_zone": "Europe/Berlin",
            "usage_api": {"base_url": "https://console.example", "token": "t0ken"},
            "slack": {"webhook_url": "https://hooks.example/hush"},
            "admins": {"slack_webhook_url": "https://hooks.example/admins"},
            "report": {"release": "after_approval"},  # requires admins, which verification does not need
            "archive": {},
        }
    )


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    months = OCTOBER.last(13)
    return Organization(
        accounts={str(month): accounts_of(month, 50) for month in months},
        v1=Usage(people={str(month): 40 for month in months}),
    ).snapshot()


@pytest.fixture(scope="module")
def documents(profile: Profile, snapshot: Snapshot) -> dict[str, bytes]:
    report = build_report(snapshot, profile, revision=1, draft=False, prior_reports=NO_PRIOR_REPORTS)
    return render_documents(report, link="https://reports.example/r1/report.html") | NO_PRIOR_REPORTS.files()


@pytest.fixture
def seal(tmp_path: Path, profile: Profile, snapshot: Snapshot, documents: dict[str, bytes]) -> Seal:
    def seal_documents(*, version: str = "", **others: bytes) -> Bundle:
        versions = build_info() | ({"tabnine-report": version} if version else {})
        facts = {
            "build_info": versions,
            "fetched": {"from": snapshot.started_at.isoformat(), "to": snapshot.ended_at.isoformat()},
            "profile": profile.without_secrets(),
        }
        changed = documents | {name.replace("_", "."): content for name, content in others.items()}
        return Archive(tmp_path).seal("acme", OCTOBER, 1, changed, snapshot.files(), facts)

    return seal_documents


@pytest.fixture
def _rendered_before(documents: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Reuse the rendered documents instead of rendering again; the first test renders for real."""
    rendered = {name: content for name, content in documents.items() if not name.startswith("inputs/")}
    by_link = {"https://reports.example/r1/report.html": rendered}
    monkeypatch.setattr(verification, "render_documents", lambda _report, *, link, **_: by_link.get(link, {}))


def test_an_intact_bundle_is_verified_down_to_its_documents(seal: Seal) -> None:
    result = verify(seal())

    assert result.problems == ()
    files, figures, documents = result.notes
    assert files.startswith("The bundle is intact: ")
    assert figures.startswith("Its responses produce the same report: ")
    assert documents.startswith("Its report renders the same documents: ")


@pytest.mark.usefixtures("_rendered_before")
def test_a_document_that_differs_from_the_report_is_reported(seal: Seal) -> None:
    assert verify(seal(email_txt=b"Another headline")).problems == (
        "email.txt renders differently from the sealed file.",
    )


@pytest.mark.usefixtures("_rendered_before")
def test_a_report_that_differs_from_its_answers_is_reported(seal: Seal, documents: dict[str, bytes]) -> None:
    report = json.loads(documents["report.json"])
    report["page_one_kpis"][0]["figure"]["value"] = 4000

    problems = verify(seal(report_json=json.dumps(report).encode())).problems

    assert "Its responses produce a different report. Different figures: 1 of" in problems[0]
    assert "the first is page_one_kpis.0.figure" in problems[0]


def test_after_a_changed_file_nothing_else_is_compared(seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = seal()
    path = Path(str(bundle.path("report.pdf")))
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    monkeypatch.delattr(verification, "render_documents")

    assert verify(bundle).problems == ("report.pdf was changed: its SHA-256 differs from the manifest.",)


@pytest.mark.usefixtures("_rendered_before")
def test_differences_with_other_versions_are_notes_instead_of_problems(seal: Seal) -> None:
    result = verify(seal(version="0.0.9", email_txt=b"as it was worded then"))

    assert result.problems == ()
    assert "built with other versions: tabnine-report 0.0.9, now " in result.notes[1]
    assert "email.txt renders differently from the sealed file." in result.notes


def test_a_report_that_only_another_version_reads_is_a_note(seal: Seal) -> None:
    result = verify(seal(version="0.0.9", report_json=b'{"page_one_kpis": 4}'))

    assert result.problems == ()
    assert "Install tabnine-report 0.0.9 in a separate environment" in result.notes[-1]


@pytest.mark.usefixtures("_rendered_before")
def test_after_a_purge_the_remaining_files_are_verified(seal: Seal, tmp_path: Path) -> None:
    bundle = seal()
    now = Month(2027, 12).start
    assert purge(Archive(tmp_path), "acme", Retention(personal_data_months=12), now)[1] == []

    result = verify(Bundle(bundle.folder))

    assert result.problems == ()
    integrity, documents = result.notes
    assert integrity == (
        "The remaining files are intact; the restricted files were removed on 2027-12-01 by "
        "archive.keep_personal_data_months = 12."
    )
    assert documents.startswith("Its report renders the same documents")


def test_a_completely_removed_bundle_is_verified_by_its_manifest(seal: Seal, tmp_path: Path) -> None:
    bundle = seal()
    purge(Archive(tmp_path), "acme", Retention(bundle_months=24), Month(2029, 1).start)

    result = verify(Bundle(bundle.folder))

    assert result.problems == ()
    (integrity,) = result.notes
    assert integrity == (
        "The remaining files are intact; all files except the manifest were removed on 2029-01-01 by "
        "archive.keep_months = 24."
    )
