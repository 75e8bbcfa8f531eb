"""Build what the buckets of several usage endpoints have in common."""

from tabnine_report.sandbox.activity import COMPLETED, USED_AGENT
from tabnine_report.sandbox.aggregation import Totals
from tabnine_report.sandbox.calendar import instant_text
from tabnine_report.sandbox.schemas import Answer, Json


class CodeCompletions(Answer):
    """Accepted completions."""

    active_users: int
    completions: int
    chars_completed: int
    keystrokes: int
    lines: int


class AgentLines(Answer):
    """The agent's users and lines, the same in both versions."""

    active_users: int
    lines_added: int
    lines_added_accepted: int
    lines_removed: int
    lines_removed_accepted: int


def period(start: int, end: int) -> Json:
    """Return the fields of `Period`."""
    return {"from": instant_text(start), "to": instant_text(end)}


def code_completions(totals: Totals, group: int | None) -> Json:
    """Return the fields of `CodeCompletions`, of one group or (`None`) of the organization."""
    return {
        "activeUsers": totals.people(COMPLETED, group),
        "completions": totals.count("completions", group),
        "charsCompleted": totals.count("completion_characters", group),
        "keystrokes": totals.count("keystrokes", group),
        "lines": totals.count("completion_lines", group),
    }


def agent_lines(totals: Totals, group: int | None) -> Json:
    """Return the fields of `AgentLines`, of one group or (`None`) of the organization."""
    return {
        "activeUsers": totals.people(USED_AGENT, group),
        "linesAdded": totals.count("agent_lines_added", group),
        "linesAddedAccepted": totals.count("agent_lines_added_accepted", group),
        "linesRemoved": totals.count("agent_lines_removed", group),
        "linesRemovedAccepted": totals.count("agent_lines_removed_accepted", group),
    }
