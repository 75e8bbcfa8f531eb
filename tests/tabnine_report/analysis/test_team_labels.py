"""Teams of one name can be told apart in every channel, by the same label each month."""

from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from render_text import text_documents
from small_organization import Build, Organization, TeamUse

from tabnine_report.analysis.team_labels import appearance, team_labels
from tabnine_report.render.template_environment import language_of
from tabnine_report.render.workbook.workbook import workbook
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import NAME_LENGTH, sanitize
from tabnine_report.usage_api.endpoints.teams import Team

LANGUAGE = Language("en", ZoneInfo("UTC"))
RESERVED = ("Without a team",)


def labels(**names: str) -> dict[str, str]:
    """Return the labels of teams from their names by ID."""
    teams = [Team(id=key, name=name) for key, name in names.items()]
    return dict(team_labels(teams, RESERVED, LANGUAGE))


def test_a_name_of_one_team_is_unchanged() -> None:
    assert labels(t1="Platform", t2=" Web\N{RIGHT-TO-LEFT OVERRIDE}") == {
        "t1": "Platform",
        "t2": " Web\N{RIGHT-TO-LEFT OVERRIDE}",
    }


@pytest.mark.parametrize(
    "alike",
    [
        "Platform",
        "platform",
        " Platform ",
        "Plat\N{ZERO WIDTH SPACE}form",
        "\N{FULLWIDTH LATIN CAPITAL LETTER P}latform",
    ],
)
def test_names_that_look_the_same_have_the_end_of_the_id(alike: str) -> None:
    found = labels(a60aa11="Platform", b60bb22=alike, c="Web")

    assert found["a60aa11"] == "Platform (ID …aa11)"
    assert found["b60bb22"] == f"{sanitize(alike)} (ID …bb22)"
    assert found["c"] == "Web"


def test_the_end_of_the_id_is_as_long_as_necessary() -> None:
    assert labels(x10000="A", y10000="A", z="A") == {
        "x10000": "A (ID x10000)",
        "y10000": "A (ID y10000)",
        "z": "A (ID z)",
    }


def test_a_name_cannot_pass_for_the_label_of_another_row() -> None:
    assert labels(t1="without a team", t2="A", t3="A", t4="A (ID t2)") == {
        "t1": "without a team (ID t1)",
        "t2": "A (ID t2)",
        "t3": "A (ID t3)",
        "t4": "A (ID t2) (ID t4)",
    } | {"t2": "A (ID t2)"}


NAMES = st.text("aAb \N{ZERO WIDTH SPACE}(ID)12", max_size=8).filter(str.strip) | st.sampled_from(
    ["x" * 200, "x" * 201, RESERVED[0]]
)


@given(st.dictionaries(st.text("12ab", min_size=1, max_size=6), NAMES, min_size=1, max_size=8))
def test_no_two_labels_look_the_same_or_are_cut(names: dict[str, str]) -> None:
    found = labels(**names)

    looks = [appearance(label) for label in found.values()]
    assert len({*looks, appearance(RESERVED[0])}) == len(names) + 1
    assert all(label == names[key] or len(label) <= NAME_LENGTH for key, label in found.items())


def test_every_channel_tells_two_teams_of_one_name_apart(acme: Organization, build: Build) -> None:
    acme.v1.people |= {"2026-09": 55, "2026-10": 45}
    acme.with_teams(
        first0001=TeamUse(30, (28, 14), (500, 600)),
        second0002=TeamUse(30, (20, 24), (500, 600)),
        web=TeamUse(20, (7, 7)),
    )
    acme.with_accounts(80)
    acme.license["seats"] = 90
    for team in acme.teams[:2]:
        team["name"] = "Platform"
    report = build(acme)
    assert report.teams is not None
    one, other = "Platform (ID …0001)", "Platform (ID …0002)"
    book = openpyxl.load_workbook(BytesIO(workbook(report, language_of(report))))
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    html = text_documents(report)["report.html"]

    assert [row.name for row in report.teams.rows] == [one, "WEB", other]
    assert {one, other} <= cells
    assert f"<bdi>{one}</bdi>" in html
    assert f"<bdi>{other}</bdi>" in html
    (fallen,) = (finding for finding in report.findings if finding.rule == "team_active_users_fell")
    assert fallen.text == f"A team lost at least half of its users. “{one}”: 14 active users, after 28 in September."
