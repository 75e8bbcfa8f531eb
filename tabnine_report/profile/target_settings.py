"""What an organization wants of its use and its money: `[targets]`."""

from datetime import date
from typing import Annotated

from pydantic import Field, NonNegativeInt, PositiveFloat

from tabnine_report.profile.settings_table import Table


class TargetSettings(Table):
    """`[targets]`: what the report holds the month against; each key alone, and none has to be there.

    Attributes:
        people_share: The share of the accounts, 0 to 1, that ought to be used at least.
        unassigned_seats: How many seats may be without an account.
        agent_cost_usd: What agents may cost a month, in US dollars: what the API tells is in no other currency.
        notice_by: The last day on which notice can be given, before the license renews itself.
    """

    people_share: Annotated[float, Field(gt=0, le=1)] | None = None
    unassigned_seats: NonNegativeInt | None = None
    agent_cost_usd: Annotated[PositiveFloat, Field(allow_inf_nan=False)] | None = None
    notice_by: date | None = None
