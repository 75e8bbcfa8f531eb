"""A sample report with every section, every state of a figure, and a method change."""

from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Any, Literal, TypeAlias

from tabnine_report.model.answers import ActionAnswer, Answer, Note
from tabnine_report.model.data_quality import CheckResult, CrossCheck, DataQuality, DataSource, Definition, Severity
from tabnine_report.model.figure import Figure, Source, Unit, difference, ratio, relative_change
from tabnine_report.model.findings import ActionState, ActionStatus, Finding, LastMonthActions, RecommendedAction
from tabnine_report.model.governance import Governance, Requirement, RequirementStatus
from tabnine_report.model.kpi import Change, Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport, Organization
from tabnine_report.model.sections import (
    Adoption,
    Fact,
    Feature,
    FeatureUsage,
    FunnelStep,
    Seats,
    TeamGroup,
    TeamRow,
    Teams,
)
from tabnine_report.model.series import Point, Series

MONTH = Month(2026, 10)
MONTHS = MONTH.last(13)
BREAK = "2026-05"
IF_ZERO = "The number to divide by is 0."
FETCHED = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
SOURCE = Source(endpoint="/api/v2/organization/usage", field="activeUsers", period="2026-10")
GONE = "Tabnine discontinued this factor with version 6.2."

Values: TypeAlias = list[int | None]

PEOPLE: Values = [301, 312, 298, 322, 341, 350, 362, 371, 360, 352, 378, 389, 412]
WORKING_DAY: Values = [150, 158, 141, 160, 171, 180, 188, 199, 190, 181, 204, 221, 236]
UNUSED: Values = [171, 168, 180, 160, 155, 150, 149, 141, 139, 146, 133, 127, 108]
AGENT: Values = [None, None, None, None, 21, 44, 60, 83, 101, 118, 140, 168, 205]
CHAT: Values = [201, 210, 199, 215, 230, 236, 241, 240, 231, 220, 229, 231, 228]
COMPLETIONS: Values = [250, 258, 247, 268, 280, 288, 300, 306, 297, 290, 311, 322, 341]
COMPLETED: Values = [61021, 63110, 58004, 66500, 70110, 72904, 74310, 76009, 73110, 71004, 79120, 81003, 88412]
MESSAGES: Values = [9120, 9633, 8801, 9902, 10110, 10230, 10402, 7120, 6880, 6511, 6730, 6811, 6702]
AGENT_MESSAGES: Values = [None, None, None, None, 402, 980, 1611, 2630, 3980, 5100, 7012, 9310, 12877]


def figure(value: float | None, unit: Unit, *, as_of: datetime | None = None) -> Figure:
    if value is None:
        return Figure.unavailable(unit, "Tabnine did not count this before version 5.9.")
    return Figure.measured(value, unit, SOURCE, as_of=as_of)


def series(label: str, unit: Unit, values: Values, *, breaks: tuple[str, ...] = ()) -> Series:
    points = []
    for month, value in zip(MONTHS, values, strict=True):
        whole = figure(value, unit)
        is_break = str(month) in breaks
        points.append(
            Point(
                period=str(month),
                figure=whole.partial("The counting method changed in this month.") if is_break else whole,
            )
        )
    return Series(label=label, unit=unit, points=tuple(points), breaks=breaks)


def kpi(key: str, label: str, unit: Unit, values: Values, note: str = "", *, breaks: tuple[str, ...] = ()) -> Kpi:
    now, before = figure(values[-1], unit), figure(values[-2], unit)
    change = Change(
        since="2026-09", absolute=difference(now, before), relative=relative_change(now, before, if_zero=IF_ZERO)
    )
    history = series(label, unit, values, breaks=breaks)
    return Kpi(key=key, label=label, figure=now, change=change, note=note, history=history)


def pending() -> Kpi:
    return kpi("pending", "Pending invitations", Unit.COUNT, [4, 5, 3, 2, 9, 8, 4, 4, 4, 5, 6, 6, 6])


def share(key: str, label: str, part: int, whole: int, note: str = "") -> Kpi:
    now = ratio(figure(part, Unit.PEOPLE), figure(whole, Unit.PEOPLE), if_zero=IF_ZERO)
    before = ratio(figure(part - 7, Unit.PEOPLE), figure(whole, Unit.PEOPLE), if_zero=IF_ZERO)
    change = Change(
        since="2026-09", absolute=difference(now, before), relative=relative_change(now, before, if_zero=IF_ZERO)
    )
    return Kpi(key=key, label=label, figure=now, change=change, note=note)


