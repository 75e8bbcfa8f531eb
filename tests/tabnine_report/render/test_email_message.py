"""The email: what mail programs can show, how large it is, and what its text part says."""

import json
import re
import struct
from typing import Literal

import pytest
from html_reader import Reader
from lxml import html as markup
from render_text import text_documents
from sample_report import DECIDED, FETCHED, IF_ZERO, figure, recommended_actions, sample_report, series

from tabnine_report.model.data_quality import RevisionChanges
from tabnine_report.model.figure import Unit, ratio
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import SeatBreakdown, SeatPart
from tabnine_report.render.email_message import subject
from tabnine_report.render.template_environment import language_of


@pytest.fixture(scope="module")
def html(documents: dict[str, bytes]) -> str:
    return documents["email.html"].decode()


def test_the_html_is_small_and_uses_only_what_mail_programs_support(documents: dict[str, bytes], html: str) -> None:
    reader = Reader(html)

    assert reader.open == []
    assert len(documents["email.html"]) < 80_000
    assert reader.all("script", "link", "svg", "form") == []
    # What a mail program without style sheets ignores is only for phones.
    assert re.findall(r"<style>(.*?)</style>", html, flags=re.DOTALL)[0].startswith("@media (max-width: 480px)")
    assert html.count("<style>") == 1
    assert "data:" not in html
    assert "var(" not in html
    assert [a for a in reader.all("table") if not {"cellpadding", "cellspacing", "border"} <= set(a)] == []
    assert {a["width"] for a in reader.all("table") if "width" in a} == {"100%", "568"}
    assert {a["href"] for a in reader.all("a")} == {"https://reports.example/acme/2026-10/r1/report.html"}


def test_the_picture_is_a_png_with_content_id_and_text_alternative(documents: dict[str, bytes], html: str) -> None:
    (picture,) = Reader(html).all("img")

    assert (picture["src"], picture["width"]) == ("cid:chart", "568")
    assert picture["alt"] == (
        "Users of agent: 21 in February 2026, 168 in September 2026, 205 in October 2026. "
        "Active users: 301 in October 2025, 389 in September 2026, 412 in October 2026."
    )
    png = documents["charts/email.png"]
    assert png.startswith(b"\x89PNG\r\n")
    width, _ = struct.unpack(">II", png[16:24])
    assert width > 2 * 568
    assert len(png) < 60_000


def preheader_of(html: str) -> str:
    body = re.sub(r"<[^>]+>", "\n", html[html.index("<body") :]).split("\n")
    return next(line for line in body if line.strip()).replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def test_the_preheader_has_what_is_at_stake_and_the_first_due_date(html: str) -> None:
    first, *_ = recommended_actions()

    assert preheader_of(html) == (
        f"At stake: {first.worth} {first.worth_note}. 2 decisions, the first due by 30 November 2026."
    )


def test_without_recommended_actions_the_preheader_has_the_figures() -> None:
    html = text_documents(sample_report(recommended_actions=()))["email.html"]

    assert preheader_of(html) == (
        "Active users 412 · Average daily active users 236 · Unused seats 108 · Agent users 205"
    )


def breakdown(*seats: int) -> SeatBreakdown:
    keys: tuple[Literal["daily", "monthly", "inactive", "unassigned"], ...]
    keys = ("daily", "monthly", "inactive", "unassigned")
    total = figure(sum(seats), Unit.SEATS, as_of=FETCHED)
    parts = tuple(
        SeatPart(
            key=key,
            label=f"label of {key}",
            figure=number.as_lower_bound() if key == "inactive" else number,
            share=ratio(number, total, if_zero=IF_ZERO),
        )
        for key, number in zip(keys, (figure(value, Unit.SEATS) for value in seats), strict=True)
    )
    used, unused = figure(sum(seats[:2]), Unit.PEOPLE), figure(sum(seats[2:]), Unit.SEATS).as_lower_bound()
    return SeatBreakdown(
        total=total,
        used=used,
        used_share=ratio(used, total, if_zero=IF_ZERO),
        unused=unused,
        unused_share=ratio(unused, total, if_zero=IF_ZERO),
        parts=parts,
    )


def seats_of(*seats: int) -> dict[str, str]:
    report = sample_report()
    return text_documents(
        sample_report(seats=report.seats.model_copy(update={"breakdown": breakdown(*seats) if seats else None}))
    )


def test_the_bar_of_the_seats_is_colored_cells_with_the_share_of_each_part() -> None:
    documents = seats_of(236, 176, 74, 74)
    page = markup.fromstring(documents["email.html"])
    bar, labels = page.xpath("//h2[text()='Where the 560 seats went']/following-sibling::table")

    cells = [(cell.get("width"), cell.get("bgcolor")) for cell in bar.xpath(".//td")]
    assert cells == [("42%", "#3b4cca"), ("31%", "#a2aae6"), ("13%", "#d9dce3"), ("13%", "#ffffff")]
    assert [" ".join(row.text_content().split()) for row in labels.xpath(".//tr[td[2]]")] == [
        *("236label of daily", "176label of monthly", "74+label of inactive", "74label of unassigned"),
    ]
    assert "- at least 74: label of inactive\n" in documents["email.txt"]


