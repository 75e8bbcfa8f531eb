"""The page on money: seats until the license's end, agent spend, unit costs, license and targets."""

from collections.abc import Iterator
from dataclasses import dataclass

from tabnine_report.model.kpi import Kpi, Target
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import SeatBreakdown
from tabnine_report.model.series import Series
from tabnine_report.render.charts import svg
from tabnine_report.render.colors import Palette
from tabnine_report.render.page_one_text import change_text
from tabnine_report.render.views.accounts_outlook import AccountsOutlook, accounts_outlook
from tabnine_report.render.views.agent_spend import Models, SpendHistory, known_spend, models, spend_history
from tabnine_report.render.views.chart_data import MonthTable, month_table
from tabnine_report.render.views.kpi_tile import note_lines
from tabnine_report.render.views.money_room import room_for_accounts, tables_height
from tabnine_report.render.views.table_cell import cell
from tabnine_report.text.i18n import Language

_TARGETS = ("adoption_rate", "unassigned_seats", "agent_spend")
"""The KPIs whose targets the page lists."""
_FALLBACK = ("seats", "accounts", "unassigned_seats", "inactive_accounts")
"""The KPIs that the table of seats has if it is not known where every seat went."""


@dataclass(frozen=True)
class Amount:
    """A figure in large type: its value, its name, and its change or the lines of its note."""

    value: str
    label: str
    note: tuple[str, ...]


@dataclass(frozen=True)
class SeatRow:
    """A row of the table of seats: what it counts, its number, its share, its money, and whether it is the sum."""

    label: str
    number: str
    share: str
    spend: str
    is_total: bool = False


@dataclass(frozen=True)
class SeatTable:
    """The table of seats.

    Attributes:
        heading: The heading of its first column.
        has_shares: Whether it has shares.
        currency: The currency of its money; empty without a price.
        rows: The rows; the last one is the sum if the others add up to it.
    """

    heading: str
    has_shares: bool
    currency: str
    rows: tuple[SeatRow, ...]


@dataclass(frozen=True)
class TargetRow:
    """A row of the table of license and targets.

    Attributes:
        label: The fact or the figure.
        target: The day, or the target.
        state: What was reached, with the word for it; empty for a fact.
        is_missed: Whether the target is missed.
    """

    label: str
    target: str
    state: str
    is_missed: bool


@dataclass(frozen=True)
class Money:
    """The page on money.

    Attributes:
        title: The title.
        outlook: Accounts and active users beside the seats; None without seats or with too few months.
        spend: The months of agent spend; None without agent spend or with too few months.
        models: The language models; None if they are not known.
        unit_costs: The known unit costs.
        agent_figures: Spend and tokens of agents, if there are neither columns nor models.
        seats: The table of seats; None without a number of seats.
        terms_heading: The heading of the table of license and targets.
        terms: License and targets.
        months: The numbers of the charts, for the screen.
        foot: The line at the foot.
    """

    title: str
    outlook: AccountsOutlook | None
    spend: SpendHistory | None
    models: Models | None
    unit_costs: tuple[Amount, ...]
    agent_figures: tuple[Amount, ...]
    seats: SeatTable | None
    terms_heading: str
    terms: tuple[TargetRow, ...]
    months: MonthTable
    foot: str


def money(report: MonthlyReport, language: Language, colors: Palette) -> Money | None:
    """Return the page on money; None if neither agent spend nor seats nor the license is known."""
    seats, agents = report.kpis()["seats"].figure, report.seats.agents
    if known_spend(report) is None and not seats.known and not report.seats.license:
        return None
    title = report.seats.title if seats.known or agents is None else agents.title
    model_table = models(report, language, colors)
    spend = spend_history(report, language, colors, width=svg.HALF if model_table is not None else svg.FULL)
    unit_costs = tuple(
        _amount(kpi, language.translate(f"page_money.unit_{kpi.key}"), language)
        for kpi in report.seats.unit_costs
        if kpi.figure.known
    )
    seat_table = _seat_table(report, language) if seats.known else None
    terms = tuple(_terms(report, language))
    tables = tables_height(
        len(seat_table.rows) if seat_table is not None else 0, [(row.label, row.target, row.state) for row in terms]
    )
    room = room_for_accounts(title, spend, model_table, [cost.note for cost in unit_costs], tables)
    return Money(
        title=title,
        outlook=accounts_outlook(report, language, colors, room=room),
        spend=spend,
        models=model_table,
        unit_costs=unit_costs,
        agent_figures=()
        if spend is not None or model_table is not None or agents is None
        else tuple(_amount(kpi, kpi.label, language) for kpi in agents.kpis if kpi.figure.known),
        seats=seat_table,
        terms_heading=language.translate("page_money.terms"),
        terms=terms,
        months=month_table(_histories(report)),
        foot=_foot(report, language),
    )


