"""The section on governance: how people sign in and who has an account, held against how it should be."""

from enum import StrEnum

from pydantic import AwareDatetime

from tabnine_report.model.base import Model
from tabnine_report.model.kpi import Kpi


class Standing(StrEnum):
    """Whether something is as it should be."""

    MET = "met"
    NOT_MET = "not met"
    NOT_KNOWN = "not known"


class Requirement(Model):
    """Something that should be in a certain state, and whether it is.

    Attributes:
        key: Its name, as `saml`; a metric's where it is a number.
        label: Its name for readers.
        found: The state that it is in, written out: `on`, `5`; the word for why not where that is not known.
        wanted: The state that it should be in.
        standing: Whether it is.
        as_of: When it was so; None where that is not known, or for a state at the month's end.
        note: What should be known beside it, such as why its state is not known; may be empty.
        kpi: The number, where it is one.
    """

    key: str
    label: str
    found: str
    wanted: str
    standing: Standing
    as_of: AwareDatetime | None = None
    note: str = ""
    kpi: Kpi | None = None


class Governance(Model):
    """How people sign in, and who has an account.

    Attributes:
        title: What the section says in one sentence.
        sign_in: The organization's settings.
        accounts: Admins, accounts and invitations.
    """

    title: str
    sign_in: tuple[Requirement, ...]
    accounts: tuple[Requirement, ...]