def per_user(key: str, label: str, volume: int | None, people: int | None, note: str = "") -> Kpi:
    now = ratio(figure(volume, Unit.MESSAGES), figure(people, Unit.PEOPLE), Unit.PER_USER, if_zero=IF_ZERO)
    before = now.model_copy(update={"value": now.value * 0.96}) if now.value is not None else now
    change = Change(
        since="2026-09", absolute=difference(now, before), relative=relative_change(now, before, if_zero=IF_ZERO)
    )
    return Kpi(key=key, label=label, figure=now, change=change, note=note)


def daily() -> tuple[Series, tuple[date, ...]]:
    days = [date(2026, 10, number) for number in range(1, monthrange(2026, 10)[1] + 1)]
    off = tuple(day for day in days if day.weekday() >= 5)
    points = []
    for day in days:
        value = 9 + day.day % 4 if day in off else 210 + (day.day * 37) % 61
        whole = figure(value, Unit.PEOPLE)
        points.append(Point(period=day.isoformat(), figure=whole))
    return Series(label="Daily active users", unit=Unit.PEOPLE, points=tuple(points)), off


def feature(
    key: Literal["completions", "chat", "agent"], label: str, noun: str, *, people: Values, volume: Values
) -> Feature:
    unit = Unit.COMPLETIONS if key == "completions" else Unit.MESSAGES
    users = kpi(
        "completion_users" if key == "completions" else f"{key}_users",
        f"Users of {label.lower()}",
        Unit.PEOPLE,
        people,
    )
    amount = kpi(f"{key}_volume", noun, unit, volume, breaks=(BREAK,) if key != "completions" else ())
    intensity = per_user(f"{key}_per_user", f"{noun} per person", volume[-1], people[-1])
    extra = kpi(f"{key}_lines", "Lines added", Unit.LINES, [value and value * 3 for value in volume])
    return Feature(
        key=key,
        label=label,
        users=users,
        volume=amount,
        per_user=intensity,
        kpis=(users, amount, intensity, extra),
    )


def adoption() -> Adoption:
    seats = figure(520, Unit.SEATS)

    def step(label: str, value: int, drop: str = "", *, unit: Unit = Unit.PEOPLE) -> FunnelStep:
        counted = figure(value, unit)
        return FunnelStep(label=label, figure=counted, share=ratio(counted, seats, if_zero=IF_ZERO), drop=drop)

    people_a_day, off = daily()
    return Adoption(
        title="Four of five seats were used in October; on a typical working day, 236 of the 412 people used Tabnine.",
        funnel=(
            step("Seats bought", 520, unit=Unit.SEATS),
            step("Accounts at the end of the month", 447, "73 unassigned", unit=Unit.ACCOUNTS),
            step("Active users", 412, "at least 35 inactive"),
            step("Average daily active users", 236, "176 not every working day"),
        ),
        active_users=series("Active users", Unit.PEOPLE, PEOPLE),
        accounts=series("Accounts at the end of the month", Unit.ACCOUNTS, [v and v + 35 for v in PEOPLE]),
        daily=people_a_day,
        days_off=off,
        kpis=(
            kpi("active_users", "Active users", Unit.PEOPLE, PEOPLE, "at least one completion, chat or agent message"),
            kpi(
                "average_daily_active_users",
                "Average daily active users",
                Unit.PEOPLE,
                WORKING_DAY,
                "mean of 22 working days",
            ),
            share("stickiness", "Stickiness", 236, 412, "average daily / monthly active users"),
            share("adoption_rate", "Adoption rate", 412, 447, "active users / accounts at the month's end"),
            kpi("registered", "Accounts in the month", Unit.ACCOUNTS, [v and v + 60 for v in PEOPLE]),
            kpi("accounts", "Accounts at the end of the month", Unit.ACCOUNTS, [v and v + 35 for v in PEOPLE]),
            kpi(
                "deactivated",
                "Deactivated accounts",
                Unit.ACCOUNTS,
                [12, 12, 13, 14, 14, 15, 15, 16, 17, 19, 19, 21, 40],
            ),
            pending(),
        ),
    )


