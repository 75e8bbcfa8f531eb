"""A real bundle of a small organization is verified, and whatever is not as it was is said."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from small_organization import Organization, Usage, accounts_of

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.archive import Archive, Bundle, Retention, purge
from tabnine_report.archive import verification as verifying
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
            "report": {"release": "after_approval"},  # which asks for admins, who are not needed to verify
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
    def one(*, version: str = "", **others: bytes) -> Bundle:
        versions = build_info() | ({"tabnine-report": version} if version else {})
        facts = {
            "program_version": versions["tabnine-report"],
            "made_with": versions,
            "fetched": {"from": snapshot.started_at.isoformat(), "to": snapshot.ended_at.isoformat()},
            "profile": profile.without_secrets(),
        }
        changed = documents | {name.replace("_", "."): content for name, content in others.items()}
        return Archive(tmp_path).seal("acme", OCTOBER, 1, changed, snapshot.files(), facts)

    return one


@pytest.fixture
def _rendered_before(documents: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what was rendered for the bundle stand for rendering again, which the first test does for real."""
    again = {name: content for name, content in documents.items() if not name.startswith("inputs/")}
    kept = {"https://reports.example/r1/report.html": again}
    monkeypatch.setattr(verifying, "render_documents", lambda _report, *, link, editions: kept.get(link, {}))


def test_a_bundle_as_it_was_sealed_is_verified_down_to_its_documents(seal: Seal) -> None:
    verdict = verify(seal())

    assert verdict.problems == ()
    files, figures, documents = verdict.notes
    assert files.startswith("The bundle is intact: ")
    assert figures.startswith("Its answers give this report: ")
    assert documents.startswith("Its documents come out the same: ")


@pytest.mark.usefixtures("_rendered_before")
def test_a_document_that_was_not_made_of_the_report_is_named(seal: Seal) -> None:
    assert verify(seal(email_txt=b"Another headline")).problems == (
        "email.txt comes out otherwise than it was sealed.",
    )


@pytest.mark.usefixtures("_rendered_before")
def test_a_report_that_its_answers_do_not_give_is_said_to_be_one(seal: Seal, documents: dict[str, bytes]) -> None:
    report = json.loads(documents["report.json"])
    report["page_one_kpis"][0]["figure"]["value"] = 4000

    problems = verify(seal(report_json=json.dumps(report).encode())).problems

    assert "Its answers give another report: 1 of" in problems[0]
    assert "page_one_kpis.0.figure first" in problems[0]


def test_a_flipped_bit_is_named_and_nothing_else_is_compared(seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = seal()
    path = Path(str(bundle.path("report.pdf")))
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    monkeypatch.delattr(verifying, "render_documents")

    assert verify(bundle).problems == ("report.pdf was changed: its SHA-256 is not the one that it had when sealed.",)


@pytest.mark.usefixtures("_rendered_before")
def test_of_another_version_what_differs_is_told_and_is_no_problem(seal: Seal) -> None:
    verdict = verify(seal(version="0.0.9", email_txt=b"as it was worded then"))

    assert verdict.problems == ()
    assert "made with other versions than these: tabnine-report 0.0.9, here " in verdict.notes[1]
    assert "email.txt comes out otherwise than it was sealed." in verdict.notes


def test_a_report_that_only_another_version_reads_is_said_to_be_one(seal: Seal) -> None:
    verdict = verify(seal(version="0.0.9", report_json=b'{"page_one_kpis": 4}'))

    assert verdict.problems == ()
    assert "tabnine-report 0.0.9 in an environment of its own reads it" in verdict.notes[-1]


@pytest.mark.usefixtures("_rendered_before")
def test_after_a_purge_the_rest_is_verified_and_it_says_when_and_why(seal: Seal, tmp_path: Path) -> None:
    bundle = seal()
    now = Month(2027, 12).start
    assert purge(Archive(tmp_path), "acme", Retention(people_months=12), now)[1] == []

    verdict = verify(Bundle(bundle.folder))

    assert verdict.problems == ()
    intact, documents = verdict.notes
    assert intact == (
        "What is left is as it was sealed; its personal part was removed on 2027-12-01 by "
        "archive.keep_people_months = 12."
    )
    assert documents.startswith("Its documents come out the same")


def test_of_a_bundle_that_was_removed_as_a_whole_that_is_all_there_is_to_say(seal: Seal, tmp_path: Path) -> None:
    bundle = seal()
    purge(Archive(tmp_path), "acme", Retention(bundle_months=24), Month(2029, 1).start)

    verdict = verify(Bundle(bundle.folder))

    assert verdict.problems == ()
    assert verdict.notes == (
        "What is left is as it was sealed; all but the manifest was removed on 2029-01-01 by archive.keep_months = 24.",
    )
