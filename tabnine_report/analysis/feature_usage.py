"""What it was used for: completions, chat and agents, and the vendor's three factors."""

from typing import Literal

from tabnine_report.analysis.metrics import METRICS
from tabnine_report.analysis.report_context import Material, OfMonth
from tabnine_report.analysis.shares import share, share_note
from tabnine_report.model.figure import Figure, total
from tabnine_report.model.kpi import Measure
from tabnine_report.model.month import Month
from tabnine_report.model.sections import Feature, Use

FeatureKey = Literal["completions", "chat", "agent"]

_FEATURES: dict[FeatureKey, tuple[str, str, str, tuple[str, ...]]] = {
    "completions": (
        "completions_people",
        "completions",
        "completions_per_person",
        ("completion_characters", "keystrokes", "completion_lines"),
    ),
    "chat": ("chat_people", "chat_volume", "chat_per_person", ("chat_useful", "chat_lines", "chat_characters")),
    "agent": (
        "agent_people",
        "agent_volume",
        "agent_per_person",
        (
            "agent_lines_added",
            "agent_lines_added_accepted",
            "agent_lines_removed",
            "agent_lines_removed_accepted",
        ),
    ),
}
"""Of each feature: its people, its volume, the volume a person, and what else stands in its table."""


def use(material: Material, agents: Measure) -> Use:
    """Build the section on what it was used for.

    Args:
        material: What the report is built from.
        agents: The measure of page one.
    """
    features = tuple(_feature(material, key, agents) for key in _FEATURES)
    return Use(
        title=_title(material, features),
        features=features,
        factors=(automation_factor(material), chat_consumption_rate(material), productivity_factor(material)),
        break_note=_break_note(material),
    )


def automation_factor(material: Material) -> Measure:
    """Measure the share of code characters that completions wrote, from its parts: both versions give them."""
    characters, keystrokes = material.of_month("completion_characters"), material.of_month("keystrokes")

    def of_month(month: Month) -> Figure:
        written = characters(month)
        typed = keystrokes(month)
        both = total([written, typed.model_copy(update={"unit": written.unit})])
        source = METRICS["automation_factor"].source(str(month), material.usage.serving(month).version)
        return share(written, both, material.language).sourced(source)

    return material.over_time("automation_factor", of_month, material.language.say("factor.automation_factor"))


def chat_consumption_rate(material: Material) -> Measure:
    """Measure the share of chat interactions whose answer was taken over; discontinued with version 1."""
    useful, interactions = material.of_month("chat_useful"), material.of_month("chat_volume")
    of_month = material.quotient("chat_consumption_rate", useful, interactions)
    return material.over_time("chat_consumption_rate", of_month, material.language.say("factor.chat_consumption_rate"))


def productivity_factor(material: Material) -> Measure:
    """Measure the share of characters that completions and chat wrote, as version 1 gives it."""
    of_month = material.of_month("productivity_factor")
    return material.over_time("productivity_factor", of_month, material.language.say("factor.productivity_factor"))


def _feature(material: Material, key: FeatureKey, agents: Measure) -> Feature:
    people_key, volume_key, per_person_key, others = _FEATURES[key]
    people, volume = material.of_month(people_key), material.of_month(volume_key)
    per_person = material.quotient(per_person_key, volume, people)
    if people_key == agents.key:
        users = agents
    else:
        everybody = material.of_month("people")(material.month)
        note = share_note(material.language, "tile.share_of_the_people", people(material.month), everybody)
        users = material.over_time(people_key, people, note)
    amount = material.over_time(volume_key, volume, _volume_note(material, volume))
    intensity = material.over_time(per_person_key, per_person, counted=people)
    return Feature(
        key=key,
        label=material.language.say(f"use.{key}"),
        people=users,
        volume=amount,
        per_person=intensity,
        measures=(
            users,
            amount,
            intensity,
            *(material.over_time(one, material.of_month(one)) for one in others),
        ),
    )


def _volume_note(material: Material, volume: OfMonth) -> str:
    return material.language.say(f"use.unit_{volume(material.month).unit}")


def _title(material: Material, features: tuple[Feature, ...]) -> str:
    """Name the feature that most people used, where all of them are known and one had the most."""
    language, month = material.language, material.language.month_name(material.month)
    known = [feature for feature in features if feature.people.figure.known]
    if not known:
        return language.say("use.title_unknown", month=month)
    most = max(feature.people.figure.value or 0 for feature in known)
    first, *others = [feature for feature in known if feature.people.figure.value == most]
    if len(known) < len(features):
        key = "title_one"
    elif others:
        key = "title_alike" if most else "title_nobody"
    else:
        key = "title"
    return language.say(
        f"use.{key}", count=most, feature=first.label, people=language.value(first.people.figure), month=month
    )


def _break_note(material: Material) -> str:
    cutover = material.cutover
    if cutover is None:
        return ""
    serving = material.usage.serving(cutover)
    key = "use.break_partial" if serving.partial else "use.break"
    return material.language.say(key, month=material.language.month(cutover))
