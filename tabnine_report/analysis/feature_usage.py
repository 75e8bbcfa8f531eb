"""The feature usage section: completions, chat and agents, and the vendor's three factors."""

from typing import Literal

from tabnine_report.analysis.feature_usage_title import feature_usage_title
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.shares import share_note
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.sections import Feature, FeatureUsage

FeatureKey = Literal["completions", "chat", "agent"]

_FEATURES: dict[FeatureKey, tuple[str, str, str, tuple[str, ...]]] = {
    "completions": (
        "completion_users",
        "completions",
        "completions_per_user",
        ("completion_characters", "keystrokes", "completion_lines"),
    ),
    "chat": (
        "chat_users",
        "chat_volume",
        "chat_per_user",
        ("useful_chat_interactions", "chat_lines", "chat_characters"),
    ),
    "agent": (
        "agent_users",
        "agent_volume",
        "agent_per_user",
        (
            "agent_lines_added",
            "agent_lines_added_accepted",
            "agent_lines_removed",
            "agent_lines_removed_accepted",
        ),
    ),
}
"""The metrics of each feature: its users, its volume, the volume per user, and the rest of its table."""


def feature_usage(context: ReportContext, agents: Kpi) -> FeatureUsage:
    """Build the feature usage section.

    Args:
        context: The report's context.
        agents: The KPI of the agent users on page one.
    """
    features = tuple(_feature(context, key, agents) for key in _FEATURES)
    return FeatureUsage(
        title=feature_usage_title(context, features),
        features=features,
        factors=(automation_factor(context), chat_consumption_rate(context), productivity_factor(context)),
        break_note=_break_note(context),
    )


def automation_factor(context: ReportContext) -> Kpi:
    """Return the KPI of the automation factor, computed from its parts, which both versions report."""
    return context.monthly_kpi("automation_factor", context.language.translate("factor.automation_factor"))


def chat_consumption_rate(context: ReportContext) -> Kpi:
    """Return the KPI of the chat consumption rate, which version 2 discontinued."""
    return context.monthly_kpi("chat_consumption_rate", context.language.translate("factor.chat_consumption_rate"))


def productivity_factor(context: ReportContext) -> Kpi:
    """Return the KPI of the productivity factor as version 1 reports it."""
    return context.monthly_kpi("productivity_factor", context.language.translate("factor.productivity_factor"))


def _feature(context: ReportContext, key: FeatureKey, agents: Kpi) -> Feature:
    users_key, volume_key, per_user_key, others = _FEATURES[key]
    if users_key == agents.key:
        users_kpi = agents
    else:
        users, active_users = context.figure(users_key), context.figure("active_users")
        note = share_note(context.language, "kpi_note.share_of_active_users", users, active_users)
        users_kpi = context.monthly_kpi(users_key, note)
    volume_unit = context.language.translate(f"feature_usage.unit_{context.figure(volume_key).unit}")
    volume_kpi, per_user_kpi = context.monthly_kpi(volume_key, volume_unit), context.monthly_kpi(per_user_key)
    return Feature(
        key=key,
        label=context.language.translate(f"feature_usage.{key}"),
        users=users_kpi,
        volume=volume_kpi,
        per_user=per_user_kpi,
        kpis=(
            users_kpi,
            volume_kpi,
            per_user_kpi,
            *(context.monthly_kpi(other) for other in others),
        ),
    )


def _break_note(context: ReportContext) -> str:
    cutover = context.cutover
    if cutover is None:
        return ""
    serving = context.usage.serving(cutover)
    key = "feature_usage.break_partial" if serving.partial else "feature_usage.break"
    return context.language.translate(key, month=context.language.month(cutover))
