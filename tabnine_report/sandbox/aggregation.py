"""Aggregate activity over a window: sums and distinct people, for every team at once."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tabnine_report.sandbox.activity import (
    AGENT_MODEL_BITS,
    ANY,
    CHAT_MODEL_BITS,
    CHATTED,
    COMPLETED,
    COUNT_ROW,
    COUNTS,
    USED_AGENT,
    Activity,
)
from tabnine_report.sandbox.people import MODELS_PER_FEATURE

_BITS = (ANY, COMPLETED, CHATTED, USED_AGENT, *CHAT_MODEL_BITS, *AGENT_MODEL_BITS)
_BIT_ROW = {bit: row for row, bit in enumerate(_BITS)}
_MODEL_METRICS = ("messages", "input_tokens", "output_tokens")


@dataclass(frozen=True)
class ModelTotals:
    """The usage of one model by a feature: distinct people, messages, input and output tokens."""

    people: int
    messages: int
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True)
class Totals:
    """Activity in a window.

    Groups are the teams, followed by one group for the people in no team.

    Attributes:
        counts: One row per entry of `COUNTS`, one column per group.
        by_model: Messages, input and output tokens of chat (0) and agent (1): feature x metric x group x model.
        seen: The features that each person used in the window, as bits.
        team: Each person's group.
    """

    counts: NDArray[np.int64]
    by_model: NDArray[np.int64]
    seen: NDArray[np.uint16]
    team: NDArray[np.int64] = field(repr=False)

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(self.counts + other.counts, self.by_model + other.by_model, self.seen | other.seen, self.team)

    @cached_property
    def _people(self) -> NDArray[np.int64]:
        """Distinct people: one row per bit, one column per group."""
        groups = self.counts.shape[1]
        return np.stack([np.bincount(self.team[(self.seen & bit) != 0], minlength=groups) for bit in _BITS])

    def people(self, bit: int, group: int | None = None) -> int:
        """Return the distinct people with a bit, in one group or (`None`) in the organization."""
        row = self._people[_BIT_ROW[bit]]
        return int(row.sum() if group is None else row[group])

    def count(self, name: str, group: int | None = None) -> int:
        """Return the sum of one of `COUNTS`, in one group or (`None`) in the organization."""
        row = self.counts[COUNT_ROW[name]]
        return int(row.sum() if group is None else row[group])

    def models(self, *, agent: bool, group: int | None = None) -> list[ModelTotals]:
        """Return the usage of each model of a feature, in one group or (`None`) in the organization."""
        feature = self.by_model[int(agent)]
        metrics = feature.sum(axis=1) if group is None else feature[:, group]
        bits = AGENT_MODEL_BITS if agent else CHAT_MODEL_BITS
        return [ModelTotals(self.people(bit, group), *metrics[:, model].tolist()) for model, bit in enumerate(bits)]


def no_activity(team: NDArray[np.int64], groups: int) -> Totals:
    """Return the totals of a window without activity."""
    return Totals(
        counts=np.zeros((len(COUNTS), groups), np.int64),
        by_model=np.zeros((2, len(_MODEL_METRICS), groups, MODELS_PER_FEATURE), np.int64),
        seen=np.zeros(len(team), np.uint16),
        team=team,
    )


def aggregate(activity: Activity, team: NDArray[np.int64], groups: int, start: int, end: int) -> Totals:
    """Return the totals of a month's activity from `start` (included) to `end` (excluded), in UNIX seconds."""
    window = slice(*np.searchsorted(activity.moment, [start, end]))
    person, did, counts = activity.person[window], activity.did[window], activity.counts[:, window]
    group = team[person]
    seen = np.zeros(len(team), np.uint16)
    np.bitwise_or.at(seen, person, did)
    by_model = np.stack(
        [
            _sum_by_model(counts, "chat", group, groups, activity.chat_model[window]),
            _sum_by_model(counts, "agent", group, groups, activity.agent_model[window]),
        ]
    )
    return Totals(_sum_rows(counts, group, groups), by_model, seen, team)


def _sum_by_model(
    counts: NDArray[np.int32], feature: str, group: NDArray[np.int64], groups: int, model: NDArray[np.int8]
) -> NDArray[np.int64]:
    rows = counts[[COUNT_ROW[f"{feature}_{metric}"] for metric in _MODEL_METRICS]]
    summed = _sum_rows(rows, group * MODELS_PER_FEATURE + model, groups * MODELS_PER_FEATURE)
    return summed.reshape(len(_MODEL_METRICS), groups, MODELS_PER_FEATURE)


def _sum_rows(rows: NDArray[np.int32], key: NDArray[np.int64], keys: int) -> NDArray[np.int64]:
    # bincount adds floats, which is exact here: every sum stays far below 2**53.
    return np.stack([np.bincount(key, weights=row, minlength=keys) for row in rows]).astype(np.int64)
