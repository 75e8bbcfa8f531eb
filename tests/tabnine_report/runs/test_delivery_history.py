"""The history has the state, revisions and deliveries of each month, including damaged bundles."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

from sample_report import sample_report
from upath import UPath

from tabnine_report.archive import Archive
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.ledger.month_records import MonthRecord
from tabnine_report.deliver.ledger.release_records import Release, ReleaseRecord
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.data_quality import RevisionChanges
from tabnine_report.model.month import Month
from tabnine_report.runs.delivery_history import read_history

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def seal(archive: Archive, month: str, revision: int, changed: str = "") -> UPath:
    revision_changes = RevisionChanges(revision=revision - 1, sentence=changed, figures=()) if changed else None
    report = sample_report(month=month, revision=revision, revision_changes=revision_changes)
    content = json.dumps(report.model_dump(mode="json")).encode()
    return archive.seal("acme", Month.parse(month), revision, {"report.json": content}, {}, {}).folder


def test_each_month_has_its_state_revisions_changes_and_deliveries_newest_month_first(tmp_path: Path) -> None:
    archive, ledger = Archive(tmp_path), Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: AT)
    seal(archive, "2026-09", 1)
    seal(archive, "2026-10", 1)
    seal(archive, "2026-10", 3, "Figures changed since revision 1: Active users 412 (previously 409).")
    order = DeliveryRequest("acme", "2026-10", 1, RecipientScope.UNDELIVERED, requested_at=AT)
    claim = ledger.claim(order, "email", "cto@acme.example")
    assert isinstance(claim, Claim)
    ledger.hand_over(claim)
    ledger.settle(claim, DeliveryState.SENT, "250 OK")

    releases = [ReleaseRecord("2026-10", 1, AT, AT, Release("ann@build-1", AT)), ReleaseRecord("2026-10", 2)]
    states = [
        MonthRecord("2026-08", date(2026, 9, 2), "failed", None, "The API is down.", "", AT),
        MonthRecord("2026-10", date(2026, 11, 2), "sent", 3, "", "1c2", AT),
    ]
    history = read_history(archive, ledger.deliveries("acme"), releases, states, "acme").model_dump(mode="json")

    revision = {
        "damage": "",
        "removed": False,
        "data_as_of": "2026-11-02T06:00:00Z",
        "complete": False,
        "headline": sample_report().headline,
        "changed": "",
        "withheld_at": None,
        "released_at": None,
        "released_by": None,
    }
    unrecorded = {"due": None, "state": "", "reason": "", "updated_at": None}
    released = {
        "withheld_at": "2026-11-02T06:00:00Z",
        "released_at": "2026-11-02T06:00:00Z",
        "released_by": "ann@build-1",
    }
    changed = "Figures changed since revision 1: Active users 412 (previously 409)."
    assert history == {
        "history_version": 1,
        "organization": "acme",
        "months": [
            {
                "month": "2026-10",
                "due": "2026-11-02",
                "state": "sent",
                "reason": "",
                "updated_at": "2026-11-02T06:00:00Z",
                "revisions": [
                    {"revision": 1, **revision, **released},
                    {"revision": 3, **revision, "changed": changed},
                ],
                "deliveries": [
                    {
                        "channel": "email",
                        "recipient": "cto@acme.example",
                        "send": 0,
                        "revision": 1,
                        "state": "sent",
                        "at": "2026-11-02T06:00:00Z",
                        "detail": "250 OK",
                    }
                ],
            },
            {"month": "2026-09", **unrecorded, "revisions": [{"revision": 1, **revision}], "deliveries": []},
            {
                "month": "2026-08",
                "due": "2026-09-02",
                "state": "failed",
                "reason": "The API is down.",
                "updated_at": "2026-11-02T06:00:00Z",
                "revisions": [],
                "deliveries": [],
            },
        ],
    }


def test_a_damaged_bundle_is_included_with_its_damage(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    (seal(archive, "2026-10", 1) / "report.json").write_bytes(b"{}")

    ((revision,),) = [month.revisions for month in read_history(archive, [], [], [], "acme").months]

    assert (revision.revision, revision.headline) == (1, "")
    assert "report.json was changed" in revision.damage


def test_an_organization_without_reports_has_no_months(tmp_path: Path) -> None:
    assert read_history(Archive(tmp_path), [], [], [], "acme").months == ()
