"""Aggregate activity over a window: sums and distinct people, for every team at once."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tabnine_report.sandbox.activity import (
    AGENT_MODEL_BITS,
    AGENT_TYPE_BITS,
    AGENT_TYPES,
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

_BITS = (ANY, COMPLETED, CHATTED, USED_AGENT, *CHAT_MODEL_BITS, *AGENT_MODEL_BITS, *AGENT_TYPE_BITS)
_BIT_ROW = {bit: row for row, bit in enumerate(_BITS)}
_MODEL_METRICS = ("messages", "input_tokens", "output_tokens")
_CHAT_COUNTS = tuple(f"chat_{metric}" for metric in _MODEL_METRICS)
_AGENT_COUNTS = tuple(name for name in COUNTS if name.startswith("agent_"))
_AGENT_ROW = {name: row for row, name in enumerate(_AGENT_COUNTS)}
_AGENT_MODEL_ROWS = [_AGENT_ROW[f"agent_{metric}"] for metric in _MODEL_METRICS]


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
        chat_by_model: Messages, input and output tokens of the chat: metric x group x model.
        agent_by_model: The counts of the agent: metric x group x type of agent x model.
        seen: The features that each person used in the window, as bits.
        team: Each person's group.
    """

    counts: NDArray[np.int64]
    chat_by_model: NDArray[np.int64]
    agent_by_model: NDArray[np.int64]
    seen: NDArray[np.uint16]
    team: NDArray[np.int64] = field(repr=False)

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.counts + other.counts,
            self.chat_by_model + other.chat_by_model,
            self.agent_by_model + other.agent_by_model,
            self.seen | other.seen,
            self.team,
        )

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
        counts = self.agent_by_model[_AGENT_MODEL_ROWS].sum(axis=2) if agent else self.chat_by_model
        metrics = _in_group(counts, group)
        bits = AGENT_MODEL_BITS if agent else CHAT_MODEL_BITS
        return [ModelTotals(self.people(bit, group), *metrics[:, model].tolist()) for model, bit in enumerate(bits)]

    def agent_counts(self, name: str, group: int | None = None) -> NDArray[np.int64]:
        """Return one of the agent's `COUNTS` by type of agent (rows) and model (columns), as `count` does in total."""
        by_type: NDArray[np.int64] = _in_group(self.agent_by_model, group)[_AGENT_ROW[name]]
        return by_type


def no_activity(team: NDArray[np.int64], groups: int) -> Totals:
    """Return the totals of a window without activity."""
    return Totals(
        counts=np.zeros((len(COUNTS), groups), np.int64),
        chat_by_model=np.zeros((len(_CHAT_COUNTS), groups, MODELS_PER_FEATURE), np.int64),
        agent_by_model=np.zeros((len(_AGENT_COUNTS), groups, len(AGENT_TYPES), MODELS_PER_FEATURE), np.int64),
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
    return Totals(
        counts=_sums(counts, (group, groups)),
        chat_by_model=_sums(
            _rows(counts, _CHAT_COUNTS), (group, groups), (activity.chat_model[window], MODELS_PER_FEATURE)
        ),
        agent_by_model=_sums(
            _rows(counts, _AGENT_COUNTS),
            (group, groups),
            (activity.agent_type[window], len(AGENT_TYPES)),
            (activity.agent_model[window], MODELS_PER_FEATURE),
        ),
        seen=seen,
        team=team,
    )


def _in_group(counts: NDArray[np.int64], group: int | None) -> NDArray[np.int64]:
    """Return counts without the dimension of the group: those of one group or (`None`) of all."""
    return counts.sum(axis=1) if group is None else counts[:, group]


def _rows(counts: NDArray[np.int32], names: tuple[str, ...]) -> NDArray[np.int32]:
    return counts[[COUNT_ROW[name] for name in names]]


def _sums(rows: NDArray[np.int32], *keys: tuple[NDArray[np.integer], int]) -> NDArray[np.int64]:
    """Return the sums of each row by one or more keys, each given with the number of its values."""
    shape = tuple(size for _, size in keys)
    key = np.ravel_multi_index([values for values, _ in keys], shape)
    # bincount adds floats, which is exact here: every sum stays far below 2**53.
    sums = np.stack([np.bincount(key, weights=row, minlength=np.prod(shape)) for row in rows])
    return sums.astype(np.int64).reshape(len(rows), *shape)
