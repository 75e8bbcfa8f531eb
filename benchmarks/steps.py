"""The steps of a report without Prefect, each timed once in a fresh process: `python benchmarks/steps.py PROFILE`.

Prints the seconds of each as JSON. A run makes one report, so what a step costs the first time is what it costs.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scenario import AT, MONTH

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.archive import Archive
from tabnine_report.archive.build_info import build_info
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.ledger.revision_numbers import RevisionNumber, RevisionNumbers
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.recipients import DeliveryRequest, RecipientScope
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.profile import Profile
from tabnine_report.profile.reading import load_profile
from tabnine_report.render.html.chart_svg import draw
from tabnine_report.render.html.page import report_html
from tabnine_report.render.pdf.process import Limits, Printer
from tabnine_report.render.template_environment import Templates, language_of
from tabnine_report.usage_api import reading
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import ORGANIZATION_ENDPOINTS, Endpoint, queries, team_queries
from tabnine_report.usage_api.snapshot import Snapshot
from tabnine_report.usage_api.team_requests import team_endpoints, team_ids

RECIPIENTS = tuple(f"reader{number}@acme.example" for number in range(4))


class Stopwatch:
    """Keeps how long each step took, in seconds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def time(self, step: str) -> Iterator[None]:
        """Time the block."""
        begun = time.perf_counter()
        yield
        self.seconds[step] = time.perf_counter() - begun


async def fetch(profile: Profile) -> Snapshot:
    """Fetch a month as the flow does: the organization first, then everything else at once, then its teams."""
    month, people = Month.parse(MONTH), profile.privacy.people
    async with UsageApi(profile.usage_api, profile.network, clock=lambda: AT) as api:
        first = await api.fetch(
            Endpoint.ORGANIZATION, queries(Endpoint.ORGANIZATION, month, organization_id="", people=people)
        )
        organization_id = reading.organization(first).id
        others = [endpoint for endpoint in ORGANIZATION_ENDPOINTS if endpoint is not Endpoint.ORGANIZATION]
        fetched = await asyncio.gather(
            *(api.fetch(endpoint, queries(endpoint, month, organization_id, people)) for endpoint in others)
        )
        fetches = {Endpoint(one.endpoint): one for one in (first, *fetched)}
        teams = team_ids(fetches) if "full" in profile.editions else ()
        of_teams = await asyncio.gather(
            *(
                api.fetch_each(endpoint, team_queries(endpoint, month, organization_id, teams))
                for endpoint in team_endpoints(fetches, month)
                if teams
            )
        )
    fetched_all = {one.endpoint: one for one in (*fetches.values(), *of_teams)}
    return Snapshot(month=MONTH, host=profile.usage_api.host, fetches=fetched_all)


def html_of(report: MonthlyReport) -> str:
    """Write the HTML document for a screen and for paper, charts included, and give that for paper."""
    language = language_of(report)
    templates = Templates(report, language)
    drawings = draw(report, language, templates)
    report_html(report, language, templates, drawings)
    return report_html(report, language, templates, drawings, paper=True)


def pdf_of(html: str) -> bytes:
    """Make the PDF, from starting its process to its last byte."""
    with Printer(Limits()) as printer:
        return printer.print(html)


def seal(profile: Profile, documents: Mapping[str, bytes], snapshot: Snapshot) -> None:
    """Seal a bundle, from finding its place to its manifest on the disk."""
    archive, facts = Archive(profile.archive.location), {"made_with": build_info()}
    archive.check()
    archive.seal(profile.name, Month.parse(MONTH), 1, documents, snapshot.files(), facts)


def keep_the_ledger(profile: Profile) -> None:
    """Do what a run writes into its ledger: a revision's number, and what becomes of a message to each of four."""
    ledger = Ledger(profile.archive.ledger, lambda: AT)
    numbers = RevisionNumbers(profile.archive.ledger, lambda: AT)
    number = numbers.reserve(profile.name, MONTH, newest_sealed=0)
    if not isinstance(number, RevisionNumber):
        raise TypeError(number)
    numbers.finish(number, sealed=True)
    order = DeliveryRequest(profile.name, MONTH, number.revision, RecipientScope.UNDELIVERED, AT)
    for recipient in RECIPIENTS:
        claim = ledger.claim(order, "email", recipient)
        if not isinstance(claim, Claim):
            raise TypeError(claim)
        ledger.hand_over(claim)
        ledger.settle(claim, DeliveryState.SENT, "")


def main(profile_path: Path) -> None:
    """Time every step and print the seconds."""
    profile = load_profile(profile_path, lambda _kind, _name: None)
    watch = Stopwatch()
    with watch.time("fetch"):
        snapshot = asyncio.run(fetch(profile))
    with watch.time("build"):
        report = build_report(snapshot, profile, revision=1, draft=False)
    with watch.time("html"):
        html = html_of(report)
    with watch.time("pdf"):
        pdf = pdf_of(html)
    documents = {"report.html": html.encode(), "report.pdf": pdf, "report.json": report.model_dump_json().encode()}
    with watch.time("seal"):
        seal(profile, documents, snapshot)
    with watch.time("ledger_made"):
        Ledger(profile.archive.ledger, lambda: AT).check()
    with watch.time("ledger"):
        keep_the_ledger(profile)
    print(json.dumps(watch.seconds))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
