"""Rules on the data themselves: what the month's report has to do without."""

from tabnine_report.analysis.rules.rule import Found, Grounds
from tabnine_report.model.month import Month
from tabnine_report.usage_api.versions import FROZEN


def usage_frozen(grounds: Grounds) -> Found | None:
    """The API reports no use any more, although it did before."""
    people = grounds.measures["people"]
    points = people.history.points if people.history else ()
    told = [Month.parse(point.period) for point in points if point.figure.value]
    if people.figure.reason != FROZEN or not told:
        return None
    last = grounds.language.month(told[-1])
    return Found(says="finding.usage_frozen", values={"last": last}, figures={"people": people.figure})


def usage_missing(grounds: Grounds) -> Found | None:
    """The month's usage is not known, for another reason than a frozen endpoint."""
    figure = grounds.figure("people")
    if figure.known or usage_frozen(grounds):
        return None
    month = grounds.language.month_name(grounds.month)
    return Found(
        says="finding.usage_missing", values={"month": month, "why": figure.reason}, figures={"people": figure}
    )
