"""Draw the activity of one calendar month: one row per person and day of use, from the seed and the month only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tabnine_report.sandbox.calendar import ORGANIZATION_START, working_pace
from tabnine_report.sandbox.people import MODELS_PER_FEATURE, People
from tabnine_report.sandbox.time_conversion import DAY_SECONDS, month_at, month_bounds

COUNTS = (
    "instruct_accepted",
    "completions",
    "completion_characters",
    "keystrokes",
    "completion_lines",
    "chat_interactions",
    "useful_chat_interactions",
    "chat_lines",
    "chat_characters",
    "chat_messages",
    "chat_input_tokens",
    "chat_output_tokens",
    "agent_interactions",
    "agent_lines_added",
    "agent_lines_added_accepted",
    "agent_lines_removed",
    "agent_lines_removed_accepted",
    "agent_messages",
    "agent_input_tokens",
    "agent_output_tokens",
)
"""The counts of a day of use, in the order of the rows of `Activity.counts`."""

COUNT_ROW = {name: row for row, name in enumerate(COUNTS)}

# The features used on a day, as bits of `Activity.did`. The bits of the models and of the agent's types follow.
ANY, COMPLETED, CHATTED, USED_AGENT = 1, 2, 4, 8
CHAT_MODEL_BITS = tuple(16 << model for model in range(MODELS_PER_FEATURE))
AGENT_MODEL_BITS = tuple(16 << (MODELS_PER_FEATURE + model) for model in range(MODELS_PER_FEATURE))
AGENT_TYPES = ("ide", "cli")
AGENT_TYPE_BITS = tuple(16 << (2 * MODELS_PER_FEATURE + kind) for kind in range(len(AGENT_TYPES)))

_IDLE_MONTH_SHARE = 0.035
_WEEK_OFF_SHARE = {7: 0.13, 8: 0.20, 12: 0.10}
_ORDINARY_WEEK_OFF_SHARE = 0.06
_AGENT_DAY_SHARE = 0.66
_CLI_SHARE = 0.22
_AGENT_TYPE_STREAM = 1  # its own random numbers, so that the other ones do not depend on it
_LOYALTY_TO_MODEL = 0.75
_STICKINESS_AT_START, _STICKINESS_GAIN_PER_MONTH = 0.90, 0.004
_VOLUME_GAIN_PER_MONTH = 0.008


@dataclass(frozen=True)
class Activity:
    """A month's days of use, one row each, ordered by time.

    Attributes:
        moment: The UNIX second at which the day of use counts, so that adjacent windows add up.
        person: The person's index.
        did: The used features, as bits (`ANY`, `COMPLETED` ...).
        chat_model, agent_model: The index of the used model; meaningless without the feature's bit.
        agent_type: The index of the agent's type in `AGENT_TYPES`; meaningless without the bit of the agent.
        counts: An array with one row per entry of `COUNTS` and one column per day of use.
    """

    moment: NDArray[np.int64]
    person: NDArray[np.int64]
    did: NDArray[np.uint16]
    chat_model: NDArray[np.int8]
    agent_model: NDArray[np.int8]
    agent_type: NDArray[np.int8]
    counts: NDArray[np.int32]


def month_activity(people: People, seed: int, month: int) -> Activity:
    """Draw a month's activity. The same seed and month always return the same, regardless of earlier calls."""
    random = np.random.default_rng([seed, month])
    person, moment = _days_of_use(random, people, month)
    order = np.lexsort((person, moment))
    person, moment = person[order], moment[order]
    count = len(person)

    with_completions = random.random(count) < people.completes[person]
    with_agent = (random.random(count) < _AGENT_DAY_SHARE) & (moment >= people.agent_from[person])
    # Active means a chat or a completion, so a day without completions is a day with chat.
    with_chat = (random.random(count) < people.chats[person]) | ~with_completions
    chat_model = _models(random, people, person)
    agent_model = _models(random, people, person)
    in_cli = np.random.default_rng([seed, month, _AGENT_TYPE_STREAM]).random(count) < _CLI_SHARE
    agent_type = in_cli.astype(np.int8)

    did = ANY + COMPLETED * with_completions + CHATTED * with_chat + USED_AGENT * with_agent
    did += with_chat * np.array(CHAT_MODEL_BITS)[chat_model] + with_agent * np.array(AGENT_MODEL_BITS)[agent_model]
    did += with_agent * np.array(AGENT_TYPE_BITS)[agent_type]
    months_since_start = month - month_at(ORGANIZATION_START)
    volume = people.volume[person] * (1 + _VOLUME_GAIN_PER_MONTH * months_since_start)
    counted = {
        **_completion_counts(random, people, person, volume * with_completions),
        **_chat_counts(random, people, person, volume * with_chat),
        **_agent_counts(random, volume * with_agent),
    }
    counts = np.stack([counted[name] for name in COUNTS])
    return Activity(moment, person, did.astype(np.uint16), chat_model, agent_model, agent_type, counts)


