"""The title of the teams section: the teams with the most inactive accounts."""

from collections.abc import Sequence

from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.model.sections import TeamRow
from tabnine_report.text.sanitizing import truncate

_NAMED = 3
"""The number of teams that the title names at most."""
_LONGEST = 100
"""The length of the title, beyond which it names fewer teams."""
_LONGEST_NAME = 34


def teams_title(context: ReportContext, rows: Sequence[TeamRow]) -> str:
    """Return the title.

    Args:
        context: The report's context.
        rows: The teams that the report shows, most inactive accounts first.
    """
    if not rows:
        return _why_no_team_is_shown(context)
    known = [row for row in rows if row.inactive.known]
    if not known:
        return _counted(context, rows)
    if not known[0].inactive.value:
        key = "teams.title_none_inactive"
        return context.language.translate(key) if len(known) == len(rows) else _counted(context, rows)
    if len(known) == 1:
        return _only(context, known[0])
    # A team that is not named must not have as many inactive accounts as one that is.
    numbers = [row.inactive.value for row in known]
    sizes = [
        size
        for size in range(min(_NAMED, len(known)), 0, -1)
        if numbers[size - 1] and numbers[size : size + 1] != [numbers[size - 1]]
    ]
    titles = [_most(context, known[:size], all_shown=len(known) == len(context.teams.teams)) for size in sizes]
    if not titles:
        tied = [row for row in known if row.inactive.value == numbers[0]]
        return context.language.translate(
            "teams.title_inactive_tie",
            number=context.language.count(len(tied)),
            each=context.language.value(known[0].inactive),
        )
    return next((title for title in titles if len(title) <= _LONGEST), titles[-1])


def _why_no_team_is_shown(context: ReportContext) -> str:
    if context.teams.lacking:
        return context.teams.lacking
    sizes = [context.teams.members(team).value for team in context.teams.teams]
    is_empty = None not in sizes and not any(sizes)
    return context.language.translate("teams.title_empty" if is_empty else "teams.title_too_small")


def _only(context: ReportContext, row: TeamRow) -> str:
    return context.language.translate(
        "teams.title_inactive_only",
        row.inactive.value,
        team=truncate(row.name, _LONGEST_NAME),
        number=context.language.value(row.inactive),
    )


def _most(context: ReportContext, rows: Sequence[TeamRow], *, all_shown: bool) -> str:
    language = context.language
    first, *others = rows
    names = [truncate(row.name, _LONGEST_NAME) for row in rows]
    # The first number states that all of them are lower bounds.
    numbers = [language.value(first.inactive), *(language.value(row.inactive.as_counted()) for row in others)]
    key = "teams.title_inactive" if all_shown else "teams.title_inactive_shown"
    return language.translate(key, len(rows), teams=language.listed(names), numbers=language.listed(numbers))


def _counted(context: ReportContext, rows: Sequence[TeamRow]) -> str:
    """Return of how many teams the report shows the active users; if of none, how many teams it shows."""
    language, shown, number = context.language, sum(row.active_users.known for row in rows), len(context.teams.teams)
    if not shown:
        key, shown = "teams.title_without_people", len(rows)
    else:
        key = "teams.title_all" if shown == number else "teams.title"
    month = language.month_name(context.month)
    return language.translate(key, count=shown, shown=language.count(shown), teams=language.count(number), month=month)
