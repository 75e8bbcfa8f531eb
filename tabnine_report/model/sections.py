"""The sections of the report that present its figures."""

from datetime import date
from typing import Literal

from tabnine_report.model.base import Model
from tabnine_report.model.estimate import Estimate
from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Change, Kpi
from tabnine_report.model.series import Series


class FunnelStep(Model):
    """One bar of the adoption funnel.

    Attributes:
        label: The step's name for readers.
        figure: The step's count.
        share: The count as a share of the first step.
        drop: The difference from the previous step in words; empty for the first step.
    """

    label: str
    figure: Figure
    share: Figure
    drop: str = ""


class Adoption(Model):
    """The adoption section: who has access to Tabnine and who uses it.

    Attributes:
        title: The section's main message in one sentence.
        funnel: The steps from seats to average daily active users.
        active_users: Monthly active users over 13 months.
        accounts: Accounts at the end of each of these months.
        daily: Daily active users of the month.
        days_off: Days of the month that are not working days, `YYYY-MM-DD`.
        kpis: The section's KPIs.
    """

    title: str
    funnel: tuple[FunnelStep, ...]
    active_users: Series
    accounts: Series
    daily: Series
    days_off: tuple[date, ...]
    kpis: tuple[Kpi, ...]


class Feature(Model):
    """One of the three features.

    Attributes:
        key: `completions`, `chat` or `agent`.
        label: Its name for readers.
        users: Its users, with history.
        volume: The volume of use, with history.
        per_user: The volume per user.
        kpis: All its KPIs, for the table.
    """

    key: Literal["completions", "chat", "agent"]
    label: str
    users: Kpi
    volume: Kpi
    per_user: Kpi
    kpis: tuple[Kpi, ...]


class FeatureUsage(Model):
    """The feature usage section.

    Attributes:
        title: The section's main message in one sentence.
        features: Completions, chat and agents.
        factors: The vendor's three factors. The note of each explains what it does and does not measure.
        break_note: The method change in the API's figures, in words; empty if there is none.
    """

    title: str
    features: tuple[Feature, ...]
    factors: tuple[Kpi, ...]
    break_note: str = ""


class TeamRow(Model):
    """A team that is large enough to be shown.

    Attributes:
        name: Its name in the API, with the end of its ID if another team's name looks the same.
        members: Its registered accounts at the time of the request.
        active_users: Its active users in the month.
        share: Its active users as a share of its members.
        share_before: The active users of the month before as a share of the same members; unavailable if the two months
            cannot be compared.
        inactive: Its members minus its active users: at least this many members had no activity in the month.
        inactive_spend: The monthly cost of these members' seats; None without a seat price.
        change: The change of its active users from the month before.
        completions: Its accepted completions.
        per_user: Accepted completions per active user.
        agent_spend: Its agent spend; None if the API does not report it by team.
    """

    name: str
    members: Figure
    active_users: Figure
    share: Figure
    share_before: Figure
    inactive: Figure
    inactive_spend: Figure | None = None
    change: Change
    completions: Figure
    per_user: Figure
    agent_spend: Figure | None = None


class TeamGroup(Model):
    """Several teams, or the accounts without a team, combined. It has no active users, because they cannot be added up.

    Attributes:
        label: The group's name for readers.
        members: Its registered accounts at the time of the request.
        completions: Its accepted completions.
        agent_spend: Its agent spend; None if the API does not report it by team.
    """

    label: str
    members: Figure
    completions: Figure
    agent_spend: Figure | None = None


class Teams(Model):
    """The teams section.

    Attributes:
        title: The section's main message in one sentence.
        rows: The teams, in descending order of inactive accounts, then of members.
        smaller: The teams that are too small to be shown, combined; None if even that would identify people.
        no_team: The accounts without a team; None if there are none or too few.
        note: Why some teams are not shown, the as-of date of the members, and what usage without a team may be; may be
            empty.
    """

    title: str
    rows: tuple[TeamRow, ...]
    smaller: TeamGroup | None = None
    no_team: TeamGroup | None = None
    note: str = ""