def _days_of_use(
    random: np.random.Generator, people: People, month: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return who used the product on which day: persons and times, aligned."""
    start, end = month_bounds(month)
    members = np.flatnonzero((people.joined < end) & (people.last_seen > start))
    pace = working_pace(month)
    stickiness = min(_STICKINESS_AT_START + _STICKINESS_GAIN_PER_MONTH * (month - month_at(ORGANIZATION_START)), 1.0)
    chance = people.presence[members, None] * pace[None, :] * stickiness

    weeks = np.arange(len(pace)) // 7
    week_off_share = _WEEK_OFF_SHARE.get(month % 12 + 1, _ORDINARY_WEEK_OFF_SHARE)
    week_off = random.random((len(members), int(weeks[-1]) + 1)) < week_off_share
    idle = random.random(len(members)) < _IDLE_MONTH_SHARE
    used = (random.random(chance.shape) < chance) & ~week_off[:, weeks] & ~idle[:, None]

    row, day = np.nonzero(used)
    person = members[row]
    second = random.normal(12.2 * 3600, 2.8 * 3600, len(person)).clip(0, DAY_SECONDS - 1).astype(np.int64)
    moment = start + day * DAY_SECONDS + second
    present = (moment >= people.joined[person]) & (moment < people.last_seen[person])
    return person[present], moment[present]


def _models(random: np.random.Generator, people: People, person: NDArray[np.int64]) -> NDArray[np.int8]:
    other = random.integers(0, MODELS_PER_FEATURE, len(person), dtype=np.int8)
    loyal = random.random(len(person)) < _LOYALTY_TO_MODEL
    return np.where(loyal, people.favorite_model[person], other)


def _whole(amount: NDArray[np.floating]) -> NDArray[np.int32]:
    whole: NDArray[np.int32] = np.rint(amount).astype(np.int32)
    return whole


def _times(random: np.random.Generator, volume: NDArray[np.float64], ordinary: float) -> NDArray[np.int32]:
    """Return how often something was done on a day: at least once where the volume is above zero, else 0."""
    often = np.ceil(volume * ordinary * random.lognormal(-0.12, 0.5, len(volume)))
    return often.astype(np.int32)


def _around_one(random: np.random.Generator, count: int, spread: float) -> NDArray[np.float64]:
    return random.uniform(1 - spread, 1 + spread, count)


def _completion_counts(
    random: np.random.Generator, people: People, person: NDArray[np.int64], volume: NDArray[np.float64]
) -> dict[str, NDArray[np.int32]]:
    completions = _times(random, volume, 9.0)
    characters = _whole(completions * people.characters[person] * _around_one(random, len(person), 0.2))
    return {
        "completions": completions,
        "completion_characters": characters,
        "keystrokes": _whole(characters * people.typing[person] * _around_one(random, len(person), 0.3)),
        "completion_lines": _whole(characters / 28.0),
    }


def _chat_counts(
    random: np.random.Generator, people: People, person: NDArray[np.int64], volume: NDArray[np.float64]
) -> dict[str, NDArray[np.int32]]:
    interactions = _times(random, volume, 11.0)
    useful = np.floor(interactions * people.usefulness[person] + random.random(len(person)))
    messages = _whole(1.4 * interactions)
    size = _around_one(random, len(person), 0.5)
    return {
        "instruct_accepted": _whole(0.5 * interactions * size),
        "chat_interactions": interactions,
        "useful_chat_interactions": np.minimum(useful, interactions).astype(np.int32),
        "chat_lines": _whole(1.25 * interactions * size),
        "chat_characters": _whole(0.53 * interactions * size),
        "chat_messages": messages,
        "chat_input_tokens": _whole(2_100 * messages * size),
        "chat_output_tokens": _whole(430 * messages * size),
    }


def _agent_counts(random: np.random.Generator, volume: NDArray[np.float64]) -> dict[str, NDArray[np.int32]]:
    interactions = _times(random, volume, 7.0)
    messages = _whole(1.7 * interactions)
    size = _around_one(random, len(volume), 0.6)
    accepted = 1 - random.beta(1.2, 80.0, len(volume))
    added, removed = _whole(98 * interactions * size), _whole(7 * interactions * size)
    return {
        "agent_interactions": interactions,
        "agent_lines_added": added,
        "agent_lines_added_accepted": np.floor(added * accepted).astype(np.int32),
        "agent_lines_removed": removed,
        "agent_lines_removed_accepted": np.floor(removed * accepted).astype(np.int32),
        "agent_messages": messages,
        "agent_input_tokens": _whole(21_000 * messages * size),
        "agent_output_tokens": _whole(900 * messages * size),
    }
