"""`tabnine-report down`: stops what `tabnine-report up` started."""

from cli.terminal import print_error, print_line
from tabnine_report.runs.local_process import SERVER, WATCHDOG, WORKER, LocalProcess, create_state_folder, exclusive


def down() -> None:
    """Stop what `up` started: worker, watchdog and Prefect server. Runs that have started are finished first."""
    folder = create_state_folder()
    with exclusive(folder):
        # The worker first: the last runs report to the server. Each run is a child process of the worker, which would
        # end it without a notice to the admins. Until then, the watchdog watches.
        notice = "Waiting for the current runs to finish. Ctrl+C leaves server, worker and watchdog running."
        _stop(LocalProcess(WORKER, folder), notice, finish_children=True)
        _stop(LocalProcess(WATCHDOG, folder), "Waiting for the watchdog's current round.", finish_children=True)
        _stop(LocalProcess(SERVER, folder), "Waiting for the server to stop.")


def _stop(process: LocalProcess, notice: str, *, finish_children: bool = False) -> None:
    was_running = process.stop(lambda: print_error(notice), finish_children=finish_children)
    print_line(f"{process.name.capitalize()}: {'stopped' if was_running else 'not running'}")
