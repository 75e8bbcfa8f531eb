"""Build a simple report, as a baseline for comparison: `python benchmarks/baseline_script.py URL TOKEN MONTH FOLDER`.

The script sends the same queries to the same endpoints as the report, one after another, with pages of 100 rows. It
aggregates with pandas and renders one template with WeasyPrint's defaults. It has no retries, no figure states, no
archive, no ledger, no charts, no email and no Prefect.
"""

import sys
from pathlib import Path
from typing import Any

import httpx
import jinja2
import pandas as pd
import weasyprint

PAGE_ROWS = 100
HISTORY_MONTHS = 13
LARGEST_TEAMS = 25

TEMPLATE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{{ name }}: {{ month }}</title>
<style>
  body { font-family: sans-serif; font-size: 10pt } table { border-collapse: collapse; margin: 1em 0 }
  th, td { border-bottom: 1px solid #ccc; padding: 3px 8px; text-align: right } th:first-child { text-align: left }
</style>
<h1>{{ name }}: Tabnine in {{ month }}</h1>
<table>{% for label, value in totals.items() %}<tr><th>{{ label }}<td>{{ "{:,}".format(value) }}{% endfor %}</table>
{% for title, table in tables.items() %}
<h2>{{ title }}</h2>
<table><tr>{% for column in table.columns %}<th>{{ column }}{% endfor %}
{% for row in table.itertuples(index=False) %}<tr>{% for cell in row %}<td>{{ cell }}{% endfor %}{% endfor %}</table>
{% endfor %}
</html>
"""


def fetch(client: httpx.Client, month: str) -> dict[str, Any]:
    """Fetch all answers, one request after another."""
    first = pd.Period(month, "M")
    window = {"from": f"{first}-01T00:00:00Z", "to": f"{first + 1}-01T00:00:00Z"}
    history = window | {"from": f"{first - (HISTORY_MONTHS - 1)}-01T00:00:00Z"}
    organization = get(client, "/api/v1/organization")
    organization_id = {"organizationId": organization["id"]}
    return {
        "organization": organization,
        "teams": pages(client, "/api/v1/organization/teams"),
        "license": get(client, "/api/v1/license")["license"],
        "admins": get(client, "/api/v1/instance/permissions", role="Admin"),
        "accounts": get(client, "/api/v1/organization/account-utilizations", startDate=history["from"][:7]),
        "usage": {
            (version, granularity): get(
                client, f"/api/{version}/organization/usage", **organization_id, **period, granularity=granularity
            )["usage"]["data"]
            for version in ("v1", "v2")
            for period, granularity in ((window, "all"), (history, "monthly"), (history, "daily"))
        },
        "users": {
            (member, active): get(
                client,
                "/api/v1/organization/users",
                **organization_id,
                offset=0,
                limit=PAGE_ROWS,
                teamMember=str(member).lower(),
                active=str(active).lower(),
            )["meta"]["total"]
            for member in (True, False)
            for active in (True, False)
        },
    }


def get(client: httpx.Client, path: str, **params: str | int) -> Any:  # noqa: ANN401 - JSON has any type
    """Return the JSON answer to one request."""
    return client.get(path, params=params).raise_for_status().json()


def pages(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    """Return the rows of all pages of a list."""
    rows: list[dict[str, Any]] = []
    while True:
        page = get(client, path, offset=len(rows), limit=PAGE_ROWS)
        rows += page["data"]
        if not page["meta"].get("next"):
            return rows


def figures(answers: dict[str, Any], month: str) -> dict[str, Any]:
    """Return the totals and tables that the template prints."""
    usage = {key: pd.json_normalize(buckets) for key, buckets in answers["usage"].items()}
    months = by_period(usage["v1", "monthly"], usage["v2", "monthly"], 7)
    days = by_period(usage["v1", "daily"], usage["v2", "daily"], 10)
    teams = pd.DataFrame(answers["teams"])
    accounts = pd.DataFrame(answers["accounts"])
    last = accounts.assign(month=accounts["month"] + 1).query(f"year == {month[:4]} and month == {int(month[5:])}")
    working = days[days["period"].str.startswith(month) & (pd.to_datetime(days["period"]).dt.day_of_week < 5)]  # noqa: PLR2004
    seats = answers["license"]["seats"]
    active = int(usage["v2", "all"]["activeUsers"].sum())
    totals = {
        "Active users": active,
        "Average daily active users": round(float(working["activeUsers"].mean())),
        "Unused seats": seats - active,
        "Accounts": int(last["active"].sum()),
        "Completions": int(months.tail(1)["codeCompletions.completions"].sum()),
        "Admins": len(answers["admins"]),
        "Accounts without a team": answers["users"][False, True],
    }
    largest = teams.sort_values("usersCount", ascending=False).head(LARGEST_TEAMS)[["name", "usersCount"]]
    return {"totals": totals, "tables": {"Months": months, "Teams": largest}}


def by_period(v1: pd.DataFrame, v2: pd.DataFrame, length: int) -> pd.DataFrame:
    """Merge both versions into one row per period, named by the first characters of its start."""
    both = pd.concat([v1, v2], ignore_index=True)
    both = both.assign(period=both["from"].str[:length])
    columns = ["activeUsers", "codeCompletions.completions", "codeCompletions.lines", "agent.activeUsers"]
    return both.groupby("period", as_index=False)[columns].max()


def main(base_url: str, token: str, month: str, folder: Path) -> None:
    """Fetch a month and write its report as HTML and PDF."""
    with httpx.Client(base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        answers = fetch(client, month)
    template = jinja2.Environment(autoescape=True).from_string(TEMPLATE)
    html = template.render(name=answers["organization"]["name"], month=month, **figures(answers, month))
    (folder / "report.html").write_text(html, encoding="utf-8")
    weasyprint.HTML(string=html).write_pdf(folder / "report.pdf")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]))
