"""`tabnine-report`: the commands, and how their errors become a sentence and an exit status.

Exit status: 0 made and delivered, or nothing left to do; 1 failed; 2 wrong usage or settings; 3 made, but held back or
not, or not yet, delivered to all.
"""

import gc
import os
import signal
import sys
import traceback
from importlib.metadata import version
from typing import NoReturn

from cyclopts import App, CycloptsError

from cli.terminal import INTERRUPTED, TERMINATED, complain, settle_prefect, show_progress
from tabnine_report.model.errors import DeliveryError, MonthError, ReportingError, SettingsError

FAILED, WRONG, UNDELIVERED = 1, 2, 3

app = App(
    name="tabnine-report",
    help="The monthly report of an organization's Tabnine usage.",
    version=version("tabnine-report"),
    help_epilogue="Exit status: 0 done, 1 failed, 2 wrong usage or settings, 3 made but not delivered to all. "
    "--debug shows tracebacks.",
    # Said by us, in words.
    suppress_keyboard_interrupt=False,
)
# Each command's module is imported when it is asked for: Prefect alone takes more than a second.
for _name, _help in (
    ("demo", "Make the report of an invented organization, on this machine."),
    ("run", "Make one month's report and deliver it."),
    ("check", "Try everything that a run will need."),
    ("render", "Make the documents of a bundle again, offline."),
    ("verify", "Tell whether a bundle is what was sealed, and still comes out the same."),
    ("purge", "Remove what the profile wants kept no longer."),
    ("history", "Show the months, their revisions, and who got what and when."),
    ("settle", "Settle an unknown delivery, after asking the recipient."),
    ("sandbox", "Serve a synthetic organization's usage until interrupted."),
):
    app.command(f"cli.{_name}:{_name}", name=_name, help=_help)


def main() -> NoReturn:
    """Run the command line and end the process with its exit status."""
    # Killed politely, the temporary server that Prefect started for this process must be stopped, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    # Nearly all that a run imports and makes stays until its end: looking for garbage as often as Python does by itself
    # costs it a third of a second.
    gc.set_threshold(50_000, 20, 20)
    arguments = sys.argv[1:]
    debug = "--debug" in arguments
    settle_prefect(debug=debug)
    done = status([argument for argument in arguments if argument != "--debug"], debug=debug)
    # Everything ends with the process: looking through it for garbage once more would take half a second of a run.
    gc.freeze()
    sys.exit(done)


def status(arguments: list[str], *, debug: bool = False) -> int:
    """Run one command and give its exit status; errors become one sentence on standard error.

    Args:
        arguments: The command and its arguments.
        debug: Whether tracebacks are shown.
    """
    show_progress(debug=debug)
    try:
        done = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except KeyboardInterrupt:
        complain("Stopped.")
        return INTERRUPTED
    except (CycloptsError, Exception) as error:  # noqa: BLE001 - the last place that can turn an error into a sentence
        if debug:
            traceback.print_exc()
        complain(sentence(error))
        return exit_status(error)
    return done if isinstance(done, int) else os.EX_OK


def exit_status(error: Exception) -> int:
    """Give the exit status that an error means."""
    match error:
        case CycloptsError() | SettingsError() | MonthError():
            return WRONG
        case DeliveryError():
            return UNDELIVERED
        case _:
            return FAILED


def sentence(error: Exception) -> str:
    """Say an error in words for the person at the terminal."""
    match error:
        case CycloptsError():
            return f"{error} Type tabnine-report --help for the commands."
        case ReportingError():
            return str(error)
        case _:
            # The text of a foreign error may hold anything, a secret among it: its class says enough to ask with.
            return f"Something unforeseen went wrong ({type(error).__name__}); add --debug to see where."
