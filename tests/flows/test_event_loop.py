"""No step of a run blocks the event loop: files, databases and templates are used in threads."""

import inspect
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import coverage
import prefect
import pytest
from blockbuster import BlockBuster

from flows.monthly_report import monthly_report
from tabnine_report.model.errors import DeliveryError
from tabnine_report.render import documents
from tabnine_report.render.pdf.process import PdfRenderer
from tabnine_report.runs.status import RunStatus

if TYPE_CHECKING:
    from tabnine_report.runs.result import RunResult

WriteProfile = Callable[..., str]

pytestmark = pytest.mark.usefixtures("_on_the_2nd")

ROOT = Path(__file__).parents[2]
OUR_PACKAGES = tuple(f"{ROOT / name}/" for name in ("flows", "tasks", "tabnine_report"))
PREFECT = f"{Path(inspect.getfile(prefect)).parent}/"
LOGGING = f"{Path(inspect.getfile(logging)).parent}/"
COVERAGE = f"{Path(inspect.getfile(coverage)).parent}/"


@pytest.fixture
def blocking_calls() -> Iterator[list[str]]:
    """Record the blocking calls that our code makes on the event loop's thread."""
    calls: list[str] = []
    buster = BlockBuster()
    for name in ("threading.Lock.acquire", "threading.Lock.acquire_lock"):
        del buster.functions[name]  # asyncio.to_thread itself takes a lock
    for function in buster.functions.values():
        function.can_block_predicate = recording(function.full_name, function.can_block_predicate, calls)
    buster.activate()
    yield calls
    buster.deactivate()


def recording(name: str, may_block: Callable[..., bool], calls: list[str]) -> Callable[..., bool]:
    """Return a predicate that allows every call of a blocking function, and records those of our code."""

    def predicate(*arguments: Any, **options: Any) -> bool:
        if not may_block(*arguments, **options) and (caller := our_caller()):
            calls.append(f"{name} in {caller}")
        return True

    return predicate


def our_caller() -> str:
    """Return the line of our code that made the current call on the run's thread; empty if Prefect made it.

    Coverage looks at each file when its first line runs, and pytest writes each log record to a file, /dev/null, unless
    Prefect has removed its handler in an earlier test. These are no calls of our code either.
    """
    frame = inspect.currentframe() if threading.current_thread() is threading.main_thread() else None
    caller = ""
    while frame is not None and not frame.f_code.co_filename.startswith(PREFECT):
        if frame.f_code.co_name == "_name_run":
            return ""  # Prefect calls it synchronously, before the first step of a run
        if frame.f_code.co_filename.startswith((COVERAGE, LOGGING)):
            return ""
        if not caller and frame.f_code.co_filename.startswith(OUR_PACKAGES):
            caller = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return caller


async def test_a_run_makes_no_blocking_call_on_the_event_loop(
    write_profile: WriteProfile, blocking_calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs are withheld, the second after it has read the first one's bundle; the third one releases it."""
    monkeypatch.setattr(documents, "PdfRenderer", PdfRenderer)
    profile = write_profile(report='release = "after_approval"')
    for _ in range(2):
        with pytest.raises(DeliveryError, match="is withheld"):
            await monthly_report(profile)
    delivered: RunResult = await monthly_report(profile, release=True)

    assert delivered.status is RunStatus.SENT
    assert sorted(set(blocking_calls)) == []
