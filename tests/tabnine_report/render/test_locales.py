"""Every channel prints numbers as the report's locale writes them."""

from io import BytesIO

import openpyxl
import pypdf
import pytest
from render_text import CHAT_DOCUMENTS, text_documents
from sample_money import report_with_money
from sample_report import figure

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.documents import render_documents
from tabnine_report.render.prefect_markdown import markdown_summary
from tabnine_report.render.template_environment import language_of
from tabnine_report.render.workbook.number_formats import change_format, figure_format
from tabnine_report.render.workbook.workbook import workbook
from tabnine_report.text.i18n import Language

PEOPLE, RATE, SPEND = 1_437_655, 0.056, 3_466_500
PRINTED = {
    "en": ("1,437,655", "5.6%", "INR 3,466,500"),
    "en_IN": ("14,37,655", "5.6%", "INR 34,66,500"),
    "de": ("1.437.655", "5,6 %", "3.466.500 INR"),
    "de_CH": ("1’437’655", "5.6%", "INR 3’466’500"),
    "fr": ("1 437 655", "5,6 %", "3 466 500 INR"),
    "hi": ("14,37,655", "5.6%", "INR 34,66,500"),
    "cs": ("1 437 655", "5,6 %", "3 466 500 INR"),
    "pl": ("1 437 655", "5,6%", "3 466 500 INR"),
    "ru": ("1 437 655", "5,6 %", "3 466 500 INR"),
    "uk": ("1 437 655", "5,6%", "3 466 500 INR"),
    "lt": ("1 437 655", "5,6 %", "3 466 500 INR"),
    "lv": ("1 437 655", "5,6%", "3 466 500 INR"),
    "fi": ("1 437 655", "5,6 %", "3 466 500 INR"),
    "el": ("1.437.655", "5,6%", "3.466.500 INR"),
    "ar": ("1,437,655", "5.6%", "3,466,500 INR"),
    "he": ("1,437,655", "5.6%", "3,466,500 INR"),
    "ja": ("1,437,655", "5.6%", "INR 3,466,500"),
    "pt_BR": ("1.437.655", "5,6%", "INR 3.466.500"),
    "sv": ("1 437 655", "5,6 %", "3 466 500 INR"),
}
# Cells of the first sheet, which has a column for the currency.
CELL_FORMATS = {
    "en": ("#,##0", "#,##0.0%", "#,##0.00"),
    "en_IN": ("##\\,##\\,##0", "#,##0.0%", "##\\,##\\,##0.00"),
    "hi": ("##\\,##\\,##0", "#,##0.0%", "##\\,##\\,##0.00"),
    "de": ("#,##0", "#,##0.0\\ %", "#,##0.00"),
    "de_CH": ("#,##0", "#,##0.0%", "#,##0.00"),
    "ar": ("#,##0", "#,##0.0%", "#,##0.00"),
}


def report_in(locale: str) -> MonthlyReport:
    """Build a report with a large count, a small share and a large amount on page one."""
    report = report_with_money()
    people, rate, spend = report.page_one_kpis[:3]
    page_one = (
        people.model_copy(update={"figure": figure(PEOPLE, Unit.PEOPLE), "change": None}),
        rate.model_copy(update={"figure": figure(RATE, Unit.SHARE), "change": None}),
        spend.model_copy(update={"figure": Figure.money(SPEND, "INR"), "change": None}),
    )
    return report.model_copy(update={"locale": locale, "page_one_kpis": page_one})


def readable(text: str) -> str:
    for space in ("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "&nbsp;", "\\xa0", "\\u202f"):
        text = text.replace(space, " ")
    return " ".join(text.split())


@pytest.mark.parametrize("locale", PRINTED)
def test_html_email_slack_and_prefect_follow_the_locale(locale: str) -> None:
    report = report_in(locale)
    documents = text_documents(report)
    # Markdown escapes what could be markup.
    documents["markdown"] = markdown_summary(report, language_of(report)).replace("\\", "")

    missing = [
        (name, text)
        for name in ("report.html", "email.html", "email.txt", *CHAT_DOCUMENTS, "markdown")
        for text in PRINTED[locale]
        if text not in readable(documents[name])
    ]
    assert missing == []


@pytest.mark.parametrize("locale", ["en_IN", "de", "ar"])
def test_the_pdf_follows_the_locale(locale: str) -> None:
    pdf = render_documents(report_in(locale))["report.pdf"]

    page_one = readable(pypdf.PdfReader(BytesIO(pdf)).pages[0].extract_text())

    assert [text for text in PRINTED[locale] if text not in page_one] == []


@pytest.mark.parametrize("locale", CELL_FORMATS)
def test_the_cells_of_the_workbook_follow_the_locale(locale: str) -> None:
    report = report_in(locale)

    book = openpyxl.load_workbook(BytesIO(workbook(report, language_of(report))))

    values = {cell.value: readable(cell.number_format) for row in book["Summary"].iter_rows(min_row=6) for cell in row}
    assert (values[PEOPLE], values[RATE], values[SPEND]) == CELL_FORMATS[locale]


def test_literal_group_separators_are_as_many_as_the_value_needs() -> None:
    report = report_in("en_IN")
    language = language_of(report)

    formats = [figure_format(Figure(value=value, unit=Unit.TOKENS), language) for value in (999, 12_345, 123_456)]
    formats.append(figure_format(Figure(value=-1_234_567_890, unit=Unit.TOKENS), language))

    assert formats == ["#,##0", "##\\,##0", "##\\,##\\,##0", "##\\,##\\,##\\,##\\,##0"]


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "+[$EUR]\\ #,##0.00;-[$EUR]\\ #,##0.00;[$EUR]\\ #,##0.00"),
        ("de", "+#,##0.00\\ [$EUR];-#,##0.00\\ [$EUR];#,##0.00\\ [$EUR]"),
        ("nl", "[$EUR]\\ +#,##0.00;[$EUR]\\ -#,##0.00;[$EUR]\\ #,##0.00"),
    ],
)
def test_the_sign_of_a_change_is_where_the_locale_has_it(locale: str, expected: str) -> None:
    language = Language(locale, language_of(report_with_money()).zone)

    assert readable(change_format(Figure.money(3, "EUR"), language)) == expected
