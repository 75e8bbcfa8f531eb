"""The sections of the report: what each of its pages shows."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from reporting.edition import Edition
from reporting.figure import Figure
from reporting.measure import Change, Measure, Part, Series


class Finding(Part):
    """Something about the month that is worth a sentence.

    Attributes:
        rule: The rule that found it.
        sentence: What it says.
        figures: What it rests on, by name.
        edition: Whom it is for.
    """

    rule: str
    sentence: str
    figures: dict[str, Figure]
    edition: Edition = "executive"


class Ask(Part):
    """Something that somebody is asked to do.

    Attributes:
        rule: The rule that asks; by it the ask is followed up in the report of the month after.
        who: Who is asked: a role, in words.
        by: By when.
        sentence: What is asked.
        figures: What it rests on, by name.
        edition: Whom it is for.
    """

    rule: str
    who: str
    by: date
    sentence: str
    figures: dict[str, Figure]
    edition: Edition = "executive"


class AskOutcome(StrEnum):
    """What became of an ask."""

    DONE = "done"
    OPEN = "open"
    WORSE = "worse"
    UNKNOWN = "unknown"


class FollowedAsk(Part):
    """An ask of the month before, and what became of it.

    Attributes:
        ask: As it was asked.
        outcome: What became of it.
        sentence: The same in words, with the figures of then and now.
        figures: The figures of now that it was told by, by name.
    """

    ask: Ask
    outcome: AskOutcome
    sentence: str
    figures: dict[str, Figure]

    @property
    def edition(self) -> Edition:
        """For whom it is: for those who read what was asked."""
        return self.ask.edition


class FollowUp(Part):
    """What became of the asks of the month before.

    Attributes:
        title: All outcomes in one sentence.
        title_for_executives: The same of the asks that executives read.
        asks: Each ask, in the order in which they were asked; empty where nothing was asked.
    """

    title: str
    title_for_executives: str = ""
    asks: tuple[FollowedAsk, ...]


class Note(Part):
    """What somebody of the organization wrote about the month: data, shown as it is.

    Attributes:
        text: One paragraph.
        author: Who wrote it, as they signed; empty where nobody signed.
    """

    text: str
    author: str = ""


class FunnelStep(Part):
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


class Adoption(Part):
    """Who has it and who uses it.

    Attributes:
        title: What the section says in one sentence.
        funnel: From seats to people on a working day.
        people: People over 13 months.
        daily: People on each day of the month.
        days_off: Days of the month that are no working days, `YYYY-MM-DD`.
        measures: The section's figures in a table.
    """

    title: str
    funnel: tuple[FunnelStep, ...]
    people: Series
    daily: Series
    days_off: tuple[date, ...]
    measures: tuple[Measure, ...]


class Feature(Part):
    """One of the three things that people use it for.

    Attributes:
        key: `completions`, `chat` or `agent`.
        label: Its name for readers.
        people: Who used it, with history.
        volume: How much, with history.
        per_person: Volume a person who used it.
        measures: All its figures, for the table.
    """

    key: Literal["completions", "chat", "agent"]
    label: str
    people: Measure
    volume: Measure
    per_person: Measure
    measures: tuple[Measure, ...]


class Use(Part):
    """What it was used for.

    Attributes:
        title: What the section says in one sentence.
        features: Completions, chat, agent.
        factors: The vendor's three factors, each with what it does and does not mean as its note.
        break_note: Where the API's way of counting changed, in one sentence; empty when it did not.
    """

    title: str
    features: tuple[Feature, ...]
    factors: tuple[Measure, ...]
    break_note: str = ""


class TeamRow(Part):
    """One team that is large enough to be shown.

    Attributes:
        name: Its name at the API; data, shown as it is.
        members: Its registered accounts, as of now.
        people: Its people of the month.
        share: The people as a share of the members.
        change: The people against the month before.
        completions: Its accepted completions.
        per_person: Accepted completions for each of its people.
        agent_cost: What its agents cost; None where the API does not tell it of teams.
    """

    name: str
    members: Figure
    people: Figure
    share: Figure
    change: Change
    completions: Figure
    per_person: Figure
    agent_cost: Figure | None = None


class TeamGroup(Part):
    """Accounts that are shown together only; their people are not, since people are never added up.

    Attributes:
        label: Who they are.
        members: Their registered accounts, as of now.
        completions: Their accepted completions.
        agent_cost: What their agents cost; None where the API does not tell it of teams.
    """

    label: str
    members: Figure
    completions: Figure
    agent_cost: Figure | None = None


class Teams(Part):
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


class Fact(Part):
    """Something that is no number: a label and a text, such as the day a licence ends."""

    label: str
    text: str


class ModelCost(Part):
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


class AgentCost(Part):
    """What agents took and cost.

    Attributes:
        title: What the part says in one sentence; where the API tells nothing of it, that and why.
        measures: Cost and tokens; empty where the API tells nothing.
        models: By language model, the one that cost most first.
    """

    title: str
    measures: tuple[Measure, ...] = ()
    models: tuple[ModelCost, ...] = ()


class Seats(Part):
    """Seats, licence, money and accounts.

    Attributes:
        title: What the section says in one sentence.
        measures: Seats, accounts and what lies between them.
        licence: What the licence says, each as label and text, and the day by which notice can be given.
        money: What all seats cost, those unassigned and those assigned and not used; empty without a price.
        agents: What agents took and cost; None in a report of before it was asked.
        accounts: Invitations and teams, each with its date; what is more stands under governance.
    """

    title: str
    measures: tuple[Measure, ...]
    licence: tuple[Fact, ...]
    money: tuple[Measure, ...] = ()
    agents: AgentCost | None = None
    accounts: tuple[Measure, ...]


class ChangedFigure(Part):
    """A figure that an earlier revision of the report showed otherwise.

    Attributes:
        label: What it counts.
        before: As the earlier revision has it.
        now: As this one has it.
        edition: The edition that it is for.
    """

    label: str
    before: Figure
    now: Figure
    edition: Edition = "executive"


class Revised(Part):
    """What changed since the revision before.

    Attributes:
        revision: The earlier revision.
        sentence: What changed, in one sentence.
        figures: Every figure that changed, those of page one first; empty where only what is said of them did.
    """

    revision: int
    sentence: str
    figures: tuple[ChangedFigure, ...]


class EndpointLine(Part):
    """What became of one endpoint.

    Attributes:
        endpoint: Its name.
        path: Its path.
        state: `answered`, `not offered` (an older installation does not have it) or `failed`.
        requests: How many answers it took.
        rows: How many rows a list had; None where it is no list.
        ended_at: When it was fetched or given up.
        reason: Why it failed or is not offered.
    """

    endpoint: str
    path: str
    state: Literal["answered", "not offered", "failed"]
    requests: int
    rows: int | None = None
    ended_at: AwareDatetime
    reason: str = ""


class CheckResult(StrEnum):
    """What came of holding two figures against each other."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_POSSIBLE = "not possible"