class Fact(Model):
    """A fact that is not a figure, such as the day on which the license expires.

    Attributes:
        key: What it is about.
        label: Its name for readers.
        text: The fact in words.
        day: The day that it names; None if it names none.
    """

    key: Literal["issued", "expires", "days_left", "days_since_end", "notice_by"]
    label: str
    text: str
    day: date | None = None


class ModelSpend(Model):
    """The month's agent spend on one language model.

    Attributes:
        name: Its name in the API, often a UUID, printed unchanged.
        tokens: Its input and output tokens.
        cost: The cost of the tokens.
        share: The cost as a share of the agent spend.
        per_million: The cost of a million of its tokens.
    """

    name: str
    tokens: Figure
    cost: Figure
    share: Figure
    per_million: Figure


class AgentSpend(Model):
    """The agent spend of the month.

    Attributes:
        title: The main message in one sentence; the reason if the API does not report agent spend.
        kpis: Spend and tokens; empty if the API does not report them.
        models: The spend by language model, in descending order.
        forecast: The spend of the next month; None if the API does not report agent spend.
    """

    title: str
    kpis: tuple[Kpi, ...] = ()
    models: tuple[ModelSpend, ...] = ()
    forecast: Estimate | None = None


class SeatPart(Model):
    """A part of the seats.

    Attributes:
        key: `daily`, `monthly`, `inactive` or `unassigned`.
        label: The part in words, for readers.
        figure: The number of people, accounts or seats.
        share: The number as a share of the total.
        spend: What these seats cost in a month; None for seats in use, and without a number of seats or a price.
    """

    key: Literal["daily", "monthly", "inactive", "unassigned"]
    label: str
    figure: Figure
    share: Figure
    spend: Figure | None = None


class SeatBreakdown(Model):
    """The parts of all seats, or of all accounts if the number of seats is not known. Each seat is in exactly one part.

    Attributes:
        total: The seats; the accounts at the month's end if the number of seats is not known.
        used: The active users.
        used_share: The active users as a share of the total.
        used_spend: What the seats of the active users cost in a month; None without a number of seats or a price.
        unused: The rest; a lower bound.
        unused_share: The rest as a share of the total; a lower bound.
        parts: The average daily active users, the other active users, the inactive accounts and the unassigned seats,
            which add up to the total. Without a number of seats, there are no unassigned ones.
    """

    total: Figure
    used: Figure
    used_share: Figure
    used_spend: Figure | None = None
    unused: Figure
    unused_share: Figure
    parts: tuple[SeatPart, ...]


class SeatOutlook(Model):
    """The seats at the end of the license, if accounts change as they did in the past months.

    Attributes:
        date: The day on which the license ends; the notice deadline if that day is not known.
        accounts: The accounts at the last month end until this day.
        free_seats: The seats without an account; never below 0.
        free_spend: The monthly cost of these seats; None without a seat price.
        short: The number of seats that the highest number of accounts would lack; None if the seats suffice.
    """

    date: date
    accounts: Estimate
    free_seats: Estimate
    free_spend: Estimate | None = None
    short: Figure | None = None


class Seats(Model):
    """The section on seats, license, spend and accounts.

    Attributes:
        title: The section's main message in one sentence.
        kpis: Seats, accounts at the month's end, utilization and unused seats.
        note: What the figures assume about the accounts.
        breakdown: Where the seats went; None if a part is not known, or if there are more accounts than seats.
        outlook: The seats at the license's end; None without seats, or without a license's end or notice deadline after
            the next month end.
        license: The license dates and the notice deadline.
        money: The spend on all seats, on unassigned seats and on inactive accounts; empty without a seat price.
        unit_costs: The seat price and the seat spend per active user, if there is a price; the agent spend per agent
            user and per million tokens, if the API reports agent spend.
        agents: The agent spend.
        accounts: Accounts registered during the month, deactivated accounts, invitations and teams.
    """

    title: str
    kpis: tuple[Kpi, ...]
    note: str = ""
    breakdown: SeatBreakdown | None = None
    outlook: SeatOutlook | None = None
    license: tuple[Fact, ...]
    money: tuple[Kpi, ...] = ()
    unit_costs: tuple[Kpi, ...] = ()
    agents: AgentSpend | None = None
    accounts: tuple[Kpi, ...]
