"""The title of the governance section: what is not as it should be, most important first."""

from collections.abc import Mapping, Sequence

from tabnine_report.model.figure import Figure
from tabnine_report.model.governance import Requirement, RequirementStatus
from tabnine_report.text.i18n import Language

_BY_IMPORTANCE = (
    "password",
    "saml",
    "oauth",
    "deactivated_in_teams",
    "admins",
    "accounts_without_team",
    "pending",
    "smtp",
)
_RANKS = {key: rank for rank, key in enumerate(_BY_IMPORTANCE)}
"""The position of a requirement in the title; one that is not listed comes last."""
_NAMED = 2
"""The number of requirements in the title; the section has all of them."""


def governance_title(requirements: Sequence[Requirement], language: Language) -> str:
    """Return the title: the most important requirements that are not met; if there are none, how many are met."""
    by_key = {requirement.key: requirement for requirement in requirements}
    not_met = sorted(
        (requirement for requirement in requirements if requirement.status is RequirementStatus.NOT_MET),
        key=lambda requirement: _RANKS.get(requirement.key, len(_RANKS)),
    )
    met = sum(requirement.status is RequirementStatus.MET for requirement in requirements)
    unknown = sum(requirement.status is RequirementStatus.NOT_KNOWN for requirement in requirements)
    problems = [_problem(requirement, by_key, language) for requirement in not_met[:_NAMED]]
    if len(problems) == _NAMED:
        sentence = language.translate("governance.title_two", first=problems[0], second=problems[1])
    elif problems and not unknown:
        sentence = language.translate("governance.title_one", met, first=problems[0], met=language.count(met))
    elif problems:
        sentence = language.translate("governance.title_one_known", first=problems[0])
    elif not unknown:
        sentence = language.translate("governance.title_met", all=language.count(met))
    else:
        key = "governance.title_unknown" if met else "governance.title_all_unknown"
        sentence = language.translate(key, met, met=language.count(met), unknown=language.count(unknown))
    return f"{sentence[0].upper()}{sentence[1:]}"


def _problem(requirement: Requirement, by_key: Mapping[str, Requirement], language: Language) -> str:
    """Return what is not as it should be, as a part of a sentence."""
    if requirement.kpi is None:
        key = requirement.key
        # Passwords are a problem beside SAML or, without it, beside OAuth.
        if key == "password" and by_key["saml"].status is not RequirementStatus.MET:
            key = "password_oauth"
        return language.translate(f"governance_problem.{key}")
    figure, key = requirement.kpi.figure, requirement.key
    if key == "admins":
        key = _admins(figure)
    return language.translate(f"governance_problem.{key}", figure.value, number=language.value(figure))


def _admins(figure: Figure) -> str:
    if not figure.value:
        return "admins_none"
    return "admins_few" if figure.value == 1 else "admins_many"
