"""`tabnine-report`: the commands, and the message and exit status of their errors."""

import gc
import os
import signal
import sys
import traceback
from importlib.metadata import version
from typing import NoReturn

from cyclopts import App, CycloptsError, Parameter

from cli.http_variables import remove_unusable_http_variables
from cli.prefect_defaults import configure_prefect
from cli.standard_streams import output_problem, prepare_standard_streams
from cli.terminal import INTERRUPTED, TERMINATED, configure_logging, print_error
from tabnine_report.model.errors import MonthError, ReportingError, SettingsError
from tabnine_report.runs.process_end import PROCESS_END

FAILED, WRONG_USAGE = 1, 2
EXIT_SECONDS = 30.0
"""How long a command that has ended has to end its threads and its temporary Prefect server."""

_EPILOGUE = """\
Exit status: 0 done, or nothing left to do; 1 failed or not verified; 2 wrong usage or settings; 3 (run and demo) built,
but withheld or not delivered to all recipients, or a preview did not reach all admins; 3 (watch) a problem is open;
130 or 143 stopped by Ctrl+C or SIGTERM.

Every command also accepts --debug: it shows all log lines, and the traceback of an error.
"""


def _shown_default(default: object) -> str | None:
    """Return a default as the help shows it; None for an option that is off or empty by default."""
    return str(default) if default else None


app = App(
    name="tabnine-report",
    help="Build and deliver the monthly report of an organization's Tabnine usage.",
    version=version("tabnine-report"),
    help_epilogue=_EPILOGUE,
    default_parameter=Parameter(negative_iterable=(), show_default=_shown_default),
    # `status` reports it.
    suppress_keyboard_interrupt=False,
)
# A command's module is imported only when the command runs, because Prefect alone takes more than a second.
for _name, _help in (
    ("demo", "Build a sample report from synthetic data and deliver it to a local folder."),
    ("run", "Build one month's report and deliver it."),
    (
        "check",
        (
            "Check the settings, token, endpoints, channels, fonts, archive and ledger.\n\n"
            "Sends nothing unless --send-test is given."
        ),
    ),
    (
        "init",
        (
            "Write the profile of a new organization, store its secrets, and check both.\n\n"
            "Asks for what the options and these variables leave open: TABNINE_TOKEN, SMTP_PASSWORD, "
            "SLACK_WEBHOOK_URL, ADMIN_SLACK_WEBHOOK_URL. Without a terminal, it asks nothing. Without "
            "PREFECT_API_URL, the profile refers to the variables."
        ),
    ),
    ("deploy", "Create or update the deployments of each profile in Prefect."),
    ("up", "Start a Prefect server, a worker and the watchdog in the background, and deploy all profiles."),
    ("down", "Stop what `up` started: worker, watchdog and Prefect server."),
    ("render", "Render a bundle's documents again, offline."),
    ("verify", "Verify that a bundle is unchanged and reproducible."),
    ("purge", "Remove data that is older than the profile allows."),
    ("history", "List the archived months with their revisions and deliveries."),
    ("watch", "Detect problems that no run reported, and notify the admins."),
    ("settle", "Record the outcome of an unconfirmed delivery."),
    ("sandbox", "Serve a simulated Usage Metrics API with a synthetic organization, until you press Ctrl+C."),
):
    app.command(f"cli.{_name}:{_name}", name=_name, help=_help)


def main() -> NoReturn:
    """Run the command line and exit with its status."""
    prepare_standard_streams()
    # Exit in an orderly way on SIGTERM, so that the temporary Prefect server of this process is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    # Nearly everything that a run creates lives until it ends. Python's default frequency of garbage collection costs
    # a run a third of a second.
    gc.set_threshold(50_000, 20, 20)
    arguments = sys.argv[1:]
    debug = "--debug" in arguments
    configure_prefect(debug=debug)
    PROCESS_END.own()
    exit_code = status([argument for argument in arguments if argument != "--debug"], debug=debug)
    if problem := output_problem():
        print_error(problem)
        exit_code = exit_code or FAILED
    PROCESS_END.within(EXIT_SECONDS, exit_code, "")
    # A last garbage collection at exit would cost a run half a second.
    gc.freeze()
    sys.exit(exit_code)


def status(arguments: list[str], *, debug: bool = False) -> int:
    """Run one command and return its exit status; print an error's message on standard error.

    Args:
        arguments: The command and its arguments.
        debug: Whether to show tracebacks.
    """
    configure_logging(debug=debug)
    try:
        if problem := remove_unusable_http_variables():
            _report(problem, arguments)
        result = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except KeyboardInterrupt:
        print_error("Stopped.")
        return INTERRUPTED
    except SystemExit as exiting:
        # Only SIGTERM ends a command like this: by the handler of `main`, or by Prefect during a flow.
        if exiting.code != TERMINATED:
            raise
        print_error("Stopped.")
        return TERMINATED
    except (CycloptsError, Exception) as error:  # noqa: BLE001 - every error becomes a message and an exit status
        if debug:
            traceback.print_exc()
        print_error(error_message(error))
        return exit_status(error)
    return result if isinstance(result, int) else os.EX_OK


def _report(problem: SettingsError, arguments: list[str]) -> None:
    """Raise a problem of the environment; before, notify the admins if it prevents a run, which cron may have started.

    The watchdog and the help need no connection to Prefect: they only print the problem.
    """
    command, bound, _ = app.parse_args(arguments, exit_on_error=False, print_error=False)
    if command.__name__ == "watch" or not command.__module__.startswith("cli."):
        print_error(str(problem))
        return
    if command.__name__ != "run":
        raise problem
    from cli.run_in_process import notifying_of_failed_start  # noqa: PLC0415 - see above
    from tabnine_report.runs.context import LAST_COMPLETE_MONTH  # noqa: PLC0415 - see above

    with notifying_of_failed_start(bound.arguments["profile"], bound.arguments.get("month", LAST_COMPLETE_MONTH)):
        raise problem


def exit_status(error: Exception) -> int:
    """Return the exit status of an error."""
    match error:
        case CycloptsError() | SettingsError() | MonthError():
            return WRONG_USAGE
        case _:
            return FAILED


def error_message(error: Exception) -> str:
    """Return an error's message for the person at the terminal."""
    match error:
        case CycloptsError():
            return f"{error} To list the commands, type:\n\n    tabnine-report --help"
        case ReportingError():
            return str(error)
        case _:
            # The text of an unexpected error may contain a secret.
            return f"An unexpected error occurred ({type(error).__name__}). Add --debug to see where."