def test_wide_parts_have_their_labels_below_and_a_part_without_seats_has_no_cell() -> None:
    page = markup.fromstring(seats_of(200, 150, 150, 0)["email.html"])
    bar, labels = page.xpath("//h2[text()='Where the 500 seats went']/following-sibling::table")

    assert [cell.get("width") for cell in bar.xpath(".//td")] == ["40%", "30%", "30%"]
    assert [cell.text_content() for cell in labels.xpath(".//td")] == [
        *("200label of daily", "150label of monthly", "150+label of inactive"),
    ]


def test_without_a_breakdown_there_is_no_bar() -> None:
    assert "Where the" not in seats_of()["email.html"] + seats_of()["email.txt"]


def test_an_action_has_its_worth_beside_it(html: str) -> None:
    page = markup.fromstring(html)
    table = page.xpath("//h2[text()='Decisions']/following-sibling::table")[0]

    for row, action in zip(table.xpath(".//tr"), recommended_actions(), strict=True):
        text, worth = (" ".join(cell.text_content().split()) for cell in row.xpath("./td"))
        assert text.startswith(f"{action.title} {action.reason}")
        assert action.owner in text
        assert worth == " ".join(f"{action.worth}{action.worth_note}".split())


def test_without_three_months_there_is_no_chart() -> None:
    values = [*[None] * 11, 389, 412]
    adoption = sample_report().adoption.model_copy(update={"active_users": series("Active users", Unit.PEOPLE, values)})
    usage = sample_report().feature_usage.model_copy(update={"features": ()})
    documents = text_documents(sample_report(adoption=adoption, feature_usage=usage))

    assert Reader(documents["email.html"]).all("img") == []
    assert json.loads(documents["email.json"])["pictures"] == {}


def test_the_chart_without_agents_shows_the_active_users() -> None:
    usage = sample_report().feature_usage
    features = (
        feature.model_copy(update={"users": feature.users.model_copy(update={"history": None})})
        for feature in usage.features
    )
    usage = usage.model_copy(update={"features": tuple(features)})
    (picture,) = Reader(text_documents(sample_report(feature_usage=usage))["email.html"]).all("img")

    assert picture["alt"] == "Active users: 301 in October 2025, 389 in September 2026, 412 in October 2026."


def test_the_text_part_aligns_the_figures_and_states_why_it_was_sent(documents: dict[str, bytes]) -> None:
    text = documents["email.txt"].decode().replace("\N{NO-BREAK SPACE}", " ")

    assert text.startswith("412 people used Tabnine in October. At least a fifth of the seats,")
    assert "Active users                412  ▲ 23 (5.9%)\n  92.2% of 447 accounts\n" in text
    assert "Unused seats                108  ▼ 19 (15.0%)\n" in text
    assert "- Agents reached half of all active users. 31 more agent users" in text
    assert "\nDecisions\n1. How many seats to renew on 31 December 2026?\n   73 of 520 seats are unassigned" in text
    assert f"\nDecided on 13 October: {DECIDED} (open).\n" in text
    assert "\nNote (J. B.): Warsaw joined on 12 October.\n" in text
    assert "Open the report: https://reports.example/acme/2026-10/r1/report.html" in text
    assert "You receive this email as a recipient" in text
    assert "Reply to this email." in text


def test_without_a_link_there_is_no_button_or_address() -> None:
    documents = text_documents(sample_report())

    assert Reader(documents["email.html"]).all("a") == []
    assert "Open the report" not in documents["email.txt"]


def subject_of(report: MonthlyReport) -> str:
    return subject(report, language_of(report))


def test_the_subject_is_the_headline_cut_between_words() -> None:
    long = "Four hundred people used it, " * 9

    assert subject_of(sample_report()) == sample_report().headline
    cut = subject_of(sample_report(headline=long))
    assert len(cut) <= 150
    assert cut.endswith("people used it…")


def test_without_a_headline_the_subject_has_organization_and_month() -> None:
    assert subject_of(sample_report(headline="")) == "ACME, October 2026"


def test_the_subject_of_a_revision_has_its_number_and_that_of_a_draft_has_none() -> None:
    again = {
        "revision": 3,
        "revision_changes": RevisionChanges(revision=1, sentence="Figures that differ.", figures=()),
    }
    headline = sample_report().headline

    assert subject_of(sample_report(**again)) == f"Revision 3: {headline}"
    assert subject_of(sample_report(**again, draft=True)) == headline
    # The number of a run that died leaves a gap, so there is no previous revision to compare with.
    assert subject_of(sample_report(revision=2)) == headline
