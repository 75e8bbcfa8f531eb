"""Rules for recommended actions on inactive accounts, accounts without a team, and invitations."""

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import at_least, whole
from tabnine_report.analysis.rules.rule import ActionMatch
from tabnine_report.analysis.rules.worth import up_to_spend


def reassign_inactive_accounts(rule_context: RuleContext, *, min_count: int, min_share: float) -> ActionMatch | None:
    """Recommend reassigning or deactivating accounts if many were inactive."""
    inactive, accounts = rule_context.figure("inactive_accounts"), rule_context.figure("accounts")
    number, share = at_least(inactive), _share_of(at_least(inactive), whole(accounts))
    if number is None or share is None or number < min_count or share < min_share:
        return None
    language, text = rule_context.language, rule_context.language.count(number)
    spend = up_to_spend(rule_context, "inactive_account_spend")
    worth = spend or language.translate("worth.at_least_accounts", number=text)
    note = "worth.if_closed" if spend else "worth.of_accounts"
    words = "reassign_inactive_accounts"
    if spend:
        # Readers of two savings at renewal ask whether they can be added.
        words += "_beside_unassigned" if at_least(rule_context.figure("unassigned_seats")) else "_spend"
    return ActionMatch(
        words=words,
        values={"number": text, "month": language.month_name(rule_context.month)},
        figures={"inactive_accounts": inactive},
        worth=worth,
        worth_note=language.translate(note, number=text, accounts=language.value(accounts)),
    )


def assign_teams(rule_context: RuleContext, *, min_count: int, min_share: float) -> ActionMatch | None:
    """Recommend assigning accounts to teams if many have none, in an organization with more than one team."""
    if (rule_context.figure("teams").value or 0) <= 1:
        return None
    without, accounts = rule_context.figure("accounts_without_team"), rule_context.figure("accounts")
    share = _share_of(whole(without), whole(accounts))
    if share is None or (without.value or 0) < min_count or share < min_share:
        return None
    language = rule_context.language
    return ActionMatch(
        words="assign_teams",
        figures={"accounts_without_team": without},
        worth=language.translate("worth.accounts", number=language.value(without)),
        worth_note=language.translate("worth.without_team"),
    )


def resolve_invitations(rule_context: RuleContext, *, min_count: int, months: int) -> ActionMatch | None:
    """Recommend reminding invited people, or withdrawing invitations, if many have been pending for months."""
    pending, language = rule_context.figure("pending"), rule_context.language
    month_ends = rule_context.table.comparable["pending"].tail(months).dropna()
    if len(month_ends) < months or month_ends.min() < min_count:
        return None
    return ActionMatch(
        words="resolve_invitations",
        values={"fewest": language.count(month_ends.min()), "months": language.count(months)},
        figures={"pending": pending},
        worth=language.translate("worth.invitations", number=language.value(pending)),
        worth_note=language.translate("worth.pending", month=language.month_name(rule_context.month)),
    )


def _share_of(part: float | None, whole: float | None) -> float | None:
    """Return a share; None if a figure is incomplete or the base is too small for a percentage."""
    if part is None or whole is None or whole < SMALLEST_BASE:
        return None
    return part / whole