def feature_usage() -> FeatureUsage:
    gone = Figure.discontinued(Unit.SHARE, GONE)
    return FeatureUsage(
        title="Half of the active users used agents; chat usage fell, and completions grew.",
        features=(
            feature("completions", "Completions", "Completions", people=COMPLETIONS, volume=COMPLETED),
            feature("chat", "Chat", "Messages", people=CHAT, volume=MESSAGES),
            feature("agent", "Agent", "Agent messages", people=AGENT, volume=AGENT_MESSAGES),
        ),
        factors=(
            share(
                "automation",
                "Automation factor",
                426,
                1000,
                "The share of code characters from completions; it does not measure time saved.",
            ),
            Kpi(
                key="productivity",
                label="Productivity factor",
                figure=gone,
                note="A share of characters, never “more productive”; it ignores agent lines.",
            ),
            Kpi(
                key="chat_consumption",
                label="Chat consumption rate",
                figure=gone,
                note="The share of chat answers that were copied, inserted or applied.",
            ),
        ),
        break_note="Since May 2026, version 2 of the API reports chat: it counts messages, not interactions.",
    )


TEAMS = (
    "Platform",
    "Payments",
    "Mobile",
    "Search & discovery",
    "فريق البيانات",
    "Data science",
    "Web",
    "Site reliability",
)


def teams(number: int = 8) -> Teams:
    """Build the section of a number of teams; of every fifth, September's active users are unknown."""

    def row(at: int) -> TeamRow:
        members, people = (
            figure(max(64 - 3 * at, 9), Unit.ACCOUNTS, as_of=FETCHED),
            figure(max(58 - 3 * at, 7), Unit.PEOPLE),
        )
        before = figure(None if at % 5 == 4 else max(55 - 3 * at, 6), Unit.PEOPLE)
        done = figure(max(9200 - 400 * at, 300), Unit.COMPLETIONS)
        small = Figure.unavailable(Unit.SHARE, "The base is under 20, which is too small for a percentage.")
        return TeamRow(
            name=TEAMS[at] if at < len(TEAMS) else f"Team {at + 1}",
            members=members,
            active_users=people,
            share=ratio(people, members, if_zero=IF_ZERO) if (members.value or 0) >= 20 else small,
            share_before=ratio(before, members, if_zero=IF_ZERO) if (members.value or 0) >= 20 else small,
            inactive=difference(members, people),
            change=Change(
                since="2026-09",
                absolute=difference(people, before),
                relative=relative_change(people, before, if_zero=IF_ZERO),
            ),
            completions=done,
            per_user=ratio(done, people, Unit.PER_USER, if_zero=IF_ZERO),
        )

    def group(label: str, members: int, done: int) -> TeamGroup:
        return TeamGroup(
            label=label,
            members=figure(members, Unit.ACCOUNTS, as_of=FETCHED),
            completions=figure(done, Unit.COMPLETIONS),
        )

    return Teams(
        title="Active users of 8 of 11 teams in October.",
        rows=tuple(row(at) for at in range(number)),
        smaller=group("3 smaller teams combined", 9, 1204),
        no_team=group("Without a team", 19, 2311),
        note="3 teams are not shown on their own. Members as of 2 November 2026.",
    )


def seats() -> Seats:
    def account(key: str, label: str, value: int, note: str = "") -> Kpi:
        return Kpi(key=key, label=label, figure=figure(value, Unit.ACCOUNTS, as_of=FETCHED), note=note)

    return Seats(
        title="Of 520 seats, 108 were unused in October: 73 were unassigned, and at least 35 accounts were inactive.",
        kpis=(
            Kpi(
                key="seats",
                label="Seats bought",
                figure=figure(520, Unit.SEATS, as_of=FETCHED),
                note="seats of the license",
            ),
            kpi("unused_seats", "Unused seats", Unit.SEATS, UNUSED, "unassigned seats + inactive accounts"),
            kpi(
                "unassigned_seats",
                "Unassigned seats",
                Unit.SEATS,
                [v and v - 35 for v in UNUSED],
                "seats minus accounts at the end of the month",
            ),
            Kpi(
                key="inactive_accounts",
                label="Inactive accounts",
                figure=figure(35, Unit.SEATS).partial(
                    "At least: accounts deactivated during the month may have been active."
                ),
                note="accounts at the end of the month minus active users",
            ),
        ),
        license=(
            Fact(key="issued", label="License issued", text="1 February 2026", day=date(2026, 2, 1)),
            Fact(key="expires", label="License expires", text="31 January 2027", day=date(2027, 1, 31)),
            Fact(key="days_left", label="Days left", text="90 days"),
        ),
        accounts=(
            account("teams", "Teams", 14, "without the default team"),
            Kpi(
                key="in_teams",
                label="Accounts in teams",
                figure=Figure.unavailable(
                    Unit.ACCOUNTS, "The API returns only today's teams, and the month ended long ago."
                ),
            ),
        ),
    )


