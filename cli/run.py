"""`tabnine-report run`: builds one month's report and delivers it."""

from typing import Annotated

from cyclopts import Parameter

from cli.run_in_process import notifying_of_failed_start, run_flow
from cli.terminal import print_error, print_line
from flows.monthly_report import Delivery
from tabnine_report.runs import clock
from tabnine_report.runs.context import LAST_COMPLETE_MONTH
from tabnine_report.runs.release import check_combination
from tasks.read_profile import open_run


def run(
    *,
    profile: str,
    month: Annotated[str, Parameter(show_default=False)] = LAST_COMPLETE_MONTH,
    delivery: Delivery = "undelivered",
    draft: Annotated[bool, Parameter(negative=())] = False,
    release: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Build one month's report and deliver it.

    Args:
        profile: The profile: a name in the profiles folder, or the path of a file.
        month: The month to report as YYYY-MM; by default the last final month.
        delivery: Who receives the report. "undelivered": recipients who have not received this month. "revised": also
            recipients of an earlier revision. "everyone": all recipients, including those who already received it
            (intentional resend). "preview": only the admins. "nobody": the report is only built and archived.
        draft: Build a draft. The month may still be in progress. Drafts are never delivered.
        release: Release the month's withheld report, after you have reviewed it. The run delivers the archived report;
            it fetches and builds nothing. Add "--delivery revised" if recipients have an earlier revision.
    """
    check_combination(delivery, draft=draft, release=release)
    with notifying_of_failed_start(profile, month):
        # Report wrong settings at once, before a Prefect server is started.
        language = open_run(profile, month, draft=draft, at=clock.now()).language
    result = run_flow(profile, month, delivery, draft=draft, release=release)
    if result.status.exit_status:
        print_error(result.summary(language))
    else:
        print_line(result.summary(language))
    print_line(f"{result.folder}")
    for sentence in result.damage:
        print_error(sentence)
    return result.status.exit_status
