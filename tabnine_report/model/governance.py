"""The governance section: sign-in settings and account counts beside the values that tabnine-report expects."""

from enum import StrEnum

from pydantic import AwareDatetime

from tabnine_report.model.base import Model
from tabnine_report.model.kpi import Kpi


class RequirementStatus(StrEnum):
    """Whether a requirement is met."""

    MET = "met"
    NOT_MET = "not met"
    NOT_KNOWN = "not known"


class Requirement(Model):
    """A setting or a count with its expected state.

    Attributes:
        key: Its name, such as `saml`; the metric's key for a count.
        label: Its name for readers.
        actual: The current state in words, such as `on` or `5`; the reason's word if it is not known.
        expected: The expected state in words.
        status: Whether the current state is the expected one.
        as_of: The time of the request; None if the state is not known or belongs to the month's end.
        note: Additional information, such as why the state is not known; may be empty.
        advice: What to do; empty unless the requirement is not met.
        kpi: The figure of a count; None for a setting.
    """

    key: str
    label: str
    actual: str
    expected: str
    status: RequirementStatus
    as_of: AwareDatetime | None = None
    note: str = ""
    advice: str = ""
    kpi: Kpi | None = None


class Governance(Model):
    """The governance section.

    Attributes:
        title: The most important requirements that are not met, in one sentence; otherwise, that all are met.
        sign_in: The requirements on the organization's sign-in settings.
        accounts: The requirements on admins, accounts and invitations.
    """

    title: str
    sign_in: tuple[Requirement, ...]
    accounts: tuple[Requirement, ...]