def data_quality() -> DataQuality:
    def line(endpoint: str, path: str, requests: int = 1, rows: int | None = None) -> DataSource:
        return DataSource(
            endpoint=endpoint, path=path, state="answered", requests=requests, rows=rows, ended_at=FETCHED
        )

    failed = line("team-usage-v1", "/api/v1/team/usage", 4)
    not_offered = line("agent-usage", "/api/v1/organization/agent-usage")
    return DataQuality(
        title="8 of 9 data sources answered; 2 cross-checks agree.",
        sources_sentence="The sources were asked on 2 November 2026, 07:00. Team usage is missing.",
        checks_sentence="Month against history agrees.",
        summary=(
            "8 of 9 data sources answered; fetched 2 November 2026, 07:00. Seats as of 2 November. Team "
            "usage is missing."
        ),
        data_sources=(
            line("organization", "/api/v1/organization"),
            line("teams", "/api/v1/organization/teams", 1, 14),
            line("license", "/api/v1/license"),
            line("account-utilizations", "/api/v1/organization/account-utilizations", 1, 13),
            line("usage-v1", "/api/v1/organization/usage", 3),
            line("usage-v2", "/api/v2/organization/usage", 3),
            line("users", "/api/v1/organization/users", 9, 447),
            failed.model_copy(update={"state": "failed", "reason": "The server answered 503 for 60 seconds."}),
            not_offered.model_copy(update={"state": "not offered", "reason": "The organization does not have it."}),
        ),
        checks=(
            CrossCheck(
                name="Accounts against users",
                result=CheckResult.AGREES,
                sentence="447 accounts at the month's end, 447 users listed.",
            ),
            CrossCheck(
                name="Days against month",
                result=CheckResult.DIFFERS,
                sentence="88,412 completions in the month, 88,390 over its days.",
                severity=Severity.NOTE,
            ),
            CrossCheck(
                name="Teams against organization",
                result=CheckResult.NOT_POSSIBLE,
                sentence="Team usage could not be fetched.",
            ),
        ),
        definitions=tuple(
            Definition(key=term.lower().replace(" ", "_"), term=term, meaning=meaning, source=source)
            for term, meaning, source in (
                (
                    "Active users",
                    "Distinct people with at least one completion or message.",
                    "/api/v2/organization/usage: activeUsers",
                ),
                (
                    "Average daily active users",
                    "The mean of daily active users over the month's working days.",
                    "/api/v2/organization/usage, daily: activeUsers",
                ),
                (
                    "Accounts at the end of the month",
                    "Accounts registered at the month's end; our reading of the field.",
                    "/api/v1/organization/account-utilizations: active",
                ),
                (
                    "Unassigned",
                    "Seats minus accounts at the end of the month.",
                    "/api/v1/license: seats; account-utilizations: active",
                ),
                (
                    "Inactive accounts",
                    "Accounts at the end of the month minus active users: at least this many.",
                    "computed",
                ),
                (
                    "Automation factor",
                    "Characters by completions / (those + keystrokes).",
                    "codeCompletions.charsCompleted, keystrokes",
                ),
            )
        ),
        notes=(
            "Months are calendar months in UTC, as in the vendor's console.",
            "Assumption: the API's field “active” means accounts registered at the month's end.",
        ),
    )


def governance() -> Governance:
    def setting(key: str, label: str, actual: str, expected: str, status: RequirementStatus) -> Requirement:
        return Requirement(key=key, label=label, actual=actual, expected=expected, status=status, as_of=FETCHED)

    def number(key: str, label: str, value: int, expected: str, status: RequirementStatus) -> Requirement:
        counted = Kpi(key=key, label=label, figure=figure(value, Unit.ACCOUNTS, as_of=FETCHED))
        return Requirement(
            key=key, label=label, actual=str(value), expected=expected, status=status, as_of=FETCHED, kpi=counted
        )

    met, not_met = RequirementStatus.MET, RequirementStatus.NOT_MET
    return Governance(
        title="4 of 8 requirements are met; the status of 1 is not known.",
        sign_in=(
            setting("saml", "SAML sign-in", "on", "on, so that access ends when the company account is closed", met),
            Requirement(
                key="oauth",
                label="OAuth sign-in",
                actual="not known",
                expected="off where SAML is on, because OAuth bypasses it",
                status=RequirementStatus.NOT_KNOWN,
                note="The API returned no oauthEnabled.",
            ),
            setting("password", "Password sign-in", "on", "off where SAML or OAuth is on", not_met),
            setting(
                "smtp", "Mail server for invitations", "on", "on, because invitations are not sent without it", met
            ),
        ),
        accounts=(
            number("admins", "Tabnine admins", 5, "2 to 10", met),
            number("accounts_without_team", "Accounts without a team", 19, "none", not_met),
            number("deactivated_in_teams", "Deactivated accounts still in a team", 0, "none", met),
            number("pending", "Pending invitations", 6, "none", not_met).model_copy(update={"kpi": pending()}),
        ),
    )