class Severity(StrEnum):
    """What it means when a check fails."""

    NOTE = "note"
    """Something to know; no figure is wrong for it."""
    WARNING = "warning"
    """A figure may be wrong."""
    HOLD = "hold"
    """The report may be of the wrong month or of a part of the data: a person should look before it goes out."""


class Check(Part):
    """Two figures that ought to agree, held against each other.

    Attributes:
        name: The check's name.
        result: Whether they do.
        sentence: What was compared and what came out.
        severity: What it means where they differ.
    """

    name: str
    result: CheckResult
    sentence: str
    severity: Severity = Severity.WARNING

    @property
    def holds(self) -> bool:
        """Whether it failed so that a person should look first."""
        return self.result is CheckResult.DIFFERS and self.severity is Severity.HOLD


class Definition(Part):
    """What a word of the report means and where its figure comes from.

    Attributes:
        term: The word.
        meaning: What it means.
        source: Where its figure comes from.
        edition: Whom it is for: words that stand in the full edition only are explained there only.
    """

    term: str
    meaning: str
    source: str
    edition: Edition = "executive"


class AboutTheData(Part):
    """Where every figure comes from.

    Attributes:
        summary: One sentence for the foot of page one.
        endpoints: A line an endpoint.
        checks: The reconciliations.
        definitions: The words used.
        notes: What else a doubter should know, a sentence each.
    """

    summary: str
    endpoints: tuple[EndpointLine, ...]
    checks: tuple[Check, ...]
    definitions: tuple[Definition, ...]
    notes: tuple[str, ...] = ()
