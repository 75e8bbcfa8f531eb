"""The expected documents of one fixed report, in tests/golden/; `make golden` updates them.

The report is that of a small organization for October 2026. Versions and the style sheet are left out, because they
change while the report stays the same.
"""

import json
import re
from pathlib import Path
from typing import Any

from render_text import text_documents
from small_organization import PEOPLE, Organization, TeamUse, Usage, accounts_of

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.profile import Profile
from tabnine_report.render.chat import CHAT_FORMATS
from tabnine_report.render.template_environment import language_of

GOLDEN = Path(__file__).parents[1] / "golden"
_LINK = "https://reports.example/acme/2026-10/r1/report.html"
_PROFILE = {
    "name": "acme",
    "time_zone": "Europe/Berlin",
    "usage_api": {"base_url": "https://console.example", "token": "t0ken"},
    "archive": {},
}
_STYLE = re.compile(r"(?<=<style>).*?(?=</style>)", re.DOTALL)


def golden_report() -> MonthlyReport:
    """Build the report: 13 months of people, two of completions and chat, two teams, and no agents."""
    october = Month(2026, 10)
    months = october.last(13)
    blocks = {
        str(month): {
            "codeCompletions": {"activeUsers": 20 + at, "completions": 1000 + 90 * at},
            "chat": {"activeUsers": 9},
        }
        for at, month in enumerate(october.last(2))
    }
    acme = Organization(
        accounts={str(month): accounts_of(month, 50 if month == october else 48) for month in months},
        v1=Usage(
            people={str(month): people for month, people in zip(months, PEOPLE, strict=True)},
            blocks=blocks,
            days={str(day): 20 for day in october.days if day.weekday() < 5},
        ),
    ).with_teams(one=TeamUse(), two=TeamUse(members=12, people=(None, 9)))
    report = build_report(acme.snapshot(), Profile.model_validate(_PROFILE), revision=1, draft=False)
    return report.model_copy(update={"program_version": "0"})


def golden_documents() -> dict[str, str]:
    """Render the documents for comparison, by file name."""
    report = golden_report()
    documents = text_documents(report, _LINK)
    payloads = {
        channel: chat.report_payload(report, language_of(report), _LINK) for channel, chat in CHAT_FORMATS.items()
    }
    return {
        "report.html": _STYLE.sub("", str(documents["report.html"])),
        "email.html": str(documents["email.html"]),
        "email.txt": documents["email.txt"],
        **{f"{channel}.json": _json(payload) for channel, payload in payloads.items()},
        "report.json": _json(_brief(report.model_dump(mode="json"))),
    }


def _brief(part: Any) -> Any:
    """Shorten each figure of the model to one line, so that differences are easy to read."""
    match part:
        case {"points": points}:
            lines = {point["period"]: _line(point["figure"] | {"source": None, "reason": ""}) for point in points}
            return part | {"points": lines}
        case {"value": _, "state": _}:
            return _line(part)
        case dict():
            return {name: _brief(value) for name, value in part.items()}
        case list():
            return [_brief(value) for value in part]
        case _:
            return part


def _line(figure: dict[str, Any]) -> str:
    source = figure["source"] or {}
    details = [figure["reason"], figure["as_of"], *source.values()]
    return " · ".join([f"{figure['value']} {figure['unit']} {figure['state']}", *filter(None, details)])


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def renew() -> None:
    """Write the documents."""
    GOLDEN.mkdir(exist_ok=True)
    for name, text in golden_documents().items():
        (GOLDEN / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    renew()
