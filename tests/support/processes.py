"""Processes for the tests, each forked from one that has already imported the code, because importing takes seconds."""

import multiprocessing
from collections.abc import Callable
from typing import Any

PROCESSES = multiprocessing.get_context("forkserver")
# Only installed modules: the process from which the others are forked has no other import path.
PROCESSES.set_forkserver_preload(
    [
        "pytest",
        "flows.monthly_report",
        "tabnine_report.analysis.report_assembly",
        "tabnine_report.render.documents",
        "alembic.command",
        "s3fs",
        "sqlalchemy.dialects.postgresql.psycopg",
    ]
)


def run_at_once(*targets: Callable[..., Any], more: tuple[Any, ...] = ()) -> list[int | None]:
    """Run functions at once, each in a process of its own, and return their exit codes.

    Each function receives a barrier that opens when all of them wait for it, and then the arguments in `more`.
    """
    begin = PROCESSES.Barrier(len(targets), timeout=300)
    processes = [PROCESSES.Process(target=target, args=(begin, *more)) for target in targets]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]
