"""Time each step of a report once, without Prefect: `python benchmarks/steps.py PROFILE HTML`.

The program prints the seconds of each step as JSON. A run builds one report in a new process, so the first time counts.
It writes the document that becomes the PDF to the file HTML.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from print_pdf import render_pdf
from scenario import MONTH, SCHEDULED_AT

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.archive import Archive
from tabnine_report.archive.build_info import build_info
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.ledger.revision_numbers import RevisionNumber, RevisionNumbers
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.profile import Profile
from tabnine_report.profile.reading import load_profile
from tabnine_report.render.html.document import report_html
from tabnine_report.render.template_environment import Templates, language_of
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import ORGANIZATION_ENDPOINTS, Endpoint, queries, team_queries
from tabnine_report.usage_api.endpoints.organization import ORGANIZATION
from tabnine_report.usage_api.snapshot import Snapshot
from tabnine_report.usage_api.team_endpoint_selection import team_endpoints, team_ids

RECIPIENTS = tuple(f"reader{number}@acme.example" for number in range(4))


class Stopwatch:
    """Records the duration of each step in seconds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def time(self, step: str) -> Iterator[None]:
        """Time the block."""
        started_at = time.perf_counter()
        yield
        self.seconds[step] = time.perf_counter() - started_at


async def fetch(profile: Profile) -> Snapshot:
    """Fetch a month as the flow does: the organization, then all other endpoints together, then the teams."""
    month, people = Month.parse(MONTH), profile.privacy.people
    async with UsageApi(profile.usage_api, profile.network, clock=lambda: SCHEDULED_AT) as api:
        first = await api.fetch(
            Endpoint.ORGANIZATION, queries(Endpoint.ORGANIZATION, month, organization_id="", people=people)
        )
        organization_id = ORGANIZATION.read(first).id
        others = [endpoint for endpoint in ORGANIZATION_ENDPOINTS if endpoint is not Endpoint.ORGANIZATION]
        fetched = await asyncio.gather(
            *(api.fetch(endpoint, queries(endpoint, month, organization_id, people)) for endpoint in others)
        )
        fetches = dict(zip((Endpoint.ORGANIZATION, *others), (first, *fetched), strict=True))
        teams = team_ids(fetches) if "full" in profile.editions else ()
        team_fetches = await asyncio.gather(
            *(
                api.fetch(endpoint, team_queries(endpoint, month, organization_id, teams))
                for endpoint in team_endpoints(fetches, month)
                if teams
            )
        )
    all_fetches = {fetch.endpoint: fetch for fetch in (*fetches.values(), *team_fetches)}
    return Snapshot(month=MONTH, host=profile.usage_api.host, fetches=all_fetches)


def render_html(report: MonthlyReport) -> str:
    """Render the HTML for the screen and for print, and return the one for print."""
    language = language_of(report)
    templates = Templates(report, language)
    report_html(report, language, templates)
    return report_html(report, language, templates, paper=True)


def seal(profile: Profile, documents: Mapping[str, bytes], snapshot: Snapshot) -> None:
    """Write a sealed bundle to the archive."""
    archive, facts = Archive(profile.archive.location), {"build_info": build_info()}
    archive.check()
    archive.seal(profile.name, Month.parse(MONTH), 1, documents, snapshot.files(), facts)


def write_ledger(profile: Profile) -> None:
    """Write the ledger entries of a run: a revision number and the delivery of a message to four recipients."""
    ledger = Ledger(profile.archive.ledger, lambda: SCHEDULED_AT)
    numbers = RevisionNumbers(profile.archive.ledger, lambda: SCHEDULED_AT)
    number = numbers.reserve(profile.name, MONTH, newest_sealed=0)
    if not isinstance(number, RevisionNumber):
        raise TypeError(number)
    numbers.finish(number, sealed=True)
    order = DeliveryRequest(profile.name, MONTH, number.revision, RecipientScope.UNDELIVERED, SCHEDULED_AT)
    for recipient in RECIPIENTS:
        claim = ledger.claim(order, "email", recipient)
        if not isinstance(claim, Claim):
            raise TypeError(claim)
        ledger.hand_over(claim)
        ledger.settle(claim, DeliveryState.SENT, "")


def main(profile_path: Path, html_path: Path) -> None:
    """Time each step, print the seconds, and write the document that becomes the PDF."""
    profile = load_profile(profile_path, lambda _kind, _name: None)
    stopwatch = Stopwatch()
    with stopwatch.time("fetch"):
        snapshot = asyncio.run(fetch(profile))
    with stopwatch.time("build"):
        report = build_report(snapshot, profile, revision=1, draft=False)
    with stopwatch.time("html"):
        html = render_html(report)
    with stopwatch.time("pdf"):
        pdf = render_pdf(html)
    html_path.write_text(html, encoding="utf-8")
    documents = {"report.html": html.encode(), "report.pdf": pdf, "report.json": report.model_dump_json().encode()}
    with stopwatch.time("seal"):
        seal(profile, documents, snapshot)
    with stopwatch.time("ledger_setup"):
        Ledger(profile.archive.ledger, lambda: SCHEDULED_AT).check()
    with stopwatch.time("ledger"):
        write_ledger(profile)
    print(json.dumps(stopwatch.seconds))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
