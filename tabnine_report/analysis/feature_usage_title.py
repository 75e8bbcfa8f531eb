"""The title of the feature usage section: the feature whose users changed most, with the month before."""

from collections.abc import Sequence

from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.sections import Feature


def feature_usage_title(context: ReportContext, features: Sequence[Feature]) -> str:
    """Return the users of the feature that changed most; if no month can be compared, of the one with most users."""
    language, month = context.language, context.language.month_name(context.month)
    known = [feature for feature in features if feature.users.figure.known]
    if not known:
        return language.translate("feature_usage.title_unknown", month=month)
    if not any(feature.users.figure.value or feature.users.figure.bound for feature in known):
        if len(known) == len(features):
            return language.translate("feature_usage.title_nobody", month=month)
        named = language.listed([_used(context, feature) for feature in known])
        return language.translate("feature_usage.title_nobody_known", features=named, month=month)
    active_users = context.monthly_kpi("active_users")
    compared = [feature for feature in known if _fits(feature, active_users) and _change(feature.users)]
    if compared and _change(active_users) is not None:
        return _compared(context, max(compared, key=lambda feature: abs(_change(feature.users) or 0)), active_users)
    most = max(known, key=lambda feature: feature.users.figure.value or 0)
    fits = _fits(most, active_users)
    return language.translate(
        "feature_usage.title" if fits else "feature_usage.title_alone",
        active_users.figure.value if fits else most.users.figure.value,
        people=_capitalized(language.value(most.users.figure)),
        active=language.value(active_users.figure),
        feature=_used(context, most),
        month=month,
    )


def _compared(context: ReportContext, feature: Feature, active_users: Kpi) -> str:
    language, users = context.language, feature.users
    return language.translate(
        "feature_usage.title_compared",
        active_users.figure.value,
        people=_capitalized(language.value(users.figure)),
        active=language.value(active_users.figure),
        feature=_used(context, feature),
        people_before=language.count(_before(users)),
        active_before=language.count(_before(active_users)),
        previous=language.month_name(context.previous),
    )


def _fits(feature: Feature, active_users: Kpi) -> bool:
    """Return whether the users of a feature can be a part of the active users: the API counts the two separately."""
    people, active = feature.users.figure.value, active_users.figure.value
    return people is not None and active is not None and people <= active


def _used(context: ReportContext, feature: Feature) -> str:
    return context.language.translate(f"feature_usage.{feature.key}_used")


def _change(kpi: Kpi) -> float | None:
    return kpi.change.absolute.value if kpi.change else None


def _before(kpi: Kpi) -> float:
    return (kpi.figure.value or 0) - (_change(kpi) or 0)


def _capitalized(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
