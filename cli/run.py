"""`tabnine-report run`: one month of one organization, made and delivered."""

from cli.flow_run import run_flow
from cli.terminal import complain, tell
from flows.monthly_report import Delivery
from tabnine_report.runs import clock
from tabnine_report.runs.result import Status
from tasks.run import LAST_COMPLETE_MONTH, begin


def run(
    *, profile: str, month: str = LAST_COMPLETE_MONTH, delivery: Delivery = "undelivered", draft: bool = False
) -> int:
    """Make one month's report and deliver it.

    Args:
        profile: The organization's profile: a name in the folder of profiles, or a file.
        month: The month to report as YYYY-MM; the last complete one if not said.
        delivery: Who gets it: those who have not had it yet; those, too, who had an earlier revision; everyone,
            deliberately again; the admins as a preview; or nobody.
        draft: Make a draft, of a month still open for instance; drafts are never delivered.
    """
    # What is wrong with the settings is said at once, before a server is started for the run.
    begin(profile, month, draft=draft, at=clock.now())
    outcome = run_flow(profile, month, delivery, draft=draft)
    tell(outcome.summary())
    tell(f"{outcome.folder}")
    for damaged in outcome.damaged:
        complain(damaged)
    return 3 if outcome.status in (Status.HELD, Status.UNDER_WAY) else 0
