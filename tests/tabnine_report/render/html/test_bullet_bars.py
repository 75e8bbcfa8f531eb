"""Bullet bars: a figure of the month against its target, on one scale from zero."""

import pytest
from render_text import text_documents
from sample_money import agent_spend, report_with_money
from sample_report import figure, sample_report

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.kpi import Kpi, Target
from tabnine_report.render.html.bullet_bars import WIDTH, BulletBar, bullet_bars
from tabnine_report.render.template_environment import language_of
from tabnine_report.text.i18n import Language


@pytest.fixture(scope="module")
def language() -> Language:
    return language_of(sample_report())


def seats(unassigned: Figure, most: int) -> dict[str, Kpi]:
    target = Target(value=Figure(value=most, unit=Unit.SEATS), met=None, words=f"target of at most {most}")
    kpi = Kpi(key="unassigned_seats", label="Unassigned seats", figure=unassigned, target=target)
    return {kpi.key: kpi}


def one(kpis: dict[str, Kpi], language: Language) -> BulletBar:
    (bullet,) = bullet_bars(kpis, language)
    return bullet


def test_bar_and_target_share_a_scale_that_extends_beyond_the_larger(language: Language) -> None:
    over = one(seats(figure(100, Unit.SEATS), 50), language)

    assert (over.value_width, over.target_x) == (round(WIDTH / 1.15, 1), round(WIDTH / 2.3, 1))


def test_the_text_alternative_contains_figure_and_target(language: Language) -> None:
    assert one(seats(figure(100, Unit.SEATS), 50), language).alt_text == "Unassigned seats: 100 · target of at most 50"


def test_a_figure_without_a_value_has_a_target_but_no_bar(language: Language) -> None:
    gone = one(seats(figure(None, Unit.SEATS), 50), language)

    assert (gone.value_width, gone.target_x) == (None, round(WIDTH / 1.15, 1))
    assert gone.alt_text == "Unassigned seats: unavailable · target of at most 50"


def test_a_partial_figure_has_a_hollow_bar(language: Language) -> None:
    assert one(seats(figure(9, Unit.SEATS).partial("A day is missing."), 50), language).partial


def test_a_value_and_a_target_of_zero_are_drawn_at_the_start(language: Language) -> None:
    nothing = one(seats(figure(0, Unit.SEATS), 0), language)

    assert (nothing.value_width, nothing.target_x) == (0.0, 0.0)


def test_a_target_in_another_unit_is_not_drawn(language: Language) -> None:
    share = Target(value=Figure(value=0.8, unit=Unit.SHARE), met=True, words="target of 80% met")
    people = Kpi(key="active_users", label="Active users", figure=figure(412, Unit.PEOPLE), target=share)

    assert bullet_bars({"active_users": people}, language) == ()


def test_the_report_has_bars_only_for_targets() -> None:
    page = text_documents(report_with_money())["report.html"]
    section = page[page.index('<table class="bullets">') : page.index('<section id="feature-usage"')]

    assert '<title id="bullet-agent_spend">Agent spend: USD\N{NO-BREAK SPACE}3,140.25 · 89.7' in section
    assert section.count("<svg") == 1
    assert agent_spend().target
    assert 'class="bullets"' not in text_documents(sample_report())["report.html"]
