"""The cases of the gallery: reports of organizations that differ in what makes a layout difficult.

Each case is built as a real report is, from the responses of a sandbox; some edit these responses first.
"""

from collections.abc import Callable
from datetime import date
from functools import cache
from itertools import cycle

from offline_run import Table, fetch, report_of
from snapshot_edits import failed, named, starting_on, without_agents

from tabnine_report.model.answers import Note
from tabnine_report.model.prior_reports import NO_PRIOR_REPORTS, PriorReports
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.logo import parse_logo
from tabnine_report.profile.note import MAX_LENGTH, MAX_SIGNATURE_LENGTH
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.snapshot import Snapshot

LONG_NAME = (
    "Rindfleischetikettierungsüberwachungs- und Datenverarbeitungsgesellschaft Mecklenburg-Vorpommern mbH & Co. KG"
)
SIXTY = "Landesbausparkasse Nordrhein-Westfalen und Rheinland-Pfalz AG"
"""A name of about 60 characters."""
PRICE: Table = {"seat_price": 39, "currency": "EUR", "country": "DE"}
TARGETS: Table = {"adoption_rate": 0.75, "unassigned_seats": 50, "agent_spend_usd": 1400, "notice_by": "2026-12-15"}
LONG_TEAMS = (
    "Platform engineering, developer experience and internal tools for all of Europe, the Middle East and Africa",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "team_with_an_identifier_that_somebody_generated_0123456789abcdef0123456789abcdef",
)
LONG_NOTE = "Warsaw joined on 12 October with sixty people who had used another assistant until then. " * 5
LONG_REASONS = (
    "Two versions of the usage endpoint counted October 2026, each a part of it; neither names its users.",
    "The list of users could not be fetched: console.example returned 503 in all four attempts in 60 seconds.",
    "The number of active users is partial, so the number of inactive accounts would be too high to be shown.",
    "The API returned no totalCost for October 2026, although the month was requested alone and in the history.",
)
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40"><rect width="60" height="40" fill="#3a49c8"/></svg>'
)
SCRIPTS = (
    "فريق البيانات والتحليلات",
    "צוות התשתיות",
    "プラットフォーム開発部",
    "数据平台团队",
    "플랫폼 팀",
    "ทีมแพลตฟอร์ม",
    "प्लेटफ़ॉर्म टीम",
    "Команда платформы",
    "Ομάδα δεδομένων",
)
_STILL_RESPONDING = (Endpoint.ORGANIZATION, Endpoint.LICENSE, Endpoint.TEAMS)


def names() -> list[str]:
    """Return the names of all cases."""
    return list(_CASES)


def case(name: str) -> MonthlyReport:
    """Build the report of a case.

    Raises:
        KeyError: If there is no such case.
    """
    return _CASES[name]()


@cache
def _ordinary() -> Snapshot:
    return fetch(World())


def _two_figures() -> Snapshot:
    """Return a snapshot in which every request failed except those for organization, license and teams."""
    requested = _ordinary().fetches
    endpoints = [endpoint for endpoint in Endpoint if endpoint in requested and endpoint not in _STILL_RESPONDING]
    return failed(_ordinary(), endpoints, 503)


def _first_month() -> Snapshot:
    return starting_on(_ordinary(), "2026-10-18")


@cache
def _five_hundred_teams() -> Snapshot:
    return fetch(World(users=3000, teams=500))


def _crowded() -> MonthlyReport:
    """Build a report with the longest names, notes and reasons, in a revision that changes nearly every figure."""
    snapshot = named(_five_hundred_teams(), LONG_NAME, LONG_TEAMS)
    targets = {"adoption_rate": 0.95, "unassigned_seats": 4, "agent_spend_usd": 9000, "notice_by": "2026-12-15"}
    price = {"seat_price": 39.5, "currency": "EUR"}
    prior_reports = PriorReports(
        previous_month=report_of(_ordinary(), report=price, targets=targets),
        earlier_revision=report_of(_ordinary(), report=price, targets=targets),
    )
    note = Note(text=f"{LONG_NOTE:.{MAX_LENGTH}}", author=f"{LONG_NAME:.{MAX_SIGNATURE_LENGTH}}")
    report = report_of(snapshot, prior_reports=prior_reports, note=note, report=price, targets=targets)
    partial = zip(report.page_one_kpis, cycle(LONG_REASONS), strict=False)
    page_one_kpis = tuple(tile.model_copy(update={"figure": tile.figure.partial(reason)}) for tile, reason in partial)
    return report.model_copy(
        update={"page_one_kpis": page_one_kpis, "logo": parse_logo(LOGO), "draft": True, "complete": False}
    )


