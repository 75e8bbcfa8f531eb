"""The sections of the report that show its figures: what each of its pages shows."""

from datetime import date
from typing import Literal

from tabnine_report.model.base import Model
from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Change, Kpi
from tabnine_report.model.series import Series


class FunnelStep(Model):
    """One bar of the adoption funnel.

    Attributes:
        label: What is counted.
        figure: How many.
        share: Of the funnel's first step.
        drop: What is lost between the step before and this one, in words; empty for the first.
    """

    label: str
    figure: Figure
    share: Figure
    drop: str = ""


class Adoption(Model):
    """Who has it and who uses it.

    Attributes:
        title: What the section says in one sentence.
        funnel: From seats to people on a working day.
        people: People over 13 months.
        accounts: Accounts at the end of each of these months.
        daily: People on each day of the month.
        days_off: Days of the month that are no working days, `YYYY-MM-DD`.
        kpis: The section's figures in a table.
    """

    title: str
    funnel: tuple[FunnelStep, ...]
    people: Series
    accounts: Series
    daily: Series
    days_off: tuple[date, ...]
    kpis: tuple[Kpi, ...]


class Feature(Model):
    """One of the three things that people use it for.

    Attributes:
        key: `completions`, `chat` or `agent`.
        label: Its name for readers.
        people: Who used it, with history.
        volume: How much, with history.
        per_user: Volume a person who used it.
        kpis: All its figures, for the table.
    """

    key: Literal["completions", "chat", "agent"]
    label: str
    people: Kpi
    volume: Kpi
    per_user: Kpi
    kpis: tuple[Kpi, ...]


class FeatureUsage(Model):
    """What it was used for.

    Attributes:
        title: What the section says in one sentence.
        features: Completions, chat, agent.
        factors: The vendor's three factors, each with what it does and does not mean as its note.
        break_note: Where the API's way of counting changed, in one sentence; empty when it did not.
    """

    title: str
    features: tuple[Feature, ...]
    factors: tuple[Kpi, ...]
    break_note: str = ""


class TeamRow(Model):
    """One team that is large enough to be shown.

    Attributes:
        name: Its name at the API; data, shown as it is.
        members: Its registered accounts, as of now.
        people: Its people of the month.
        share: The people as a share of the members.
        change: The people against the month before.
        completions: Its accepted completions.
        per_user: Accepted completions for each of its people.
        agent_spend: What its agents cost; None where the API does not tell it of teams.
    """

    name: str
    members: Figure
    people: Figure
    share: Figure
    change: Change
    completions: Figure
    per_user: Figure
    agent_spend: Figure | None = None


class TeamGroup(Model):
    """Accounts that are shown together only; their people are not, since people are never added up.

    Attributes:
        label: Who they are.
        members: Their registered accounts, as of now.
        completions: Their accepted completions.
        agent_spend: What their agents cost; None where the API does not tell it of teams.
    """

    label: str
    members: Figure
    completions: Figure
    agent_spend: Figure | None = None


class Teams(Model):
    """The teams, and what each used.

    Attributes:
        title: What the section says in one sentence.
        rows: The teams, the one with most people of the month first.
        smaller: Those that may not be shown singly, together; None where that would tell of too few.
        no_team: Everybody in no team; None where nobody is, or too few.
        note: Why some are not shown singly, and since when the members are; may be empty.
    """

    title: str
    rows: tuple[TeamRow, ...]
    smaller: TeamGroup | None = None
    no_team: TeamGroup | None = None
    note: str = ""


class Fact(Model):
    """Something that is no number: a label and a text, such as the day a license ends."""

    label: str
    text: str


class ModelSpend(Model):
    """What agents took and cost by one language model in the month.

    Attributes:
        name: Its name at the API, often a UUID; data, shown as it is.
        tokens: The tokens in and out.
        cost: What they cost.
        share: Its cost as a share of what agents cost in all.
    """

    name: str
    tokens: Figure
    cost: Figure
    share: Figure


class AgentSpend(Model):
    """What agents took and cost.

    Attributes:
        title: What the part says in one sentence; where the API tells nothing of it, that and why.
        kpis: Cost and tokens; empty where the API tells nothing.
        models: By language model, the one that cost most first.
    """

    title: str
    kpis: tuple[Kpi, ...] = ()
    models: tuple[ModelSpend, ...] = ()


class Seats(Model):
    """Seats, license, money and accounts.

    Attributes:
        title: What the section says in one sentence.
        kpis: Seats, accounts and what lies between them.
        license: What the license says, each as label and text, and the day by which notice can be given.
        money: What all seats cost, those unassigned and those assigned and not used; empty without a price.
        agents: What agents took and cost; None in a report of before it was asked.
        accounts: Invitations and teams, each with its date; what is more stands under governance.
    """

    title: str
    kpis: tuple[Kpi, ...]
    license: tuple[Fact, ...]
    money: tuple[Kpi, ...] = ()
    agents: AgentSpend | None = None
    accounts: tuple[Kpi, ...]
