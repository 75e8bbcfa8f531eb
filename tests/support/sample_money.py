"""The sample report with seat spend, agent spend by language model and team, and their targets."""

from sample_report import FETCHED, IF_ZERO, MONTHS, figure, sample_report

from tabnine_report.model.figure import Figure, Source, State, Unit, difference, ratio, relative_change
from tabnine_report.model.kpi import Change, Kpi, Target
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import AgentSpend, ModelSpend, SeatBreakdown, SeatPart
from tabnine_report.model.series import Point, Series

AGENTS = Source(endpoint="/api/v1/organization/agent-usage", field="totalCost", period="2026-10")
COSTS = [None, None, None, None, 21.5, 112.0, 380.25, 604.0, 1120.75, 1702.0, 2210.5, 2830.0, 3140.25]
MODELS = (("5b0c1f0e-6c58-4b0e-9a3e-0b3f6d6f1a01", 2512.2), ("<b>sonnet</b>", 628.05))
FEW = "Too few people made this cost."
_LABELS = {
    "daily": "people on a typical working day",
    "monthly": "others, at least once in the month",
    "inactive": "inactive accounts",
    "unassigned": "unassigned",
}


def dollars(value: float | None) -> Figure:
    if value is None:
        return Figure.unavailable(Unit.MONEY, "The API returned no totalCost.", AGENTS)
    return Figure.money(value, "USD", AGENTS)


def euros(value: float) -> Figure:
    return Figure.money(value, "EUR").model_copy(update={"as_of": FETCHED})


def agent_spend() -> Kpi:
    points = tuple(Point(period=str(month), figure=dollars(cost)) for month, cost in zip(MONTHS, COSTS, strict=True))
    now, before = points[-1].figure, points[-2].figure
    return Kpi(
        key="agent_spend",
        label="Agent spend",
        figure=now,
        change=Change(
            since="2026-09", absolute=difference(now, before), relative=relative_change(now, before, if_zero=IF_ZERO)
        ),
        note="89.7% of the USD 3,500 budget",
        history=Series(label="Agent spend", unit=Unit.MONEY, points=points),
        target=Target(value=Figure.money(3500, "USD"), met=True, words="89.7% of the USD 3,500 budget"),
    )


def report_with_money(teams: int = 8) -> MonthlyReport:
    """Build the sample report with seat spend and agent spend; the spend of its last team is suppressed."""
    report = sample_report()
    assert report.teams is not None
    seat_spend = Kpi(key="seat_spend", label="Seat spend", figure=euros(20280), note="520 seats × EUR 39 per month")
    cost = agent_spend()
    agents = AgentSpend(
        title="Agent spend was USD 3,140 in October.",
        kpis=(cost,),
        models=tuple(
            ModelSpend(
                name=name,
                tokens=figure(1_204_331, Unit.TOKENS),
                cost=dollars(amount),
                share=ratio(dollars(amount), dollars(3140.25), if_zero=IF_ZERO),
                per_million=dollars(amount / 1.204331),
            )
            for name, amount in MODELS
        ),
    )
    suppressed = Figure(value=None, unit=Unit.MONEY, state=State.SUPPRESSED, reason=FEW, source=AGENTS)
    assert report.teams is not None
    rows = [row.model_copy(update={"agent_spend": dollars(100.5)}) for row in report.teams.rows[:teams]]
    rows[-1] = rows[-1].model_copy(update={"agent_spend": suppressed})
    return report.model_copy(
        update={
            "page_one_kpis": (*report.page_one_kpis, seat_spend, cost),
            "seats": report.seats.model_copy(update={"money": (seat_spend,), "agents": agents}),
            "teams": report.teams.model_copy(update={"rows": tuple(rows)}),
        }
    )


def seat_breakdown(*, price: float | None = 39.0, few: bool = False) -> SeatBreakdown:
    """Return where the 520 seats of the sample report went.

    Args:
        price: The price of a seat in euros a month; None without one.
        few: Whether the shares are not known.
    """

    def share(part: int) -> Figure:
        return Figure.unavailable(Unit.SHARE, "few") if few else Figure(value=part / 520, unit=Unit.SHARE)

    def part(key: str, number: int) -> SeatPart:
        counted = figure(number, Unit.SEATS)
        return SeatPart.model_validate(
            {
                "key": key,
                "label": _LABELS[key],
                "figure": counted.as_lower_bound() if key == "inactive" else counted,
                "share": share(number).as_lower_bound() if key == "inactive" else share(number),
                "spend": euros(number * price).as_lower_bound()
                if price and key in ("inactive", "unassigned")
                else None,
            }
        )

    return SeatBreakdown(
        total=figure(520, Unit.SEATS),
        used=figure(412, Unit.PEOPLE),
        used_share=share(412),
        used_spend=euros(412 * price) if price else None,
        unused=figure(108, Unit.SEATS).as_lower_bound(),
        unused_share=share(108),
        parts=(part("daily", 236), part("monthly", 176), part("inactive", 35), part("unassigned", 73)),
    )