def _priced(
    snapshot: Snapshot, *, prior_reports: PriorReports = NO_PRIOR_REPORTS, note: Note | None = None
) -> MonthlyReport:
    """Build a report with a seat price and targets, as an organization that looks after its spend has."""
    return report_of(snapshot, prior_reports=prior_reports, note=note, report=PRICE, targets=TARGETS)


def _revision() -> MonthlyReport:
    """Build a revision that changes a few figures."""
    earlier = _priced(_ordinary())
    tile = earlier.page_one_kpis[0]
    figure = tile.figure.model_copy(update={"value": 333})
    kpis = (tile.model_copy(update={"figure": figure}), *earlier.page_one_kpis[1:])
    before = earlier.model_copy(update={"page_one_kpis": kpis})
    note = Note(text="Warsaw joined on 12 October.", author="J. B.")
    return _priced(_ordinary(), prior_reports=PriorReports(previous_month=before, earlier_revision=before), note=note)


def _large() -> MonthlyReport:
    """Build a report with wide numbers, long names of months, and a long note in a revision."""
    price, snapshot = {"seat_price": 3450, "currency": "INR", "locale": "ru"}, fetch(World(users=20_000, teams=90))
    targets = {"adoption_rate": 0.8, "unassigned_seats": 12_345, "agent_spend_usd": 123_456, "notice_by": "2026-12-15"}
    before = report_of(_ordinary(), report=price, targets=targets)
    prior_reports = PriorReports(previous_month=before, earlier_revision=before)
    note = Note(text=f"{LONG_NOTE:.{MAX_LENGTH}}", author="J. B.")
    return report_of(snapshot, prior_reports=prior_reports, note=note, report=price, targets=targets)


_CASES: dict[str, Callable[[], MonthlyReport]] = {
    "ordinary": lambda: _priced(_ordinary()),
    "no-price": lambda: report_of(_ordinary()),
    "revision": _revision,
    "draft": lambda: _priced(_ordinary()).model_copy(update={"draft": True}),
    "partial": lambda: _priced(failed(_ordinary(), [Endpoint.USERS, Endpoint.AGENT_USAGE], 503)),
    "long-names": lambda: _priced(named(_ordinary(), SIXTY, (f"{SIXTY:.56} {at}" for at in range(20)))),
    "crowded": _crowded,
    "large": _large,
    "500-teams": lambda: _priced(_five_hundred_teams()),
    "small": lambda: report_of(fetch(World(users=12, teams=2))),
    "no-teams": lambda: _priced(fetch(World(teams=0))),
    "one-month": lambda: _priced(starting_on(_ordinary(), "2026-10-01")),
    "first-month": lambda: _priced(_first_month()),
    "no-license": lambda: _priced(failed(_ordinary(), [Endpoint.LICENSE], 403)),
    "no-agents": lambda: _priced(without_agents(_ordinary())),
    "two-figures": lambda: _priced(_two_figures()),
    "right-to-left": lambda: _priced(named(_ordinary(), "شركة المثال للبرمجيات", SCRIPTS)),
    "east-asian": lambda: _priced(named(_ordinary(), "株式会社サンプル", SCRIPTS[2:5])),
    "cutover-inside": lambda: report_of(fetch(World(cutover=date(2026, 10, 14))), report={"locale": "pt_BR"}),
    "older-installation": lambda: report_of(fetch(World(cutover=None))),
}
