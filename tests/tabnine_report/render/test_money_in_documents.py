"""Money in every channel: each amount has its currency, and a suppressed amount is a dash."""

from io import BytesIO

import openpyxl
import pytest
from html_reader import Reader
from render_text import CHAT_DOCUMENTS, text_documents
from sample_money import FEW, report_with_money

from tabnine_report.model.figure import Unit
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.template_environment import language_of
from tabnine_report.render.workbook.workbook import workbook


@pytest.fixture(scope="module")
def report() -> MonthlyReport:
    return report_with_money()


@pytest.fixture(scope="module")
def documents(report: MonthlyReport) -> dict[str, str]:
    return {
        name: text.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ").replace("\\xa0", " ")
        for name, text in text_documents(report).items()
    }


@pytest.fixture(scope="module")
def book(report: MonthlyReport) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(workbook(report, language_of(report))))


def test_page_one_shows_the_agent_spend_with_change_and_target(report: MonthlyReport) -> None:
    kpis = tuple(kpi for kpi in report.page_one_kpis if kpi.figure.unit is Unit.PEOPLE or kpi.key == "agent_spend")
    page = text_documents(report.model_copy(update={"page_one_kpis": kpis}))["report.html"].split('id="money"')[0]
    page = page.replace("\N{NO-BREAK SPACE}", " ")

    assert "USD 3,140" in page
    assert "▲ USD 310 <small>(11.0%)</small>" in page
    assert "89.7% of the USD 3,500 budget" in page


def test_the_page_on_money_shows_both_amounts(documents: dict[str, str]) -> None:
    page = documents["report.html"].split('id="money"')[1].split("</section>")[0]

    assert "EUR 20,280" in page
    assert "USD 3,140" in page


def test_every_tag_is_closed(documents: dict[str, str]) -> None:
    assert Reader(documents["report.html"]).open == []


def test_language_models_have_the_escaped_names_of_the_api(documents: dict[str, str]) -> None:
    page = documents["report.html"]

    assert "5b0c1f0e-6c58-4b0e-9a3e-0b3f6d6f1a01" in page
    assert "&lt;b&gt;sonnet&lt;/b&gt;" in page
    assert "<b>sonnet" not in page
    assert "USD 2,512.20" in page


def test_language_models_that_do_not_fit_on_paper_are_on_screen(report: MonthlyReport) -> None:
    agents = report.seats.agents
    assert agents
    many = tuple(agents.models[0].model_copy(update={"name": f"model {number}"}) for number in range(13))
    seats = report.seats.model_copy(update={"agents": agents.model_copy(update={"models": many})})

    page = text_documents(report.model_copy(update={"seats": seats}))["report.html"]
    shown, disclosed = page.partition('id="money"')[2].partition("</section>")[0].split('<div class="disclosures">')

    assert shown.count("<bdi>model") < 13
    assert disclosed.count("<bdi>model") == 13


def test_a_suppressed_team_spend_is_a_dash_with_its_reason(documents: dict[str, str]) -> None:
    section = documents["report.html"].split('id="teams"')[1].split("</section>")[0]

    assert section.split('class="disclosures"')[0].count(">100.50<") == 7
    assert FEW in section


def test_without_agent_spend_the_table_of_teams_has_no_column_for_it(report: MonthlyReport) -> None:
    assert report.teams is not None
    rows = tuple(row.model_copy(update={"agent_spend": None}) for row in report.teams.rows)
    without = report.model_copy(update={"teams": report.teams.model_copy(update={"rows": rows})})
    section = text_documents(without)["report.html"].split('id="teams"')[1].split("</section>")[0]

    assert "Agent spend" not in section


def test_email_and_slack_show_the_same_amounts(report: MonthlyReport) -> None:
    kpis = tuple(kpi for kpi in report.page_one_kpis if kpi.key in {"seat_spend", "agent_spend"})
    texts = text_documents(report.model_copy(update={"page_one_kpis": kpis}))
    for name in ("email.html", "email.txt", *CHAT_DOCUMENTS):
        text = texts[name].replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ").replace("\\xa0", " ")
        assert "EUR 20,280" in text, name
        assert "89.7% of the USD 3,500 budget" in text, name


def test_the_workbook_has_amounts_as_numbers_with_the_currency_as_unit_or_in_the_cell(book: openpyxl.Workbook) -> None:
    metrics = {row[1].value: row[2:4] for row in book["Metrics"].iter_rows()}
    models = {row[0].value: row[1:4] for row in book["Models"].iter_rows()}
    spend, unit = metrics["Agent spend"]
    tokens, cost, _ = models["5b0c1f0e-6c58-4b0e-9a3e-0b3f6d6f1a01"]

    assert [cell.value for cell in metrics["Seat spend"]] == [20280, "EUR"]
    assert (spend.value, spend.number_format, unit.value) == (3140.25, "#,##0.00", "USD")
    assert (tokens.value, tokens.number_format) == (1204331, "#,##0")
    assert (cost.value, cost.number_format) == (2512.2, "[$USD]\\\N{NO-BREAK SPACE}#,##0.00")
