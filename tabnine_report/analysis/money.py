"""Money: what seats cost at the profile's price, and what agents cost by the API; never added up, never a return."""

from collections.abc import Iterable
from functools import partial

from tabnine_report.analysis.metrics import METRICS
from tabnine_report.analysis.report_context import Material
from tabnine_report.analysis.seats import accounts_not_used, seats_unassigned
from tabnine_report.analysis.shares import share
from tabnine_report.model.figure import Figure, Unit, priced
from tabnine_report.model.kpi import Measure
from tabnine_report.model.sections import AgentCost, ModelCost
from tabnine_report.usage_api import agent_records


def tiles(material: Material) -> tuple[Measure, ...]:
    """Measure what page one tells of money: the seats if the profile names a price, the agents if the API tells it."""
    measures = (_cost(material, "seat_cost", material.accounts.seats()), _agent_cost(material))
    return tuple(measure for measure in measures if measure is not None)


def seat_costs(material: Material) -> tuple[Measure, ...]:
    """Measure what the seats cost that nobody has, and those that somebody has and did not use: two figures, no sum.

    Nothing where the profile names no price.
    """
    measures = (
        _cost(material, "seat_cost", material.accounts.seats()),
        _cost(material, "unassigned_cost", seats_unassigned(material)),
        _cost(material, "not_used_cost", accounts_not_used(material)),
    )
    return tuple(measure for measure in measures if measure is not None)


def agents(material: Material, shown: Iterable[Measure]) -> AgentCost:
    """Build the part on what agents took and cost.

    Args:
        material: What the report is built from.
        shown: The measures of page one, that of the cost among them where there is one.
    """
    figures, language = material.agents, material.language
    cost = next((measure for measure in shown if measure.key == "agent_cost"), None)
    if cost is None:
        return AgentCost(title=language.say("agents.title_missing", why=figures.missing))
    tokens = tuple(
        material.over_time(key, partial(figures.figure, key))
        for key in ("agent_tokens", "agent_tokens_in", "agent_tokens_out")
    )
    title = "agents.title" if cost.figure.known else "agents.title_unknown"
    month = language.month_name(material.month)
    return AgentCost(
        title=language.say(title, cost=language.value(cost.figure, short=True), month=month),
        measures=(cost, *tokens),
        models=_models(material, cost.figure),
    )


def _agent_cost(material: Material) -> Measure | None:
    if material.agents.missing:
        return None
    return material.over_time("agent_cost", partial(material.agents.figure, "agent_cost"))


def _models(material: Material, cost: Figure) -> tuple[ModelCost, ...]:
    """Give the language models, the one that cost most first, by the names that the API has for them."""
    lines = [_model(material, told, cost) for told in material.agents.models() or ()]
    return tuple(sorted(lines, key=lambda line: (-(line.cost.value or 0), line.name)))


def _model(material: Material, told: agent_records.ModelCost, cost: Figure) -> ModelCost:
    of_model = material.agents.of_model
    amount = of_model(told.cost, Unit.MONEY, "cost")
    return ModelCost(
        name=told.model or material.language.say("agents.unnamed"),
        tokens=of_model(told.tokens_consumed, Unit.TOKENS, "tokensConsumed"),
        cost=amount,
        share=share(amount, cost, material.language),
    )


def _cost(material: Material, key: str, seats: Figure) -> Measure | None:
    price, language = material.price, material.language
    if price is None:
        return None
    version = material.usage.serving(material.month).version
    figure = priced(seats, price.amount, price.currency).sourced(METRICS[key].source(str(material.month), version))
    each = language.money(price.amount, price.currency)
    note = language.say(f"money.{key}", count=seats.value, number=language.value(seats), price=each)
    return material.once(key, figure, note)
