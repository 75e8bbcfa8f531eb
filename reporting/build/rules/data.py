"""Rules on the data themselves: what the month's report has to do without."""

from reporting.build.rules.rule import Found, Grounds


def usage_missing(grounds: Grounds) -> Found | None:
    """The month's usage is not known."""
    figure = grounds.measures["people"].figure
    if figure.known:
        return None
    month = grounds.language.month_name(grounds.month)
    return Found(
        says="finding.usage_missing", values={"month": month, "why": figure.reason}, figures={"people": figure}
    )