def recommended_actions() -> tuple[RecommendedAction, ...]:
    return (
        RecommendedAction(
            rule="decide_renewal",
            owner="License owner",
            due=date(2026, 12, 31),
            title="How many seats to renew on 31 December 2026?",
            reason="73 of 520 seats are unassigned; inactive accounts: at least 35.",
            worth="up to EUR 2,847",
            worth_note="a month from renewal, for 73 fewer seats",
            figures={"unassigned_seats": figure(73, Unit.SEATS)},
        ),
        RecommendedAction(
            rule="reassign_inactive_accounts",
            owner="Tabnine admins",
            due=date(2026, 11, 30),
            title="Reassign or deactivate inactive accounts?",
            reason="At least 35 had no activity. Seats can be reassigned now; spend falls at renewal.",
            worth="up to EUR 1,365",
            worth_note="a month from renewal, if these 35 are deactivated",
            figures={"inactive_accounts": figure(35, Unit.ACCOUNTS)},
        ),
    )


DECIDED = "reassign or deactivate inactive accounts (accepted, owner IT desk): 54 then, 35 now, 19 fewer"
"""What was decided about the action of last month, and what came of it."""


def last_month_actions() -> LastMonthActions:
    earlier = recommended_actions()[1].model_copy(update={"due": date(2026, 10, 31)})
    followed = ActionStatus(
        action=earlier,
        state=ActionState.OPEN,
        sentence=DECIDED,
        figures={"inactive_accounts": figure(35, Unit.ACCOUNTS)},
        answer=ActionAnswer(
            rule=earlier.rule,
            answer=Answer.ACCEPTED,
            owner="IT desk",
            at=datetime(2026, 10, 13, 9, 30, tzinfo=UTC),
        ),
    )
    return LastMonthActions(title="Decided on 13 October", statuses=(followed,))


def sample_report(**changes: object) -> MonthlyReport:
    """Build the report; each change replaces one of its attributes."""
    parts: dict[str, Any] = {
        "program_version": "0.1.0",
        "organization": Organization(id="5f0c", name="ACME", profile="acme"),
        "title": "Tabnine usage",
        "month": "2026-10",
        "month_label": "October 2026",
        "compared_with": "2026-09",
        "locale": "en",
        "time_zone": "Europe/Berlin",
        "accent": "#3b4cca",
        "revision": 1,
        "draft": False,
        "complete": False,
        "working_days": 22,
        "data_as_of": FETCHED,
        "headline": "412 people used Tabnine in October. At least a fifth of the seats, 108 of 520, were unused.",
        "deck": "23 more people than in September; 205 people used agents, 168 in September.",
        "page_one_kpis": (
            kpi("active_users", "Active users", Unit.PEOPLE, PEOPLE, "92.2% of 447 accounts"),
            kpi(
                "average_daily_active_users",
                "Average daily active users",
                Unit.PEOPLE,
                WORKING_DAY,
                "57.3% of active users",
            ),
            kpi("unused_seats", "Unused seats", Unit.SEATS, UNUSED, "73 unassigned · at least 35 inactive"),
            kpi("agent_users", "Agent users", Unit.PEOPLE, AGENT, "49.8% of active users"),
        ),
        "findings": tuple(
            Finding(rule=rule, claim=claim, evidence=evidence, figures={"active_users": figure(412, Unit.PEOPLE)})
            for rule, claim, evidence in (
                (
                    "agent_half",
                    "Agents reached half of all active users.",
                    "31 more agent users, the largest of the last 12 monthly changes.",
                ),
                (
                    "stickiness",
                    "Use became more routine.",
                    "Average daily active users +6.8%, active users +5.9%.",
                ),
                ("unused", "Unused seats fell to a new low.", "108 seats, the fewest in 12 complete months."),
            )
        ),
        "recommended_actions": recommended_actions(),
        "last_month_actions": last_month_actions(),
        "note": Note(text="Warsaw joined on 12 October.", author="J. B."),
        "adoption": adoption(),
        "feature_usage": feature_usage(),
        "teams": teams(),
        "seats": seats(),
        "governance": governance(),
        "data_quality": data_quality(),
    }
    return MonthlyReport(**{**parts, **changes})
