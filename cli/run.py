"""`tabnine-report run`: builds one month's report and delivers it."""

from cli.flow_run import run_flow
from cli.terminal import print_error, print_line
from flows.monthly_report import Delivery
from tabnine_report.runs import clock
from tabnine_report.runs.context import LAST_COMPLETE_MONTH
from tabnine_report.runs.release import check_combination
from tasks.read_profile import open_run


def run(
    *,
    profile: str,
    month: str = LAST_COMPLETE_MONTH,
    delivery: Delivery = "undelivered",
    draft: bool = False,
    release: bool = False,
) -> int:
    """Build one month's report and deliver it.

    Args:
        profile: The organization's profile: a name in the folder of profiles, or a file.
        month: The month to report as YYYY-MM; by default the last complete month.
        delivery: Who receives the report: recipients who have not received it; also recipients of an earlier revision;
            everyone, including those who already received it; the admins, as a preview; or nobody.
        draft: Build a draft, for example of a month that is still open. Drafts are never delivered.
        release: Deliver the month's withheld report after you have reviewed it. Nothing is fetched or built anew.
    """
    # Report wrong settings at once, before a Prefect server is started.
    check_combination(delivery, draft=draft, release=release)
    language = open_run(profile, month, draft=draft, at=clock.now()).language
    result = run_flow(profile, month, delivery, draft=draft, release=release)
    if result.status.is_failure:
        print_error(result.summary(language))
    else:
        print_line(result.summary(language))
    print_line(f"{result.folder}")
    for sentence in result.damage:
        print_error(sentence)
    return result.status.exit_status
