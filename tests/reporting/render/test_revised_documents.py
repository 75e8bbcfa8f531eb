"""What changed since the revision before is said by every channel, and by none in a month's first report."""

import json

import pytest
from sample_report import PEOPLE, figure, sample_report

from reporting.about_the_data import ChangedFigure, Revised
from reporting.figure import Unit
from reporting.render.documents import render_documents

SENTENCE = "Changed since revision 1: People 412 (before: 409)."
REVISED = Revised(
    revision=1,
    sentence=SENTENCE,
    figures=(
        ChangedFigure(label="People", before=figure(409, Unit.PEOPLE), now=figure(PEOPLE[-1], Unit.PEOPLE)),
        ChangedFigure(label="Seats", before=figure(None, Unit.SEATS), now=figure(520, Unit.SEATS)),
    ),
)


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    return render_documents(sample_report(revision=2, revised=REVISED))


@pytest.mark.parametrize("name", ["report.html", "email.html", "email.txt", "slack.json"])
def test_every_channel_says_what_changed(documents: dict[str, bytes], name: str) -> None:
    assert SENTENCE in documents[name].decode()


def test_the_report_lists_every_figure_that_changed(documents: dict[str, bytes]) -> None:
    table = documents["report.html"].decode().partition("What changed since revision 1")[2].partition("</table>")[0]
    words = " ".join(table.replace("<", " <").replace(">", "> ").split())

    assert 'People </th> <td class="number"> 409 <span class="state"> </span> </td>' in words
    assert "unavailable" in words
    assert "520" in words


def test_a_first_report_says_nothing_of_it() -> None:
    documents = render_documents(sample_report())

    assert b"since revision" not in documents["report.html"] + documents["email.html"] + documents["email.txt"]
    assert "since revision" not in json.dumps(json.loads(documents["slack.json"]))
