"""Define the organization's targets for usage and spend: `[targets]`."""

from datetime import date
from typing import Annotated

from pydantic import Field

from tabnine_report.profile.base_table import Amount, SettingsTable


class TargetSettings(SettingsTable):
    """`[targets]`: the values that the report compares the month with. Each key is optional.

    Attributes:
        adoption_rate: The lowest acceptable adoption rate: active users divided by accounts, 0 to 1.
        unassigned_seats: The highest acceptable number of unassigned seats.
        agent_spend_usd: The monthly budget for agents in US dollars, the currency of the API.
        notice_by: The last day on which the license can be canceled before it renews.
    """

    adoption_rate: Annotated[float, Field(gt=0, le=1)] | None = None
    unassigned_seats: Annotated[int, Field(ge=0, le=10**9)] | None = None
    agent_spend_usd: Amount | None = None
    notice_by: date | None = None