def _amount(kpi: Kpi, label: str, language: Language) -> Amount:
    return Amount(
        value=language.qualified(kpi.figure, short=not kpi.figure.currency, aligned=True),
        label=label,
        note=note_lines(change_text(kpi, language) or kpi.note),
    )


def _seat_table(report: MonthlyReport, language: Language) -> SeatTable:
    breakdown, heading = report.seats.breakdown, language.translate("page_money.seats_in", month=report.month_label)
    if breakdown is None:
        kpis = report.kpis()
        rows = (
            SeatRow(kpis[key].label, language.value(kpis[key].figure), "", "")
            for key in _FALLBACK
            if kpis[key].figure.known
        )
        return SeatTable(heading, has_shares=False, currency="", rows=tuple(rows))
    spend = report.kpis().get("seat_spend")
    total = SeatRow(
        language.translate("page_money.all_seats"),
        language.value(breakdown.total),
        language.percent(1, aligned=True),
        cell(spend.figure if spend is not None else None, language, whole_money=True).text,
        is_total=True,
    )
    return SeatTable(
        heading,
        has_shares=breakdown.used_share.known,
        currency=spend.figure.currency if spend is not None else "",
        rows=(*_seat_rows(breakdown, language), total),
    )


def _seat_rows(breakdown: SeatBreakdown, language: Language) -> Iterator[SeatRow]:
    lines = [("used", breakdown.used, breakdown.used_share, breakdown.used_spend)]
    for part in breakdown.parts:
        if part.key == "inactive":
            # Its label states that the number is a lower bound.
            lines.append((part.key, part.figure.as_counted(), part.share.as_counted(), part.spend))
        elif part.key == "unassigned":
            lines.append((part.key, part.figure, part.share, part.spend))
    for key, figure, share, spend in lines:
        yield SeatRow(
            label=language.translate(f"page_money.row_{key}"),
            number=cell(figure, language).text,
            share=cell(share, language).text if share.known else "",
            spend=cell(spend, language, whole_money=True, bound=False).text,
        )


def _terms(report: MonthlyReport, language: Language) -> Iterator[TargetRow]:
    """Yield the dates of the license and the targets that the profile sets."""
    facts = {fact.key: fact for fact in report.seats.license}
    if "notice_by" in facts:
        yield TargetRow(facts["notice_by"].label, facts["notice_by"].text, "", is_missed=False)
    if "expires" in facts:
        text = facts["expires"].text
        for key in ("days_left", "days_since_end"):
            if key in facts:
                text = language.translate(f"page_money.{key}", day=text, days=facts[key].text)
        yield TargetRow(facts["expires"].label, text, "", is_missed=False)
    kpis = report.kpis()
    for key in _TARGETS:
        kpi = kpis.get(key)
        if kpi is not None and kpi.target is not None:
            yield _target_row(kpi, kpi.target, language)


def _target_row(kpi: Kpi, target: Target, language: Language) -> TargetRow:
    value, label = language.value(kpi.figure, short=True), kpi.label
    if kpi.key == "agent_spend":
        label = language.translate("page_money.agent_budget")
        value = cell(kpi.figure, language, whole_money=True).text
    word = {None: "unknown", True: "met", False: "missed"}[target.met]
    return TargetRow(
        label=label,
        target=language.translate(f"page_money.target_{kpi.key}", value=language.value(target.value, short=True)),
        state=language.translate(f"page_money.target_{word}", value=value) if kpi.figure.known else value,
        is_missed=target.met is False,
    )


def _histories(report: MonthlyReport) -> Iterator[Series | None]:
    yield report.adoption.accounts
    yield report.adoption.active_users
    for kpi in report.seats.agents.kpis if report.seats.agents is not None else ():
        yield kpi.history


def _foot(report: MonthlyReport, language: Language) -> str:
    translate, kpis = language.translate, report.kpis()
    seats, spend, agents = kpis["seats"].figure, kpis.get("seat_spend"), known_spend(report)
    sentences = []
    if seats.known and seats.as_of is not None:
        sentences.append(translate("page_summary.seats_as_of", day=language.day_of(seats.as_of)) + ".")
    if spend is not None and spend.figure.known and agents is not None:
        sentences.append(
            translate("page_money.never_added", seats=spend.figure.currency, agents=agents.figure.currency)
        )
    return " ".join(sentences)
